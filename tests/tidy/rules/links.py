# SPDX-License-Identifier: Apache-2.0
# Every relative link of a Markdown page leads to a file or folder of the repository.
import os
import re

from tree import Finding

LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\[[^\]]+\]:\s+(\S+)")
CODE = re.compile(r"`[^`]*`")
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|#|//)", re.IGNORECASE)


def targets(tree, path):
    inside = False
    for number, line in tree.lines(path):
        if line.lstrip().startswith("```"):
            inside = not inside
        elif not inside:
            line = CODE.sub("", line)
            for link in [*LINK.findall(line), *REFERENCE.findall(line)]:
                if not ELSEWHERE.match(link):
                    yield number, link


def check(tree):
    for path in tree.with_suffix(".md"):
        for number, link in targets(tree, path):
            name = link.split("#")[0].split("?")[0]
            base = "" if name.startswith("/") else os.path.dirname(path)
            target = os.path.normpath(os.path.join(base, name.lstrip("/")))
            inside = not target.startswith("..")
            if not inside or not (target in tree or tree.is_folder(target)):
                yield Finding(path, number, f"the link {link} leads nowhere")
