#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# 200 encodings of random structure through the language: the kernel of each, compiled with every
# circuit compared before and after each pass (--check-each) and once more without, equals a
# reference that multiplies dense gates. The plans alone are in tests/unit/batch.
# Why another language: the reference shares no line with what it checks.
import argparse
import cmath
import math
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ENCODINGS, PER_PROGRAM, LIMIT = 200, 20, 1e-12
R = math.sqrt(0.5)
E, C, S = cmath.exp, math.cos, math.sin


def turn(theta, phi, lam):
    return [[C(theta / 2), -E(1j * lam) * S(theta / 2)],
            [E(1j * phi) * S(theta / 2), E(1j * (phi + lam)) * C(theta / 2)]]


def scaled(factor, matrix):
    return [[factor * entry for entry in row] for row in matrix]


def pauli_pair(angle, one):
    """exp(-i angle/2 P P)"""
    pair = [[one[i // 2][j // 2] * one[i % 2][j % 2] for j in range(4)] for i in range(4)]
    return [[(C(angle / 2) if i == j else 0) - 1j * S(angle / 2) * pair[i][j] for j in range(4)]
            for i in range(4)]


X, Y, Z = [[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]
H = [[R, R], [R, -R]]
SWAP = [[1, 0, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1]]


def phase(a): return [[1, 0], [0, E(1j * a)]]
def rx(a): return [[C(a / 2), -1j * S(a / 2)], [-1j * S(a / 2), C(a / 2)]]
def ry(a): return [[C(a / 2), -S(a / 2)], [S(a / 2), C(a / 2)]]
def rz(a): return [[E(-0.5j * a), 0], [0, E(0.5j * a)]]


# name: controls, targets, parameters, matrix on the targets (the first is the low bit)
GATES = {
    "x": (0, 1, 0, lambda: X), "y": (0, 1, 0, lambda: Y), "z": (0, 1, 0, lambda: Z),
    "h": (0, 1, 0, lambda: H), "s": (0, 1, 0, lambda: phase(math.pi / 2)),
    "sdg": (0, 1, 0, lambda: phase(-math.pi / 2)), "t": (0, 1, 0, lambda: phase(math.pi / 4)),
    "tdg": (0, 1, 0, lambda: phase(-math.pi / 4)),
    "sx": (0, 1, 0, lambda: scaled(0.5, [[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]])),
    "p": (0, 1, 1, phase), "rx": (0, 1, 1, rx), "ry": (0, 1, 1, ry), "rz": (0, 1, 1, rz),
    "u": (0, 1, 3, turn),
    "cx": (1, 1, 0, lambda: X), "cy": (1, 1, 0, lambda: Y), "cz": (1, 1, 0, lambda: Z),
    "ch": (1, 1, 0, lambda: H), "cp": (1, 1, 1, phase), "crx": (1, 1, 1, rx),
    "cry": (1, 1, 1, ry), "crz": (1, 1, 1, rz),
    "cu": (1, 1, 4, lambda a, b, c, d: scaled(E(1j * d), turn(a, b, c))),
    "swap": (0, 2, 0, lambda: SWAP), "cswap": (1, 2, 0, lambda: SWAP), "ccx": (2, 1, 0, lambda: X),
    "rxx": (0, 2, 1, lambda a: pauli_pair(a, X)), "ryy": (0, 2, 1, lambda a: pauli_pair(a, Y)),
    "rzz": (0, 2, 1, lambda a: pauli_pair(a, Z)),
}


class Encoding:
    """Gates on wires with angles that are expressions of a row: text, and a function of the row."""

    def __init__(self, seed):
        draw = self.draw = random.Random(seed)
        self.qubits, self.width = draw.randint(1, 5), draw.randint(1, 4)
        # Every third is of one family, where passes and plans have the most to find.
        families = (list(GATES), list(GATES), list(GATES), ["h", "p", "cx", "cp", "rzz", "swap"],
                    ["ry", "rz", "cx", "cz"], ["rx", "u", "cx", "x"])
        names = [n for n in families[seed % len(families)] if sum(GATES[n][:2]) <= self.qubits]
        self.gates = []
        for _ in range(draw.randint(1, 40)):
            name = draw.choice(names)
            controls, targets, parameters, _ = GATES[name]
            wires = draw.sample(range(self.qubits), controls + targets)
            self.gates.append((name, wires, [self.angle() for _ in range(parameters)],
                               draw.random() < 0.15))

    def angle(self):
        draw, i, j = self.draw, self.draw.randrange(self.width), self.draw.randrange(self.width)
        a, b = round(draw.uniform(-3, 3), 3), round(draw.uniform(-3, 3), 3)
        return draw.choice((
            (f"x[{i}]", lambda x: x[i]), (f"-x[{i}]", lambda x: -x[i]),
            (f"{a} * x[{i}] + {b}", lambda x: a * x[i] + b),
            (f"(pi - x[{i}]) * (pi - x[{j}])", lambda x: (math.pi - x[i]) * (math.pi - x[j])),
            (f"{a}", lambda x: a), ("pi / 2", lambda x: math.pi / 2)))

    def text(self, name):
        lines = [f"encoding {name}(x: real[{self.width}]) on q: qubit[{self.qubits}] {{"]
        for gate, wires, angles, inverse in self.gates:
            given = f"({', '.join(text for text, _ in angles)})" if angles else ""
            operands = ", ".join(f"q[{wire}]" for wire in wires)
            lines.append(f"    {'adj ' if inverse else ''}{gate}{given} {operands}")
        return "\n".join(lines + ["}"])

    def state(self, x):
        state = [0j] * (1 << self.qubits)
        state[0] = 1
        for gate, wires, angles, inverse in self.gates:
            controls, targets, _, make = GATES[gate]
            matrix = make(*(value(x) for _, value in angles))
            if inverse:
                matrix = [[complex(matrix[j][i]).conjugate() for j in range(len(matrix))]
                          for i in range(len(matrix))]
            on, onto = wires[:controls], wires[controls:]
            new = state[:]
            for k in range(len(state)):
                if not all(k >> wire & 1 for wire in on):
                    continue
                row = sum((k >> wire & 1) << bit for bit, wire in enumerate(onto))
                base = k & ~sum(1 << wire for wire in onto)
                new[k] = sum(entry * state[base | sum((column >> bit & 1) << wire
                                                      for bit, wire in enumerate(onto))]
                             for column, entry in enumerate(matrix[row]) if entry)
            state = new
        return state


def fidelity(a, b):
    return abs(math.fsum((x.conjugate() * y).real for x, y in zip(a, b))
               + 1j * math.fsum((x.conjugate() * y).imag for x, y in zip(a, b))) ** 2


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qdo", required=True, help="the compiler to test")
    options = parser.parse_args()
    environment = {**os.environ, "QDO_CACHE_DIR": ""}
    worst, checked = 0.0, 0
    with tempfile.TemporaryDirectory() as scratch:
        for first in range(0, ENCODINGS, PER_PROGRAM):
            text, expected = [], []
            calls = []
            for number in range(first, first + PER_PROGRAM):
                encoding = Encoding(number)
                name, width = f"e{number}", encoding.width
                a, b = ([round(encoding.draw.uniform(-3, 3), 4) for _ in range(width)] for _ in range(2))
                text.append(encoding.text(name))
                text.append(f"kernel k{number}(a: real[{width}], b: real[{width}]) via {name} = |<a|b>|^2")
                calls.append(f'    print "{{k{number}({a}, {b}):.17g}}"')
                expected.append(fidelity(encoding.state(a), encoding.state(b)))
            program = pathlib.Path(scratch) / "random.qdo"
            program.write_text("\n".join(text + ["with exact {"] + calls + ["}"]) + "\n")
            for more in (["--check-each"], []):
                done = subprocess.run([options.qdo, "run", program, "--quiet", *more], timeout=300,
                                      capture_output=True, text=True, env=environment)
                said = [float(line) for line in done.stdout.split()]
                if done.returncode != 0 or len(said) != PER_PROGRAM:
                    print(f"encodings from {first}: exit status {done.returncode}\n{done.stderr}")
                    return 1
                for number, (value, wanted) in enumerate(zip(said, expected), first):
                    worst, checked = max(worst, abs(value - wanted)), checked + 1
                    if not abs(value - wanted) <= LIMIT:
                        print(f"encoding {number} {more}: {value!r}, reference {wanted!r}\n"
                              + Encoding(number).text(f"e{number}"))
                        return 1
    print(f"{checked} kernels of {ENCODINGS} encodings, largest difference {worst:.1e} (limit {LIMIT:.0e})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
