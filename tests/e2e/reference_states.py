# SPDX-License-Identifier: Apache-2.0
# States by formulas, in plain Python: what encodings promise, written down a second time.
# Qubit 0 is the least significant bit of an index. Why no library: `./dev test` runs everywhere.
import cmath
import itertools
import math

PAULIS = {"I": (1, 0, 0, 1), "X": (0, 1, 1, 0), "Y": (0, -1j, 1j, 0), "Z": (1, 0, 0, -1)}
HADAMARD = tuple(math.sqrt(0.5) * s for s in (1, 1, 1, -1))


def zero(qubits):
    return [1.0] + [0.0] * (2**qubits - 1)


def on(matrix, qubit, state):
    a, b, c, d = matrix
    out = list(state)
    for i in range(len(state)):
        if not i >> qubit & 1:
            j = i | 1 << qubit
            out[i], out[j] = a * state[i] + b * state[j], c * state[i] + d * state[j]
    return out


def everywhere(matrix, qubits, state):
    for qubit in range(qubits):
        state = on(matrix, qubit, state)
    return state


def word(letters, state):
    """A Pauli string; letter i acts on qubit i."""
    for qubit, letter in enumerate(letters):
        state = on(PAULIS[letter], qubit, state)
    return state


def rotation(theta, letters, state):
    """e^{-i theta P / 2}."""
    flipped = word(letters, state)
    return [math.cos(theta / 2) * a - 1j * math.sin(theta / 2) * b for a, b in zip(state, flipped)]


def one(axis, theta, qubit, qubits, state):
    return rotation(theta, "I" * qubit + axis + "I" * (qubits - qubit - 1), state)


def flip_if(control, target, state):
    return [state[i ^ (1 << target)] if i >> control & 1 else state[i] for i in range(len(state))]


def sign_if(control, target, state):
    return [-a if i >> control & 1 and i >> target & 1 else a for i, a in enumerate(state)]


def product(parts):
    """The first part is qubit 0."""
    state = [1.0]
    for low, high in reversed(parts):
        state = [a * b for a in state for b in (low, high)]
    return state


def bits(index, qubits):
    return [index >> q & 1 for q in range(qubits)]


def zz(x, reps):
    qubits, state = len(x), zero(len(x))
    for _ in range(reps):
        state = everywhere(HADAMARD, qubits, state)
        for i in range(len(state)):
            b = bits(i, qubits)
            phase = sum(2 * v for v, on_ in zip(x, b) if on_)
            phase += sum(2 * (math.pi - x[j]) * (math.pi - x[k])
                         for j, k in itertools.combinations(range(qubits), 2) if b[j] != b[k])
            state[i] *= cmath.exp(1j * phase)
    return state


def iqp(x, repeats):
    qubits, state = len(x), zero(len(x))
    for _ in range(repeats):
        state = everywhere(HADAMARD, qubits, state)
        for i in range(len(state)):
            z = [1 - 2 * b for b in bits(i, qubits)]
            phase = sum(v * s for v, s in zip(x, z))
            phase += sum(x[j] * x[k] * z[j] * z[k]
                         for j, k in itertools.combinations(range(qubits), 2))
            state[i] *= cmath.exp(-0.5j * phase)
    return state


def pauli(x, words, reps, alpha, places):
    """`places(k)`: the qubits a string of k letters is laid on, lowest letter of the label last."""
    qubits, state = len(x), zero(len(x))
    for _ in range(reps):
        state = everywhere(HADAMARD, qubits, state)
        for label in words:
            for place in places(len(label)):
                letters, reached = ["I"] * qubits, []
                for qubit, letter in zip(place, reversed(label)):
                    letters[qubit] = letter
                    if letter != "I":
                        reached.append(x[qubit])
                f = reached[0] if len(reached) == 1 else math.prod(math.pi - v for v in reached)
                phase, flipped = cmath.exp(1j * alpha * f), word(letters, state)
                state = [(1 + phase) / 2 * a + (1 - phase) / 2 * b
                         for a, b in zip(state, flipped)]
    return state


def hardware_efficient(w, qubits, layers):
    state, angles = zero(qubits), iter(w)
    for _ in range(layers):
        for axis in "YZ":
            for qubit in range(qubits):
                state = one(axis, next(angles), qubit, qubits, state)
        for qubit in range(1, qubits):
            state = flip_if(qubit - 1, qubit, state)
    return state


def reupload(x, w):
    qubits, state, weights = len(x), zero(len(x)), iter(w)
    for _ in range(len(w) // (3 * qubits)):
        for qubit in range(qubits):
            state = one("X", x[qubit], qubit, qubits, state)
            for axis in "ZYZ":
                state = one(axis, next(weights), qubit, qubits, state)
        for qubit in range(1, qubits):
            state = flip_if(qubit - 1, qubit, state)
    return state


def trotter(terms, qubits, time, steps, order):
    """`terms`: (coefficient, letters)."""
    state = zero(qubits)
    for _ in range(steps):
        for coefficient, letters in terms:
            state = rotation(2 * coefficient * time / (steps * order), letters, state)
        if order == 2:
            for coefficient, letters in reversed(terms):
                state = rotation(coefficient * time / steps, letters, state)
    return state


def qaoa(gamma, beta, cost, qubits):
    state = everywhere(HADAMARD, qubits, zero(qubits))
    for g, b in zip(gamma, beta):
        for coefficient, letters in cost:
            state = rotation(2 * g * coefficient, letters, state)
        for qubit in range(qubits):
            state = one("X", 2 * b, qubit, qubits, state)
    return state


def evenly(indices, qubits):
    state = [0.0] * 2**qubits
    for i in indices:
        state[i] = 1 / math.sqrt(len(indices))
    return state
