#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The programs of docs/errors: each one under "Wrong" gives the code of its page, each one under
# "Right" gives no error at all.
# Why: a page that teaches something untrue is worse than none.
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "errors"
RUN_TIME = "05"  # E05xx: what only a run can find
SHORTENED = {"E0105"}  # a whole example would be longer than its page
EARLIER = {"E0505": "E0901"}  # what this version refuses before the run could


def programs(text):
    """The qdo blocks of a page: (heading, program)."""
    heading = None
    for part in re.finditer(r"^## ([^\n]+)$|^```qdo\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if part[1]:
            heading = part[1].strip()
        elif heading in ("Wrong", "Right"):
            yield heading, part[2]


def check(qdo, folder, page):
    code = page.stem
    command = "run" if code[1:3] == RUN_TIME else "check"
    for number, (heading, program) in enumerate(programs(page.read_text())):
        file = folder / f"{code}_{number}.qdo"
        file.write_text(program)
        done = subprocess.run([qdo, command, file.name], cwd=folder, capture_output=True, text=True,
                              timeout=120, stdin=subprocess.DEVNULL)
        found = set(re.findall(r"^(?:error|warning)\[([EW]\d{4})\]", done.stderr, re.MULTILINE))
        wrong = heading == "Wrong" and code not in SHORTENED
        expected = {EARLIER.get(code, code)} if wrong else set()
        if found != expected or (heading == "Right" and done.returncode != 0):
            listing = ", ".join(sorted(found)) or "nothing"
            yield f"{page.name}, {heading}: {listing}, exit status {done.returncode}\n{done.stderr}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qdo", required=True, help="the compiler to test")
    parser.add_argument("filters", nargs="*", help="only codes that contain one of these")
    options = parser.parse_args()
    qdo = str(pathlib.Path(options.qdo).resolve())
    failures = 0
    pages = [page for page in sorted(PAGES.glob("?????.md"))
             if not options.filters or any(word in page.stem for word in options.filters)]
    with tempfile.TemporaryDirectory() as scratch:
        for page in pages:
            for finding in check(qdo, pathlib.Path(scratch), page):
                failures += 1
                print(f"== {finding}")
    print(f"{len(pages)} pages, {failures} findings")
    return 1 if failures or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
