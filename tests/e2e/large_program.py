# SPDX-License-Identifier: Apache-2.0
# A program of a given number of lines that uses the whole language, for tests of speed.
# Why generated: a large program that nobody reads says nothing in a repository.
BLOCK = """
/// Encoding number {i}.
encoding map{i}(x: real[n], reps: int = 2) on q: qubit[n] {{
    repeat reps {{
        for i in 0..n {{ h q[i]; p(2 * x[i]) q[i] }}
        for i in 0..n, j in i+1..n {{
            cx q[i], q[j]
            p(2 * (pi - x[i]) * (pi - x[j])) q[j]
            cx q[i], q[j]
        }}
    }}
}}
circuit ring{i}(w: real[n]) on q: qubit[n] {{
    for i in 0..n {{ ry(w[i]) q[i]; rz(0.5 * w[i]) q[i] }}
    for i in 0..n-1 {{ cx q[i], q[i + 1] }}
}}
kernel similar{i}(a: real[3], b: real[3]) via map{i}(_, reps: 1) = |<a|b>|^2
policy careful{i} {{
    budget     1_000_000 shots            // a hard cap
    each       64 to 4096 shots
    until      halfwidth <= 0.04
    confidence 95%
}}
observable energy{i} = 0.5 * Z[0] * Z[1] - 0.3 * X[0] + 0.25 * Y[1]
fn scaled{i}(x: real, by: int) -> real {{
    let a = x * by + 0.125
    let b = (a - 1) * (a + 1) / (2 + a * a)
    if b > 0.5 and a < 100 {{
        return sqrt(abs(b)) + sin(a)
    }} else {{
        return cos(b) - exp(-a)
    }}
}}
fn counted{i}(limit: int) -> int {{
    var n = 0
    var total = 0
    while n < limit {{
        n += 1
        if n mod 3 == 0 {{ total += n * {i} }}
    }}
    return total
}}
fn coin{i}(t: real) -> bool {{
    let q = prepare ring{i}([t, 0.5 * t, 0.25])
    h q[0]
    cx q[0], q[1]
    let first = measure q[0]
    if first {{ x q[1] }}
    let second = measure q[1]
    discard q[2]
    return first or second
}}
let p{i} = map{i}([0.1, 0.2, 0.3], reps: 1) then ring{i}([0.4, 0.5, 0.6])
with exact {{
    let value = <p{i}|energy{i}|p{i}>
    print "{i}: {{value:.3f}} {{scaled{i}(0.5, 3):.4f}} {{counted{i}(4)}} {{|<p{i}|p{i}>|^2}}"
}}
with careful{i} {{
    print "estimated {{<p{i}|energy{i}|p{i}>}}"
    let heads = estimate {{ coin{i}(0.3) }}
    assert heads < 2 at 95%, "a share is at most 1"
}}
"""


def program(lines):
    """At least `lines` lines, and at most one block more."""
    text, i = "", 0
    while text.count("\n") <= lines:
        text += BLOCK.format(i=i)
        i += 1
    return text.lstrip("\n")
