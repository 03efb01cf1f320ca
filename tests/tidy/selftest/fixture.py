# SPDX-License-Identifier: Apache-2.0
# Small trees on disk for the rules to judge.
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from tree import Tree  # noqa: E402


class RuleTest(unittest.TestCase):
    rule = None

    def found(self, files):
        """What the rule finds in a tree of these files, as `path:line: text`."""
        with tempfile.TemporaryDirectory() as root:
            for path, content in files.items():
                full = os.path.join(root, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "wb") as file:
                    file.write(content if isinstance(content, bytes) else content.encode())
            return [str(finding) for finding in self.rule.check(Tree(root))]

    def passes(self, files):
        self.assertEqual(self.found(files), [])

    def fails(self, files, *parts):
        """Exactly one finding for each of `parts`, in order, that contains it."""
        found = self.found(files)
        self.assertEqual(len(found), len(parts), found)
        for finding, part in zip(found, parts):
            self.assertIn(part, finding)
