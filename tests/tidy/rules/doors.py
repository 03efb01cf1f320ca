# SPDX-License-Identifier: Apache-2.0
# What decides the code of a program is read through the session, which takes notes: files and
# environment are out of reach between its text and its IR.
# Why: a later run with the same inputs skips all of that (docs/decisions/0042).
import re

from tree import Finding

READS = re.compile(r"(?:\b(?:fopen|getenv|secure_getenv|ifstream|fstream|stat|lstat|getFile|getcwd|"
                   r"random_device|exists|is_directory|current_path|canonical|file_size|"
                   r"last_write_time|directory_iterator)|(?<!\w)::open|system_clock::now)\s*[({]")
CLOSED = ("compiler/base/", "compiler/diag/", "compiler/syntax/", "compiler/sema/", "compiler/lower/")


def check(tree):
    for path in tree.with_suffix(".cpp", ".h"):
        if not path.startswith(CLOSED):
            continue
        for number, line in tree.lines(path):
            reads = READS.search(line.split("//")[0])
            if reads:
                yield Finding(path, number, f"`{reads.group()}` reads what a later run cannot know of; "
                                            "ask the session")
