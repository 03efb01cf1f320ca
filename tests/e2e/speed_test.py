#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# How long people wait for a small program: a run below 0.3 s, a check below 0.1 s.
# Why the minimum of five: other work on the machine only ever adds time, so the least is what comes
# nearest to what the command itself needs, and it is the number that a slower command must raise.
import time
import unittest

import support

RUNS = 5


def least_seconds(*arguments):
    seconds = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        done = support.qdo(*arguments)
        seconds.append(time.perf_counter() - begun)
        if done.returncode != 0:
            raise AssertionError(done.stderr.decode())
    return min(seconds)


class Speed(unittest.TestCase):
    def below(self, goal, *arguments):
        least = least_seconds(*arguments)
        print(f"qdo {arguments[0]} {arguments[1].name}: {least * 1000:.0f} ms, goal {goal * 1000:.0f} ms")
        self.assertLess(least, goal)

    def test_run(self):
        self.below(0.3, "run", support.EXAMPLES / "hello.qdo")

    def test_check(self):
        self.below(0.1, "check", support.EXAMPLES / "hello.qdo")


if __name__ == "__main__":
    unittest.main()
