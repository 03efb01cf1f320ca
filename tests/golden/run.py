#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Golden messages: every program beside a .stderr file that shows what people read, whole.
# In: programs, and the inputs that inputs.py makes. Out: differences; --update rewrites the files.
# Why whole messages: an error is a piece of prose, and prose is reviewed as it is read.
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import inputs

HERE = pathlib.Path(__file__).resolve().parent
SETTING = re.compile(r"// (run|exit): (.*)")
SECONDS = 120
# What depends on the machine that runs the tests.
VARYING = [(re.compile(r"this machine has [\d.]+ \w+"), "this machine has ... GiB")]


class Case:
    """One call of qdo. Leading `// run: ...` and `// exit: ...` lines change what is expected."""

    def __init__(self, program, folder, name=None):
        self.name = name or str(program.relative_to(HERE).with_suffix(""))
        self.program, self.folder = program, folder
        self.arguments, self.status = ["check"], 1
        for line in program.read_bytes().split(b"\n"):
            setting = SETTING.fullmatch(line.decode("utf-8", "replace"))
            if not setting:
                break
            if setting[1] == "run":
                self.arguments = setting[2].split()
            else:
                self.status = int(setting[2])
        self.expectation = HERE / (self.name + ".stderr")

    def expected(self):
        return self.expectation.read_text() if self.expectation.exists() else ""

    def run(self, qdo):
        """The status and what was written, or why there is neither."""
        command = [qdo, self.arguments[0], self.program.name, *self.arguments[1:]]
        environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
        for kept in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "HOME"):
            if kept in os.environ:
                environment[kept] = os.environ[kept]
        try:
            done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True,
                                  timeout=SECONDS, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return None, f"qdo did not end within {SECONDS} seconds\n"
        text = done.stderr.decode("utf-8", "replace")
        for pattern, replacement in VARYING:
            text = pattern.sub(replacement, text)
        return done.returncode, text


def judge(case, qdo, update):
    """The findings of one case as text; empty if it is as expected."""
    status, text = case.run(qdo)
    findings = []
    if status != case.status:
        findings.append(f"exit status {status}, expected {case.status}\n")
    if status is not None and text != case.expected():
        if update:
            case.expectation.parent.mkdir(parents=True, exist_ok=True)
            if text:
                case.expectation.write_text(text)
            else:
                case.expectation.unlink(missing_ok=True)
        else:
            findings += difflib.unified_diff(case.expected().splitlines(True),
                                             text.splitlines(True), "expected", "found")
    elif status is None:
        findings.append(text)
    return "".join(findings)


def collect(scratch):
    for program in sorted(HERE.rglob("*.qdo")):
        name = program.relative_to(HERE).with_suffix("")
        if name.parts[0] != "kept":
            yield Case(program, program.parent)
            continue
        # What writes beside itself runs in a folder of its own.
        copy = scratch / name / program.name
        copy.parent.mkdir(parents=True)
        copy.write_bytes(program.read_bytes())
        yield Case(copy, copy.parent, str(name))
    for name, content in inputs.PROGRAMS.items():
        program = scratch / (name + ".qdo")
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_bytes(content)
        yield Case(program, program.parent, name)
    for name, content in inputs.FILES.items():
        (scratch / name).parent.mkdir(parents=True, exist_ok=True)
        (scratch / name).write_bytes(content)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qdo", required=True, help="the compiler to test")
    parser.add_argument("--update", action="store_true", help="rewrite the .stderr files")
    parser.add_argument("filters", nargs="*", help="only names that contain one of these")
    options = parser.parse_args()
    qdo = str(pathlib.Path(options.qdo).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        cases = [case for case in collect(pathlib.Path(scratch))
                 if not options.filters or any(word in case.name for word in options.filters)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = list(pool.map(lambda case: judge(case, qdo, options.update), cases))
    failed = [(case, text) for case, text in zip(cases, results) if text]
    for case, text in failed:
        print(f"== {case.name}\n{text}")
    known = {case.expectation for case in cases}
    orphans = [] if options.filters else [path for path in sorted(HERE.rglob("*.stderr"))
                                          if path not in known]
    for path in orphans:
        print(f"== {path.relative_to(HERE)}: no program has this expectation")
    print(f"{len(cases) - len(failed)} of {len(cases)} golden messages are as expected")
    return 1 if failed or orphans or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
