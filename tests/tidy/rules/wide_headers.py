# SPDX-License-Identifier: Apache-2.0
# Headers that pull in all of MLIR stay in ir/pipeline: each costs most of a minute to compile.
import re

from tree import Finding

WIDE = re.compile(r'#\s*include\s+["<](mlir/(?:InitAll\w+\.h|Conversion/Passes\.h))[">]')
ALLOWED = "ir/pipeline/"


def check(tree):
    for path in tree.with_suffix(".cpp", ".h"):
        if path.startswith(ALLOWED):
            continue
        for number, line in tree.lines(path):
            wide = WIDE.search(line)
            if wide:
                yield Finding(path, number, f"{wide.group(1)} is only for {ALLOWED}")
