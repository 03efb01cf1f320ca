# SPDX-License-Identifier: Apache-2.0
# W6: a classifier of 4 qubits and 5 layers, 200 steps of gradient descent on 32 rows, in qdo and for
# PennyLane Catalyst. Both start from the same weights, so they end at the same ones.
# Why the chain rule of the loss is written out for Catalyst: its gradient of a loss around
# a loop over circuits does not compile (0.15.0); this form does, and is less work.
import numpy as np

QUBITS, LAYERS, ROWS, STEPS, RATE = 4, 5, 32, 200, 0.1


def literal(matrix):
    return "[" + ", ".join("[" + ", ".join(repr(float(v)) for v in row) + "]" for row in matrix) + "]"


def classifier():
    """The program, and rows, labels and first weights. It prints the last weights."""
    draw = np.random.default_rng(3)
    rows = draw.uniform(0, np.pi, (ROWS, QUBITS))
    labels = np.where(rows.sum(1) > QUBITS * np.pi / 2, 1.0, -1.0)
    start = draw.normal(0, 0.3, (LAYERS, 2 * QUBITS))
    n, m, weights = QUBITS, QUBITS + 1, f"real[{LAYERS}, {2 * QUBITS}]"
    return f"""circuit data(x: real[{m}]) on q: qubit[{n}] {{ for i in 0..{n} {{ ry(x[i]) q[i] }} }}
circuit layers(w: {weights}) on q: qubit[{n}] {{
    for l in 0..{LAYERS} {{
        for i in 0..{n} {{ ry(w[l, 2 * i]) q[i]; rz(w[l, 2 * i + 1]) q[i] }}
        for i in 0..{n - 1} {{ cx q[i], q[i + 1] }}
    }}
}}
fn score(x: real[{m}], w: {weights}) {{
    let p = data(x) then layers(w)
    return <p|Z[0]|p>
}}
fn loss(w: {weights}, rows: real[m, {m}]) = mean([(score(r, w) - r[{n}])^2 for r in rows])
let rows = {literal(np.c_[rows, labels])}
let start = {literal(start)}
with exact {{
    let by = gradient_descent(rate: {RATE}, steps: {STEPS})
    print minimize(w -> loss(w, rows), from: start, by: by).at
}}
""", rows, labels, start


def catalyst(rows, labels, start):
    """The training as a call, compiled: the loop over steps and rows is in the compiled code, too."""
    import catalyst as cat
    import pennylane as qml
    from jax import numpy as jnp

    @qml.qnode(qml.device("lightning.qubit", wires=QUBITS), diff_method="adjoint")
    def score(x, w):
        for i in range(QUBITS):
            qml.RY(x[i], wires=i)
        for l in range(LAYERS):
            for i in range(QUBITS):
                qml.RY(w[l, 2 * i], wires=i)
                qml.RZ(w[l, 2 * i + 1], wires=i)
            for i in range(QUBITS - 1):
                qml.CNOT(wires=[i, i + 1])
        return qml.expval(qml.PauliZ(0))

    @qml.qjit
    def train(w, rows, labels):
        @cat.for_loop(0, STEPS, 1)
        def step(_, w):
            @cat.for_loop(0, ROWS, 1)
            def add(r, g):
                error = score(rows[r], w) - labels[r]
                return g + 2 * error * cat.grad(score, argnums=1)(rows[r], w)
            return w - RATE / ROWS * add(jnp.zeros((LAYERS, 2 * QUBITS)))
        return step(w)
    given = [jnp.array(a) for a in (start, rows, labels)]
    return lambda: np.asarray(train(*given))
