# SPDX-License-Identifier: Apache-2.0
from fixture import RuleTest
from rules import context_parts

PART = "namespace {{\nstruct {0} {{\n  int n = 0;\n}};\n}}\nvoid f(C &c) {{ c.part<{0}>(); }}\n"


class ContextParts(RuleTest):
    rule = context_parts

    def test_names_of_their_own(self):
        self.passes({"runtime/a/x.cpp": PART.format("Memo"), "runtime/a/y.cpp": PART.format("Kept"),
                     "runtime/b/x.cpp": PART.format("Memo"), "compiler/a/x.cpp": PART.format("Memo"),
                     "compiler/a/y.cpp": PART.format("Memo"),
                     "runtime/a/z.cpp": "void g(C &c) { c.part<Memo>(); }\n"})

    def test_one_name_twice(self):
        self.fails({"runtime/a/x.cpp": PART.format("Memo"), "runtime/a/y.cpp": PART.format("Memo")},
                   "runtime/a/y.cpp:2: the part `Memo` has the name of one in runtime/a/x.cpp")
