# SPDX-License-Identifier: Apache-2.0
# Parts of a run's context that are private to a file have names of their own in their folder.
# Why: Context::part finds a part by the name of its type, and two types of one name in anonymous
# namespaces of one folder's namespace would share memory.
import os
import re

from tree import Finding

USED = re.compile(r"\bpart<(\w+)>")


def check(tree):
    owners = {}
    for path in tree.paths:
        if not path.startswith("runtime/") or not path.endswith(".cpp"):
            continue
        text = tree.text(path) or ""
        for name in sorted(set(USED.findall(text))):
            defined = re.search(rf"^(?:struct|class) {name}\b[^;]*\{{", text, re.M)
            if not defined:
                continue
            first = owners.setdefault((os.path.dirname(path), name), path)
            if first != path:
                yield Finding(path, text[:defined.start()].count("\n") + 1,
                              f"the part `{name}` has the name of one in {first}; call it otherwise")
