#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Clifford circuits of hundreds of qubits beside Stim: means of Pauli strings, signs included, and
# that whatever qdo samples is something that Stim's state can give.
import os
import pathlib
import random
import re
import subprocess
import tempfile
import unittest

import stim

GATES = {"h": ("H", 1), "s": ("S", 1), "sdg": ("S_DAG", 1), "x": ("X", 1), "y": ("Y", 1),
         "z": ("Z", 1), "sx": ("SQRT_X", 1), "cx": ("CX", 2), "cy": ("CY", 2), "cz": ("CZ", 2),
         "swap": ("SWAP", 2)}


def output(text):
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program.qdo"
        program.write_text(text)
        done = subprocess.run([os.environ["QDO"], "run", program], capture_output=True, text=True,
                              timeout=300)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout


def circuit(qubits, gates, seed):
    """The same gates as a qdo circuit and as a simulator of Stim."""
    draw = random.Random(seed)
    lines, simulator = [], stim.TableauSimulator()
    simulator.set_num_qubits(qubits)
    for _ in range(gates):
        name = draw.choice(list(GATES))
        theirs, count = GATES[name]
        # Near neighbours, so that strings of few letters are not all 0.
        first = draw.randrange(qubits - 1)
        wires = [first, first + 1][:count]
        draw.shuffle(wires)
        lines.append(f"    {name} {', '.join(f'q[{w}]' for w in wires)}")
        simulator.do(stim.Circuit(f"{theirs} {' '.join(map(str, wires))}"))
    body = "\n".join(lines)
    return f"circuit c() on q: qubit[{qubits}] {{\n{body}\n}}\nlet p = c()\n", simulator


def spelled(pauli):
    letters = [f"{'_XYZ'[pauli[q]]}[{q}]" for q in range(len(pauli)) if pauli[q]]
    return " * ".join(letters)


class Stim(unittest.TestCase):
    def test_means_are_those_of_stim(self):
        for qubits, gates in ((25, 200), (70, 500), (300, 1500)):
            text, simulator = circuit(qubits, gates, qubits)
            draw = random.Random(1)
            # Stabilisers of the state (+1 or -1 with a flipped sign) and random strings (mostly 0).
            inverse = simulator.current_inverse_tableau()
            strings = [inverse.inverse().z_output(q) for q in range(0, qubits, 7)]
            for _ in range(20):
                pauli = stim.PauliString(qubits)
                for q in draw.sample(range(qubits), 2):
                    pauli[q] = draw.randrange(1, 4)
                strings.append(pauli)
            strings = [abs_of(s) for s in strings]
            asked = "\n".join(f"    print <p|{spelled(s)}|p>" for s in strings)
            found = [float(line) for line in output(f"{text}with exact {{\n{asked}\n}}\n").split()]
            expected = [simulator.peek_observable_expectation(s) for s in strings]
            self.assertEqual(found, expected)
            self.assertIn(1, expected)
            self.assertIn(0, expected)

    def test_samples_are_outcomes_of_the_state(self):
        text, simulator = circuit(40, 150, 5)
        printed = output(f"{text}with shots(12) {{ print sample(p, 12) }}\n")
        outcomes = re.findall(r"([01]{40}): ", printed)
        self.assertTrue(outcomes)
        for outcome in outcomes:
            trial = simulator.copy()
            for q, bit in enumerate(reversed(outcome)):
                trial.postselect_z(q, desired_value=bit == "1")  # raises when it cannot be


def abs_of(pauli):
    """The string without its sign."""
    return pauli * pauli.sign


if __name__ == "__main__":
    unittest.main()
