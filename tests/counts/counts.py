#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Instructions of three small kernels, counted by callgrind, against the numbers of counts.txt: a
# kernel that takes 5 % more than it did has become slower, whatever the machine is busy with.
# Why two instruction sets by name: counts must not depend on the processor that counts them.
# After a change that is meant: `tests/counts/counts.py --kernels build/release/tests/counts/kernels --update`.
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FILE = pathlib.Path(__file__).with_name("counts.txt")
WORK = ("states", "gram", "layers")
SETS = ("baseline", "AVX2")
SLOWER = 1.05
SKIPPED = 77


def count(kernels, work, instructions):
    """Instructions inside `counted`; None where this machine cannot run them."""
    said = subprocess.run([kernels, work, instructions], capture_output=True, text=True, check=True)
    if said.stdout.strip() == "unavailable":
        return None
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=counted",
             f"--callgrind-out-file={scratch}/out", kernels, work, instructions],
            capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found or int(found[1]) == 0:
        raise SystemExit(f"callgrind counted nothing:\n{done.stdout}{done.stderr}")
    if done.stdout != said.stdout:
        raise SystemExit(f"{work}, {instructions}: {done.stdout.strip()} under valgrind, {said.stdout.strip()} without")
    return int(found[1])


def known():
    lines = (line.split() for line in FILE.read_text().splitlines() if line and line[0] != "#")
    return {(work, instructions): int(number) for work, instructions, number in lines}


def write(counts):
    head = [line for line in FILE.read_text().splitlines() if line.startswith("#")] if FILE.exists() else []
    FILE.write_text("\n".join(head + [f"{w} {i} {n}" for (w, i), n in counts.items()]) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernels", required=True, help="the program that does the work")
    parser.add_argument("--update", action="store_true", help="write counts.txt anew")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        print("skipped: no valgrind to count with (Debian package `valgrind`)")
        return SKIPPED
    expected = known() if FILE.exists() else {}
    counts, slower = {}, []
    for work in WORK:
        for instructions in SETS:
            now = count(options.kernels, work, instructions)
            if now is None:
                print(f"{work:8}{instructions:10} not on this machine")
                continue
            counts[work, instructions] = now
            before = expected.get((work, instructions))
            ratio = now / before if before else 1.0
            print(f"{work:8}{instructions:10}{now:>14,}" + (f"  {ratio:.3f} of {before:,}" if before else "  new"))
            if not before or ratio > SLOWER:
                slower.append(f"{work} with {instructions}")
            elif ratio < 1 / SLOWER:
                print("        faster than it was: --update keeps what was won")
    if options.update:
        write({**expected, **counts})
        return 0
    if slower:
        print(f"\nslower by more than 5 %, or not known: {', '.join(slower)}.\n"
              "Find out why; if it is the price of something that is worth it, write the new counts with\n"
              f"  {pathlib.Path(__file__).name} --kernels {options.kernels} --update\n"
              "and say in the commit what they pay for.")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
