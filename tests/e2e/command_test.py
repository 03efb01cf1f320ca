#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The command as a shell sees it: exit statuses, signals, pipes, options, paths, JSON.
import json
import os
import re
import signal
import subprocess
import time
import unittest

import support

FOREVER = """circuit state(t: real) on q: qubit { ry(t) q }
policy wide { budget 1_000_000_000_000 shots; each 1000 shots }
var n = 0
var total = 0.0
print "begun"
with wide {
    while n < 1_000_000_000 { n += 1; total += (<state(total)|Z[0]|state(total)>).value }
}
print total
"""
EMPTY_PURSE = """circuit state(t: real) on q: qubit { ry(t) q }
policy small { budget 150 shots; each 100 shots }
param most: int = 5
with small {
    var n = 0
    var total = 0.0
    while n < most { n += 1; total += (<state(total + n)|Z[0]|state(total + n)>).value }
    print total
}
"""
PARAMETERS = """param rounds: int = 12
param rate: real = 0.5
param loud: bool = true
param name: string = "a"
print rounds, rate, loud, name
"""
NO_FILE = 'dataset d = csv("nowhere.csv") { x: [a]; y: label }\nprint d.size\n'


class Status(support.Case):
    """One real program for each status that a program can reach. 70 means a mistake inside qdo:
    no program is known to reach it, or it would be mended."""

    def status(self, expected, text, *arguments):
        return self.expect(expected, "run", self.write(text), *arguments)

    def test_ok(self):
        self.assertEqual(self.status(0, "print 1\n").stdout, b"1\n")

    def test_errors_in_the_program(self):
        self.assertIn(b"error[E0301]", self.status(1, "print b\n").stderr)

    def test_nothing_runs_after_errors(self):
        self.assertEqual(self.status(1, "print 1\nprint b\n").stdout, b"")

    def test_usage(self):
        for words in ([], ["run"], ["frobnicate"], ["run", "--frobnicate"], ["emit", "a.qdo"],
                      ["emit", "--stage=no", self.write("print 1\n")], ["explain", "E9999"],
                      ["run", self.write("print 1\n"), "two"]):
            with self.subTest(words=words):
                done = self.expect(2, *words)
                self.assertEqual(done.stdout, b"")
                self.assertTrue(done.stderr.startswith(b"qdo: "), done.stderr)
        self.assertIn(b"`frobnicate`", self.expect(2, "frobnicate").stderr)

    def test_data(self):
        self.assertIn(b"error[E0401]", self.status(3, NO_FILE).stderr)

    def test_run_time(self):
        done = self.status(4, 'print "before"\nvar x = 9\nwhile x > 0 { x -= 1 }\nprint 5 mod x\n')
        self.assertEqual(done.stdout, b"before\n")
        self.assertIn(b"error[E0507]", done.stderr)
        self.assertIn(b"error[E0503]", self.status(4, "assert 1 + 1 == 3\n").stderr)

    def test_budget(self):
        done = self.status(5, EMPTY_PURSE)
        self.assertIn(b"the budget of `small` ended: 100 of 150 shots are spent", done.stderr)
        self.assertIn(b"spent until then: 100 shots on 1 circuit", done.stderr)
        self.status(0, EMPTY_PURSE, "--most", "1")


class Ends(support.Case):
    """Runs that are ended from outside."""

    def start(self, text, *arguments):
        running = subprocess.Popen([support.QDO, "run", self.write(text), *arguments],
                                   env=support.environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(running.communicate)
        self.addCleanup(running.kill)
        return running

    def interrupt(self, running):
        """^C once its first line is here: (seconds it took, what stderr says)."""
        self.assertTrue(running.stdout.readline())
        time.sleep(0.3)
        self.assertIsNone(running.poll(), "ended by itself: nothing is shown by this test")
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=30)[1].decode()
        self.assertEqual(running.returncode, 130, said)
        return time.monotonic() - begun, said

    def test_interrupt(self):
        seconds, said = self.interrupt(self.start(FOREVER))
        self.assertRegex(said, r"^interrupted: [\d,]+ shots on [\d,]+ circuits spent\n$")
        self.assertNotIn("interrupted: 0 shots", said)
        self.assertLess(seconds, 1)

    def test_interrupt_of_a_loop_that_measures_nothing(self):
        text = 'print "begun"\nvar n = 0\nwhile n >= 0 { n = (n * 3 + 1) mod 1000 }\nprint n\n'
        seconds, said = self.interrupt(self.start(text))
        self.assertIn("interrupted: 0 shots spent", said)
        self.assertLess(seconds, 1)

    def test_interrupt_says_it_in_json(self):
        running = self.start(FOREVER, "--json")
        self.assertTrue(running.stdout.readline())
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        out, said = running.communicate(timeout=30)
        self.assertEqual((running.returncode, said), (130, b""))
        result = json.loads(out.splitlines()[-1])
        self.assertEqual((result["event"], result["status"]), ("result", 130))
        self.assertRegex(result["spent"], r"[1-9][\d,]* shots")

    def test_a_line_is_not_kept_back(self):
        """What was printed before a long computation is read while that goes on."""
        running = self.start(FOREVER)
        begun = time.monotonic()
        self.assertEqual(running.stdout.readline(), b"begun\n")
        self.assertLess(time.monotonic() - begun, 5)
        self.assertIsNone(running.poll())

    def test_closed_pipe(self):
        program = self.write("var n = 0\nwhile n < 100_000_000 { n += 1; print n }\n")
        shell = 'set -o pipefail; "$0" run "$1" | head -1'
        begun = time.monotonic()
        done = subprocess.run(["/bin/bash", "-c", shell, support.QDO, program], capture_output=True,
                              env=support.environment(), timeout=60)
        self.assertEqual((done.stdout, done.stderr, done.returncode), (b"1\n", b"", 0))
        self.assertLess(time.monotonic() - begun, 20, "it went on for nobody")

    def test_large_output_is_whole(self):
        done = self.expect(0, "run", self.write("for i in 0..200_000 { print i }\n"))
        self.assertEqual(done.stdout, "".join(f"{i}\n" for i in range(200_000)).encode())


class Json(support.Case):
    def objects(self, text, command="check", status=1, *arguments):
        done = self.expect(status, command, self.write(text), "--json", *arguments)
        return [json.loads(line) for line in done.stderr.decode().splitlines()]

    def test_places_after_other_alphabets(self):
        """Bytes for tools, code points for people: `é` is two bytes, `ψ` two, `𝟙` four."""
        line = 'print "é ψ 𝟙", nothing'
        found, = self.objects(f"// ä\n{line}\n")
        primary = found["primary"]
        text = f"// ä\n{line}\n".encode()
        self.assertEqual(text[primary["begin"]:primary["end"]], b"nothing")
        self.assertEqual((primary["line"], primary["column"]), (2, line.index("nothing") + 1))
        self.assertEqual((primary["endLine"], primary["endColumn"]), (2, len(line) + 1))
        self.assertEqual((found["code"], found["level"]), ("E0301", "error"))
        self.assertTrue(primary["file"].endswith("program.qdo"))

    def test_every_line_is_an_object(self):
        found = self.objects("print a\nprint b\nlet c = 1 +\nprint d\n")
        self.assertGreaterEqual(len(found), 3)
        for one in found:
            self.assertEqual({"code", "level", "message", "primary", "places", "notes", "helps",
                              "edits"} - set(one), set())
            self.assertIsInstance(one["notes"], list)

    def test_a_file_that_is_missing(self):
        done = self.expect(3, "run", self.folder / "none.qdo", "--json")
        found = json.loads(done.stderr)
        self.assertEqual((found["code"], found["primary"]), ("E0001", None))

    def test_notes_and_places(self):
        found, = self.objects("use std.encodings.zero\nwith shots(10) {\n    let q = prepare zero(1)\n"
                              "    let a = measure q\n    let b = measure q\n    print a, b\n}\n")
        self.assertEqual(found["code"], "E0201")
        self.assertTrue(found["law"])
        self.assertTrue(found["places"], "the first measurement is a place of its own")

    def test_edits_mend_what_they_are_offered_for(self):
        programs = {
            "operator": "let a = 7\nprint a % 2\n",
            "word": "let on = true\nprint on && true\n",
            "misspelt": "let amplitude = 1\nprint amplitde\n",
            "bracket": "print (1 + 2\n",
            "comment": "# a comment\nprint 1\n",
            "quotes": "print 'one'\n",
            "gate": "circuit c() on q: qubit { hh q }\nlet p = c()\nprint p\n",
            "ended": "use std.encodings.zero\nwith shots(1) {\n    let q = prepare zero(1)\n}\n",
        }
        mended = []
        for name, text in programs.items():
            with self.subTest(name=name):
                found = self.objects(text)
                edits = [edit for one in found for edit in one["edits"][:1]]
                for edit in sorted(edits, key=lambda e: -e["begin"]):
                    raw = text.encode()
                    text = (raw[:edit["begin"]] + edit["replacement"].encode()
                            + raw[edit["end"]:]).decode()
                if edits:
                    self.expect(0, "check", self.write(text))
                    mended.append(name)
        self.assertGreaterEqual(len(mended), 3, mended)

    def test_a_run(self):
        done = self.expect(0, "run", self.write('print "a\\"b"\nprint 2\n'), "--json", "--seed", "7")
        events = [json.loads(line) for line in done.stdout.decode().splitlines()]
        self.assertEqual(events[0], {"event": "print", "text": 'a"b'})
        self.assertEqual(events[-1]["event"], "result")
        self.assertEqual((events[-1]["seed"], events[-1]["status"]), (7, 0))
        self.assertEqual(done.stderr, b"")

    def test_a_run_that_fails(self):
        done = self.expect(4, "run", self.write("print 1\nassert 1 == 2\n"), "--json")
        result = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual((result["event"], result["status"]), ("result", 4))
        self.assertEqual(json.loads(done.stderr)["code"], "E0503")


class Options(support.Case):
    def run_parameters(self, *words, status=0):
        return self.expect(status, "run", self.write(PARAMETERS), *words)

    def test_both_spellings(self):
        for words in (["--rounds", "3"], ["--rounds=3"]):
            self.assertEqual(self.run_parameters(*words).stdout, b"3 0.5 true a\n")
        done = self.run_parameters("--rounds=-3", "--rate", "1e-3", "--loud", "false", "--name", "x y")
        self.assertEqual(done.stdout, b"-3 0.001 false x y\n")

    def test_unknown(self):
        self.assertIn(b"did you mean `--rounds`?", self.run_parameters("--round", "3", status=2).stderr)
        self.assertIn(b"--rounds", self.run_parameters("--xyzzy", "3", status=2).stderr)

    def test_bad_values(self):
        for words in (["--rounds", "x"], ["--rounds", "1.5"], ["--rounds="], ["--rate", "nan"],
                      ["--rate", "1x"], ["--loud", "yes"], ["--rounds", "9223372036854775808"]):
            with self.subTest(words=words):
                self.assertIn(b"error[E0315]", self.run_parameters(*words, status=2).stderr)

    def test_missing_values(self):
        self.assertIn(b"`--rounds` needs a value", self.run_parameters("--rounds", status=2).stderr)
        self.assertIn(b"E0315", self.expect(2, "run", self.write("param n: int\nprint n\n")).stderr)

    def test_help_lists_the_parameters(self):
        program = self.write("""/// How many rounds,
/// at most.
param rounds: int = 12
param rate: real = 1 / 2    /// learning rate
param file: string
print rounds, rate, file
""")
        for words in (["run", program, "--help"], ["check", "-h", program], ["run", "--help", program]):
            said = self.expect(0, *words).stdout.decode()
            lines = said[said.index("Parameters of"):].splitlines()
            self.assertEqual([" ".join(line.split()) for line in lines[1:]], [
                "--rounds int How many rounds,", "at most. (default 12)",
                "--rate real learning rate (default 1 / 2)", "--file string (must be given)"])
            self.assertIn("--seed", said)
        self.assertNotIn(b"Parameters of", self.expect(0, "run", "--help").stdout)
        self.assertIn(b"no parameters of its own",
                      self.expect(0, "run", "--help", self.write("print 1\n")).stdout)
        self.expect(1, "run", "--help", self.write("let = 1\n"))
        self.expect(3, "run", "--help", self.folder / "none.qdo")

    def test_no_parameter_hides_behind_an_option(self):
        """What the command line takes for itself cannot be a program's parameter."""
        options = set()
        for command in ("run", "check", "emit", "test", "cost"):
            options |= set(re.findall(rb"--([a-z]+)\b(?!-)", self.expect(0, command, "--help").stdout))
        options -= {b"rounds"}  # the example in the text
        self.assertGreaterEqual(options, {b"seed", b"threads", b"stage", b"filter", b"help"})
        for option in options:
            program = self.write(f"param {option.decode()}: int = 1\nprint 1\n")
            with self.subTest(option=option):
                self.assertIn(b"error[E0313]", self.expect(1, "check", program).stderr)

    def test_given_twice(self):
        self.run_parameters("--rounds", "3", "--rounds", "4", status=2)

    def test_seeds_are_whole_numbers(self):
        program = self.write("print 1\n")
        for seed in ("-1", "x", "1.5", "18446744073709551616", ""):
            with self.subTest(seed=seed):
                self.expect(2, "run", program, f"--seed={seed}")
        self.expect(0, "run", program, "--seed", "18446744073709551615")

    def test_threads_are_whole_numbers(self):
        for threads in ("-1", "two", "1000000"):
            done = self.expect(2, "run", self.write("print 1\n"), f"--threads={threads}")
            self.assertLess(len(done.stderr), 200, done.stderr)

    def test_quiet(self):
        warns = self.write(NO_FILE)
        self.assertIn(b"warning[E0401]", self.expect(0, "check", warns).stderr)
        self.assertEqual(self.expect(0, "check", warns, "--quiet").stderr, b"")
        self.assertIn(b"error", self.expect(1, "check", self.write("print b\n"), "--quiet").stderr)

    def test_no_colour_into_a_pipe(self):
        self.assertNotIn(b"\x1b", self.expect(1, "check", self.write("print b\n")).stderr)

    def test_version(self):
        self.assertRegex(self.expect(0, "version").stdout, rb"^qdo \d+\.\d+\.\d+ ")

    def test_explain_every_code(self):
        codes = re.findall(r"^QDO_CODE\((\w+)", "".join(
            (support.ROOT / path).read_text() for path in
            ("compiler/diag/catalogue.def", "runtime/include/qdo/runtime/status.def")), re.MULTILINE)
        self.assertGreater(len(codes), 40)
        listed = self.expect(0, "explain").stdout.decode().splitlines()
        self.assertEqual(sorted(line.split()[0] for line in listed), sorted(codes))
        for code in codes:
            page = self.expect(0, "explain", code).stdout.decode()
            self.assertTrue(page.startswith(f"# {code}"), code)
        self.assertEqual(self.expect(0, "explain", "e0201").stdout,
                         self.expect(0, "explain", "E0201").stdout)


class Files(support.Case):
    def test_check_without_its_data(self):
        done = self.expect(0, "check", self.write(NO_FILE))
        self.assertIn(b"warning[E0401]", done.stderr)
        wrong = self.expect(1, "check", self.write(NO_FILE + "print b\n"))
        self.assertIn(b"error[E0301]", wrong.stderr)
        late = "circuit c() on q: qubit[2] { cx q[0], q[1 - 1] }\nlet p = c()\nprint p\n"
        self.assertIn(b"error[E0204]", self.expect(1, "check", self.write(NO_FILE + late)).stderr)

    def test_paths_are_relative_to_the_program(self):
        self.write("a,label\n1,u\n2,v\n", "deep/rows.csv")
        program = self.write('dataset d = csv("rows.csv") { x: [a]; y: label }\nprint d.size\n',
                             "deep/program.qdo")
        for cwd, name in ((self.folder, "deep/program.qdo"), (self.folder / "deep", "program.qdo"),
                          ("/", program)):
            self.assertEqual(self.expect(0, "run", name, cwd=cwd).stdout, b"2\n")

    def test_programs_that_cannot_be_read(self):
        for file in (self.folder / "none.qdo", self.folder):
            done = self.expect(3, "run", file)
            self.assertIn(b"error[E0001]", done.stderr)
        # A file that opens and then fails: nothing must be taken for an empty program.
        self.assertIn(b"error[E0001]", self.expect(3, "run", "/proc/self/mem").stderr)

    @unittest.skipIf(os.geteuid() == 0, "nothing is unreadable for root")
    def test_a_program_without_permission(self):
        file = self.write("print 1\n")
        file.chmod(0)
        self.assertIn(b"error[E0001]", self.expect(3, "run", file).stderr)

    def test_empty_programs_are_fine(self):
        for text in ("", "\n\n", "// a comment", "\ufeffprint 1\n"):
            with self.subTest(text=text):
                done = self.expect(0, "run", self.write(text))
                self.assertEqual(done.stderr, b"")


if __name__ == "__main__":
    unittest.main()
