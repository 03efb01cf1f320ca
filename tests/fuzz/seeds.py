#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Seeds for a fuzzer: every program of the repository, and 10 MB of random bytes, a third of them
# printable and a third words of the dictionary. In: a folder to fill. The seed is fixed.
import pathlib
import random
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BYTES = 10_000_000
PIECE = 8_000


def main():
    folder, dictionary = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    for part in ("examples", "tests", "stdlib"):
        for program in sorted((ROOT / part).rglob("*.qdo")):
            (folder / f"program_{number}").write_bytes(program.read_bytes())
            number += 1
    for page in sorted((ROOT / "docs" / "errors").glob("*.md")):
        for program in re.findall(r"^```qdo\n(.*?)^```", page.read_text(), re.M | re.S):
            (folder / f"program_{number}").write_text(program)
            number += 1
    words = [line.strip('"') for line in dictionary.read_text().splitlines() if "\\x" not in line]
    source = random.Random(20240601)
    for piece in range(BYTES // PIECE):
        kind = piece % 3
        if kind == 0:
            content = source.randbytes(PIECE)
        elif kind == 1:
            content = bytes(source.choices(range(9, 127), k=PIECE))
        else:
            text = ""
            while len(text) < PIECE:
                text += source.choice(words) + source.choice([" ", " ", " ", "\n", "", "(", ")"])
            content = text.encode()[:PIECE]
        (folder / f"random_{piece}").write_bytes(content)


if __name__ == "__main__":
    main()
