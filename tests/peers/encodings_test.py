#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Encodings beside those of Qiskit and PennyLane whose conventions they name, to 1e-10.
import itertools
import unittest

import numpy
import pennylane
import qiskit.circuit.library as library
from qiskit.quantum_info import Operator, Statevector

from numbers_test import CLOSE, features, matrix, spelled, state

USE = ("use std.encodings.{amplitude, angle, basis, hamiltonian, hardware_efficient, iqp, pauli, qaoa, "
       "reupload, zz, qft, dicke}\n")


def bound(circuit, values):
    return Statevector(circuit.assign_parameters(values)).data


def wires_turned(qubits, template):
    """What a PennyLane template gives, with wire 0 as the least significant bit."""
    @pennylane.qnode(pennylane.device("default.qubit", wires=qubits))
    def circuit():
        template()
        return pennylane.state()

    return numpy.asarray(circuit()).reshape([2] * qubits).transpose().reshape(-1)


def complexes(numbers):
    return "[" + ", ".join(f"{z.real!r} + {z.imag!r} * 1i" for z in map(complex, numbers)) + "]"


class Encodings(unittest.TestCase):
    def agree(self, recipe, qubits, theirs):
        with self.subTest(recipe=recipe):
            self.assertLess(numpy.abs(state(USE, recipe, qubits) - theirs).max(), CLOSE)

    def test_zz(self):
        for n in (4, 6):
            x = features(n, n)
            theirs = library.zz_feature_map(n, reps=2, entanglement="full")
            self.agree(f"zz({spelled(x)})", n, bound(theirs, x))

    def test_pauli(self):
        choices = [(["Z", "ZZ"], "full", 2.0), (["Z", "YY"], "full", 2.0), (["X", "ZY"], "full", 1.3),
                   (["Y", "XYZ"], "full", 2.0), (["Z", "XY"], "linear", 0.7), (["ZZ"], "circular", 2.0),
                   (["Y", "ZXY"], "circular", 2.0)]
        for n, (words, entanglement, alpha), reps in itertools.product((3, 4), choices, (1, 2)):
            x = features(n, 10 * n + reps)
            theirs = library.pauli_feature_map(n, reps=reps, entanglement=entanglement, alpha=alpha,
                                               paulis=words)
            listed = ", ".join(f'"{w}"' for w in words)
            self.agree(f'pauli({spelled(x)}, [{listed}], reps: {reps}, alpha: {alpha}, '
                       f'entanglement: "{entanglement}")', n, bound(theirs, x))

    def test_iqp(self):
        for n, repeats in itertools.product((2, 4, 5), (1, 3)):
            x = features(n, 7 * n + repeats)
            self.agree(f"iqp({spelled(x)}, repeats: {repeats})", n, wires_turned(
                n, lambda: pennylane.IQPEmbedding(x, wires=range(n), n_repeats=repeats)))

    def test_angle(self):
        for n, axis in itertools.product((1, 3, 5), "XYZ"):
            x = features(n, n)
            theirs = lambda: pennylane.AngleEmbedding(x, wires=range(n), rotation=axis)
            self.agree(f"angle({spelled(x)}, axis: {axis})", n, wires_turned(n, theirs))
            if axis == "X":
                self.agree(f"angle({spelled(x)})", n, wires_turned(n, theirs))

    def test_basis(self):
        for bits in itertools.product((0, 1), repeat=3):
            listed = ", ".join("true" if b else "false" for b in bits)
            self.agree(f"basis([{listed}])", 3, wires_turned(
                3, lambda: pennylane.BasisEmbedding(list(bits), wires=range(3))))

    def test_amplitude(self):
        for n in (1, 2, 4, 5):
            source = numpy.random.default_rng(n)
            x = source.normal(size=2**n)
            z = source.normal(size=2**n) + 1j * source.normal(size=2**n)
            for numbers, written in ((x, spelled(x)), (z, complexes(z))):
                def theirs(numbers=numbers, n=n):
                    # Their wire 0 is the most significant: give them the numbers turned round.
                    turned = numbers.reshape([2] * n).transpose().reshape(-1)
                    pennylane.AmplitudeEmbedding(turned, wires=range(n), normalize=True)
                self.agree(f"amplitude({written}, normalize: true)", n, wires_turned(n, theirs))

    def test_hardware_efficient(self):
        for n, layers in itertools.product((2, 4), (1, 3)):
            w = features(2 * n * layers, n + layers)
            theirs = library.efficient_su2(n, reps=layers, entanglement="linear",
                                           skip_final_rotation_layer=True)
            self.agree(f"hardware_efficient({spelled(w)}, layers: {layers})", n, bound(theirs, w))

    def test_reupload(self):
        n = 3
        x, w = features(n, 1), features(3 * n * 2, 2)

        def theirs():
            for layer in range(2):
                for i in range(n):
                    pennylane.RX(x[i], wires=i)
                    pennylane.Rot(*w[3 * (n * layer + i):3 * (n * layer + i) + 3], wires=i)
                for i in range(1, n):
                    pennylane.CNOT(wires=[i - 1, i])
        self.agree(f"reupload({spelled(x)}, {spelled(w)})", n, wires_turned(n, theirs))

    def test_evolution(self):
        coefficients = features(3, 3)
        terms = (pennylane.Z(0) @ pennylane.Z(1), pennylane.X(1) @ pennylane.Y(2), pennylane.X(0))
        for steps, order in itertools.product((1, 3), (1, 2)):
            self.agree(f"hamiltonian({spelled(coefficients)}, [Z[0] * Z[1], X[1] * Y[2], X[0]], "
                       f"time: 0.8, steps: {steps}, order: {order})", 3, wires_turned(
                           3, lambda: trotter(coefficients, terms, 0.8, steps, order)))

    def test_qaoa(self):
        cost = pennylane.Z(0) @ pennylane.Z(1) - 0.5 * pennylane.Z(1) @ pennylane.Z(2)
        mixer = pennylane.X(0) + pennylane.X(1) + pennylane.X(2)

        def theirs():
            for wire in range(3):
                pennylane.Hadamard(wire)
            for gamma, beta in ((0.3, 0.5), (0.2, -0.1)):
                pennylane.qaoa.cost_layer(gamma, cost)
                pennylane.qaoa.mixer_layer(beta, mixer)
        self.agree("qaoa([0.3, 0.2], [0.5, -0.1], Z[0] * Z[1] - 0.5 * Z[1] * Z[2])", 3,
                   wires_turned(3, theirs))

    def test_qft(self):
        for n in (3, 4):
            self.assertLess(numpy.abs(matrix(USE, f"qft({n})", n)
                                      - Operator(library.QFTGate(n)).data).max(), CLOSE)

    def test_unitary_literals(self):
        for n in (1, 2, 3):
            source = numpy.random.default_rng(n)
            square = source.normal(size=(2**n, 2**n)) + 1j * source.normal(size=(2**n, 2**n))
            unitary, _ = numpy.linalg.qr(square)
            rows = ", ".join(complexes(row) for row in unitary)
            names = ", ".join(f"{name}: qubit" for name in "abc"[:n])
            text = f"unitary given() on {names} = [{rows}]\n"
            self.assertLess(numpy.abs(matrix(text, "given()", n) - unitary).max(), CLOSE)
            controlled = numpy.eye(2**(n + 1), dtype=complex)
            controlled[1::2, 1::2] = unitary.conj().T
            shifted = ", ".join(f"q[{i + 1}]" for i in range(n))
            text += f"circuit c() on q: qubit[{n + 1}] {{ ctrl adj given q[0], {shifted} }}\n"
            self.assertLess(numpy.abs(matrix(text, "c()", n + 1) - controlled).max(), CLOSE)


def trotter(coefficients, terms, time, steps, order):
    for _ in range(steps):
        for c, term in zip(coefficients, terms):
            pennylane.evolve(term, c * time / (steps * order))
        if order == 2:
            for c, term in reversed(list(zip(coefficients, terms))):
                pennylane.evolve(term, c * time / (2 * steps))


if __name__ == "__main__":
    unittest.main()
