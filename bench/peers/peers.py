# SPDX-License-Identifier: Apache-2.0
# The peers, each the fastest way to states that its Python package offers for gates whose angles
# change from row to row. `states` gives rows of amplitudes with wire 0 as the lowest bit.
import numpy as np


class Lightning:
    """The C++ state vector of pennylane-lightning, without PennyLane's queue around it."""

    name = "lightning"
    NAMES = {"h": "Hadamard", "p": "PhaseShift", "rx": "RX", "ry": "RY", "rz": "RZ", "cx": "CNOT",
             "cz": "CZ", "rxx": "IsingXX", "ryy": "IsingYY", "rzz": "IsingZZ", "crx": "CRX",
             "cp": "ControlledPhaseShift", "swap": "SWAP"}

    def __init__(self, qubits):
        from pennylane_lightning.lightning_qubit_ops import StateVectorC128
        self.qubits, self.make = qubits, StateVectorC128
        self.amplitudes = np.zeros(2 ** qubits, dtype=np.complex128)

    def states(self, rows, gates):
        out, n = np.empty((len(rows), 2 ** self.qubits), dtype=np.complex128), self.qubits
        for k, row in enumerate(rows):
            state = self.make(n)
            state.setBasisState([0] * n, list(range(n))) if hasattr(state, "setBasisState") else None
            for name, wires, angle in gates(row):
                # Lightning's first wire is the highest bit.
                getattr(state, self.NAMES[name])([n - 1 - w for w in wires], False,
                                                 [] if angle is None else [angle])
            state.getState(out[k])
        return out


class Qulacs:
    """Qulacs with a circuit for each row; large ones go through its optimiser, block size 2."""

    name = "qulacs"

    def __init__(self, qubits):
        import qulacs
        self.qulacs, self.qubits = qulacs, qubits

    def circuit(self, row, gates):
        from qulacs.gate import CNOT, CZ, SWAP, U1, DenseMatrix, H, RX, RY, RZ, PauliRotation
        made = self.qulacs.QuantumCircuit(self.qubits)
        for name, wires, angle in gates(row):
            if name == "h":
                gate = H(*wires)
            elif name == "p":
                gate = U1(wires[0], angle)
            elif name in ("rx", "ry", "rz"):  # Qulacs turns the other way
                gate = {"rx": RX, "ry": RY, "rz": RZ}[name](wires[0], -angle)
            elif name in ("cx", "cz", "swap"):
                gate = {"cx": CNOT, "cz": CZ, "swap": SWAP}[name](*wires)
            elif name in ("rxx", "ryy", "rzz"):
                letter = {"rxx": 1, "ryy": 2, "rzz": 3}[name]
                gate = PauliRotation(list(wires), [letter, letter], -angle)
            else:
                c, s = np.cos(angle / 2), np.sin(angle / 2)
                matrix = [[1, 0], [0, np.exp(1j * angle)]] if name == "cp" else [[c, -1j * s],
                                                                                 [-1j * s, c]]
                gate = DenseMatrix(wires[1], matrix)
                gate.add_control_qubit(wires[0], 1)
            made.add_gate(gate)
        return made

    def states(self, rows, gates):
        out = np.empty((len(rows), 2 ** self.qubits), dtype=np.complex128)
        for k, row in enumerate(rows):
            circuit = self.circuit(row, gates)
            if self.qubits >= 16:
                from qulacs.circuit import QuantumCircuitOptimizer
                QuantumCircuitOptimizer().optimize(circuit, 2)
            state = self.qulacs.QuantumState(self.qubits)
            circuit.update_quantum_state(state)
            out[k] = state.get_vector()
        return out


class Qsim:
    """qsim (single precision) through Cirq."""

    name = "qsim f32"

    def __init__(self, qubits):
        import cirq
        import qsimcirq
        self.cirq, self.qubits = cirq, qubits
        self.simulator = qsimcirq.QSimSimulator(qsimcirq.QSimOptions(cpu_threads=2,
                                                                     max_fused_gate_size=3))

    def states(self, rows, gates):
        cirq, n = self.cirq, self.qubits
        wires = cirq.LineQubit.range(n)[::-1]  # Cirq's first qubit is the highest bit
        turns = {"rx": cirq.rx, "ry": cirq.ry, "rz": cirq.rz}
        powers = {"rxx": cirq.XXPowGate, "ryy": cirq.YYPowGate, "rzz": cirq.ZZPowGate}
        fixed = {"h": cirq.H, "cx": cirq.CNOT, "cz": cirq.CZ, "swap": cirq.SWAP}
        out = np.empty((len(rows), 2 ** n), dtype=np.complex64)
        for k, row in enumerate(rows):
            made = []
            for name, on, angle in gates(row):
                if name in fixed:
                    gate = fixed[name]
                elif name in turns:
                    gate = turns[name](angle)
                elif name == "p":
                    gate = cirq.ZPowGate(exponent=angle / np.pi)
                elif name == "cp":
                    gate = cirq.CZPowGate(exponent=angle / np.pi)
                elif name == "crx":
                    gate = cirq.ControlledGate(cirq.rx(angle))
                else:
                    gate = powers[name](exponent=angle / np.pi, global_shift=-0.5)
                made.append(gate(*[wires[w] for w in on]))
            out[k] = self.simulator.simulate(cirq.Circuit(made),
                                             qubit_order=wires[::-1]).final_state_vector
        return out


def qiskit_kernel(qubits, gates_of):
    """qiskit-machine-learning's FidelityStatevectorKernel on ZZFeatureMap."""
    from qiskit.circuit.library import zz_feature_map
    from qiskit_machine_learning.kernels import FidelityStatevectorKernel
    kernel = FidelityStatevectorKernel(feature_map=zz_feature_map(qubits, reps=2))
    return lambda rows: kernel.evaluate(x_vec=rows)


def pennylane_kernel(qubits, gates):
    """PennyLane's square_kernel_matrix with the circuit U(a) then U(b)^dagger on Lightning."""
    import pennylane as qml
    device = qml.device("lightning.qubit", wires=qubits)
    names = {"h": lambda w, a: qml.Hadamard(w[0]), "p": lambda w, a: qml.PhaseShift(a, w[0]),
             "cx": lambda w, a: qml.CNOT(w)}

    def encode(row):
        for name, wires, angle in gates(row):
            names[name](list(wires), angle)

    @qml.qnode(device)
    def circuit(a, b):
        encode(a)
        qml.adjoint(encode)(b)
        return qml.probs(wires=range(qubits))
    return lambda rows: qml.kernels.square_kernel_matrix(rows, lambda a, b: circuit(a, b)[0],
                                                         assume_normalized_kernel=True)


def available(qubits):
    found, missing = [], []
    for peer in (Lightning, Qulacs, Qsim):
        try:
            found.append(peer(qubits))
        except ImportError as error:
            missing.append(f"{peer.name} ({error.name or error})")
    return found, missing
