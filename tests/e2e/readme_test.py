# SPDX-License-Identifier: Apache-2.0
# What the README shows is what happens: its programs are those of the repository, its outputs are real.
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
QDO = os.environ["QDO"]


def blocks(kind):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```%s\n(.*?)```" % kind, text, re.DOTALL)


class Readme(unittest.TestCase):
    def test_the_program_is_the_example(self):
        example = (ROOT / "examples/flowers.qdo").read_text(encoding="utf-8")
        self.assertEqual(blocks("qdo")[0].strip(), example.strip())

    def test_its_output_is_real(self):
        shown = blocks("console")[0].split("\n", 1)[1]
        run = subprocess.run([QDO, "run", "examples/flowers.qdo", "--quiet"], cwd=ROOT,
                             capture_output=True, text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(run.stdout.strip(), shown.strip())

    def test_the_message_is_real(self):
        shown = blocks("console")[1].split("\n", 1)[1]
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "twice.qdo").write_text(blocks("qdo")[1], encoding="utf-8")
            run = subprocess.run([QDO, "check", "twice.qdo"], cwd=folder, capture_output=True,
                                 text=True, timeout=60)
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stderr.strip(), shown.strip())


if __name__ == "__main__":
    unittest.main()
