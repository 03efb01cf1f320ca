#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Every published accuracy that examples/bowles2024.qdo can compute, digit by digit.
# In: published.tsv and its data. Out: how many cells match.
# Why the digits: the published tables are the one oracle here that nobody of this project wrote.
import concurrent.futures
import csv
import unittest

import support

FOLDER = support.EXAMPLES / "data" / "bowles2024"
MODELS = {"IQPKernelClassifier": "iqp", "SeparableKernelClassifier": "separable", "SVC": "rbf"}
OPTIONS = {"C": "C", "repeats": "repeats", "encoding_layers": "layers", "gamma": "gamma"}


def cells():
    """The rows of the table that this example speaks about."""
    with open(FOLDER / "published.tsv", encoding="utf-8") as table:
        rows = csv.DictReader((line for line in table if not line.startswith("#")), delimiter="\t")
        return [row for row in rows if row["model"] in MODELS and hyper(row).get("repeats", "1") == "1"]


def hyper(row):
    return dict(pair.split(",") for pair in row["best_hyperparameters"].split(";"))


def arguments(row):
    words = ["--file", f"data/bowles2024/{row['dataset']}.csv", "--model", MODELS[row["model"]]]
    for name, value in hyper(row).items():
        if name in OPTIONS:  # max_vmap only says how much the authors computed at once
            words += [f"--{OPTIONS[name]}", value]
        elif name != "max_vmap":
            raise ValueError(f"published.tsv: unknown hyper-parameter {name}")
    return words


def compute(row):
    done = support.qdo("run", support.EXAMPLES / "bowles2024.qdo", *arguments(row), "--threads", "1", "--quiet",
                       seconds=300)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def independent_count():
    """Counted without the parser above, so that a cell it drops is missed here."""
    lines = (FOLDER / "published.tsv").read_text(encoding="utf-8").splitlines()
    iqp = sum("\tIQPKernelClassifier\t" in line and line.split("\t")[5].endswith("repeats,1") for line in lines)
    return iqp + sum("\tSeparableKernelClassifier\t" in line or "\tSVC\t" in line for line in lines)


class Published(unittest.TestCase):
    def test_every_cell(self):
        rows = cells()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(compute, rows))
        wrong, ran = [], 0
        for row, (status, found, said) in zip(rows, results):
            ran += status == 0
            expected = f"train {row['train_mean']}  test {row['test_mean']}\n"
            if status != 0 or found != expected:
                wrong.append(f"{row['dataset']} {row['model']} {row['best_hyperparameters']}: "
                             f"published {expected.strip()}, found {found.strip()} (status {status})\n{said}")
        print(f"{len(rows) - len(wrong)} of {len(rows)} published cells match in every digit")
        self.assertEqual(ran, independent_count(), "\n".join(wrong))
        self.assertEqual(wrong, [], "\n".join(wrong))


if __name__ == "__main__":
    unittest.main()
