# SPDX-License-Identifier: Apache-2.0
# Circuits of the IR as circuits of Qiskit, with numbers for their data.
# Why our text is read and not built again by hand: any encoding takes part, and both optimisers
# start from the very same gates.
import math
import pathlib
import re
import subprocess

from qiskit import QuantumCircuit
import qiskit.circuit.library as library

from numbers_test import QDO, QISKIT

QDO_OPT = str(pathlib.Path(QDO).parent / "qdo-opt")
ARITHMETIC = {
    "arith.addf": lambda a, b: a + b, "arith.subf": lambda a, b: a - b,
    "arith.mulf": lambda a, b: a * b, "arith.divf": lambda a, b: a / b,
    "arith.negf": lambda a: -a, "arith.maximumf": max, "arith.minimumf": min,
    "math.absf": abs, "math.sqrt": math.sqrt, "math.sin": math.sin, "math.cos": math.cos,
    "math.tan": math.tan, "math.exp": math.exp, "math.log": math.log, "math.floor": math.floor,
    "math.ceil": math.ceil, "math.powf": pow, "arith.select": lambda c, a, b: a if c else b,
}


def emitted(program, stage):
    """The text of a stage; gates under modifiers are unfolded first."""
    done = subprocess.run([QDO, "emit", f"--stage={stage}", program], capture_output=True,
                          text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(f"{program.read_text()}\n{done.stderr}")
    plain = subprocess.run([QDO_OPT, "--qc-resolve-modifiers", "-"], input=done.stdout,
                           capture_output=True, text=True, timeout=300)
    if plain.returncode != 0:
        raise AssertionError(plain.stderr)
    return plain.stdout


class Reader:
    """One `qc.circuit` of printed IR; whatever it does not know is an error."""

    def __init__(self, text, display, data):
        lines = iter(text.splitlines())
        for line in lines:
            if line.strip().startswith("qc.circuit") and f'display = "{display}"' in line:
                break
        else:
            raise AssertionError(f"no circuit `{display}` in\n{text}")
        arguments = re.findall(r"(%\w+): (f64|!qc\.q)", line.split(") ->")[0])
        self.wires = [name for name, kind in arguments if kind == "!qc.q"]
        self.numbers = dict(zip([name for name, kind in arguments if kind == "f64"], data))
        self.wire = {name: index for index, name in enumerate(self.wires)}
        self.circuit = QuantumCircuit(len(self.wires))
        self.lines = lines
        self.read()

    def read(self):
        for line in self.lines:
            line = line.strip()
            if line.startswith("qc.return"):
                return
            self.operation(line)

    def operation(self, line):
        if found := re.fullmatch(r"qc\.gphase\((%\w+)\)", line):
            self.circuit.global_phase += self.numbers[found[1]]
        elif found := re.fullmatch(r"(%\w+) = arith\.constant (\S+) : f64", line):
            self.numbers[found[1]] = float(found[2])
        elif found := re.fullmatch(r"(%\w+) = arith\.cmpf ogt, (%\w+), (%\w+) : f64", line):
            self.numbers[found[1]] = self.numbers[found[2]] > self.numbers[found[3]]
        elif found := re.fullmatch(r"(%\w+) = arith\.uitofp (%\w+) : i1 to f64", line):
            self.numbers[found[1]] = float(self.numbers[found[2]])
        elif found := re.fullmatch(r"(%\w+) = ((?:arith|math)\.\w+) ([^:]+) : f64", line):
            operands = [self.numbers[name] for name in found[3].split(", ")]
            self.numbers[found[1]] = ARITHMETIC[found[2]](*operands)
        elif found := re.fullmatch(r"(%\w+)(?::\d+)? = qc\.(\w+)(?:\(([^)]*)\))? (%.*)", line):
            result, name, angles, operands = found.groups()
            angles = [self.numbers[angle] for angle in angles.split(", ")] if angles else []
            self.gate(result, getattr(library, QISKIT[name])(*angles), operands.split(", "))
        elif found := re.fullmatch(r"(%\w+)(?::\d+)? = qc\.(ctrl|inv)(.*) targets\((.*)\) \{", line):
            result, kind, controls, targets = found.groups()
            operands = [name for name in controls.strip("()").split(", ") if name]
            outer = [pair.split(" = ")[1] for pair in targets.split(", ")]
            inner = [pair.split(" = ")[0] for pair in targets.split(", ")]
            gate = self.body(inner)
            gate = gate.inverse() if kind == "inv" else gate.control(len(operands))
            self.gate(result, gate, operands + outer)
        else:
            raise AssertionError(f"what is this? {line}")

    def body(self, names):
        """The gate of a modifier's region."""
        outer, wire = self.circuit, self.wire
        self.circuit, self.wire = QuantumCircuit(len(names)), {n: i for i, n in enumerate(names)}
        for line in self.lines:
            line = line.strip()
            if line.startswith("qc.yield"):
                next(self.lines)  # its brace
                break
            self.operation(line)
        gate = self.circuit.to_gate()
        self.circuit, self.wire = outer, wire
        return gate

    def gate(self, result, gate, operands):
        on = [self.wire[name] for name in operands]
        self.circuit.append(gate, on)
        for index, wire in enumerate(on):
            self.wire[f"{result}#{index}" if len(on) > 1 else result] = wire


def read(text, display, data):
    return Reader(text, display, data).circuit
