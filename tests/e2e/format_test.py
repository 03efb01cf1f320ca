#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# `qdo fmt` as a shell sees it: files, folders, stdin, --check, files with mistakes, permissions.
import os
import stat
import subprocess
import unittest

import support

UGLY = "let a=1\nprint   a\n"
NEAT = "let a = 1\nprint a\n"


class Format(support.Case):
    def text(self, file):
        return file.read_text()

    def test_a_file_in_place(self):
        file = self.write(UGLY)
        file.chmod(0o640)
        self.assertEqual(self.expect(0, "fmt", file).stdout, b"")
        self.assertEqual(self.text(file), NEAT)
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o640)
        self.assertEqual([f.name for f in self.folder.iterdir()], [file.name], "a draft was left")

    def test_a_neat_file_is_not_written(self):
        file = self.write(NEAT)
        before = file.stat().st_mtime_ns, file.stat().st_ino
        self.expect(0, "fmt", file)
        self.assertEqual((file.stat().st_mtime_ns, file.stat().st_ino), before)

    def test_check_changes_nothing(self):
        ugly, neat = self.write(UGLY, "ugly.qdo"), self.write(NEAT, "neat.qdo")
        done = self.expect(1, "fmt", "--check", ugly, neat)
        self.assertEqual(done.stdout.decode(), f"{ugly}\n")
        self.assertEqual(self.text(ugly), UGLY)
        self.assertEqual(self.expect(0, "fmt", "--check", neat).stdout, b"")

    def test_folders(self):
        first, second = self.write(UGLY, "a/one.qdo"), self.write(UGLY, "a/b/two.qdo")
        other = self.write(UGLY, "a/other.txt")
        self.expect(0, "fmt", self.folder / "a")
        self.assertEqual((self.text(first), self.text(second), self.text(other)), (NEAT, NEAT, UGLY))

    def test_stdin(self):
        for words in (["fmt", "-"], ["fmt", "--stdin"]):
            done = subprocess.run([support.QDO, *words], input=UGLY.encode(), capture_output=True,
                                  env=support.environment(), timeout=60)
            self.assertEqual((done.returncode, done.stdout), (0, NEAT.encode()), done.stderr)

    def test_mistakes_leave_the_file(self):
        broken, ugly = self.write("let = 1\nprint   a\n", "broken.qdo"), self.write(UGLY, "ugly.qdo")
        done = self.expect(1, "fmt", broken, ugly)
        self.assertIn(b"error[E0101]", done.stderr)
        self.assertIn(b"broken.qdo:1:", done.stderr)
        self.assertEqual(self.text(broken), "let = 1\nprint   a\n")
        self.assertEqual(self.text(ugly), NEAT, "the other file is formatted all the same")

    def test_a_link_stays_a_link(self):
        file, link = self.write(UGLY), self.folder / "link.qdo"
        link.symlink_to(file.name)
        self.expect(0, "fmt", link)
        self.assertTrue(link.is_symlink())
        self.assertEqual(self.text(file), NEAT)

    def test_what_cannot_be_read_or_written(self):
        self.assertIn(b"error[E0001]", self.expect(3, "fmt", self.folder / "none.qdo").stderr)
        self.expect(2, "fmt")
        if os.geteuid() != 0:
            file = self.write(UGLY, "closed/program.qdo")
            file.parent.chmod(0o500)
            self.addCleanup(file.parent.chmod, 0o700)
            self.assertIn(b"error[E0003]", self.expect(3, "fmt", file).stderr)
            self.assertEqual(self.text(file), UGLY)

    def test_the_examples_are_neat(self):
        self.assertEqual(self.expect(0, "fmt", "--check", support.EXAMPLES).stdout, b"")


if __name__ == "__main__":
    unittest.main()
