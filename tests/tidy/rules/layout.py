# SPDX-License-Identifier: Apache-2.0
# Spaces, tabs, widths and line endings.
from tree import Finding

CXX = (".cpp", ".h", ".td")
TEXT = CXX + (".def", ".g4", ".py", ".cmake", ".txt", ".md", ".qdo", ".json", ".sh", ".in")
COLUMNS = 100
# What tests feed to the compiler may be ugly on purpose.
FREE = ("tests/lit/", "tests/fuzz/")


def check(tree):
    for path in tree.paths:
        if not (path.endswith(TEXT) or "." not in path.split("/")[-1]) or path.startswith(FREE):
            continue
        text = tree.text(path)
        if not text or path == "LICENSE":
            continue
        if not text.endswith("\n"):
            yield Finding(path, text.count("\n") + 1, "no line end at the end of the file")
        for number, line in tree.lines(path):
            if line.endswith("\r"):
                yield Finding(path, number, "carriage return")
            elif line != line.rstrip():
                yield Finding(path, number, "trailing space")
            if path.endswith(CXX) and "\t" in line:
                yield Finding(path, number, "tab")
            if path.endswith(CXX) and len(line) > COLUMNS and "://" not in line:
                yield Finding(path, number, f"{len(line)} columns; at most {COLUMNS}")
