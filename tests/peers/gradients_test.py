#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Gradients beside those of PennyLane, which differentiates its simulator by another method
# (backpropagation), to 1e-9: random circuits with every gate that has angles, with controls and
# adjoints, and random observables.
import random
import unittest

import pennylane
from pennylane import numpy

from numbers_test import run

CLOSE = 1e-9
QUBITS, PARAMETERS, GATES, CIRCUITS = 4, 6, 25, 12
# qdo's name -> wires, angles, and the operations of PennyLane.
THEIRS = {
    "p": (1, 1, lambda a, w: pennylane.PhaseShift(a[0], w)),
    "rx": (1, 1, lambda a, w: pennylane.RX(a[0], w)),
    "ry": (1, 1, lambda a, w: pennylane.RY(a[0], w)),
    "rz": (1, 1, lambda a, w: pennylane.RZ(a[0], w)),
    "u": (1, 3, lambda a, w: pennylane.U3(a[0], a[1], a[2], w)),
    "cp": (2, 1, lambda a, w: pennylane.ControlledPhaseShift(a[0], w)),
    "crx": (2, 1, lambda a, w: pennylane.CRX(a[0], w)),
    "cry": (2, 1, lambda a, w: pennylane.CRY(a[0], w)),
    "crz": (2, 1, lambda a, w: pennylane.CRZ(a[0], w)),
    "cu": (2, 4, lambda a, w: (pennylane.PhaseShift(a[3], w[0]),
                               pennylane.ctrl(pennylane.U3(a[0], a[1], a[2], w[1]), w[0]))),
    "rxx": (2, 1, lambda a, w: pennylane.IsingXX(a[0], w)),
    "ryy": (2, 1, lambda a, w: pennylane.IsingYY(a[0], w)),
    "rzz": (2, 1, lambda a, w: pennylane.IsingZZ(a[0], w)),
    "h": (1, 0, lambda a, w: pennylane.Hadamard(w)),
    "cx": (2, 0, lambda a, w: pennylane.CNOT(w)),
    "ch": (2, 0, lambda a, w: pennylane.CH(w)),
    "ctrl rx": (2, 1, lambda a, w: pennylane.ctrl(pennylane.RX(a[0], w[1]), w[0])),
    "ctrl(2) rz": (3, 1, lambda a, w: pennylane.ctrl(pennylane.RZ(a[0], w[2]), w[:2])),
    "ctrl rxx": (3, 1, lambda a, w: pennylane.ctrl(pennylane.IsingXX(a[0], w[1:]), w[0])),
    "ctrl cry": (3, 1, lambda a, w: pennylane.ctrl(pennylane.CRY(a[0], w[1:]), w[0])),
    "adj u": (1, 3, lambda a, w: pennylane.adjoint(pennylane.U3(a[0], a[1], a[2], w))),
    "adj crx": (2, 1, lambda a, w: pennylane.adjoint(pennylane.CRX(a[0], w))),
}
LETTERS = {"X": pennylane.PauliX, "Y": pennylane.PauliY, "Z": pennylane.PauliZ}


class Drawn:
    """A random circuit and observable, for both sides. Each angle is a smooth function of two
    parameters, so the chain rule takes part."""

    def __init__(self, seed):
        draw = random.Random(seed)
        # Every gate comes up over all circuits, whatever is drawn.
        names = draw.sample(sorted(THEIRS), len(THEIRS)) + draw.choices(sorted(THEIRS), k=GATES)
        self.gates = []
        for name in names[:GATES]:
            wires, angles, _ = THEIRS[name]
            self.gates.append((name, draw.sample(range(QUBITS), wires),
                               [(round(draw.uniform(-2, 2), 3), draw.randrange(PARAMETERS),
                                 draw.randrange(PARAMETERS)) for _ in range(angles)]))
        self.terms = [(round(draw.uniform(-1, 1), 3),
                       [(draw.choice("XYZ"), q) for q in sorted(draw.sample(range(QUBITS), 2))])
                      for _ in range(3)]
        self.at = [round(draw.uniform(-3, 3), 6) for _ in range(PARAMETERS)]

    def ours(self):
        lines = []
        for name, wires, angles in self.gates:
            given = ", ".join(f"{f} * w[{i}] + sin(w[{j}])" for f, i, j in angles)
            on = ", ".join(f"q[{q}]" for q in wires)
            lines.append(f"    {name}{f'({given})' if given else ''} {on}")
        sum_of = " + ".join(f"({weight}) * " + " * ".join(f"{letter}[{q}]" for letter, q in factors)
                            for weight, factors in self.terms)
        body = "\n".join(lines)
        found = run(f"circuit c(w: real[{PARAMETERS}]) on q: qubit[{QUBITS}] {{\n{body}\n}}\n"
                    f"with exact {{\n    let g = grad(w -> <c(w)|{sum_of}|c(w)>, at: {self.at})\n"
                    f"    for i in 0..{PARAMETERS} {{ print g[i] }}\n}}\n")
        return numpy.array([number.real for number in found])

    def theirs(self):
        observable = pennylane.Hamiltonian(
            [weight for weight, _ in self.terms],
            [pennylane.prod(*(LETTERS[letter](q) for letter, q in factors))
             for _, factors in self.terms])

        @pennylane.qnode(pennylane.device("default.qubit", wires=QUBITS), diff_method="backprop")
        def value(w):
            for name, wires, angles in self.gates:
                THEIRS[name][2]([f * w[i] + numpy.sin(w[j]) for f, i, j in angles], wires)
            return pennylane.expval(observable)
        return pennylane.grad(value)(numpy.array(self.at, requires_grad=True))


class Gradients(unittest.TestCase):
    def test_random_circuits(self):
        seen = set()
        for seed in range(CIRCUITS):
            with self.subTest(seed=seed):
                drawn = Drawn(seed)
                seen |= {name for name, _, _ in drawn.gates}
                worst = numpy.abs(drawn.ours() - drawn.theirs()).max()
                self.assertLess(worst, CLOSE)
        self.assertEqual(seen, set(THEIRS))


if __name__ == "__main__":
    unittest.main()
