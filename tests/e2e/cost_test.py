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
        self.assertTrue(text.endswith("program: 1 circuits measured at most, 1,000 to 1,000 shots\n"), text)

    def test_pairs_of_a_gram_matrix(self):
        self.write(ROWS, "rows.csv")
        free = GRAM.replace("BUDGET", "")
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
        unbounded = "policy p { each 64 shots }\n" + once.replace("POLICY", "p")
        self.assertEqual(self.shots(unbounded), (64, None))
        self.assertIn(b"unbounded", self.expect(0, "cost", self.write(unbounded)).stdout)

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

    def test_mistakes(self):
        self.expect(1, "cost", self.write("print b\n"))
        self.expect(3, "cost", self.folder / "none.qdo")
        self.expect(2, "cost")


if __name__ == "__main__":
    unittest.main()
