#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# `qdo test`, `qdo doc` and `qdo new` as a shell sees them.
import html.parser
import json
import re
import unittest

import support

PROGRAM = """use std.encodings.zero
param limit: int = 3    /// how far to count
let base = 40
var never = 1
print "this does not run"
never = 2
fn twice(x: int) -> int = 2 * x
test "sums" {
    assert base + 2 == 42
    assert twice(limit) == 6
}
test "what only acts does not run" { assert never == 1 }
test "coins are fair" {
    with shots(4000) {
        let heads = estimate {
            let q = prepare zero(1)
            h q[0]
            measure q[0]
        }
        assert heads > 0.4 at 95%
    }
}
"""
FAILING = """let a = 1
test "good" { assert a == 1 }
test "bad" {
    print "on the way"
    assert a + 1 == 3, "sums"
}
"""


class Test(support.Case):
    def test_passing(self):
        file = self.write(PROGRAM)
        done = self.expect(0, "test", file)
        self.assertEqual(done.stdout.decode(), f"""{file}
  ok    sums
  ok    what only acts does not run
  ok    coins are fair
3 passed, 0 failed
""")
        self.assertEqual(done.stderr, b"")

    def test_run_passes_over_them(self):
        done = self.expect(0, "run", self.write('print 1\ntest "no" { assert 1 == 2 }\n'))
        self.assertEqual(done.stdout, b"1\n")

    def test_failing(self):
        done = self.expect(1, "test", self.write(FAILING))
        self.assertIn(b"  ok    good\n  FAIL  bad\non the way\n1 passed, 1 failed\n", done.stdout)
        said = done.stderr.decode()
        self.assertIn("error[E0503]: assertion failed: sums: `a + 1` is 2", said)
        self.assertRegex(said, r"program\.qdo:5:12")

    def test_failures_do_not_spread(self):
        tests = "".join(f'test "{i}" {{ assert {i} mod 2 == 0 }}\n' for i in range(6))
        done = self.expect(1, "test", self.write(tests))
        self.assertIn(b"3 passed, 3 failed", done.stdout)
        self.assertEqual(done.stderr.count(b"error[E0503]"), 3)

    def test_each_pays_for_itself(self):
        """A purse is as full for the second test as it was for the first."""
        done = self.expect(0, "test", self.write("""
circuit turned(t: real) on q: qubit { ry(t) q }
policy small { budget 150 shots; each 100 to 100 shots }
test "one" { with small { assert <turned(0.1)|Z[0]|turned(0.1)> > 0 at 95% } }
test "two" { with small { assert <turned(0.2)|Z[0]|turned(0.2)> > 0 at 95% } }
"""))
        self.assertIn(b"2 passed", done.stdout)

    def test_only_what_a_test_needs(self):
        done = self.expect(1, "test", self.write("""
dataset absent = csv("nowhere.csv") { x: [a]; y: label }
test "needs no data" { assert 1 + 1 == 2 }
test "needs data" { assert absent.size == 3 }
"""))
        self.assertIn(b"  ok    needs no data\n  FAIL  needs data\n", done.stdout)
        self.assertIn(b"error[E0401]", done.stderr)

    def test_seed(self):
        text = PROGRAM.replace("heads > 0.4 at 95%", "heads.value > 2")
        said = [self.expect(1, "test", self.write(text), "--seed", seed).stderr
                for seed in ("1", "1", "2")]
        self.assertEqual(said[0], said[1])
        self.assertNotEqual(said[0], said[2])
        self.assertRegex(said[0], rb"`heads.value` is 0\.\d+")

    def test_parameters(self):
        self.assertIn(b"`twice(limit)` is 10",
                      self.expect(1, "test", self.write(PROGRAM), "--limit", "5").stderr)
        self.expect(2, "test", self.write(PROGRAM), "--limits", "5")

    def test_filter(self):
        done = self.expect(0, "test", self.write(FAILING), "--filter", "oo")
        self.assertIn(b"1 passed, 0 failed, 1 not chosen", done.stdout)
        self.expect(2, "test", self.write(FAILING), "--filter", "nothing like this")
        self.expect(2, "test", self.write("print 1\n"))

    def test_folders(self):
        self.write(PROGRAM, "all/a.qdo")
        self.write(FAILING, "all/deep/b.qdo")
        self.write("print b\n", "all/c.qdo")
        self.write("print 1\n", "all/d.qdo")
        done = self.expect(1, "test", self.folder / "all")
        self.assertIn(b"4 passed, 1 failed, 1 program with errors", done.stdout)
        self.assertIn(b"error[E0301]", done.stderr)

    def test_json(self):
        done = self.expect(1, "test", self.write(FAILING), "--json")
        events = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([(e["event"], e.get("name"), e.get("passed")) for e in events],
                         [("test", "good", True), ("test", "bad", False), ("result", None, 1)])
        self.assertEqual((events[1]["line"], events[1]["output"]), (3, "on the way\n"))
        self.assertEqual(json.loads(done.stderr)["code"], "E0503")

    def test_mistakes_in_tests_are_found_by_check(self):
        said = self.expect(1, "check", self.write("""test "a" { print b }
test "a" { print 1 }
test "c {1 + 1}" { print 1 }
fn f() { test "d" { print 1 } }
""")).stderr
        for code in (b"E0301", b"E0307", b"E0313"):
            self.assertIn(code, said)
        leak = 'use std.encodings.zero\ntest "a" { with shots(1) { let q = prepare zero(1) } }\n'
        self.assertIn(b"E0202", self.expect(1, "check", self.write(leak)).stderr)


class Page(html.parser.HTMLParser):
    """Whether every element is closed, and nothing comes from elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.open, self.text = [], []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        assert not {"src", "rel"} & {name for name, _ in attributes}, tag
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text.append(data)


class Doc(support.Case):
    USER = """// What this file is about.
/// Turns a qubit, see `ry`,
/// by an angle | with a bar. A second sentence.
circuit turned(t: real, times: int = 2) on q: qubit { repeat times { ry(t) q } }
/// Adds.
fn plus(a: real[n], b: real[n]) { return sum(a) + sum(b) }
fn _hidden() -> int = 1
fn bare() -> int = _hidden()
print plus([1.0], [2.0]), bare()
"""

    def test_a_program(self):
        page = self.expect(0, "doc", self.write(self.USER)).stdout.decode()
        self.assertTrue(page.startswith("# program\n\nWhat this file is about.\n"), page)
        self.assertIn("```qdo\ncircuit turned(t: real, times: int = 2) on q: qubit\n```", page)
        self.assertIn("| `turned` | Turns a qubit, see `ry`, by an angle \\| with a bar. |", page)
        self.assertIn("| `t` | `real` |  | data: angles only |", page)
        self.assertIn("| `times` | `int` | `2` | structure: another value is another circuit |", page)
        self.assertIn("fn plus(a: real[n], b: real[n]) -> real\n", page)
        self.assertIn("`n` is found from `a` or `b`.", page)
        self.assertNotIn("_hidden", page)

    def test_html(self):
        text = self.expect(0, "doc", "--html", self.write(self.USER)).stdout.decode()
        said = "".join(Page(text).text)
        self.assertIn("A second sentence.", said)
        self.assertIn("circuit turned(t: real, times: int = 2) on q: qubit", said)

    def test_folder(self):
        self.expect(0, "doc", "std", "-o", self.folder / "out")
        names = sorted(file.name for file in (self.folder / "out").iterdir())
        modules = sorted(".".join(file.relative_to(support.ROOT / "stdlib").with_suffix("").parts)
                         + ".md" for file in (support.ROOT / "stdlib").rglob("*.qdo"))
        self.assertEqual(names, modules)

    def test_the_library_is_documented(self):
        self.assertEqual(self.expect(0, "doc", "std", "--check").stdout, b"")
        done = self.expect(1, "doc", "--check", self.write(self.USER))
        self.assertRegex(done.stdout.decode(), r"^\S+program\.qdo:8: function `bare` is not documented\n$")

    def test_what_cannot_be_documented(self):
        self.assertIn(b"did you mean `std.encodings`?", self.expect(2, "doc", "std.encoding").stderr)
        self.expect(3, "doc", self.folder / "none.qdo")
        self.expect(1, "doc", self.write("print b\n"))


class New(support.Case):
    def test_a_project_works_as_it_is(self):
        self.expect(0, "new", "first", cwd=self.folder)
        project = self.folder / "first"
        self.assertEqual(sorted(str(file.relative_to(project)) for file in project.rglob("*.*")),
                         ["README.md", "data/points.csv", "main.qdo"])
        self.assertEqual(self.expect(0, "check", "main.qdo", cwd=project).stderr, b"")
        said = self.expect(0, "run", "main.qdo", cwd=project)
        self.assertRegex(said.stdout, rb"^test accuracy (0\.9|1\.0)\d* for \d+ shots\n$")
        # What shot noise did to the matrix is no mistake of the program, and nothing is said of it.
        self.assertEqual(re.findall(rb"^(?:error|warning)\[\w+\]", said.stderr, re.MULTILINE), [])
        self.assertIn(b"3 passed, 0 failed", self.expect(0, "test", "main.qdo", cwd=project).stdout)
        self.expect(0, "fmt", "--check", "main.qdo", cwd=project)
        self.assertIn(b"4,224 to 165,888 shots", self.expect(0, "cost", "main.qdo", cwd=project).stdout)
        self.assertIn(b"--C real", self.expect(0, "run", "main.qdo", "--help", cwd=project).stdout)

    def test_nothing_is_overwritten(self):
        (self.folder / "there").mkdir()
        self.assertIn(b"exists already", self.expect(2, "new", self.folder / "there").stderr)
        self.assertEqual(list((self.folder / "there").iterdir()), [])
        file = self.write("mine", "file")
        self.expect(2, "new", file)
        self.assertEqual(file.read_text(), "mine")

    def test_names(self):
        for name in ("", "a b", "..", "x*"):
            with self.subTest(name=name):
                self.expect(2, "new", name, cwd=self.folder)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.expect(0, "new", "deep/er", cwd=self.folder)
        self.assertTrue((self.folder / "deep/er/main.qdo").exists())


if __name__ == "__main__":
    unittest.main()
