#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Compiled code between runs: what is found again, what is not, and that a run never needs it.
# Why entries of code are counted: a run that adds none has compiled nothing. What runs need not even
# read their program is unit.driver_recall.
import os
import subprocess
import time
import unittest

import support

SMALL = """use std.encodings.zz
with exact { print "{|<zz([0.1, 0.2, 0.3, 0.4])|zz([0.4, 0.3, 0.2, 0.1])>|^2:.9f}" }
"""
LARGE = """use std.encodings.zz
kernel similar(a: real[12], b: real[12]) via zz = |<a|b>|^2
with exact { print "{similar([0.1 * i for i in 0..12], [0.2 * i for i in 0..12]):.9f}" }
"""
POOL = """use std.encodings.zz
use std.select.{novelty}
kernel similar(a: real[2], b: real[2]) via zz = |<a|b>|^2
dataset points = csv("points.csv") {
    x: [a, b]
}
param scale: real = 1.0
let rows = points.x
with exact {
    var total = 0.0
    for row in rows { total = total + scale * similar(row, rows[0]) }
    print "{total:.9f}"
}
"""


class Cache(support.Case):
    def setUp(self):
        super().setUp()
        self.cache = self.folder / "cache"

    def run_qdo(self, file, *arguments, **variables):
        environment = {**support.environment(), "QDO_CACHE_DIR": str(self.cache), **variables}
        done = subprocess.run([support.QDO, "run", file, *arguments], env=environment,
                              capture_output=True, timeout=support.SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def entries(self):
        return sorted(self.cache.glob("*.code"))

    def points(self, count, start=0.0):
        rows = "".join(f"{start + 0.1 * k},{0.3 * k}\n" for k in range(count))
        self.write("a,b\n" + rows, "points.csv")

    def test_a_second_run_compiles_nothing(self):
        file = self.write(SMALL)
        first = self.run_qdo(file)
        kept = [(entry, entry.read_bytes()) for entry in self.entries()]
        self.assertEqual(len(kept), 1)
        self.assertEqual(self.cache.stat().st_mode & 0o77, 0)
        self.assertEqual(self.run_qdo(file), first)
        self.assertEqual([(entry, entry.read_bytes()) for entry in self.entries()], kept)

    def test_new_rows_pool_sizes_and_values_compile_nothing(self):
        file = self.write(POOL)
        self.points(5)
        first = self.run_qdo(file)
        self.run_qdo(file, "--scale", "2.5")
        kept = [entry.read_bytes() for entry in self.entries()]
        self.points(5, start=0.7)
        self.assertNotEqual(self.run_qdo(file), first)
        self.points(9)
        self.assertNotEqual(self.run_qdo(file), first)
        scaled = float(self.run_qdo(file, "--scale", "3"))
        self.assertAlmostEqual(scaled, 3 * float(self.run_qdo(file)), places=7)
        self.assertEqual([entry.read_bytes() for entry in self.entries()], kept)

    def test_a_value_that_circuits_depend_on_is_another_program(self):
        file = self.write("""use std.encodings.zz
param reps: int = 1
with exact { print "{|<zz([0.1, 0.2], reps: reps)|zz([0.3, 0.4], reps: reps)>|^2:.9f}" }
""")
        first = self.run_qdo(file)
        self.assertNotEqual(self.run_qdo(file, "--reps", "2"), first)
        self.assertEqual(len({entry.read_bytes() for entry in self.entries()}), 2)

    def test_failures_are_told_at_their_place(self):
        file = self.write("let xs = [1, 2, 3]\nparam at: int = 1\nprint xs[at]\n")
        for _ in range(2):
            self.run_qdo(file)
            done = subprocess.run([support.QDO, "run", file, "--at", "7"], capture_output=True,
                                  env={**support.environment(), "QDO_CACHE_DIR": str(self.cache)})
            self.assertIn(b"program.qdo:3:10", done.stderr)

    def test_broken_entries_are_made_again(self):
        file = self.write(SMALL)
        first = self.run_qdo(file)
        entry, = self.entries()
        whole = entry.read_bytes()
        flipped = bytearray(whole)
        flipped[len(whole) // 2] ^= 1
        for broken in (b"", whole[:10], whole[:-1], whole + b"\0", bytes(flipped)):
            entry.write_bytes(broken)
            self.assertEqual(self.run_qdo(file), first)
            self.assertEqual(entry.read_bytes(), whole)

    def test_code_that_others_can_write_is_not_run(self):
        file = self.write(SMALL)
        first = self.run_qdo(file)
        entry, = self.entries()
        entry.chmod(0o666)
        self.assertEqual(self.run_qdo(file), first)
        self.assertEqual(entry.stat().st_mode & 0o777, 0o600)

    def test_no_run_needs_it(self):
        file = self.write(SMALL)
        first = self.run_qdo(file, QDO_CACHE_DIR="")
        self.assertFalse(self.cache.exists())
        self.assertEqual(self.run_qdo(file, QDO_CACHE_MIB="0"), first)
        self.assertFalse(self.cache.exists())
        self.cache.write_text("a file where a folder should be")
        self.assertEqual(self.run_qdo(file), first)
        self.assertEqual(self.run_qdo(file, QDO_CACHE_DIR="/proc/none"), first)

    def test_folders_by_other_variables(self):
        file = self.write(SMALL)
        environment = {**support.environment(), "XDG_CACHE_HOME": str(self.folder / "xdg")}
        del environment["QDO_CACHE_DIR"]
        subprocess.run([support.QDO, "run", file], env=environment, check=True, capture_output=True)
        self.assertEqual(len(list((self.folder / "xdg" / "qdo").glob("*.code"))), 1)

    def test_runs_beside_each_other(self):
        file = self.write(SMALL)
        environment = {**support.environment(), "QDO_CACHE_DIR": str(self.cache)}
        running = [subprocess.Popen([support.QDO, "run", file], env=environment,
                                    stdout=subprocess.PIPE) for _ in range(6)]
        said = {process.communicate()[0] for process in running}
        self.assertEqual([process.returncode for process in running], [0] * 6)
        self.assertEqual(len(said), 1)
        self.assertEqual(sorted(left.suffix for left in self.cache.iterdir()),
                         [".code", ".inputs", ".ready"])

    def test_what_was_not_used_for_longest_goes(self):
        self.cache.mkdir()
        for k in range(5):
            old = self.cache / f"{k}.code"
            old.write_bytes(bytes(300_000))
            os.utime(old, (1000 + k, 1000 + k))
        (self.cache / "other").write_bytes(bytes(2_000_000))
        self.run_qdo(self.write(SMALL), QDO_CACHE_MIB="1")
        left = {entry.name for entry in self.cache.iterdir()}
        self.assertNotIn("0.code", left)
        self.assertIn("4.code", left)
        self.assertIn("other", left)
        self.assertLess(sum(entry.stat().st_size for entry in self.entries()), 1 << 20)

    def test_a_program_from_a_pipe(self):
        file = self.write(SMALL)
        first = self.run_qdo(file)
        shell = f'"{support.QDO}" run <(cat "{file}")'
        environment = {**support.environment(), "QDO_CACHE_DIR": str(self.cache)}
        for _ in range(2):
            self.assertEqual(subprocess.run(["bash", "-c", shell], env=environment, check=True,
                                            capture_output=True).stdout, first)

    def test_how_long_people_wait(self):
        for name, text, goal in (("4 qubits", SMALL, 0.25), ("12 qubits", LARGE, 0.3)):
            file = self.write(text)
            seconds = {"cold": [], "kept": []}
            for turn in range(5):
                for entry in self.entries():
                    entry.unlink()
                for kind in seconds:
                    begun = time.perf_counter()
                    self.run_qdo(file)
                    seconds[kind].append(time.perf_counter() - begun)
            cold, kept = (min(seconds[kind]) for kind in ("cold", "kept"))
            print(f"\n{name}: {cold * 1000:.0f} ms with nothing kept (goal {goal * 1000:.0f}), "
                  f"{kept * 1000:.0f} ms with its code kept")
            self.assertLess(cold, goal)


if __name__ == "__main__":
    unittest.main()
