# SPDX-License-Identifier: Apache-2.0
# Inputs that do not live well in a repository: bytes that are no text, and programs of one huge line.
# PROGRAMS: name without suffix -> bytes; its .stderr stands where the name says. FILES: data beside
# them.


def nested(opening, closing, depth):
    return f"// exit: 1\nlet a = {opening * depth}1{closing * depth}\nprint a\n".encode()


PROGRAMS = {
    "bad_input/not_utf8": b"// exit: 1\nlet caf\xe9 = 1\nprint 2\n",
    "bad_input/cut_off_in_a_character": b"// exit: 1\nprint \"caf\xc3",
    "bad_input/nested_parentheses": nested("(", ")", 10_000),
    "bad_input/nested_brackets": nested("[", "]", 10_000),
    "bad_input/nested_braces": b"// exit: 1\n" + b"if true { " * 10_000 + b"print 1" + b" }" * 10_000,
    "bad_input/only_opened": b"// exit: 1\nlet a = " + b"(" * 10_000 + b"\n",
    "bad_input/long_chain": b"// exit: 1\nlet a = 1" + b" + 1" * 100_000 + b"\nprint a\n",
    "bad_input/empty": b"// exit: 0\n",
    "bad_input/nul_byte": b"// exit: 1\nlet a = 1\x00\nprint a\n",
    "bad_input/data_not_utf8": b"// run: run\n// exit: 3\n"
                               b'dataset d = csv("not_utf8.csv") { x: [a]; y: label }\nprint d.size\n',
}

FILES = {"bad_input/not_utf8.csv": b"a,label\n1,caf\xe9\n2,tea\n"}
