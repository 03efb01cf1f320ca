# SPDX-License-Identifier: Apache-2.0
# Includes go only where tests/tidy/dependencies.txt allows.
# In the table: `folder: folders it may include`, `folder: *` for any, and
# `extern prefix: folders that may include <prefix/...>`. Folders not named there hold no C++.
import os
import re

from tree import Finding

TABLE = "tests/tidy/dependencies.txt"
INCLUDE = re.compile(r'^\s*(?:#\s*)?include\s+(["<])([^">]+)[">]')
ROOTS = {"qdo/runtime/": "runtime/include/", "qdo/ir/": "ir/include/"}


class Table:
    def __init__(self, tree):
        self.folders, self.externs, self.findings = {}, {}, []
        if TABLE not in tree:
            self.findings.append(Finding(TABLE, 1, "the table is missing"))
        for number, line in tree.lines(TABLE) if TABLE in tree else ():
            line = line.split("#")[0].strip()
            if not line:
                continue
            name, colon, allowed = line.partition(":")
            words, allowed = name.split(), allowed.split()
            into, key = self.folders, words[0] if words else ""
            if words[:1] == ["extern"] and len(words) == 2:
                into, key = self.externs, words[1]
            elif len(words) != 1 or not colon:
                self.findings.append(Finding(TABLE, number, "expected `folder: folders`"))
                continue
            if key in into:
                self.findings.append(Finding(TABLE, number, f"`{key}` has two lines"))
            into[key] = allowed
        for name, allowed in [*self.folders.items(), *self.externs.items()]:
            for other in allowed:
                if other != "*" and other not in self.folders:
                    self.findings.append(Finding(TABLE, 1, f"{name}: no line for `{other}`"))
        self._check_cycles()

    def _check_cycles(self):
        done, path = set(), []

        def visit(name):
            if name in path:
                around = " -> ".join([*path[path.index(name):], name])
                self.findings.append(Finding(TABLE, 1, f"a cycle: {around}"))
            elif name not in done:
                path.append(name)
                for other in self.folders.get(name, ()):
                    if other != "*":
                        visit(other)
                done.add(path.pop())

        for name in self.folders:
            visit(name)

    def folder_of(self, path):
        folder = os.path.dirname(path)
        while folder and folder not in self.folders:
            folder = os.path.dirname(folder)
        return folder or None


def resolve(tree, path, name):
    """The repository path that an include names, or None when it is somebody else's."""
    for prefix, root in ROOTS.items():
        if name.startswith(prefix):
            return root + name  # generated headers count as lying where they are included from
    if name in tree:
        return name
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    return beside if beside in tree else None


def check(tree):
    table = Table(tree)
    yield from table.findings
    for path in tree.with_suffix(".cpp", ".h", ".td", ".def", ".inc", ".h.in"):
        folder = table.folder_of(path)
        if folder is None:
            if path.split("/")[0] in ("compiler", "ir", "runtime", "stdlib"):
                yield Finding(path, 1, f"its folder has no line in {TABLE}")
            continue
        for number, line in tree.lines(path):
            include = INCLUDE.match(line)
            if include:
                yield from check_include(tree, table, path, folder, number, include.group(2))


def check_include(tree, table, path, folder, number, name):
    target = resolve(tree, path, name)
    if target is None:
        extern = name.split("/")[0]
        allowed = table.externs.get(extern)
        if allowed is not None and folder not in allowed and "*" not in table.folders[folder]:
            yield Finding(path, number, f"{folder} may not include {extern} headers")
        return
    other = table.folder_of(target)
    allowed = table.folders[folder]
    if other != folder and other not in allowed and "*" not in allowed:
        yield Finding(path, number, f"{folder} may not include {other or target}; "
                                    f"allowed: {' '.join(allowed) or 'nothing'}")
