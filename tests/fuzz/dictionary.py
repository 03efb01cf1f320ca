#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The words and marks of the grammar, and the names of the standard library, as a libFuzzer
# dictionary.
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXTRA = ["qubit[", "real[", "int", "bool", "prep[", "std.encodings", "std.select", "shots(", "exact",
         "}\n", "\n", "0..", "1e999", "9223372036854775807", "25ns", "95%", "\\n", "{x:.3f}"]


def entries():
    grammar = (ROOT / "grammar" / "QdoLexer.g4").read_text()
    for rule in re.finditer(r"^[A-Z_]+\s*:(.*)$|'((?:[^'\\\n]|\\.)+)'", grammar, re.MULTILINE):
        for word in re.findall(r"'((?:[^'\\\n]|\\.)+)'", rule[0]):
            if not word.startswith("\\"):
                yield word
    for module in sorted((ROOT / "stdlib").rglob("*.qdo")):
        for name in re.findall(r"^(?:encoding|circuit|fn)\s+(\w+)", module.read_text(), re.MULTILINE):
            yield name
    yield from re.findall(r"QDO_GATE\((\w+),", (ROOT / "runtime/include/qdo/runtime/gates.def")
                          .read_text())
    for clause in ("budget", "each", "batch", "until", "confidence", "allocate", "score", "take",
                   "start", "learn", "stop when", "csv"):
        yield clause
    yield from EXTRA


def quoted(word):
    return "".join(c if c.isprintable() and c not in '"\\' else f"\\x{ord(c):02x}" for c in word)


if __name__ == "__main__":
    lines = sorted({f'"{quoted(word)}"' for word in entries() if word.isascii()})
    pathlib.Path(sys.argv[1]).write_text("\n".join(lines) + "\n")
