# SPDX-License-Identifier: Apache-2.0
# No paths of somebody's machine, and no notes about work that is left.
# Why: the project is the same everywhere, and what is owed belongs in an issue.
import re

from tree import Finding

# Written in parts, so that this file passes its own rule.
MACHINE = re.compile(r"(?<![\w.$}{:/-])/(?:work|home|root|Users)/[\w.-]+")
OWED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
# A bare triple X is a Pauli string; at the start of a comment it is a note.
OWED_X = re.compile(r"(?://|#|;|<!--|/\*)\s*X" r"XX\b")


def check(tree):
    for path in tree.paths:
        for number, line in tree.lines(path):
            machine = MACHINE.search(line)
            if machine:
                yield Finding(path, number, f"a path of one machine: {machine.group()}")
            if OWED.search(line) or OWED_X.search(line):
                yield Finding(path, number, "a note about work that is left; do it or open an issue")
