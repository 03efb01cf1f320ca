# SPDX-License-Identifier: Apache-2.0
# Every code of the catalogue owns docs/errors/<code>.md, and every page has its code.
# A page: `# E0101: title`, then `## Wrong` and `## Right`, each with a qdo block. Codes about
# something else than a program may have `## Example` with any block instead.
import re

from rules.dependencies import INCLUDE, resolve
from tree import Finding

CATALOGUE = "compiler/diag/catalogue.def"
EXAMPLES = ("00", "04", "99")  # files and the command line, data files, qdo itself
PAGES = "docs/errors/"
CODE = re.compile(r'^QDO_CODE\(\s*([EW]\d{4})\s*,\s*\w+\s*,\s*"((?:[^"\\]|\\.)*)"')


def check(tree):
    codes = {}
    parts = [CATALOGUE]
    while parts:
        part = parts.pop()
        for number, line in tree.lines(part) if part in tree else ():
            code, include = CODE.match(line), INCLUDE.match(line)
            if code:
                codes[code.group(1)] = code.group(2)
            elif include:
                parts.append(resolve(tree, part, include.group(2)))
            elif line.startswith("QDO_CODE("):
                yield Finding(part, number, "expected QDO_CODE(code, class, \"title\", on this line")
    for code, title in codes.items():
        path = f"{PAGES}{code}.md"
        if path not in tree:
            yield Finding(path, 1, f"missing: the page of {code} ({title})")
        else:
            yield from check_page(tree, path, code, title)
    for path in tree.with_suffix(".md"):
        if path.startswith(PAGES) and path.removeprefix(PAGES)[:-3] not in [*codes, "README"]:
            yield Finding(path, 1, f"no such code in {CATALOGUE}")


def sections(text):
    """The languages of the fenced blocks under each heading of level 2."""
    found, heading, inside = {}, None, False
    for line in text.split("\n"):
        if line.startswith("```"):
            inside = not inside
            if inside and heading is not None:
                found[heading].append(line[3:].strip())
        elif line.startswith("## ") and not inside:
            heading = line[3:].strip()
            found.setdefault(heading, [])
    return found


def check_page(tree, path, code, title):
    text = tree.text(path) or ""
    expected = f"# {code}: {title}"
    if text.split("\n")[0] != expected:
        yield Finding(path, 1, f"expected the heading `{expected}`")
    found = sections(text)
    if code[1:3] in EXAMPLES and found.get("Example"):
        return
    for heading in ("Wrong", "Right"):
        if "qdo" not in found.get(heading, []):
            yield Finding(path, 1, f"expected `## {heading}` with a block of qdo")
