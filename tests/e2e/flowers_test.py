#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# examples/flowers.qdo: what it prints, that it is the same run wherever it runs, that it stays
# within its budget, and that it is the program the language was designed with.
import hashlib
import re
import unittest

import support

FLOWERS = support.EXAMPLES / "flowers.qdo"
BUDGET = 8_000_000
ROUNDS = 12
# The program as the description of the language has it (section 4): a change to the example is a
# change to the language and has to be one on purpose.
SHA256 = "d1e6ee3f1ba98100c43fa919f2806c8ea133f9895293a3226fc16bf422b4d95b"
ROUND = re.compile(r"round (\d+): accuracy (\d\.\d{3}), (\d+) shots")
CHOSEN = re.compile(r"(\d+) of 90 points were worth encoding \((.+)\)")
TEST = re.compile(r"test accuracy (\d\.\d{3})")
REASONS = {"accuracy(m, flowers.valid) >= 95%", "round == rounds", "budget", "pool"}


def run(*arguments):
    return support.qdo("run", FLOWERS, *arguments, seconds=300)


class Flowers(support.Case):
    def lines(self, *arguments):
        done = run(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode().splitlines()

    def check(self, lines, seed):
        rounds = [ROUND.fullmatch(line) for line in lines[:-2]]
        self.assertTrue(rounds and all(rounds), f"seed {seed}: {lines}")
        numbers = [int(found[1]) for found in rounds]
        self.assertEqual(numbers, list(range(1, len(rounds) + 1)), f"seed {seed}")
        self.assertLessEqual(len(rounds), ROUNDS)
        spent = [int(found[3]) for found in rounds]
        self.assertEqual(spent, sorted(spent), f"seed {seed}: spending never goes back")
        self.assertGreater(spent[0], 0)
        self.assertLessEqual(spent[-1], BUDGET)
        chosen, test = CHOSEN.fullmatch(lines[-2]), TEST.fullmatch(lines[-1])
        self.assertTrue(chosen and test, f"seed {seed}: {lines[-2:]}")
        self.assertIn(chosen[2], REASONS)
        # 9 rows to start with, 5 more for each round that was told.
        self.assertEqual(int(chosen[1]), 9 + 5 * len(rounds))
        self.assertGreater(float(test[1]), 1 / 3, f"seed {seed}: no better than guessing")
        return chosen[2]

    def test_the_text_is_the_published_one(self):
        self.assertEqual(hashlib.sha256(FLOWERS.read_bytes()).hexdigest(), SHA256)

    def test_ten_seeds(self):
        outputs = {}
        for seed in range(10):
            outputs[seed] = self.lines("--seed", seed)
            with self.subTest(seed=seed):
                self.check(outputs[seed], seed)
        self.assertEqual(len({tuple(lines) for lines in outputs.values()}), 10,
                         "two seeds gave one output")

    def test_the_same_run_again(self):
        first, second = run("--seed", "3"), run("--seed", "3")
        self.assertEqual((first.stdout, first.stderr), (second.stdout, second.stderr))
        self.assertNotEqual(first.stdout, run("--seed", "4").stdout)

    def test_threads_change_nothing(self):
        one, four = run("--threads", "1"), run("--threads", "4")
        self.assertEqual(one.returncode, 0)
        self.assertEqual((one.stdout, one.stderr), (four.stdout, four.stderr))

    def test_the_default_seed_is_zero(self):
        self.assertEqual(run().stdout, run("--seed", "0").stdout)

    def test_rounds_ends_it(self):
        lines = self.lines("--rounds", "2")
        self.assertEqual(self.check(lines, 0), "round == rounds")
        self.assertEqual(len(lines), 4)

    def test_the_budget_is_a_hard_cap(self):
        """A smaller purse: the selection ends with it, and what is left pays for nothing more."""
        text = FLOWERS.read_text().replace("8_000_000 shots", "1_200_000 shots")
        text = text.replace("csv(\"data/", f"csv(\"{support.EXAMPLES}/data/")
        text = text.replace("with thrifty { print", "print \"spent {spent.shots}\"\nwith thrifty { print")
        done = support.qdo("run", self.write(text), "--quiet")
        spent = re.search(r"^spent (\d+)$", done.stdout.decode(), re.MULTILINE)
        self.assertIn("points were worth encoding (budget)", done.stdout.decode())
        self.assertLessEqual(int(spent[1]), 1_200_000)
        self.assertIn(done.returncode, (0, 5), done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
