#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# `qdo build`: what it makes prints what `qdo run` prints, fails as it fails, and takes the same options.
import os
import subprocess
import time
import unittest

import support

OPEN = """/// turns of the loop
param rounds: int = 3
param angle: real = 0.25
param wires: int = 2
param loud: bool = false
param greeting: string = "hello"
circuit turned(n: int, t: real) on q: qubit[n] {
    for i in 0..n { ry(t) q[i] }
}
print "{greeting}, {rounds} rounds"
for i in 0..rounds { print "{i}: {i * angle:.3f}" }
with exact { print "{<turned(wires, angle)|Z[0]|turned(wires, angle)>:.12f}" }
if loud { print "LOUD" }
with shots(500) { print sample(turned(wires, angle)) }
"""


class Build(support.Case):
    def build(self, text, *arguments, name="program.qdo"):
        source = self.write(text, name)
        program = self.folder / "made"
        self.expect(0, "build", source, "-o", program, *arguments)
        return program

    def both(self, text, *arguments, status=0):
        """Runs a program both ways; the same status and bytes on both streams."""
        program = self.build(text)
        one = self.expect(status, "run", self.folder / "program.qdo", *arguments)
        other = subprocess.run([program, *arguments], cwd=self.folder, capture_output=True)
        self.assertEqual(other.returncode, status, other.stderr)
        self.assertEqual(other.stdout, one.stdout)
        self.assertEqual(other.stderr, one.stderr)
        return other

    def test_examples_print_the_same_bytes(self):
        for example in ("hello", "flowers"):
            source = support.EXAMPLES / f"{example}.qdo"
            program = self.folder / example
            began = time.monotonic()
            self.expect(0, "build", source, "-o", program)
            taken = time.monotonic() - began
            run = self.expect(0, "run", source, "--seed", "3")
            built = subprocess.run([program, "--seed", "3"], cwd=support.ROOT, capture_output=True)
            self.assertEqual((built.returncode, built.stdout, built.stderr),
                             (0, run.stdout, run.stderr))
            self.assertLess(taken, 20)

    def test_no_compiler_inside(self):
        program = self.build('print "hello"\n')
        listed = subprocess.run(["ldd", program], capture_output=True, text=True)
        self.assertNotIn("LLVM", listed.stdout)
        self.assertNotIn(b"_ZN4llvm", program.read_bytes())
        self.assertLess(os.path.getsize(program), 20 << 20)

    def test_parameters_stay_open_when_no_circuit_depends_on_them(self):
        self.both(OPEN)
        self.both(OPEN, "--rounds", "5", "--angle=0.5", "--greeting", "good day", "--seed", "9")
        self.both(OPEN, "--loud", "true")
        program = self.folder / "made"
        text = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
        self.assertRegex(text, r"--rounds int +turns of the loop \(default 3\)")
        self.assertRegex(text, r"Settled when it was built: wires = 2")

    def test_values_given_to_build_are_settled(self):
        program = self.build(OPEN, "--wires", "3", "--rounds", "1")
        done = subprocess.run([program], capture_output=True, text=True)
        self.assertIn("000:", done.stdout)
        text = subprocess.run([program, "--help"], capture_output=True, text=True).stdout
        self.assertIn("rounds = 1, wires = 3", text)
        refused = subprocess.run([program, "--rounds", "2"], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("`--rounds` was settled when the program was built: it is 1", refused.stderr)
        self.assertIn("--rounds VALUE -o", refused.stderr)
        other = subprocess.run([program, "--wires=2"], capture_output=True, text=True)
        self.assertEqual((other.returncode, other.stdout), (2, ""))
        self.assertIn("`--wires` was settled", other.stderr)

    def test_budgets_that_do_not_reach(self):
        text = """circuit turned(t: real) on q: qubit { ry(t) q }
param total: int = 1000
param rounds: int = 1
policy small { budget total shots; each 100 to 100 shots }
print "before"
with small {
    print |<turned(0.1)|turned(0.2)>|^2
    print |<turned(0.1)|turned(0.3)>|^2
    for i in 0..rounds { print fresh(<turned(0.1)|Z[0]|turned(0.1)>) }
}
"""
        program = self.build(text)
        done = subprocess.run([program, "--total", "150"], capture_output=True, text=True)
        # What is known when it is built is told before the first shot, as `qdo run` tells it.
        self.assertIn("error[E0209]: this needs at least 200 shots of `small`, whose budget is 150",
                      done.stderr)
        self.assertIn("`--total 150` (it was 1000 when the program was built)", done.stderr)
        self.assertNotIn("+-", done.stdout)
        self.assertIn("spent until then: 0 shots", done.stderr)
        ran = self.expect(1, "run", self.write(text), "--total", "150")
        self.assertIn(b"error[E0209]", ran.stderr)
        late = subprocess.run([program, "--rounds", "9"], capture_output=True, text=True)
        self.assertIn("error[E0501]", late.stderr)
        self.assertIn("`--rounds 9` (it was 1 when the program was built)", late.stderr)

    def test_wrong_values(self):
        program = self.build(OPEN)
        for words, said in ((["--rounds", "many"], "`many` is not an int for parameter `rounds`"),
                            (["--angle", "nan"], "`nan` is not a real number"),
                            (["--speed", "1"], "no parameter `speed`"), (["more"], "one argument too many")):
            done = subprocess.run([program, *words], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(said, done.stderr)

    def test_failures_are_shown_at_their_place(self):
        text = """circuit turned(t: real) on q: qubit { ry(t) q }
let xs = [1, 2, 3]
print "before"
with shots(100) {
    let e = estimate { let q = prepare turned(0.0)
                       measure q }
    print xs[int(e.value) + 7]
}
"""
        failed = self.both(text, status=4)
        self.assertIn(b"program.qdo:7:14", failed.stderr)
        self.assertIn(b"spent until then: 100 shots", failed.stderr)

    def test_values_that_fail_only_when_they_are_given(self):
        program = self.build("let xs = [1, 2, 3]\nparam at: int = 1\nprint xs[at]\n")
        done = subprocess.run([program, "--at", "7"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("program.qdo:3:10", done.stderr)

    def test_json(self):
        done = self.both('print "hello"\n', "--json")
        self.assertIn(b'"event":"print"', done.stdout)

    def test_other_kinds(self):
        source = self.write('print "hello"\n')
        for kind, start in (("obj", b"\x7fELF"), ("asm", b"\t"), ("llvm", b"; ModuleID")):
            made = self.folder / kind
            self.expect(0, "build", source, "--emit", kind, "-o", made)
            self.assertTrue(made.read_bytes().startswith(start), made.read_bytes()[:40])
        self.expect(2, "build", source, "--emit", "wasm")

    def test_a_library_is_called_from_cxx(self):
        source = support.EXAMPLES / "library" / "similarity.qdo"
        library = self.folder / "libsimilarity.so"
        self.expect(0, "build", source, "--emit", "lib", "-o", library)
        subprocess.run(["clang++-22", support.EXAMPLES / "library" / "similarity.cpp", f"-I{self.folder}",
                        f"-I{support.ROOT / 'runtime' / 'include'}", library, "-o",
                        self.folder / "similarity"], check=True)
        done = subprocess.run([self.folder / "similarity"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        *gram, half, functions, classical, spent, failed = [line.split() for line in done.stdout.splitlines()]
        # cos(pi / 3), and exp(-(cos(pi / 3) - cos 0)^2)
        self.assertEqual(functions, ["0.500000", "within", "0.778801"])
        self.assertEqual(classical, ["above", "1024", "14", "33"])
        self.assertEqual(" ".join(spent), "1,000 shots on 1 circuit")
        self.assertIn("at least 1", " ".join(failed))
        self.assertEqual(half, ["0.866025", "0.500000"])
        # The same kernel in a run.
        text = source.read_text() + """with exact {
    print "{flowers([0.1, 0.4, -0.2, 0.3], [0.1, 0.5, -0.2, 0.3]):.6f}"
    print "{flowers([0.1, 0.5, -0.2, 0.3], [-0.9, 0.8, 0.7, -0.6]):.6f}"
}
"""
        said = self.expect(0, "run", self.write(text)).stdout.decode().split()
        self.assertEqual([gram[0][1], gram[1][2]], said)
        self.assertEqual([gram[k][k] for k in range(3)], ["1.000000"] * 3)
        self.assertEqual(gram[1][0], gram[0][1])

    def test_what_cannot_be_exported_says_why(self):
        source = self.write("""encoding any(x: real[n]) on q: qubit[n] { for i in 0..n { ry(x[i]) q[i] } }
encoding _hidden(x: real) on q: qubit { ry(x) q }
kernel open(a: real[n], b: real[n]) = sum([x * y for (x, y) in zip(a, b)])
fn words(text: string) -> string = text
fn twice(xs: real[n]) = 2 * sum(xs)
fn turned(n: int) = <any([0.1 for i in 0..n])|Z[0]|any([0.1 for i in 0..n])>
fn flip() on q: qubit { x q }
fn _helper(x: real) = x
fn good(x: real) -> real = 2 * _helper(x)
let run_time = good(3) * 2
fn uses(x: real) -> real = x + 1
""")
        made = self.folder / "made.o"
        done = self.expect(0, "build", source, "--emit", "obj", "-o", made)
        header = made.with_suffix(".h").read_text()
        for reason in ("encoding `any` is not exported: its size is open",
                       "kernel `open` is not exported: the size of `a` is open",
                       "function `words` is not exported: `text` is string, not an int",
                       "function `twice` is not exported: the size of `xs` is open",
                       "function `turned` is not exported: ",
                       "function `flip` is not exported: it acts on qubits of its caller"):
            self.assertIn(reason, header)
            self.assertIn(reason, done.stderr.decode())
        self.assertIn("bool program_good(qdo_ctx *, double x_, double *result);", header)
        self.assertIn("bool program_uses(qdo_ctx *, double x_, double *result);", header)
        self.assertNotIn("hidden", header)
        self.assertNotIn("helper", header)
        self.assertNotIn(b"note", self.expect(0, "build", source, "--emit", "obj", "-o", made, "-q").stderr)
        # A header for C as for C++.
        subprocess.run(["clang-22", "-std=c11", "-fsyntax-only", "-Wall", "-Werror", "-x", "c",
                        f"-I{support.ROOT / 'runtime' / 'include'}", made.with_suffix(".h")], check=True)

    def test_errors_make_nothing(self):
        source = self.write("print missing\n")
        self.expect(1, "build", source, "-o", self.folder / "none")
        self.assertFalse((self.folder / "none").exists())
        self.expect(2, "build", source, "-o", source)


if __name__ == "__main__":
    unittest.main()
