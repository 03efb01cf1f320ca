#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Installs the pinned libraries in an environment of the build folder and runs the tests there.
# In: that folder. Why a failure when one is missing: a comparison that was not made did not pass.
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


def install(folder):
    """The environment's Python; installs only what is not as pinned."""
    python = folder / "bin" / "python"
    installed = folder / "installed.txt"
    if installed.exists() and installed.read_bytes() == REQUIREMENTS.read_bytes():
        return python
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                           "-r", REQUIREMENTS], capture_output=True, text=True)
    if done.returncode != 0:
        lines = REQUIREMENTS.read_text().splitlines()
        wanted = ", ".join(line for line in lines if not line.startswith("#"))
        sys.exit(f"missing: {wanted} could not be installed\n{done.stdout}{done.stderr}")
    installed.write_bytes(REQUIREMENTS.read_bytes())
    return python


def main():
    python = install(pathlib.Path(sys.argv[1]))
    return subprocess.run([python, "-B", "-m", "unittest", "discover", "-v", "-p", "*_test.py"],
                          cwd=HERE).returncode


if __name__ == "__main__":
    sys.exit(main())
