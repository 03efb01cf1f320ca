# SPDX-License-Identifier: Apache-2.0
# Every source opens with its licence; C++, TableGen and grammar files then say what they are.
# Why a limit: a banner of many lines is documentation in the wrong place.
from tree import Finding

LICENCE = "SPDX-License-Identifier: Apache-2.0"
SOURCES = (".cpp", ".h", ".td", ".def", ".g4")
SCRIPTS = (".py", ".sh", ".cmake", "CMakeLists.txt", ".py.in")
LONGEST = 8


def is_script(tree, path):
    return path.endswith(SCRIPTS) or (tree.text(path) or "").startswith("#!")


def check(tree):
    for path in tree.paths:
        if path.endswith(SOURCES):
            yield from check_source(tree, path)
        elif is_script(tree, path):
            lines = (tree.text(path) or "").split("\n")
            at = 1 if lines[0].startswith("#!") else 0
            if len(lines) <= at or lines[at] != "# " + LICENCE:
                yield Finding(path, at + 1, f"expected `# {LICENCE}`")


def check_source(tree, path):
    lines = (tree.text(path) or "").split("\n")
    if lines[0] == "/* " + LICENCE:  # a header that C programs include too
        lines = ["// " + LICENCE, *("// " + line[3:] if line.startswith(" * ") else line
                                    for line in lines[1:])]
    if lines[0] != "// " + LICENCE:
        yield Finding(path, 1, f"expected `// {LICENCE}`")
        return
    banner = 0
    while banner + 1 < len(lines) and lines[banner + 1].startswith("// "):
        banner += 1
    if banner == 0:
        yield Finding(path, 2, "expected a banner: what the file does, in and out, why it is so, "
                               "what it must not do")
    elif banner > LONGEST:
        yield Finding(path, 2, f"the banner has {banner} lines; at most {LONGEST}: one to four facts")
