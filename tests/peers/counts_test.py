#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Two-qubit gates of every encoding of the standard library, beside Qiskit's level 3: basis rz, sx,
# x, cx, no coupling map. qdo works with unknown angles, Qiskit with numbers.
# Why in total: Qiskit may leave qubits permuted, which is free there and costs swaps here.
import pathlib
import re
import tempfile
import unittest

import numpy
from qiskit import transpile
from qiskit.quantum_info import Operator

from circuits import emitted, read
from numbers_test import ROOT, features, spelled

SIZES = (4, 6, 8)


def unit(count):
    vector = features(count, 7)
    return spelled(vector / numpy.linalg.norm(vector))


# Calls that do not follow from the signature alone.
CALLS = {
    # With a bound its angles are known here; without one they are computed while it runs.
    "amplitude": lambda n: f"amplitude({unit(2**n)}, normalize: true, within: 0.000000001)",
    "basis": lambda n: f"basis([{', '.join(('true', 'false')[i % 2] for i in range(n))}])",
    "dicke": lambda n: f"dicke({n}, 2)",
    "hamiltonian": lambda n: f"hamiltonian({spelled(features(3, n))}, "
                             f"[Z[0] * Z[1], X[1] * Y[2], X[{n - 1}]])",
    "pauli_rotation": lambda n: f'pauli_rotation(0.7, "{"XYZ" * n}")'.replace("XYZ" * n,
                                                                           ("XYZ" * n)[:n]),
    "qaoa": lambda n: "qaoa([0.3, 0.2], [0.5, -0.1], "
                      + " + ".join(f"Z[{i}] * Z[{i + 1}]" for i in range(n - 1)) + ")",
}


def declared():
    """(module, name, parameters) of every public circuit and encoding."""
    for module in sorted((ROOT / "stdlib/std").glob("*.qdo")):
        text = re.sub(r"//.*", "", module.read_text())
        for found in re.finditer(r"^(?:encoding|circuit) ([a-z]\w*)\(([^)]*)\)", text, re.MULTILINE):
            yield module.stem, found[1], [p.strip() for p in found[2].split(",") if p.strip()]


def call(name, parameters, n):
    if name in CALLS:
        return CALLS[name](n)
    arguments = []
    for parameter in parameters:
        if "=" in parameter or ":" not in parameter:  # a default, or the rest of one
            continue
        kind = parameter.split(":")[1].strip()
        if kind == "int":
            arguments.append(str(n))
        elif size := re.fullmatch(r"real\[([\dn*+ ]|layers)+\]", kind):
            count = eval(size[0][5:-1], {"n": n, "layers": 1})
            arguments.append(spelled(features(count, n)))
        else:
            raise AssertionError(f"say in CALLS how `{name}` is called: {parameter}")
    return f"{name}({', '.join(arguments)})"


def data_of(text, name):
    """What the program gives the circuit: operands of its `qdo.prep`, constants all."""
    numbers = dict(re.findall(r"(%\w+) = arith\.constant (\S+) : f64", text.split("func.func")[-1]))
    symbol = re.search(rf'qc\.circuit (?:\w+ )?@(\S+?)\(.*display = "{name}"', text)[1]
    operands = re.search(rf"qdo\.prep @{re.escape(symbol)}\(([^)]*)\)", text)[1]
    return [float(numbers[name]) for name in operands.split(", ") if name]


class Counts(unittest.TestCase):
    def test_two_qubit_gates(self):
        rows = []
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "program.qdo"
            for module, name, parameters in declared():
                for n in SIZES:
                    with self.subTest(encoding=name, qubits=n):
                        program.write_text(f"use std.{module}.{name}\nlet p = "
                                           f"{call(name, parameters, n)}\n"
                                           "with exact { print |<p|p>|^2 }\n")
                        rows.append((name, n, *self.compare(program, name, n)))
        self.report(rows)
        self.assertGreater(len(rows), 0)
        self.assertLessEqual(sum(row[3] for row in rows), sum(row[4] for row in rows))

    def compare(self, program, name, n):
        """CNOTs as written, of qdo and of Qiskit."""
        source = emitted(program, "qdo")
        data = data_of(source, name)
        written = read(source, name, data)
        ours = read(emitted(program, "basis"), name, data)
        self.assertLessEqual(set(ours.count_ops()), {"rz", "sx", "x", "cx"})
        if n <= 6:
            difference = Operator(written).data - Operator(ours).data
            self.assertLess(numpy.abs(difference).max(), 1e-9)
        theirs = transpile(written, basis_gates=["rz", "sx", "x", "cx"], optimization_level=3,
                           seed_transpiler=1)
        plain = transpile(written, basis_gates=["rz", "sx", "x", "cx"], optimization_level=0)
        return tuple(c.count_ops().get("cx", 0) for c in (plain, ours, theirs))

    @staticmethod
    def report(rows):
        print("\n  encoding              qubits  as written     qdo  Qiskit 3")
        for name, n, plain, ours, theirs in rows:
            print(f"  {name:<20}  {n:>6}  {plain:>10}  {ours:>6}  {theirs:>8}")
        totals = [sum(row[i] for row in rows) for i in (2, 3, 4)]
        print(f"  {'total':<20}  {'':>6}  {totals[0]:>10}  {totals[1]:>6}  {totals[2]:>8}")


if __name__ == "__main__":
    unittest.main()
