# SPDX-License-Identifier: Apache-2.0
# The files of the repository as rules see them: paths relative to its root, and their text.
# Why git decides: build folders and editors' leftovers are no part of the project.
import os
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class Tree:
    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.paths = sorted(self._list())
        self._set = set(self.paths)
        self._texts = {}

    def _list(self):
        if os.path.exists(os.path.join(self.root, ".git")):
            out = subprocess.run(
                ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                cwd=self.root, check=True, capture_output=True).stdout
            names = {os.fsdecode(name) for name in out.split(b"\0") if name}
            return [n for n in names if os.path.isfile(os.path.join(self.root, n))]
        found = []
        for folder, folders, names in os.walk(self.root):
            if folder == self.root:
                folders[:] = [f for f in folders if f != "build"]
            folders[:] = [f for f in folders if f != "__pycache__"]
            found += [os.path.relpath(os.path.join(folder, n), self.root) for n in names]
        return found

    def __contains__(self, path):
        return path in self._set

    def is_folder(self, path):
        return os.path.isdir(os.path.join(self.root, path))

    def with_suffix(self, *suffixes):
        return [p for p in self.paths if p.endswith(suffixes)]

    def text(self, path):
        """The text of a file, or None when it is not text."""
        if path not in self._texts:
            try:
                # newline="" keeps carriage returns visible.
                with open(os.path.join(self.root, path), encoding="utf-8", newline="") as file:
                    text = file.read()
                self._texts[path] = None if "\0" in text else text
            except UnicodeDecodeError:
                self._texts[path] = None
        return self._texts[path]

    def lines(self, path):
        """Numbered lines, from 1; none for a file that is not text."""
        return enumerate((self.text(path) or "").split("\n"), 1)
