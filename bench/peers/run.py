#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Installs the peers in an environment of the build folder and runs the comparison there.
# In: that folder, the qdo to measure, words that select workloads. A peer that cannot be installed
# is named as missing; the others are measured all the same.
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


def install(folder):
    """The environment's Python; installs only what is not as pinned."""
    python, installed = folder / "bin" / "python", folder / "installed.txt"
    if installed.exists() and installed.read_bytes() == REQUIREMENTS.read_bytes():
        return python
    venv.create(folder, with_pip=True, clear=True)
    for line in REQUIREMENTS.read_text().splitlines():
        if line.startswith("#"):
            continue
        done = subprocess.run([python, "-m", "pip", "install", "--quiet",
                               "--disable-pip-version-check", line], capture_output=True, text=True)
        if done.returncode != 0:
            print(f"missing: {line} could not be installed", file=sys.stderr)
    installed.write_bytes(REQUIREMENTS.read_bytes())
    return python


if __name__ == "__main__":
    python = install(pathlib.Path(sys.argv[1]))
    sys.exit(subprocess.run([python, "-B", HERE / "compare.py", *sys.argv[2:]]).returncode)
