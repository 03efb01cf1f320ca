# SPDX-License-Identifier: Apache-2.0
# Runs every rule over the repository and prints what breaks one as `path:line: text`.
# Out: exit status 0 when nothing does, 1 when something does.
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from rules import RULES  # noqa: E402
from tree import Tree  # noqa: E402


def main(arguments):
    here = os.path.dirname(os.path.abspath(__file__))
    tree = Tree(arguments[0] if arguments else os.path.join(here, "..", ".."))
    total = 0
    for rule in RULES:
        for finding in rule.check(tree):
            print(f"{finding} [{rule.__name__.removeprefix('rules.')}]")
            total += 1
    print(f"tidy: {len(tree.paths)} files, {len(RULES)} rules, {total} findings")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
