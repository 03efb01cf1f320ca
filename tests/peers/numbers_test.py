#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# States and matrices beside those of Qiskit and PennyLane, global phase included, to 1e-10.
# Order of qubits: qubit 0 is the least significant bit here and in Qiskit; PennyLane's wire 0 is
# the most significant, so its states are turned round.
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import numpy
import pennylane
import qiskit.circuit.library as library
from qiskit.quantum_info import Operator, Statevector

ROOT = pathlib.Path(__file__).resolve().parents[2]
QDO = os.environ["QDO"]
CLOSE = 1e-10
NUMBER = """circuit number(k: int, n: int) on q: qubit[n] {
    for i in 0..n { if int(floor(k / 2^i)) mod 2 == 1 { x q[i] } }
}
"""
# Ours, theirs: where the names differ.
QISKIT = {"x": "XGate", "y": "YGate", "z": "ZGate", "h": "HGate", "s": "SGate", "sdg": "SdgGate",
          "t": "TGate", "tdg": "TdgGate", "sx": "SXGate", "p": "PhaseGate", "rx": "RXGate",
          "ry": "RYGate", "rz": "RZGate", "u": "UGate", "cx": "CXGate", "cy": "CYGate",
          "cz": "CZGate", "ch": "CHGate", "cp": "CPhaseGate", "crx": "CRXGate", "cry": "CRYGate",
          "crz": "CRZGate", "cu": "CUGate", "swap": "SwapGate", "cswap": "CSwapGate",
          "ccx": "CCXGate", "rxx": "RXXGate", "ryy": "RYYGate", "rzz": "RZZGate"}
ANGLES = (0.37, -1.21, 2.05, 0.83)


def run(text):
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program.qdo"
        program.write_text(text)
        done = subprocess.run([QDO, "run", program], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(f"{text}\n{done.stderr}")
    return [complex(line.replace("i", "j")) for line in done.stdout.split()]


def state(declarations, recipe, qubits):
    """The amplitudes of a recipe, asked for one by one: they are printed in every digit."""
    return numpy.array(run(f"{declarations}{NUMBER}let p = {recipe}\nwith exact {{\n"
                           f"    for j in 0..{2**qubits} {{ print <number(j, {qubits})|p> }}\n}}\n"))


def matrix(declarations, recipe, qubits):
    size = 2**qubits
    found = run(f"{declarations}{NUMBER}let u = {recipe}\nwith exact {{\n"
                f"    for j in 0..{size}, k in 0..{size} {{\n"
                f"        print <number(j, {qubits})|number(k, {qubits}) then u>\n    }}\n}}\n")
    return numpy.array(found).reshape(size, size)


def gates():
    """What gates.def says: (name, qubits, parameters)."""
    table = (ROOT / "runtime/include/qdo/runtime/gates.def").read_text()
    for found in re.finditer(r"^QDO_GATE\((\w+), (\d), (\d), (\d),", table, re.MULTILINE):
        yield found[1], int(found[2]) + int(found[3]), int(found[4])


def features(count, seed):
    return numpy.random.default_rng(seed).uniform(-2, 2, count).round(6)


def spelled(numbers):
    return "[" + ", ".join(f"{x!r}" for x in map(float, numbers)) + "]"


class Peers(unittest.TestCase):
    def close(self, ours, theirs):
        self.assertEqual(ours.shape, theirs.shape)
        self.assertLess(numpy.abs(ours - theirs).max(), CLOSE)

    def test_gates(self):
        self.assertEqual(sorted(QISKIT), sorted(name for name, _, _ in gates()))
        for name, qubits, parameters in gates():
            with self.subTest(gate=name):
                angles = ANGLES[:parameters]
                call = name + (f"({', '.join(map(str, angles))})" if angles else "")
                operands = ", ".join(f"q[{i}]" for i in range(qubits))
                circuit = f"circuit one() on q: qubit[{qubits}] {{ {call} {operands} }}\n"
                theirs = Operator(getattr(library, QISKIT[name])(*angles)).data
                self.close(matrix(circuit, "one()", qubits), theirs)

    def test_zz(self):
        for qubits in range(2, 6):
            for reps in (1, 2):
                with self.subTest(qubits=qubits, reps=reps):
                    x = features(qubits, 10 * qubits + reps)
                    theirs = library.zz_feature_map(qubits, reps=reps, entanglement="full")
                    theirs = Statevector(theirs.assign_parameters(x)).data
                    ours = state("use std.encodings.zz\n", f"zz({spelled(x)}, reps: {reps})", qubits)
                    self.close(ours, theirs)

    def test_iqp(self):
        for qubits in range(2, 6):
            for repeats in (1, 2):
                with self.subTest(qubits=qubits, repeats=repeats):
                    x = features(qubits, 100 * qubits + repeats)
                    ours = state("use std.encodings.iqp\n",
                                 f"iqp({spelled(x)}, repeats: {repeats})", qubits)
                    self.close(ours, self.pennylane_iqp(x, qubits, repeats))

    @staticmethod
    def pennylane_iqp(x, qubits, repeats):
        @pennylane.qnode(pennylane.device("default.qubit", wires=qubits))
        def circuit():
            pennylane.IQPEmbedding(x, wires=range(qubits), n_repeats=repeats)
            return pennylane.state()

        return numpy.asarray(circuit()).reshape([2] * qubits).transpose().reshape(-1)

    def test_fidelities(self):
        """What a kernel gives, not only what it is made of."""
        for seed in range(5):
            x, y = features(3, seed), features(3, seed + 50)
            found, = run("use std.encodings.iqp\nkernel k(a: real[3], b: real[3]) via iqp = |<a|b>|^2\n"
                         f"with exact {{ print k({spelled(x)}, {spelled(y)}) }}\n")
            theirs = numpy.vdot(self.pennylane_iqp(x, 3, 1), self.pennylane_iqp(y, 3, 1))
            self.assertLess(abs(found - abs(theirs)**2), CLOSE)

    def test_qft(self):
        for qubits in range(1, 6):
            with self.subTest(qubits=qubits):
                ours = matrix("use std.encodings.qft\n", f"qft({qubits})", qubits)
                self.close(ours, Operator(library.QFTGate(qubits)).data)
                index = numpy.arange(2**qubits)
                formula = numpy.exp(2j * numpy.pi * numpy.outer(index, index) / 2**qubits)
                self.close(ours, formula / numpy.sqrt(2**qubits))


if __name__ == "__main__":
    unittest.main()
