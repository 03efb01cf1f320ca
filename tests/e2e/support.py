# SPDX-License-Identifier: Apache-2.0
# What every e2e test needs: the command under test, scratch folders, runs with a time limit.
# Why QDO by environment: a test must never pick up another qdo of this machine.
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
QDO = os.environ.get("QDO", str(ROOT / "build" / "release" / "bin" / "qdo"))
SECONDS = 120
KEPT = ("HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")


def environment():
    """The same for everybody: wording and numbers must not depend on who runs the tests."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    # Nothing of earlier runs: a test sees what it compiles itself.
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "QDO_CACHE_DIR": "", **kept}


def qdo(*arguments, cwd=None, seconds=SECONDS, **options):
    """One finished call of qdo; its output is bytes."""
    return subprocess.run([QDO, *map(str, arguments)], cwd=cwd, env=environment(), timeout=seconds,
                          stdin=subprocess.DEVNULL, capture_output=True, **options)


class Case(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def write(self, text, name="program.qdo"):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def expect(self, status, *arguments, **options):
        """A call that ends with `status`; shows what it said when it does not."""
        done = qdo(*arguments, **options)
        said = f"{arguments}\n{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}"
        self.assertEqual(done.returncode, status, said)
        return done
