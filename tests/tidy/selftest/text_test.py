# SPDX-License-Identifier: Apache-2.0
from fixture import RuleTest
from rules import doors, layout, links, long_files, marks, wide_headers


class Layout(RuleTest):
    rule = layout

    def test_good(self):
        self.passes({"a.cpp": "x" * 100 + "\n// see https://" + "y" * 100 + "\n",
                     "a.def": "z" * 150 + "\n", "Makefile": "a:\n\tb\n", "e.h": "",
                     "tests/lit/x.test": "ugly \t\r\n", "img.png": b"\x89PNG \n\n\0 \r\n"})

    def test_bad(self):
        self.fails({"a.h": "x" * 101 + "\n"}, "a.h:1: 101 columns")
        self.fails({"a.cpp": "a;\n\tb;\n"}, "a.cpp:2: tab")
        self.fails({"a.py": "a \n"}, "a.py:1: trailing space")
        self.fails({"a.md": "a\r\n"}, "a.md:1: carriage return")
        self.fails({"dev": "a"}, "dev:1: no line end")

    def test_width_counts_code_points(self):
        self.passes({"a.h": "\u03c8" * 100 + "\n"})


class LongFiles(RuleTest):
    rule = long_files
    LIST = long_files.LIST

    def test_limit(self):
        self.passes({"a.cpp": "\n" * 600, "data.txt": "\n" * 2000})
        self.fails({"a.cpp": "\n" * 601}, "a.cpp:601: 601 lines; at most 600")

    def test_ratchet(self):
        self.passes({"a.cpp": "\n" * 700, self.LIST: "# why\na.cpp 700 one table\n"})
        self.fails({"a.cpp": "\n" * 701, self.LIST: "a.cpp 700 one table\n"}, "at most 700")
        self.fails({"a.cpp": "\n" * 600, self.LIST: "a.cpp 700 one table\n"}, "short again")
        self.fails({self.LIST: "a.cpp 700 one table\n"}, "does not exist")
        self.fails({self.LIST: "a.cpp 700\n"}, "expected `path lines reason`")


class Marks(RuleTest):
    rule = marks

    def test_good(self):
        self.passes({"a.cpp": "// pauli(\"X" "XX\") and mktemp X" "XXXXX\n",
                     "b.md": "`/usr/lib`, https://example.org/home/page, $x/work/y, net" "work\n"})

    def test_machine_paths(self):
        for path in ("/wo" "rk/main", "/ho" "me/me", "/ro" "ot/x", "/Us" "ers/me"):
            self.fails({"a.txt": f"see {path}\n"}, "a path of one machine: " + path)
            self.fails({"a.txt": f'"{path}/b"\n'}, "a path of one machine")

    def test_owed_work(self):
        for note in ("// TO" "DO: x", "# FIX" "ME", "// X" "XX later"):
            self.fails({"a.cpp": f"int a;\n{note}\n"}, "a.cpp:2: a note about work")


class Links(RuleTest):
    rule = links

    def test_good(self):
        self.passes({
            "docs/a.md": "[b](b.md) [top](../README.md#x) [root](/docs/b.md) [here](#y)\n"
                         "[out](https://example.org) [folder](.) `x[i](y)`\n"
                         "```qdo\nf[0](nothing)\n```\n[ref]: b.md\n",
            "docs/b.md": "", "README.md": ""})

    def test_bad(self):
        self.fails({"docs/a.md": "\n[b](c.md)\n"}, "docs/a.md:2: the link c.md leads nowhere")
        self.fails({"a.md": "[b](../outside.md)\n"}, "leads nowhere")
        self.fails({"a.md": "[b]: gone.md\n"}, "gone.md")
        self.fails({"a.md": "![picture](gone.png \"title\")\n"}, "gone.png")


class Doors(RuleTest):
    rule = doors

    def test_only_the_session_reads(self):
        reads = 'auto *home = std::getenv("HOME");\n'
        self.passes({"compiler/driver/d.cpp": reads, "runtime/data/r.cpp": reads,
                     "compiler/sema/s.cpp": "// getenv( is not for us\nparser.reopen(x);\nisOpen(y);\n"})
        self.fails({"compiler/sema/s.cpp": reads}, "s.cpp:1: `getenv(`")
        self.fails({"compiler/lower/l.cpp": "\nif (std::filesystem::exists(p)) {\n"}, "l.cpp:2:")
        self.fails({"compiler/syntax/x.h": "std::ifstream file{name};\nstd::ifstream(name) >> x;\n"},
                   "x.h:2:")


class WideHeaders(RuleTest):
    rule = wide_headers

    def test_only_the_pipeline(self):
        wide = '#include "mlir/InitAllDialects.h"\n#include "mlir/Conversion/Passes.h"\n'
        self.passes({"ir/pipeline/p.cpp": wide,
                     "ir/qc/q.cpp": '#include "mlir/Transforms/Passes.h"\n'})
        self.fails({"ir/qc/q.cpp": wide}, "q.cpp:1: mlir/InitAllDialects.h", "q.cpp:2:")
        self.fails({"tests/unit/t.cpp": '#include <mlir/InitAllPasses.h>\n'}, "t.cpp:1:")
        self.fails({"compiler/tools/o.h": '# include "mlir/InitAllExtensions.h"\n'}, "o.h:1:")
