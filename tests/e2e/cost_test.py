#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# `qdo cost`: its numbers against counts made by hand and against what runs really spend.
import json
import re
import unittest

import support

TURNED = "circuit turned(t: real) on q: qubit { ry(t) q }\n"
ROWS = "a,b,kind\n" + "".join(f"{i / 10},{(i * 7 % 10) / 10},{'u' if i % 2 else 'v'}\n"
                              for i in range(10))
GRAM = """use std.encodings.zz
dataset rows = csv("rows.csv") { x: [a, b]; y: kind; split train 60%, test 40% stratified }
policy thrifty { each 64 to 256 shots BUDGET }
kernel k(a: real[2], b: real[2]) via zz(_, reps: 1) = |<a|b>|^2
with thrifty {
    let m = svm(k, rows.train, C: 1.0)
    print accuracy(m, rows.test)
}
"""


class Cost(support.Case):
    def cost(self, text, *arguments, status=0):
        done = self.expect(status, "cost", self.write(text), "--json", *arguments)
        return json.loads(done.stdout)

    def shots(self, text, *arguments):
        program = self.cost(text, *arguments)["program"]
        return program["leastShots"], program["mostShots"]

    def spent(self, text):
        done = self.expect(0, "run", self.write(text), "--json")
        spent = json.loads(done.stdout.splitlines()[-1])["spent"]
        return int(re.match(r"([\d,]+) shot", spent)[1].replace(",", "")) if spent else 0

    def test_hello(self):
        found = self.cost((support.EXAMPLES / "hello.qdo").read_text())
        self.assertEqual(found["circuits"], [{"name": "cat", "qubits": 3, "depth": 3, "gates": 3,
                                              "twoQubit": 2, "larger": 0, "bytes": 128}])
        self.assertEqual((found["program"]["leastShots"], found["program"]["mostShots"]), (1000, 1000))
        self.assertEqual(found["program"]["mostCircuits"], 1)

    def test_tables(self):
        text = self.expect(0, "cost", support.EXAMPLES / "hello.qdo").stdout.decode()
        self.assertRegex(text, r"(?m)^circuit +qubits +depth +gates +two-qubit +memory$")
        self.assertRegex(text, r"(?m)^cat +3 +3 +3 +2 +128 B$")
        self.assertRegex(text, r"(?m)^sample +8 +1 +1,000$")
        self.assertRegex(text, r"(?m)^program: 1 circuits measured at most, 1,000 to 1,000 shots$")
        self.assertRegex(text, r"(?m)^device: 251ms to .*, by the times of its model$")

    def test_pairs_of_a_gram_matrix(self):
        self.write(ROWS, "rows.csv")
        free = GRAM.replace("BUDGET", "")
        self.within(free)
        found = self.cost(free)
        pairs, tested = 6 * 5 // 2, 4 * 6
        self.assertEqual([(m["what"], m["mostCircuits"]) for m in found["measurements"]],
                         [("kernel", pairs), ("model_accuracy", tested)])
        self.assertEqual(self.shots(free), (pairs * 64, (pairs + tested) * 256))
        least, most = self.shots(GRAM.replace("BUDGET", "; budget 2000 shots"))
        self.assertEqual((least, most), (pairs * 64, 2000))

    def test_every_set_of_rows_has_its_pairs(self):
        self.write(ROWS, "rows.csv")
        two = GRAM.replace("BUDGET", "").replace("    let m =", """    for c in [0.1, 1.0] { print accuracy(svm(k, rows.train, C: c), rows.train) }
    let other = svm(k, rows.test, C: 1.0)
    print accuracy(other, rows.train)
    let m =""")
        found = [m["mostCircuits"] for m in self.cost(two)["measurements"] if m["what"] == "kernel"]
        self.assertEqual(found, [6 * 5 // 2, 4 * 3 // 2])
        least, most = self.shots(two)
        self.assertLessEqual(self.spent(two), most)
        self.assertLess(most, (15 + 6 + 2 * 36 + 24 + 24 + 1) * 256)

    def test_kernels_that_are_code(self):
        self.write(ROWS, "rows.csv")
        body = lambda text: re.sub(r"= \|<.*", "= " + text, GRAM.replace("BUDGET", ""), count=1)
        for text, rows, pairs in [("exp(-(<a|Z[0]|a> - <b|Z[0]|b>)^2)", 1, 0),
                                  ("(|<a|b>|^2)^2 * exp(<a|X[0]|a> + <b|X[0]|b>)", 1, 1)]:
            found = self.cost(body(text))
            kernel = [m["mostCircuits"] for m in found["measurements"] if m["what"] == "kernel_body"]
            self.assertEqual(kernel[0], rows * 6 + pairs * 6 * 7 // 2)
            least, most = self.shots(body(text))
            self.assertEqual(least, (rows * 6 + pairs * 6 * 5 // 2) * 64)
            spent = self.spent(body(text))
            self.assertTrue(0 < least <= spent and (most is None or spent <= most), (least, spent, most))

    def test_kernels_without_via_that_measure(self):
        self.write(ROWS, "rows.csv")
        text = re.sub(r"via .*", "= |<zz(a)|zz(b)>|^2", GRAM.replace("BUDGET", ""), count=1)
        found = [m["mostCircuits"] for m in self.cost(text)["measurements"]]
        self.assertEqual(found, [6 * 7 // 2, 4 * 6])
        least, most = self.shots(text)
        self.assertTrue(least <= self.spent(text) <= most)

    def test_without_the_data(self):
        found = self.cost(GRAM.replace("BUDGET", "; budget 2000 shots"))
        self.assertIsNone(found["measurements"][0]["mostCircuits"])
        self.assertEqual(found["program"]["mostShots"], 2000)
        free = self.cost(GRAM.replace("BUDGET", ""))
        self.assertIsNone(free["program"]["mostShots"])
        text = self.expect(0, "cost", self.write(GRAM.replace("BUDGET", ""))).stdout.decode()
        self.assertIn("unknown until run", text)

    def test_policies(self):
        once = TURNED + "with POLICY { print <turned(0.1)|Z[0]|turned(0.1)> }\n"
        self.assertEqual(self.shots(once.replace("POLICY", "exact")), (0, 0))
        self.assertEqual(self.shots(once.replace("POLICY", "shots(500)")), (500, 500))
        alone = "policy p { each 64 shots }\n" + once.replace("POLICY", "p")
        self.assertEqual(self.shots(alone), (64, 64))
        # A rule looks until HIGH; without one, until the most that any circuit gets.
        ruled = alone.replace("}\n", "; until halfwidth <= 0.001 }\n", 1)
        self.assertEqual(self.shots(ruled), (64, 1_000_000))

    def test_the_same_measurement_is_paid_once(self):
        line = "print <turned(0.1)|Z[0]|turned(0.1)>\n"
        text = TURNED + "with shots(500) {\n" + 3 * line + "for i in 0..4 { " + line.strip() + " }\n}\n"
        self.assertEqual(self.shots(text), (500, 500))
        self.assertEqual(self.spent(text), 500)

    def test_loops(self):
        text = TURNED + "with shots(500) { for i in 0..4 { print <turned(0.1 * i)|Z[0]|turned(0.1 * i)> } }\n"
        least, most = self.shots(text)
        self.assertLessEqual(least, 2000)
        self.assertGreaterEqual(most, 2000)
        forever = TURNED + """var n = 0
var s = 0.0
with shots(500) { while n < 3 { n += 1; s += (<turned(s + n)|Z[0]|turned(s + n)>).value } }
print s
"""
        self.assertEqual(self.shots(forever), (0, None))

    def test_live_blocks(self):
        found = self.cost("""use std.encodings.zero
with shots(700) {
    let e = estimate {
        let q = prepare zero(2)
        h q[0]
        cx q[0], q[1]
        discard q[1]
        measure q[0]
    }
    print e
}
""")
        block, = [c for c in found["circuits"] if c["name"].startswith("estimate")]
        self.assertEqual((block["name"], block["qubits"], block["gates"], block["twoQubit"]),
                         ("estimate (line 3)", 2, 2, 1))
        self.assertIsNone(block["depth"])
        self.assertEqual((found["program"]["leastShots"], found["program"]["mostShots"]), (700, 700))

    def test_runs_stay_within_the_bounds(self):
        self.write(ROWS, "rows.csv")
        programs = [GRAM.replace("BUDGET", ""), GRAM.replace("BUDGET", "; budget 20_000 shots"),
                    GRAM.replace("BUDGET", "; until halfwidth <= 0.1"),
                    TURNED + "with shots(300) { print sample(turned(0.2)); print sample(turned(0.2), 40) }\n",
                    TURNED + "policy p { each 64 to 512 shots; until halfwidth <= 0.2 }\nwith p {\n"
                    "    print <turned(1.0)|X[0]|turned(1.0)>, |<turned(0.1)|turned(0.2)>|^2\n}\n"]
        for text in programs:
            with self.subTest(text=text):
                least, most = self.shots(text)
                spent = self.spent(text)
                self.assertLessEqual(least, spent)
                self.assertLessEqual(spent, most)

    def test_flowers(self):
        """A selection under a budget, and nothing is run: no shots, and in no time."""
        done = self.expect(0, "cost", support.EXAMPLES / "flowers.qdo", "--json", seconds=10)
        found = json.loads(done.stdout)
        self.assertEqual(found["program"]["mostShots"], 8_000_000)
        self.assertEqual(found["measurements"][0]["mostCircuits"], 90 * 89 // 2)
        self.assertEqual({c["name"] for c in found["circuits"]}, {"zz"})
        self.assertEqual({c["qubits"] for c in found["circuits"]}, {4})

    def bounds(self, text):
        """Runs it; every number of `qdo cost` that the run can show."""
        program = self.cost(text)["program"]
        ended = text + 'print "{spent.shots} {spent.time:.9g}"\n'
        done = self.expect(0, "run", self.write(ended)).stdout.decode().splitlines()[-1]
        shots, number, unit = re.match(r"(\d+) ([\d.e+-]+)(ns|us|ms|s|min|h)$", done).groups()
        size = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600}[unit]
        return program, int(shots), float(number) * size

    def within(self, text, closed=True):
        program, shots, seconds = self.bounds(text)
        self.assertLessEqual(program["leastShots"], shots)
        self.assertLessEqual(program["leastSeconds"], seconds * 1.0001)
        if closed or program["mostShots"] is not None:
            self.assertGreaterEqual(program["mostShots"], shots)
        if closed or program["mostSeconds"] is not None:
            self.assertGreaterEqual(program["mostSeconds"], seconds * 0.9999)
        return program, shots, seconds

    ANSATZ = """circuit ansatz(w: real[4]) on q: qubit[2] {
    ry(w[0]) q[0]
    ry(w[1]) q[1]
    cx q[0], q[1]
    ry(w[2]) q[0]
    crx(w[3]) q[0], q[1]
}
let start = [0.1, 0.2, 0.3, 0.4]
fn loss(w: real[4]) -> estimate = <ansatz(w)|Z[0] * Z[1] + 0.5 * X[0]|ansatz(w)>
policy p { CLAUSES }
"""

    def test_programs_of_other_tests_stay_within(self):
        compared = 0
        for file in sorted((support.ROOT / "tests" / "lit" / "run").glob("[!.]*.qdo")):
            here = self.write(file.read_bytes(), file.name) # some write files beside themselves
            done = support.qdo("cost", here, "--json")
            ran = support.qdo("run", here, "--json")
            found = re.findall(rb'"spent": ?"([\d,]+) shots', ran.stdout)
            if done.returncode or ran.returncode or not found:
                continue
            program, spent = json.loads(done.stdout)["program"], int(found[-1].replace(b",", b""))
            with self.subTest(file=file.name):
                self.assertLessEqual(program["leastShots"], spent)
                if program["mostShots"] is not None:
                    self.assertGreaterEqual(program["mostShots"], spent)
            compared += 1
        self.assertGreater(compared, 20)

    def test_gradients(self):
        text = self.ANSATZ.replace("CLAUSES", "each 50 shots") + "with p { print grad(w -> loss(w), at: start) }\n"
        found = self.cost(text)
        moved = 3 * 2 + 4  # three rotations, and one under control
        self.assertEqual([(m["what"], m["mostCircuits"]) for m in found["measurements"]],
                         [("loss", 2), ("slopes", 2 * moved)])
        program, shots, _ = self.within(text)
        self.assertEqual(program["leastShots"], moved * 50)
        self.assertEqual(shots, 2 * moved * 50)

    def test_optimisers_stay_within_their_bounds(self):
        for by in ["gradient_descent(rate: 0.1, steps: 3)", "adam(rate: 0.1, steps: 3)", "lbfgs(steps: 2)",
                   "cma(sigma: 0.3, generations: 3)", "cma(sigma: 0.3, generations: 2, population: 7)",
                   "spsa(rate: 0.1, c: 0.1, steps: 4)", "icans(rate: 0.1, steps: 3)",
                   "gcans(rate: 0.1, steps: 3, least: 20)", "adam(steps: 0)"]:
            for clauses in ["each 50 shots", "each 40 shots; gradient spsa(c: 0.1)",
                            "each 20 to 200 shots; until halfwidth <= 0.2"]:
                with self.subTest(by=by, clauses=clauses):
                    text = (self.ANSATZ.replace("CLAUSES", clauses)
                            + f"with p {{ print minimize(w -> loss(w), from: start, by: {by}).steps }}\n")
                    if "cans" in by and "spsa" in clauses:  # whose shots nobody could choose
                        self.expect(4, "run", self.write(text))
                        continue
                    program, shots, _ = self.within(text)
                    self.assertGreater(program["leastShots"], 0)

    def test_shapes_of_gradients(self):
        circuits = """circuit one(t: real) on q: qubit { ry(t) q }
circuit two(a: real, b: real) on q: qubit[2] { h q; rz(a) q[0]; ry(2 * b) q[1]; cx q[0], q[1]; ry(a * a) q[0] }
"""
        for of, at in [("t -> <one(t)|Z[0]|one(t)>^2", "0.4"), ("t -> |<one(t)|one(0.3)>|^2", "0.4"),
                       ("t -> |<one(t)|one(2 * t)>|^2", "0.4"), ("t -> <adj one(t)|Z[0]|adj one(t)>", "0.4"),
                       ("w -> <two(w[0], w[1])|Z[0] * X[1]|two(w[0], w[1])>", "[0.1, 0.2]"),
                       ("w -> <two(w[0], 0.3) then two(0.1, w[1])|Y[0]|two(w[0], 0.3) then two(0.1, w[1])>", "[0.1, 0.2]"),
                       ("w -> <one(w[0]) tensor one(w[1])|Z[0] * Z[1]|one(w[0]) tensor one(w[1])>", "[0.1, 0.2]"),
                       ("t -> <(one(t))^3|Z[0]|(one(t))^3>", "0.4"),
                       ("t -> <ctrl one(t)|Z[0] + X[1]|ctrl one(t)>", "0.4"),
                       ("t -> sum([<one(t + 0.1 * i)|Z[0]|one(t + 0.1 * i)> for i in 0..5])", "0.4")]:
            with self.subTest(of=of):
                self.within(circuits + f"with shots(30) {{ print grad({of}, at: {at}) }}\n")

    def test_gradients_over_batches_of_rows(self):
        self.write(ROWS, "rows.csv")
        text = """use std.encodings.angle
dataset points = csv("rows.csv") { x: [a, b]; y: kind }
circuit turn(t: real) on q: qubit[2] { ry(t) q[0]; cx q[0], q[1] }
fn score(x: real[2], t: real) -> estimate = <angle(x) then turn(t)|Z[1]|angle(x) then turn(t)>
var t = 0.3
with shots(20) {
    for step in 0..3 {
        let rows = points.batch(4, step)
        let g = grad(v -> sum([score(r.x, v) for r in rows]), at: t)
        t -= 0.1 * g.value
    }
}
"""
        found = self.cost(text)
        self.assertEqual(sum(m["mostCircuits"] for m in found["measurements"] if m["what"] == "slopes"), 3 * 4 * 2)
        program, shots, _ = self.within(text)
        # A row that a batch has twice is one circuit.
        self.assertEqual(shots, (3 * 4 - 1) * 2 * 20)

    def test_a_budget_that_cannot_hold_a_gradient(self):
        text = self.ANSATZ + "with p { print grad(w -> loss(w), at: start) }\n"
        self.cost(text.replace("CLAUSES", "budget 500 shots; each 50 shots"))
        done = self.expect(1, "check", self.write(text.replace("CLAUSES", "budget 499 shots; each 50 shots")))
        self.assertIn(b"error[E0209]: this needs at least 500 shots of `p`, whose budget is 499", done.stderr)

    NOISY = """noise rough { t1 40us; depolarizing 0.01 on [cx]; duration 30ns on [ry]; readout_time 2us }
circuit pair(t: real) on q: qubit[2] { ry(t) q[0]; cx q[0], q[1] }
policy p { CLAUSES }
with density_matrix(qubits: 2, noise: rough), p { print <pair(0.3)|Z[0] * Z[1]|pair(0.3)>, |<pair(0.3)|pair(0.5)>|^2 }
"""

    def test_folds_and_time(self):
        for clauses, circuits in [("each 100 shots", 2), ("each 100 shots; mitigate readout", 2),
                                  ("each 100 shots; mitigate zne([1, 3, 5])", 6),
                                  ("each 100 shots; reset passive(3 * t1)", 2),
                                  ("each 100 shots; reset passive(bias: 0.01)", 2),
                                  ("each 100 shots; reset active(1.5us)", 2),
                                  ("each 100 shots; reset cheapest(bias: 0.01, active: 1.5us)", 2)]:
            with self.subTest(clauses=clauses):
                text = self.NOISY.replace("CLAUSES", clauses)
                self.assertEqual(self.cost(text)["program"]["mostCircuits"], circuits)
                program, _, seconds = self.within(text)
                if "cheapest" in clauses: # either way may be the cheaper one
                    continue
                self.assertLess(program["mostSeconds"], 1.2 * seconds)
                if "zne" not in clauses:
                    self.assertGreater(program["leastSeconds"], 0.8 * seconds)

    WAYS = """use std.encodings.zz
circuit pair(t: real) on q: qubit[2] { ry(t) q[0]; cx q[0], q[1] }
kernel k(a: real[2], b: real[2]) via zz(_, reps: 1) = |<a|b>|^2
let xs = [[0.1, 0.2], [0.3, 0.4], [0.5, 0.1]]
noise rough { t1 40us; depolarizing 0.01 on [cx]; duration 30ns on [ry]; readout_time 2us }
device dm = density_matrix(qubits: 5, noise: rough)
policy p { each 100 shots; CLAUSES }
with DEVICE {
    print |<pair(0.3)|pair(0.5)>|^2, fidelity(pair(0.1), pair(0.2))
    MATRIX
}
"""

    def test_ways_to_an_overlap(self):
        ways = [("cheapest", 1), ("compute_uncompute", 1), ("destructive_swap", 1), ("swap", 1), ("hadamard", 2),
                ("shadow", 1)]
        for way, each in ways:
            for device, noisy in [("p", False), ("dm, p", True)]:
                for folds, clause in [(1, ""), (2, "; mitigate zne([1, 3])")]:
                    if noisy and way == "shadow":
                        continue # refused there
                    paired = each == 1 and way != "shadow"
                    text = (self.WAYS.replace("CLAUSES", f"overlap {way}{clause}").replace("DEVICE", device)
                            .replace("MATRIX", "print gram(k, xs).value" if paired else ""))
                    with self.subTest(way=way, device=device, folds=folds):
                        _, shots, _ = self.within(text, closed=not paired)
                        circuits = (2 * each + (3 if paired else 0)) * (folds if noisy else 1)
                        self.assertEqual(shots, 100 * circuits)

    TOGETHER = """use std.encodings.zz
noise slow { depolarizing 0.01 on [cx]; duration 900ns on [cx]; duration 90ns on [h]; readout_time 2us }
device dm = density_matrix(qubits: 4, noise: slow)
policy p { each 100 shots; group commuting; reset active(10ns)CLAUSES }
let bell = X[0] * X[1] + 0.5 * Y[0] * Y[1] - 0.3 * Z[0] * Z[1]
let h2 = 0.17 * (Z[0] + Z[1]) - 0.22 * (Z[2] + Z[3]) + 0.16 * Z[0] * Z[1] - 0.04 * X[0] * X[1] * Y[2] * Y[3] + 0.04 * X[0] * Y[1] * Y[2] * X[3] + 0.04 * Y[0] * X[1] * X[2] * Y[3] - 0.04 * Y[0] * Y[1] * X[2] * X[3]
let s = zz([0.1, 0.2], reps: 1)
let t = zz([0.1, 0.2, 0.3, 0.4], reps: 1)
with DEVICE {
    BODY
}
"""

    def test_strings_that_commute(self):
        for body, circuits in [("print <s|bell|s>", 1), ("print <t|h2|t>", 2),
                               # Products of what was read cost nothing, whatever the signs are.
                               ("print <s|bell|s>, <s|Z[0] * Z[1]|s>, <s|X[0] * X[1] + 2 * Y[0] * Y[1]|s>", 1),
                               ("print <s|X[0] * X[1] + Z[0] * Z[1]|s>, <s|Y[0] * Y[1]|s>", 1),
                               ("print <s|bell|s>, <s|X[0]|s>, <s|Z[1]|s>", 3),
                               ("for i in 0..3 { print <s|bell|s> }", 1),
                               ("print <t|Z[0] * Z[1] + X[0] * X[1]|t>, <t|Z[2] * Z[3] + X[2] * X[3]|t>", 2)]:
            for device in ["p", "dm, p"]:
                for folds, clause in [(1, ""), (2, "; mitigate zne([1, 3])")]:
                    with self.subTest(body=body, device=device, folds=folds):
                        text = (self.TOGETHER.replace("BODY", body).replace("DEVICE", device)
                                .replace("CLAUSES", clause))
                        program, shots, seconds = self.within(text)
                        noisy = folds if device != "p" else 1
                        self.assertLessEqual(shots, 100 * circuits * noisy)
                        self.assertEqual(program["mostCircuits"], circuits * noisy)
                        self.assertLess(program["mostSeconds"], 2.5 * noisy * seconds)

    def test_the_added_gates_are_in_the_time(self):
        text = self.TOGETHER.replace("CLAUSES", "").replace("DEVICE", "dm, p").replace("BODY", "print <s|bell|s>")
        program, _, _ = self.within(text)
        plain, _, _ = self.bounds(text.replace("commuting", "qubitwise"))
        # A third of the circuits, each with one cx more.
        self.assertAlmostEqual(program["mostSeconds"], plain["mostSeconds"] / 3 + 100 * 900e-9, places=9)

    def test_weights_that_the_run_knows(self):
        weigh = "let a = (<s|Z[0]|s>).value; let c = 0.5 + abs(a)"
        for body in ["print <s|c * X[0] * X[1] + a * Z[0] + Y[0] * Y[1]|s>",
                     "print <s|c * X[0] * X[1] + a * Z[0]|s>, <s|a * X[0] * X[1] + c * Z[0]|s>",
                     "for i in 0..3 { print <s|c * X[0] * X[1] + (a - i) * Z[0] + Y[1]|s> }",
                     "let os = [c * X[0], X[0] * X[1] + Z[0] * Z[1]]; print <s|os[0]|s>, <s|os[1]|s>",
                     "print expectations(s, [c * X[0] * X[1] + Z[0] * Z[1], bell], within: [0.9, 0.9])"]:
            with self.subTest(body=body):
                self.within(self.TOGETHER.replace("CLAUSES", "").replace("DEVICE", "dm, p")
                            .replace("BODY", f"{weigh}\n    {body}"))

    def test_budgets_of_strings_that_commute(self):
        text = self.TOGETHER.replace("DEVICE", "p").replace("CLAUSES", "; budget 150 shots")
        self.within(text.replace("BODY", "print <s|bell|s>, <s|Y[0] * Y[1]|s>"))
        done = self.expect(1, "check", self.write(text.replace("BODY", "print <s|bell|s>, <s|X[0]|s>")))
        self.assertIn(b"error[E0209]: this needs at least 200 shots of `p`, whose budget is 150", done.stderr)
        done = self.expect(1, "check", self.write(text.replace("BODY", "print <s|bell|s>").replace("commuting", "qubitwise")))
        self.assertIn(b"error[E0209]: this needs at least 200 shots of `p`, whose budget is 150", done.stderr)

    def test_gradients_and_kernels_of_strings_that_commute(self):
        self.write(ROWS, "rows.csv")
        turned = self.TOGETHER.replace("CLAUSES", "").replace("DEVICE", "dm, p").replace(
            "BODY", "print grad(t -> <pair(t)|X[0] * X[1] + 2 * Z[0] * Z[1]|pair(t)>, at: 0.4).value > -9")
        turned = "circuit pair(t: real) on q: qubit[2] { ry(t) q[0]; cx q[0], q[1] }\n" + turned
        _, shots, _ = self.within(turned)
        self.assertEqual(shots, 200)
        body = "exp(-(<a|X[0] * X[1] + 2 * Z[0] * Z[1]|a> - <b|X[0] * X[1] + 2 * Z[0] * Z[1]|b>)^2)"
        for grouping, each in [("qubitwise", 2), ("commuting", 1)]:
            text = re.sub(r"= \|<.*", "= " + body, GRAM.replace("BUDGET", f"; group {grouping}"), count=1)
            with self.subTest(grouping=grouping):
                program, _, _ = self.within(text)
                kernel = [m["mostCircuits"] for m in self.cost(text)["measurements"] if m["what"] == "kernel_body"]
                self.assertEqual(kernel[0], 6 * each)
                self.assertEqual(program["leastShots"], 6 * each * 64)

    def test_gradients_of_ways(self):
        for way, each in [("compute_uncompute", 1), ("destructive_swap", 1), ("swap", 1), ("hadamard", 2), ("shadow", 1)]:
            with self.subTest(way=way):
                text = (TURNED + f"policy p {{ each 50 shots; overlap {way} }}\n"
                        "with p { print grad(t -> |<turned(t)|turned(0.2)>|^2, at: 1.0).value > -1.0 }\n")
                _, shots, _ = self.within(text)
                self.assertEqual(shots, 2 * each * 50)

    def test_a_budget_that_cannot_hold_both_parts(self):
        text = TURNED + "policy p { budget 150 shots; each 100 shots; overlap WAY }\nwith p { print |<turned(0.1)|turned(0.2)>|^2 }\n"
        self.cost(text.replace("WAY", "swap"))
        done = self.expect(1, "check", self.write(text.replace("WAY", "hadamard")))
        self.assertIn(b"error[E0209]: this needs at least 200 shots of `p`, whose budget is 150", done.stderr)

    def test_deadlines(self):
        text = self.NOISY.replace("CLAUSES", "each 100 shots; DEADLINE")
        purse, = self.cost(text.replace("DEADLINE", "deadline 60ms"))["policies"]
        self.assertEqual(purse["deadlineSeconds"], 0.06)
        self.assertAlmostEqual(purse["leastSeconds"], 200 * 252e-6)
        done = self.expect(1, "check", self.write(text.replace("DEADLINE", "deadline 50ms")))
        self.assertIn(b"error[E0209]: this takes at least 50.4ms of the device's time, and the deadline of `p` is 50ms",
                      done.stderr)

    NOISY_TABLEAU = """use std.encodings.{ghz, zero}
noise slow { depolarizing 0.01 on [cx]; duration 800ns on [cx]; duration 90ns on [h]; readout_time 2us }
device st = stabilizer(qubits: 80, noise: slow)
"""

    def test_times_of_shadows(self):
        circuits = "use std.encodings.{zz, ghz}\nlet p = zz([0.1, 0.5, 0.9, 0.2])\n"
        for text in [circuits + "with shots(10) { print shadow(p, 300); print shadow(p, 300, calibrate: 100) }\n",
                     circuits + "with shots(10) { print shadow(p, 200, by: \"clifford\"); print shadow(ghz(20), 50, by: \"clifford\", calibrate: 20) }\n",
                     circuits + "policy fast { each 10 shots; reset active(1ns) }\nwith fast { print shadow(p, 100, by: \"clifford\").snapshots }\n",
                     circuits + "with shots(10) { print shadow(p, observables: [Z[0], X[1] * X[2]], within: 0.2) }\n",
                     self.NOISY_TABLEAU + "with st, shots(10) { print shadow(ghz(12), 200, by: \"clifford\", calibrate: 100) }\n",
                     self.NOISY_TABLEAU + "with st, shots(10) { print shadow(ghz(70), 200, calibrate: 100).expect(Z[3]) }\n"]:
            with self.subTest(text=text):
                planned = "within:" in text # how many, the run decides
                program, shots, seconds = self.within(text, closed=not planned)
                if planned:
                    self.assertIn("the run decides", self.cost(text)["measurements"][0]["unknown"])
                elif "fast" not in text: # where resets take no time, bounds are those of gates alone
                    self.assertLess(program["mostSeconds"], (2 if "clifford" in text else 1.2) * seconds)

    def test_every_record_is_paid(self):
        once = "use std.encodings.zz\nlet p = zz([0.1, 0.5])\nwith shots(10) {\n"
        for text in ["    print shadow(p, 300)\n    print shadow(p, 300)\n", "    for i in 0..3 { print shadow(p, 100); for k in 0..2 { print sample(p) } }\n",
                     "    print shadow(p, 200, calibrate: 100), sample(p, 50), sample(p, 50), sample(p)\n",
                     "    for i in 0..4 { print estimate { let (a, b) = prepare p; h a; discard b; measure a } }\n"]:
            with self.subTest(text=text):
                program, shots, _ = self.within(once + text + "}\n")
                self.assertEqual((program["leastShots"], program["mostShots"]), (shots, shots))
        self.assertEqual(self.shots(once + "    print shadow(p, 300); print shadow(p, 300)\n}\n"), (600, 600))
        short = once.replace("with shots(10)", "policy p2 { budget 500 shots }\nwith p2")
        done = self.expect(1, "check", self.write(short + "    print shadow(p, 300); print shadow(p, 300)\n}\n"))
        self.assertIn(b"error[E0209]: this needs at least 600 shots of `p2`, whose budget is 500", done.stderr)

    def test_times_of_live_blocks(self):
        head = """use std.encodings.{zero, zz}
fn parity(n: int) -> bool {
    var odd = false
    for i in 0..n { let q = prepare zero(1); h q; ry(0.3) q; let bit = measure q[0]; if bit { odd = not odd } }
    return odd
}
fn either() -> bool {
    let (a, b) = prepare zz([0.3, 0.4])
    h a
    let first = measure a
    if first { x b; ry(0.3) b; h b } else { h b }
    return measure b
}
"""
        # Two gates on a qubit are one after optimising.
        for text, gates in [("with shots(300) { print estimate { parity(5) } }\n", 5),
                            ("with shots(300) { print estimate { either() } }\n", None),
                            ("with shots(300) { for i in 0..3 { print estimate { either() } } }\n", None),
                            ("noise slow { duration 900ns on [h]; readout_time 3us }\ndevice dm = density_matrix(qubits: 2, noise: slow)\n"
                             "with dm, shots(100) { print estimate { either() } }\n", None),
                            ("policy fast { each 20 to 200 shots; until halfwidth <= 0.1; reset active(10ns) }\nwith fast { print estimate { parity(3) } }\n", 3)]:
            with self.subTest(text=text):
                program, _, seconds = self.within(head + text)
                if "until" not in text:
                    self.assertLess(program["mostSeconds"], 1.1 * seconds)
                block = next(c for c in self.cost(head + text)["circuits"] if c["name"].startswith("estimate"))
                self.assertEqual(gates or block["gates"], block["gates"])
        forever = head + """with shots(50) {
    print estimate { var n = true; while n { let q = prepare zero(1); h q; n = measure q[0] }; n }
    let q = prepare zero(1)
    h q
    print measure q[0]
}
"""
        program, _, _ = self.within(forever, closed=False)
        self.assertIsNone(program["mostSeconds"])
        self.assertEqual([m["unknown"] for m in self.cost(forever)["measurements"]],
                         ["a loop in it turns as often as its shot decides", None])
        self.assertIn(b"estimate: a loop in it turns as often as its shot decides\n",
                      self.expect(0, "cost", self.write(forever)).stdout)

    def test_times_of_kernels_that_are_code(self):
        self.write(ROWS, "rows.csv")
        for body in ["exp(-(<a|Z[0]|a> - <b|Z[0]|b>)^2)", "(|<a|b>|^2)^2 * exp(<a|X[0]|a> + <b|X[0]|b>)"]:
            text = re.sub(r"= \|<.*", "= " + body, GRAM.replace("BUDGET", ""), count=1)
            with self.subTest(body=body):
                program, _, seconds = self.within(text)
                self.assertLess(program["mostSeconds"], 8 * seconds) # pairs of the test are counted as if new
        single = "use std.encodings.zz\nkernel k(a: real[2], b: real[2]) via zz = (|<a|b>|^2)^2\n" \
                 "with shots(100) { print k([0.1, 0.2], [0.3, 0.4]) }\n"
        program, _, seconds = self.within(single)
        self.assertLess(program["mostSeconds"], 1.1 * seconds)

    def test_times_of_everything_else_that_measures(self):
        head = "use std.encodings.zz\nlet p = zz([0.1, 0.5])\nlet r = zz([0.2, 0.6])\nlet late = p then r\n"
        decay = "noise lab { t1 50us; t2 30us; duration 70ns on [x] }\ndevice dm = density_matrix(qubits: 1, noise: lab)\n" \
                "use std.encodings.basis\nwith dm, shots(100) { print decay(basis([true]), of: Z[0], idle: 0us to 100us step 10us).points.size }\n"
        for text in [head + f'with shots(100) {{ print fidelity(p, r, by: "{way}") }}\n'
                     for way in ["compute-uncompute", "swap", "destructive swap", "hadamard", "shadow"]] + [
                    head + "with shots(100) { print fidelity(late, r), expectations(p, [Z[0], X[1]], within: [0.9, 0.9]) }\n",
                    head + "with shots(100) { var o = p; if (<p|Z[0]|p>).value < 5 { o = late }; print <o|Z[0]|o> }\n",
                    head + "policy fast { each 100 shots; reset active(1ns) }\nwith fast { print fidelity(p, r, by: \"swap\"), fidelity(p, late) }\n",
                    decay, decay.replace("shots(100)", "p").replace("with dm", "policy p { each 50 shots; mitigate zne([1, 3]) }\nwith dm"),
                    decay.replace("of: Z[0]", "of: X[0]").replace("step 10us", "step 10us, echo: true")]:
            with self.subTest(text=text):
                self.within(text)

    def test_wilson_is_called_approximate(self):
        text = TURNED + "policy p { each 100 shots; confidence wilson(95%) }\nwith p { print <turned(0.1)|X[0]|turned(0.1)> }\n"
        self.assertIn(b"p (wilson: approximate)", self.expect(0, "cost", self.write(text)).stdout)
        self.assertTrue(self.cost(text)["policies"][0]["approximate"])
        self.assertRegex(self.expect(0, "run", self.write(text)).stdout, rb"^-?0\.\d+ \+- 0\.\d+ \(approximate\)\n$")

    def test_mistakes(self):
        self.expect(1, "cost", self.write("print b\n"))
        self.expect(3, "cost", self.folder / "none.qdo")
        self.expect(2, "cost")


if __name__ == "__main__":
    unittest.main()
