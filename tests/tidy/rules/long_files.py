# SPDX-License-Identifier: Apache-2.0
# A file holds one idea: at most 600 lines, or an entry in tests/tidy/long_files.txt.
# The list is a ratchet: `path lines reason`; a file may shrink below its number, never pass it, and
# leaves the list when it is short again.
from tree import Finding

LIST = "tests/tidy/long_files.txt"
SUFFIXES = (".cpp", ".h", ".td", ".def", ".g4", ".py")
LONGEST = 600


def allowances(tree):
    for number, line in tree.lines(LIST) if LIST in tree else ():
        if line.strip() and not line.startswith("#"):
            yield number, line.split(None, 2)


def check(tree):
    allowed = {}
    for number, words in allowances(tree):
        if len(words) < 3 or not words[1].isdigit():
            yield Finding(LIST, number, "expected `path lines reason`")
            continue
        allowed[words[0]] = int(words[1])
        if words[0] not in tree:
            yield Finding(LIST, number, f"{words[0]} does not exist")
        elif (tree.text(words[0]) or "").count("\n") <= LONGEST:
            yield Finding(LIST, number, f"{words[0]} is short again: remove its line")
    for path in tree.with_suffix(*SUFFIXES):
        count = (tree.text(path) or "").count("\n")
        limit = max(allowed.get(path, LONGEST), LONGEST)
        if count > limit:
            yield Finding(path, limit + 1, f"{count} lines; at most {limit}: does it hold one idea?")
