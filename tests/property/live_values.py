#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The laws of live values against an oracle: random functions, and every way through each of them.
# In: functions that are legal by construction, then broken by one or two edits. Out: disagreements.
# Why an oracle: the checker looks at each statement once; trying every path is slow, and obvious.
import argparse
import copy
import pathlib
import random
import re
import subprocess
import sys
import tempfile

OWNED = {"a", "b", "v", "r"}
HEADER = ("fn f{}(a: qubit[1], b: qubit[1], w: qubit[1], r: qubit[3], p: prep[1], c: bool, n: int) {{\n"
          "    var v = w\n")
HEADS = {"for": "for i in 0..n", "repeat": "repeat n", "while": "while c"}


# So few that all their errors are shown.
BATCH = 100


class Writer:
    """Writes functions that keep the laws. A statement is a tuple: its word, then its parts."""

    def __init__(self, rng):
        self.rng, self.names = rng, 0

    def fresh(self):
        self.names += 1
        return f"t{self.names}"

    def settle(self, names):
        return [("whole",) if name == "r" else ("discard", name) for name in sorted(names)]

    def block(self, live, own, depth=0, loop=False):
        """Changes `live`; gives the statements and whether they always leave the block early."""
        out, local, rng = [], set(), self.rng
        for _ in range(rng.randint(1, 4)):
            kind, mine = rng.random(), sorted((own & live) | local)
            one = rng.choice(mine) if mine else None
            if kind < 0.2 and (live | local) - {"r"}:
                out.append(("gate", rng.choice(sorted((live | local) - {"r"}))))
            elif kind < 0.4 and one:
                out.append(rng.choice([("whole",), ("each",)]) if one == "r"
                           else (rng.choice(["discard", "measure"]), one))
                live.discard(one)
                local.discard(one)
            elif kind < 0.5 and one and one != "r":
                name = self.fresh()
                out.append(("move", name, one))
                live.discard(one)
                local.discard(one)
                local.add(name)
            elif kind < 0.58:
                name = self.fresh()
                out.append(("prepare", name))
                local.add(name)
            elif kind < 0.64 and "v" in own - live:
                out.append(("renew",))
                live.add("v")
            elif kind < 0.8 and depth < 3:
                leaves = self.branch(out, live, local, own, depth, loop)
                if leaves:
                    return out, True
            elif kind < 0.92 and depth < 3:
                body, _ = self.block(set(live) | local, set(), depth + 1, True)
                out.append(("loop", rng.choice(sorted(HEADS)), body))
            elif loop and rng.random() < 0.5:
                return out + self.settle(local) + [(rng.choice(["break", "continue"]),)], True
        return out + self.settle(local), False

    def branch(self, out, live, local, own, depth, loop):
        ends = [set(live) | local, set(live) | local]
        arms, leave = zip(*(self.block(end, own | local, depth + 1, loop) for end in ends))
        if not any(leave):
            arms[0].extend(self.settle(ends[0] - ends[1]))
            arms[1].extend(self.settle(ends[1] - ends[0]))
            ends = [ends[0] & ends[1]] * 2
        out.append(("if", *arms))
        left = ends[1] if leave[0] else ends[0]
        local &= left
        live.clear()
        live |= left - local
        return all(leave)

    def function(self):
        live = set(OWNED)
        body, _ = self.block(live, set(OWNED))
        return copy.deepcopy(body + self.settle(live))


def blocks(body):
    yield body
    for statement in body:
        for part in statement[1:]:
            if isinstance(part, list):
                yield from blocks(part)


def break_something(rng, body):
    block = rng.choice(list(blocks(body)))
    kind, at = rng.random(), rng.randrange(len(block) + 1)
    if kind < 0.4 and block:
        del block[min(at, len(block) - 1)]
    elif kind < 0.8:
        source = rng.choice(list(blocks(body)))
        if source:
            block.insert(at, copy.deepcopy(rng.choice(source)))
    else:
        block.insert(at, rng.choice([("discard", "a"), ("element", rng.randrange(3)), ("return",),
                                     ("renew",), ("gate", "b"), ("each",)]))


def show(body, indent="    "):
    text = ""
    for word, *parts in body:
        if word == "if":
            text += f"{indent}if c {{\n{show(parts[0], indent + '    ')}{indent}}}"
            text += f" else {{\n{show(parts[1], indent + '    ')}{indent}}}\n" if parts[1] else "\n"
        elif word == "loop":
            text += f"{indent}{HEADS[parts[0]]} {{\n{show(parts[1], indent + '    ')}{indent}}}\n"
        else:
            text += indent + {
                "gate": "x {0}", "discard": "discard {0}", "measure": "if measure {0} {{ print 1 }}",
                "move": "let {0} = {1}", "prepare": "let {0} = prepare p", "renew": "v = prepare p",
                "element": "discard r[{0}]", "each": "for i in 0..3 {{ discard r[i] }}",
                "whole": "discard r",
            }.get(word, word).format(*parts) + "\n"
    return text


class Illegal(Exception):
    """This way through the function breaks a law."""


class Unclear(Exception):
    """The edits have made something that this oracle does not model."""


class Way:
    """One way through a function: `choices` says which arms are taken and how often loops run."""

    def __init__(self, choices):
        self.choices, self.taken, self.sizes = choices, 0, []
        self.live = {"a": 1, "b": 1, "v": 1, "r": 0b111}
        self.scopes = [["a", "b", "v", "r"]]

    def choose(self, size):
        self.sizes.append(size)
        self.taken += 1
        if self.taken > len(self.choices):
            self.choices.append(0)
        return self.choices[self.taken - 1]

    def end(self, name, part=None):
        if name not in self.live:
            raise Unclear
        part = part or (0b111 if name == "r" else 1)
        if self.live[name] & part != part:
            raise Illegal
        self.live[name] &= ~part

    def declare(self, name):
        if name in self.live:
            raise Unclear
        self.live[name] = 1
        self.scopes[-1].append(name)

    def lose(self, first):
        if any(self.live[name] for scope in self.scopes[first:] for name in scope):
            raise Illegal

    def block(self, body, loop=0):
        self.scopes.append([])
        leaves = None
        for word, *parts in body:
            leaves = self.statement(word, parts, loop)
            if leaves:
                break
        else:
            self.lose(len(self.scopes) - 1)
        for name in self.scopes.pop():
            del self.live[name]
        return leaves

    def statement(self, word, parts, loop):
        if word == "if":
            return self.block(parts[self.choose(2)], loop)
        if word == "loop":
            for _ in range(self.choose(3)):
                leaves = self.block(parts[1], len(self.scopes))
                if leaves in ("break", "return"):
                    return "return" if leaves == "return" else None
            return None
        if word in ("break", "continue", "return"):
            if word != "return" and not loop:
                raise Unclear
            self.lose(0 if word == "return" else loop)
            return word
        if word == "gate":
            if not self.live.get(parts[0]):
                raise Illegal if parts[0] in self.live else Unclear
        elif word in ("discard", "measure"):
            self.end(parts[0])
        elif word == "move":
            self.end(parts[1])
            self.declare(parts[0])
        elif word == "prepare":
            self.declare(parts[0])
        elif word == "renew":
            if self.live["v"]:
                raise Illegal
            self.live["v"] = 1
        elif word == "element":
            self.end("r", 1 << parts[0])
        elif word in ("each", "whole"):
            self.end("r")
        return None


def is_legal(body, most=3000):
    """Whether every way through keeps the laws; None if there are too many ways to tell."""
    waiting, tried = [[]], 0
    while waiting:
        tried += 1
        if tried > most:
            return None
        choices = waiting.pop()
        given, way = len(choices), Way(choices)
        try:
            if not way.block(body):
                way.lose(0)
        except Illegal:
            return False
        except Unclear:
            return None
        for at in range(given, len(choices)):
            waiting += [choices[:at] + [other] for other in range(1, way.sizes[at])]
    return True


def judge(qdo, functions):
    """The codes of the errors in each function, from a few runs of the compiler."""
    return [codes for first in range(0, len(functions), BATCH)
            for codes in judge_batch(qdo, functions[first:first + BATCH])]


def judge_batch(qdo, functions):
    text, owner = "", []
    for number, body in enumerate(functions):
        text += HEADER.format(number) + show(body) + "}\n"
        owner += [number] * (text.count("\n") - len(owner))
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "live.qdo").write_text(text)
        done = subprocess.run([qdo, "check", "live.qdo"], cwd=folder, capture_output=True, text=True,
                              timeout=600)
    if done.returncode not in (0, 1):
        sys.exit(f"qdo ended with status {done.returncode}\n{done.stderr[-2000:]}")
    found = [set() for _ in functions]
    for code, line in re.findall(r"^error\[(E\d+)\].*\n *--> live.qdo:(\d+)", done.stderr, re.MULTILINE):
        found[owner[int(line) - 1]].add(code)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--qdo", required=True, help="the compiler to test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1500)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    functions = []
    for _ in range(options.count):
        functions.append(Writer(rng).function())
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            break_something(rng, functions[-1])
    compared = legal = failures = 0
    for body, codes in zip(functions, judge(options.qdo, functions)):
        truth = is_legal(body)
        if truth is None or any(not code.startswith("E02") for code in codes):
            continue
        compared += 1
        legal += truth
        if truth == bool(codes):
            failures += 1
            print(f"== legal: {truth}, found: {sorted(codes)}\n{HEADER.format(0)}{show(body)}}}")
    print(f"{compared} functions compared, {legal} of them legal, {failures} disagreements")
    return 1 if failures or compared < options.count // 2 else 0


if __name__ == "__main__":
    sys.exit(main())
