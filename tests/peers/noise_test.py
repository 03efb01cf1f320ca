#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Fifty random noisy circuits beside Qiskit Aer's density matrix: every Pauli mean, to 1e-10.
# In both: depolarising errors of one and of several qubits, amplitude and phase damping, T1 and T2
# during gates and while qubits wait. The channels stand in Aer's circuit as instructions.
import itertools
import random
import unittest

import numpy
from qiskit import QuantumCircuit
import qiskit.circuit.library as library
from qiskit_aer import AerSimulator
from qiskit_aer.noise import (amplitude_damping_error, depolarizing_error, phase_damping_error,
                              thermal_relaxation_error)

from numbers_test import CLOSE, QISKIT, gates, run

CIRCUITS, GATES = 50, 14
T1, T2, ONE, SEVERAL = 5e-6, 7e-6, 40e-9, 250e-9


def circuit(seed):
    """Qubits and gates: (name, wires, angles)."""
    random.seed(seed)
    qubits = 2 + seed % 2
    known = [gate for gate in gates() if gate[1] <= qubits]
    steps = []
    for _ in range(GATES):
        name, count, parameters = random.choice(known)
        angles = [round(random.uniform(-3, 3), 6) for _ in range(parameters)]
        steps.append((name, random.sample(range(qubits), count), angles))
    return qubits, steps


def ours(qubits, steps, p):
    lines = "\n".join(
        "    " + name + (f"({', '.join(map(repr, angles))})" if angles else "") + " "
        + ", ".join(f"q[{w}]" for w in wires) for name, wires, angles in steps)
    strings = ["".join(s) for s in itertools.product("IXYZ", repeat=qubits)][1:]
    prints = "\n".join("    print <c()|" + " * ".join(f"{letter}[{q}]" for q, letter in enumerate(s)
                                                      if letter != "I") + "|c()>" for s in strings)
    one = ", ".join(name for name, count, _ in gates() if count == 1)
    text = f"""circuit c() on q: qubit[{qubits}] {{
{lines}
}}
noise lab {{
    t1 {T1 * 1e6}us
    t2 {T2 * 1e6}us
    depolarizing {p[1]}
    depolarizing {p[0]} on [{one}]
    amplitude_damping {p[2]} on [h, x, cx]
    phase_damping {p[3]} on [ry, cz, swap]
    duration {SEVERAL * 1e9}ns
    duration {ONE * 1e9}ns on [{one}]
}}
device dm = density_matrix(qubits: {qubits}, noise: lab)
with dm, exact {{
{prints}
}}
"""
    return dict(zip(strings, (value.real for value in run(text))))


def theirs(qubits, steps, p):
    qc = QuantumCircuit(qubits)
    free = [0.0] * qubits

    def wait(q, until):
        if until > free[q]:
            error = thermal_relaxation_error(T1, T2, until - free[q])
            qc.append(error.to_instruction(), [q])
        free[q] = until

    for name, wires, angles in steps:
        begin = max(free[w] for w in wires)
        for w in wires:
            wait(w, begin)
        # As a matrix: Aer has no kernel for some of the gates, and rewriting them is not meant. A
        # copy of it: Aer 0.18.2 misreads the arrays that Qiskit shares between gates (cy, say).
        qc.unitary(numpy.array(getattr(library, QISKIT[name])(*angles).to_matrix()), wires)
        several = len(wires) > 1
        qc.append(depolarizing_error(p[several], len(wires)).to_instruction(), wires)
        for w in wires:
            if name in ("h", "x", "cx"):
                qc.append(amplitude_damping_error(p[2]).to_instruction(), [w])
            if name in ("ry", "cz", "swap"):
                qc.append(phase_damping_error(p[3]).to_instruction(), [w])
        for w in wires:
            wait(w, begin + (SEVERAL if several else ONE))
    for q in range(qubits):
        wait(q, max(free))
    qc.save_density_matrix()
    rho = numpy.asarray(
        AerSimulator(method="density_matrix").run(qc).result().data()["density_matrix"])
    pauli = {"I": numpy.eye(2), "X": numpy.array([[0, 1], [1, 0]]),
             "Y": numpy.array([[0, -1j], [1j, 0]]), "Z": numpy.diag([1, -1])}
    means = {}
    for s in itertools.product("IXYZ", repeat=qubits):
        matrix = numpy.eye(1)
        for letter in s:  # qubit 0 is the lowest bit
            matrix = numpy.kron(pauli[letter], matrix)
        means["".join(s)] = numpy.trace(rho @ matrix).real
    return means


class Noise(unittest.TestCase):
    def test_density_matrix(self):
        worst = 0
        for seed in range(CIRCUITS):
            qubits, steps = circuit(seed)
            p = [round(random.uniform(0, 0.2), 4) for _ in range(4)]
            found, expected = ours(qubits, steps, p), theirs(qubits, steps, p)
            for string, mean in found.items():
                worst = max(worst, abs(mean - expected[string]))
            self.assertLess(worst, CLOSE, f"circuit {seed}: {steps}, {p}")
        print(f"{CIRCUITS} noisy circuits beside Aer: largest difference {worst:.1e}")


if __name__ == "__main__":
    unittest.main()
