# SPDX-License-Identifier: Apache-2.0
# What is measured: each workload as a qdo program and as the same gates for the peers.
# A gate is (name, wires, angle); names and conventions are those of OpenQASM 3.
import math
import random


def zz(n, reps=2):
    def gates(x):
        for _ in range(reps):
            for i in range(n):
                yield "h", (i,), None
                yield "p", (i,), 2 * x[i]
            for i in range(n):
                for j in range(i + 1, n):
                    yield "cx", (i, j), None
                    yield "p", (j,), 2 * (math.pi - x[i]) * (math.pi - x[j])
                    yield "cx", (i, j), None
    text = f"""use std.encodings.zz
kernel k(a: real[{n}], b: real[{n}]) via zz(_, reps: {reps}) = |<a|b>|^2
"""
    return text, n, gates


def iqp(n, repeats):
    def gates(x):
        for _ in range(repeats):
            for i in range(n):
                yield "h", (i,), None
                yield "rz", (i,), x[i]
            for i in range(n):
                for j in range(i + 1, n):
                    yield "rzz", (i, j), x[i] * x[j]
    text = f"""use std.encodings.iqp
kernel k(a: real[{n}], b: real[{n}]) via iqp(_, repeats: {repeats}) = |<a|b>|^2
"""
    return text, n, gates


def pauli(n):
    """The strings Z and YY with full entanglement, two repetitions."""
    def gates(x):
        for _ in range(2):
            for i in range(n):
                yield "h", (i,), None
            for i in range(n):
                yield "p", (i,), 2 * x[i]
            for i in range(n):
                for j in range(i + 1, n):
                    for w in (i, j):
                        yield "rx", (w,), math.pi / 2
                    yield "cx", (i, j), None
                    yield "p", (j,), 2 * (math.pi - x[i]) * (math.pi - x[j])
                    yield "cx", (i, j), None
                    for w in (i, j):
                        yield "rx", (w,), -math.pi / 2
    text = f"""use std.encodings.pauli
kernel k(a: real[{n}], b: real[{n}]) via pauli(_, words: ["Z", "YY"]) = |<a|b>|^2
"""
    return text, n, gates


def hardware_efficient(n, layers=4):
    def gates(w):
        for l in range(layers):
            for i in range(n):
                yield "ry", (i,), w[2 * n * l + i]
            for i in range(n):
                yield "rz", (i,), w[2 * n * l + n + i]
            for i in range(1, n):
                yield "cx", (i - 1, i), None
    text = f"""use std.encodings.hardware_efficient
kernel k(a: real[{2 * n * layers}], b: real[{2 * n * layers}]) via hardware_efficient(_, layers: {layers}) = |<a|b>|^2
"""
    return text, 2 * n * layers, gates


def reupload(n, layers=6):
    weights = [round(math.sin(3.7 * k + 1), 6) for k in range(3 * n * layers)]

    def gates(x):
        for l in range(layers):
            for i in range(n):
                k = 3 * (n * l + i)
                yield "rx", (i,), x[i]
                yield "rz", (i,), weights[k]
                yield "ry", (i,), weights[k + 1]
                yield "rz", (i,), weights[k + 2]
            for i in range(1, n):
                yield "cx", (i - 1, i), None
    text = f"""use std.encodings.reupload
encoding layers(x: real[{n}]) on q: qubit[{n}] {{
    reupload(x, {weights}) q
}}
kernel k(a: real[{n}], b: real[{n}]) via layers = |<a|b>|^2
"""
    return text, n, gates


def random_pairs(n, seed=11):
    """A circuit of random structure with two-qubit rotations, as a user would write it by hand."""
    rng = random.Random(seed)
    lines, steps = [], []
    for _ in range(8 * n):
        a, b = rng.sample(range(n), 2)
        f, g = rng.randrange(n), rng.randrange(n)
        kind = rng.choice(["rxx", "ryy", "rzz", "crx", "ry", "rz"])
        factor = round(rng.uniform(-2, 2), 3)
        angle = lambda x, f=f, g=g, factor=factor: factor * x[f] + x[g]
        wires = (a,) if kind in ("ry", "rz") else (a, b)
        lines.append(f"    {kind}({factor} * x[{f}] + x[{g}]) " + ", ".join(f"q[{w}]" for w in wires))
        steps.append((kind, wires, angle))

    def gates(x):
        for kind, wires, angle in steps:
            yield kind, wires, angle(x)
    body = "\n".join(lines)
    text = f"""encoding mixed(x: real[{n}]) on q: qubit[{n}] {{
{body}
}}
kernel k(a: real[{n}], b: real[{n}]) via mixed = |<a|b>|^2
"""
    return text, n, gates


def layers(n, depth=20):
    """W1: RZ RY RZ with random angles on every qubit, then CZ on neighbours."""
    def gates(w):
        for l in range(depth):
            for i in range(n):
                k = 3 * (n * l + i)
                yield "rz", (i,), w[k]
                yield "ry", (i,), w[k + 1]
                yield "rz", (i,), w[k + 2]
            for i in range(n - 1):
                yield "cz", (i, i + 1), None
    text = f"""encoding layers(w: real[{3 * n * depth}]) on q: qubit[{n}] {{
    for l in 0..{depth} {{
        for i in 0..{n} {{
            rz(w[3 * ({n} * l + i)]) q[i]
            ry(w[3 * ({n} * l + i) + 1]) q[i]
            rz(w[3 * ({n} * l + i) + 2]) q[i]
        }}
        for i in 0..{n - 1} {{ cz q[i], q[i + 1] }}
    }}
}}
kernel k(a: real[{3 * n * depth}], b: real[{3 * n * depth}]) via layers = |<a|b>|^2
"""
    return text, 3 * n * depth, gates


def fourier(n):
    """RY(x_i) on each qubit, then the textbook Fourier transform with its swaps."""
    def gates(x):
        for i in range(n):
            yield "ry", (i,), x[i]
        for k in range(n):
            yield "h", (n - 1 - k,), None
            for j in range(n - 1 - k):
                yield "cp", (j, n - 1 - k), math.pi / 2 ** (n - 1 - k - j)
        for i in range(n // 2):
            yield "swap", (i, n - 1 - i), None
    text = f"""use std.encodings.qft
encoding turned(x: real[{n}]) on q: qubit[{n}] {{
    for i in 0..{n} {{ ry(x[i]) q[i] }}
    qft({n}) q
}}
kernel k(a: real[{n}], b: real[{n}]) via turned = |<a|b>|^2
"""
    return text, n, gates


def clifford(n, depth, shots):
    """Layers of a gate on each qubit and CX on random pairs, measured: in qdo, and for Stim."""
    draw = random.Random(7)
    ours, theirs = [], []
    for _ in range(depth):
        for q in range(n):
            name, stim = draw.choice((("h", "H"), ("s", "S"), ("sx", "SQRT_X")))
            ours.append(f"    {name} q[{q}]")
            theirs.append(f"{stim} {q}")
        order = draw.sample(range(n), n)
        for a, b in zip(order[::2], order[1::2]):
            ours.append(f"    cx q[{a}], q[{b}]")
            theirs.append(f"CX {a} {b}")
    theirs.append(f"M {' '.join(map(str, range(n)))}")
    body, circuit = "\n".join(ours), "\n".join(theirs)
    return (f"circuit c() on q: qubit[{n}] {{\n{body}\n}}\n"
            f"with shots({shots}) {{ print sample(c(), {shots}) }}\n",
            f"import stim\nsampler = stim.Circuit({circuit!r}).compile_sampler()\n"
            f"print(sampler.sample({shots}, bit_packed=True)[:4])\n")


def depolarised(n, depth, p):
    """W5: a random u on every qubit, then CZ on neighbours, each followed by depolarising of its
    qubits: in qdo, and as (name, wires, angles). Both print the mean of Z on the first and last."""
    draw = random.Random(9)
    lines, steps = [], []
    for _ in range(depth):
        for q in range(n):
            angles = [round(draw.uniform(0, 6.28), 6) for _ in range(3)]
            lines.append(f"    u({', '.join(map(str, angles))}) q[{q}]")
            steps.append(("u", (q,), angles))
        for q in range(n - 1):
            lines.append(f"    cz q[{q}], q[{q + 1}]")
            steps.append(("cz", (q, q + 1), ()))
    body = "\n".join(lines)
    return (f"circuit c() on q: qubit[{n}] {{\n{body}\n}}\n"
            f"noise lab {{ depolarizing {p} }}\n"
            f"device dm = density_matrix(qubits: {n}, noise: lab)\n"
            f"with dm, exact {{ print <c()|Z[0] * Z[{n - 1}]|c()> }}\n"), steps
