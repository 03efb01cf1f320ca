#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The table of laws x constructs (table.ini): every cell names golden messages or says why there can
# be none; every message of a law stands in some cell; every other code has a golden message.
# Why: a law that nobody tried in a `while` is a law nobody knows the message of.
import configparser
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CONSTRUCTS = ["if", "else", "while", "for", "repeat", "call", "closure", "tuple", "slice",
              "early exit", "estimate block", "module boundary"]
LAWS = [f"E02{number:02}" for number in range(1, 11)] + ["E0310"]
# What a program of a cell has to contain, so that a cell does not hold the wrong program.
MARKS = {"if": r"\bif\b|\band\b|\bor\b", "else": r"\belse\b", "while": r"\bwhile\b",
         "for": r"\bfor\b", "repeat": r"\brepeat\b", "call": r"\w\(", "closure": r"->",
         "tuple": r"\([^()]*, |\(\w+: ", "slice": r"\[[^\]]*\.\.",
         "early exit": r"\breturn\b|\bbreak\b|\bcontinue\b", "estimate block": r"\bestimate \{",
         "module boundary": r"\buse\b|\bsample\b|\bcsv\b"}


def codes(path):
    """The codes that a golden message shows."""
    return set(re.findall(r"^(?:error|warning)\[([EW]\d{4})\]", path.read_text(), re.MULTILINE))


def cell_findings(law, construct, entry, used):
    if entry.startswith("none:"):
        if len(entry.removeprefix("none:").split()) < 4:
            yield "gives no reason"
        return
    for name in re.split(r"[,\s]+", entry):
        program, message = HERE / "laws" / law / f"{name}.qdo", HERE / "laws" / law / f"{name}.stderr"
        used.add(program)
        if not program.exists():
            yield f"there is no laws/{law}/{name}.qdo"
        elif not message.exists() or law not in codes(message):
            yield f"laws/{law}/{name} does not give {law}"
        elif not re.search(MARKS[construct], program.read_text()):
            yield f"laws/{law}/{name} has no {construct}"


def findings():
    table = configparser.ConfigParser(delimiters=("=",), comment_prefixes=("#",))
    table.optionxform = str
    table.read(HERE / "table.ini")
    used = set()
    for law in LAWS:
        rows = dict(table[law]) if law in table else {}
        for construct in CONSTRUCTS:
            entry = " ".join(rows.pop(construct, "").split())
            if not entry:
                yield f"{law} x {construct}: the cell is empty"
                continue
            for finding in cell_findings(law, construct, entry, used):
                yield f"{law} x {construct}: {finding}"
        extra = rows.pop("also", "").split()
        used.update(HERE / "laws" / law / f"{name}.qdo" for name in extra)
        yield from (f"{law}: `{row}` is no construct" for row in rows)
        for program in sorted((HERE / "laws" / law).glob("*.qdo")):
            if program not in used:
                yield f"{program.relative_to(HERE)} stands in no cell"
    catalogue = (ROOT / "compiler/diag/catalogue.def").read_text()
    catalogue += (ROOT / "runtime/include/qdo/runtime/status.def").read_text()
    shown = set()
    for message in HERE.rglob("*.stderr"):
        shown |= codes(message)
    without = dict(table["codes"]) if "codes" in table else {}
    for code in sorted(set(re.findall(r"^QDO_CODE\((\w+),", catalogue, re.MULTILINE))):
        reason = without.pop(code, None)
        if code not in shown and not reason:
            yield f"{code} has no golden message"
        if code in shown and reason:
            yield f"{code} has a golden message, and a reason to have none"
    yield from (f"[codes] {code} is no code" for code in without)


def main():
    found = list(findings())
    for finding in found:
        print(f"== {finding}")
    print(f"{len(LAWS) * len(CONSTRUCTS)} cells, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
