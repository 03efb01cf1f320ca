#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# How long people wait: a run of a small program below 0.3 s, a check of it below 0.1 s, a check of
# a program of 2,500 lines below 0.25 s however its lines are divided; of a long program, in proportion.
# Why the minimum of five: other work on the machine only ever adds time, so the least is what comes
# nearest to what the command itself needs, and it is the number that a slower command must raise.
# Why processor time for check and fmt: they have one thread, so on a machine with nothing else to do
# it is the time people wait, and other work adds less to it.
import re
import resource
import time
import unittest

import large_program
import support

# Goals are those of a machine that does REFERENCE below in NOMINAL seconds; a slower one gets as much
# more, up to three times, and a faster one no less.
RUNS = 5
NOMINAL = 0.1
REFERENCE = "sum(i * i for i in range(2_000_000))"

UNROLLED = """use std.encodings.zz
let p = zz([0.1, 0.2])
for i in 0..{} {{ with shots(10) {{ print |<p|p>|^2 }} }}
"""

CONDITIONS = """use std.encodings.zz
with shots(10) {{ for i in 0..{} {{ let p = zz([0.0001 * i, 0.2]); if |<p|p>|^2 >= 2 at 99% {{ print i }} }} }}
"""


def slowness():
    seconds = []
    for _ in range(RUNS):
        begun = time.process_time()
        eval(REFERENCE)
        seconds.append(time.process_time() - begun)
    return min(max(min(seconds) / NOMINAL, 1), 3)


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def least_seconds(*arguments):
    clock = time.perf_counter if arguments[0] == "run" else processor_seconds
    seconds = []
    for _ in range(RUNS):
        begun = clock()
        done = support.qdo(*arguments)
        seconds.append(clock() - begun)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode())
    return min(seconds)


class Speed(support.Case):
    def below(self, goal, *arguments):
        goal *= slowness()
        least = least_seconds(*arguments)
        print(f"qdo {arguments[0]} {arguments[1].name}: {least * 1000:.0f} ms, goal {goal * 1000:.0f} ms")
        self.assertLess(least, goal)

    def test_run(self):
        self.below(0.3, "run", support.EXAMPLES / "hello.qdo")

    def test_check(self):
        self.below(0.1, "check", support.EXAMPLES / "hello.qdo")

    def test_check_of_a_large_program(self):
        program = large_program.program(2500)
        self.assertGreaterEqual(program.count("\n"), 2500)
        self.below(0.25, "check", self.write(program, "large.qdo"))

    def test_check_of_a_large_program_on_one_line(self):
        bare = re.sub(r" *//.*", "", large_program.program(2500))
        line = re.sub(r"\{;", "{", re.sub(r"\s*\n\s*", ";", bare.strip()))
        line = line.replace(";}", " }").replace("};else", "} else")
        self.below(0.25, "check", self.write(line + "\n", "line.qdo"))

    def test_format_of_a_large_program(self):
        self.below(0.5, "fmt", self.write(large_program.program(2500), "large.qdo"), "--check")

    def test_a_long_program_takes_time_in_proportion(self):
        self.in_proportion(UNROLLED, 2000, 8000)

    def test_many_conditions_take_time_in_proportion(self):
        self.in_proportion(CONDITIONS, 500, 2000)

    def in_proportion(self, text, few, many):
        """Of a program whose length grows with its turns: `many` are four times `few`."""
        def seconds(turns):
            program = self.write(text.format(turns), f"turns{turns}.qdo")
            least = []
            for _ in range(2):
                begun = processor_seconds()
                self.expect(0, "emit", program, "--stage=llvm")
                least.append(processor_seconds() - begun)
            return min(least)
        short, long = seconds(few), seconds(many)
        print(f"qdo emit of {few:,} and {many:,} turns: {short:.2f} and {long:.2f} s")
        self.assertLess(long, 8 * short)  # four times the work; what grows with its square takes 16 times


if __name__ == "__main__":
    unittest.main()
