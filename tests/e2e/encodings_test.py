#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Every encoding of std.encodings: its amplitudes by the formula it names, phase included; norm 1;
# undone by its adjoint; and what it costs where a number is promised.
import itertools
import math
import random
import re
import unittest

import reference_states as by_formula
from support import Case

CLOSE = 1e-10
HELPERS = """circuit number(k: int, n: int) on q: qubit[n] {
    for i in 0..n { if int(floor(k / 2^i)) mod 2 == 1 { x q[i] } }
}
"""
NAMES = ("zero, basis, ghz, dicke, w_state, amplitude, pauli_rotation, hamiltonian, qaoa, qft, angle, "
         "dense_angle, zz, pauli, iqp, separable, hardware_efficient, reupload, random")


def real(x):
    return repr(float(x))


def vector(xs):
    return "[" + ", ".join(map(real, xs)) + "]"


def complexes(zs):
    return "[" + ", ".join(f"{z.real!r} + {z.imag!r} * 1i" for z in zs) + "]"


def features(count, seed):
    source = random.Random(seed)
    return [source.uniform(-2, 2) for _ in range(count)]


def unit(numbers):
    norm = math.sqrt(sum(abs(x)**2 for x in numbers))
    return [x / norm for x in numbers]


def distance(ours, theirs):
    return math.sqrt(sum(abs(a - b)**2 for a, b in zip(ours, theirs)))


class Encodings(Case):
    def states(self, recipes, declarations=""):
        """Amplitudes of (recipe, qubits), asked for one by one: they are printed in every digit."""
        lines = [f"use std.encodings.{{{NAMES}}}\n", declarations, HELPERS, "with exact {\n"]
        for recipe, qubits in recipes:
            lines.append(f"    for j in 0..{2**qubits} {{ print <number(j, {qubits})|{recipe}> }}\n"
                         f"    print <zero({qubits})|{recipe} then adj {recipe}>\n")
        done = self.expect(0, "run", self.write("".join(lines) + "}\n"))
        numbers = iter([complex(x.replace("i", "j")) for x in done.stdout.decode().split()])
        found = []
        for recipe, qubits in recipes:
            found.append([next(numbers) for _ in range(2**qubits)])
            with self.subTest(recipe=recipe):
                self.assertLess(abs(sum(abs(a)**2 for a in found[-1]) - 1), CLOSE)
                self.assertLess(abs(next(numbers) - 1), CLOSE)
        return found

    def agree(self, cases, declarations=""):
        """Cases are (recipe, the state by its formula)."""
        recipes = [(recipe, int(math.log2(len(state)))) for recipe, state in cases]
        for (recipe, wanted), ours in zip(cases, self.states(recipes, declarations)):
            with self.subTest(recipe=recipe):
                self.assertLess(distance(ours, wanted), CLOSE)

    def test_states(self):
        ones = {k: [i for i in range(16) if i.bit_count() == k] for k in range(5)}
        self.agree([("zero(3)", by_formula.zero(3)),
                    ("ghz(4)", by_formula.evenly([0, 15], 4)),
                    ("w_state(4)", by_formula.evenly(ones[1], 4)),
                    ("w_state(1)", [0, 1]),
                    *((f"dicke(4, {k})", by_formula.evenly(ones[k], 4)) for k in range(5)),
                    ("dicke(5, 2)",
                     by_formula.evenly([i for i in range(32) if i.bit_count() == 2], 5))])

    def test_products(self):
        x = features(4, 1)
        half = [v / 2 for v in x]
        self.agree([
            ("basis([true, false, true, true])", by_formula.evenly([13], 4)),
            ("basis([false])", [1, 0]),
            (f"angle({vector(x)})",
             by_formula.product([(math.cos(h), -1j * math.sin(h)) for h in half])),
            (f"angle({vector(x)}, axis: Y)",
             by_formula.product([(math.cos(h), math.sin(h)) for h in half])),
            (f"angle({vector(x)}, axis: Z)",
             by_formula.product([(complex(math.cos(h), -math.sin(h)), 0) for h in half])),
            (f"dense_angle({vector(x)})", by_formula.product(
                [(math.cos(math.pi * a), math.sin(math.pi * a) * by_formula.cmath.exp(2j * math.pi * b))
                 for a, b in (x[:2], x[2:])])),
            (f"separable({vector(x)}, layers: 2)", self.separable(x, 2))])

    @staticmethod
    def separable(x, layers):
        state = by_formula.zero(len(x))
        for _ in range(layers):
            for i, v in enumerate(x):
                state = by_formula.one("X", -math.pi / 4, i, len(x), state)
                state = by_formula.one("Y", -v, i, len(x), state)
        return state

    def test_basis_of_numbers(self):
        """Their size comes from the other side, or from the qubits they act on."""
        done = self.expect(0, "run", self.write(
            "use std.encodings.{basis, ghz}\nlet p = ghz(3)\n"
            "circuit five(n: int) on q: qubit[n] { basis(5) q }\n"
            "with exact { print |<basis(0)|p>|^2, |<p|basis(7)>|^2, |<basis(5)|five(4)>|^2 }\n"))
        for ours, wanted in zip(map(float, done.stdout.split()), (0.5, 0.5, 1), strict=True):
            self.assertAlmostEqual(ours, wanted)

    def test_basis_is_data(self):
        """Bits are data: one circuit for both rows."""
        text = self.emitted("use std.encodings.basis\nwith exact {\n"
                            "    print amplitudes(basis([true, false]))\n"
                            "    print amplitudes(basis([false, true]))\n}\n")
        self.assertEqual(len(re.findall(r"qc\.circuit ", text)), 1, text)

    def test_phase_maps(self):
        cases = []
        for qubits, repeats in itertools.product((2, 3, 4), (1, 2)):
            x = features(qubits, 10 * qubits + repeats)
            cases.append((f"zz({vector(x)}, reps: {repeats})", by_formula.zz(x, repeats)))
            cases.append((f"iqp({vector(x)}, repeats: {repeats})", by_formula.iqp(x, repeats)))
        self.agree(cases)

    def test_pauli(self):
        x = features(4, 7)
        full = lambda k: itertools.combinations(range(4), k)
        linear = lambda k: [range(i, i + k) for i in range(5 - k)] if k > 1 else full(1)
        circular = lambda k: [[(i + a) % 4 for a in range(k)] for i in range(5 - k, 4)
                              if 1 < k < 4] + list(linear(k))
        self.agree([
            (f"pauli({vector(x)})", by_formula.pauli(x, ["Z", "ZZ"], 2, 2, full)),
            (f'pauli({vector(x)}, ["Z", "YY"])', by_formula.pauli(x, ["Z", "YY"], 2, 2, full)),
            (f'pauli({vector(x)}, ["X", "YZ", "ZIX", "ZYXZ"], reps: 1, alpha: 1.3)',
             by_formula.pauli(x, ["X", "YZ", "ZIX", "ZYXZ"], 1, 1.3, full)),
            (f'pauli({vector(x)}, ["Y", "XY"], entanglement: "linear")',
             by_formula.pauli(x, ["Y", "XY"], 2, 2, linear)),
            (f'pauli({vector(x)}, ["ZZ", "XYZ"], reps: 1, entanglement: "circular")',
             by_formula.pauli(x, ["ZZ", "XYZ"], 1, 2, circular))])

    def test_layers(self):
        w, x = features(24, 3), features(4, 4)
        self.agree([
            (f"hardware_efficient({vector(w)}, layers: 2)", by_formula.hardware_efficient(w, 6, 2)),
            (f"hardware_efficient({vector(w[:4])})", by_formula.hardware_efficient(w, 2, 1)),
            (f"reupload({vector(x)}, {vector(w[:12])})", by_formula.reupload(x, w[:12])),
            (f"reupload({vector(x[:2])}, {vector(w[:18])})", by_formula.reupload(x[:2], w[:18]))])

    def test_random(self):
        x = vector(features(3, 5))
        first, again, other, deeper = self.states(
            [(f"random({x}, seed: {seed}, layers: {layers})", 3)
             for seed, layers in ((1, 2), (1, 2), (2, 2), (1, 3))])
        self.assertEqual(first, again)
        self.assertGreater(distance(first, other), 1e-3)
        self.assertGreater(distance(first, deeper), 1e-3)

    def test_evolution(self):
        x = features(3, 6)
        words = ["ZZI", "IXY", "XIZ"]
        terms = "[Z[0] * Z[1], X[1] * Y[2], 0.5 * X[0] * Z[2] - 0.25 * Z[1]]"
        weighted = [(x[0], "ZZI"), (x[1], "IXY"), (0.5 * x[2], "XIZ"), (-0.25 * x[2], "IZI")]
        self.agree([
            *((f"hamiltonian({vector(x)}, {terms}, time: 0.7, steps: {steps}, order: {order})",
               by_formula.trotter(weighted, 3, 0.7, steps, order))
              for steps, order in ((1, 1), (3, 1), (1, 2), (2, 2))),
            ("hamiltonian([0.4], [Z[0]], n: 2)", by_formula.trotter([(0.4, "ZI")], 2, 1, 1, 1)),
            *((f'pauli_rotation({real(a)}, "{word}")',
               by_formula.rotation(a, word, by_formula.zero(3))) for a, word in zip(x, words)),
            ('pauli_rotation(0.3, "II")', by_formula.rotation(0.3, "II", by_formula.zero(2))),
            ("qaoa([0.3, 0.2], [0.5, -0.1], Z[0] * Z[1] - 0.5 * Z[1] * Z[2] + 0.2 * Z[0])",
             by_formula.qaoa([0.3, 0.2], [0.5, -0.1], [(1, "ZZI"), (-0.5, "IZZ"), (0.2, "ZII")], 3))])

    def test_trotter_orders(self):
        """The error falls with the steps as the order says."""
        x, terms = [0.6, 0.8, -0.5], "[Z[0] * Z[1], X[0], Y[1] * X[0]]"
        recipe = lambda steps, order: (
            f"hamiltonian({vector(x)}, {terms}, steps: {steps}, order: {order})", 2)
        fine, *coarse = self.states([recipe(400, 2), recipe(4, 1), recipe(8, 1), recipe(4, 2),
                                     recipe(8, 2)])
        errors = [distance(fine, state) for state in coarse]
        self.assertAlmostEqual(errors[0] / errors[1], 2, delta=0.3)
        self.assertAlmostEqual(errors[2] / errors[3], 4, delta=0.3)

    def test_amplitude(self):
        cases = []
        for qubits in range(1, 6):
            x = unit(features(2**qubits, qubits))
            z = unit([complex(a, b) for a, b in zip(features(2**qubits, 20 + qubits),
                                                    features(2**qubits, 40 + qubits))])
            cases.append((f"amplitude({vector(x)})", x))
            cases.append((f"amplitude({complexes(z)})", z))
        sparse = [0, 0, 0, -1, 0, 0, 0, 0]
        cases.append((f"amplitude({vector(sparse)})", sparse))
        cases.append(("amplitude([0, 0, 0, -1i], normalize: true)", [0, 0, 0, -1j]))
        cases.append(("amplitude([1.0, 2.0, 2.0], normalize: true, pad: true)",
                      unit([1, 2, 2, 0])))
        cases.append(("amplitude([3e200, 4e200], normalize: true)", [0.6, 0.8]))
        self.agree(cases)

    def test_amplitude_of_rows(self):
        """Angles are computed for rows that come while the program runs; nothing is compiled again."""
        (self.folder / "rows.csv").write_text("a,b,c,y\n1,2,2,p\n4,0,3,q\n-1,1,0,p\n")
        text = ("use std.encodings.amplitude\n"
                'dataset d = csv("rows.csv") { x: [a, b, c]; y: y }\n'
                "kernel k(a: real[3], b: real[3]) via amplitude(_, normalize: true, pad: true)"
                " = |<a|b>|^2\n"
                "with exact { for i in 0..3, j in 0..3 { print k(d.x[i], d.x[j]) } }\n")
        done = self.expect(0, "run", self.write(text), cwd=self.folder)
        rows = [unit(r) for r in ([1, 2, 2], [4, 0, 3], [-1, 1, 0])]
        wanted = [sum(a * b for a, b in zip(r, s))**2 for r in rows for s in rows]
        for ours, theirs in zip(map(float, done.stdout.split()), wanted, strict=True):
            self.assertLess(abs(ours - theirs), CLOSE)
        self.assertEqual(self.emitted(text).count("qc.circuit "), 1)

    def emitted(self, text, stage="qdo-opt"):
        """The optimised program as text."""
        done = self.expect(0, "emit", f"--stage={stage}", self.write(text), cwd=self.folder)
        return done.stdout.decode()

    def entangling(self, recipe):
        """cx of a recipe's circuit in the basis of rz, sx, x and cx."""
        text = self.emitted(f"use std.encodings.amplitude\nlet p = {recipe}\nprint p\n", "basis")
        gates = re.findall(r"= qc\.(\w+)", text)
        self.assertLessEqual(set(gates), {"rz", "sx", "x", "cx", "angles"})
        return gates.count("cx")

    def test_amplitude_cost(self):
        x = unit(features(256, 1))
        z = unit([complex(a, b) for a, b in zip(x, features(256, 2))])
        self.assertLessEqual(self.entangling(f"amplitude({vector(x)})"), 254)
        self.assertLessEqual(self.entangling(f"amplitude({complexes(z)})"), 494)

    def test_amplitude_within(self):
        v = noisy_parabola()
        bounds = {0.1: 126, 0.133: 30, 0.167: 14, 0.2: 6}
        recipes = [f"amplitude({vector(v)}, within: {bound})" for bound in bounds]
        for recipe, (bound, most) in zip(recipes, bounds.items()):
            with self.subTest(bound=bound):
                self.assertLessEqual(self.entangling(recipe), most)
        for bound, ours in zip(bounds, self.states([(recipe, 8) for recipe in recipes])):
            with self.subTest(bound=bound):
                self.assertLessEqual(distance(ours, v), bound)
                self.assertGreater(distance(ours, v), 0.01)
        # A product of complex qubits costs nothing at all.
        parts = [unit([complex(*features(2, s)), complex(*features(2, 9 + s))]) for s in range(4)]
        state = by_formula.product(parts)
        self.assertEqual(self.entangling(f"amplitude({complexes(state)}, within: 1e-6)"), 0)
        ours, = self.states([(f"amplitude({complexes(state)}, within: 1e-6)", 4)])
        self.assertLessEqual(distance(ours, state), 1e-6)


def noisy_parabola():
    """x = linspace(-1, 1, 256), 0.6 - 0.4 x + 0.8 x^2 - 0.3 x^3 + 0.05 noise, of mean 0 and norm 1; the noise is what
    numpy's legacy generator gives for seed 1."""
    key = [1]
    for i in range(1, 624):
        key.append((1812433253 * (key[-1] ^ key[-1] >> 30) + i) & 0xffffffff)
    source = random.Random()
    source.setstate((3, (*key, 624), None))
    noise = []
    while len(noise) < 256:
        a, b = 2 * source.random() - 1, 2 * source.random() - 1
        r = a * a + b * b
        if 0 < r < 1:
            f = math.sqrt(-2 * math.log(r) / r)
            noise += [f * b, f * a]
    v = []
    for i in range(256):
        x = -1 + 2 * i / 255
        v.append(0.6 - 0.4 * x + 0.8 * x**2 - 0.3 * x**3 + 0.05 * noise[i])
    mean = sum(v) / 256
    return unit([y - mean for y in v])


if __name__ == "__main__":
    unittest.main()
