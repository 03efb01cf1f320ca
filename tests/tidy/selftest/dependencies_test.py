# SPDX-License-Identifier: Apache-2.0
import os

from fixture import RuleTest
from rules import dependencies
from tree import Tree

TABLE = "tests/tidy/dependencies.txt"
SMALL = """
runtime/include:
runtime/sim: runtime/include
ir/include: runtime/include
compiler/base:
compiler/diag: compiler/base   # a remark
compiler/lower: compiler/base ir/include
tests: *
extern mlir: ir/include compiler/lower
"""


class Dependencies(RuleTest):
    rule = dependencies

    def tree(self, files, table=SMALL):
        return {TABLE: table, "compiler/base/a.h": "", "compiler/diag/b.h": "", **files}

    def test_allowed(self):
        self.passes(self.tree({
            "compiler/diag/b.cpp": '#include "compiler/base/a.h"\n#include "compiler/diag/b.h"\n'
                                   '#include "b.h"\n#include <vector>\n',
            "compiler/lower/l.cpp": '#include "qdo/ir/QcOps.h.inc"\n#include "mlir/IR/Builders.h"\n',
            "runtime/sim/s.cpp": '#include "qdo/runtime/abi.h"\n',
            "ir/include/qdo/ir/Qc.td": 'include "mlir/IR/OpBase.td"\ninclude "qdo/ir/X.td"\n',
            "tests/unit/x.cpp": '#include "compiler/diag/b.h"\n#include "mlir/IR/Builders.h"\n'}))

    def test_against_the_direction(self):
        self.fails(self.tree({"compiler/base/a.cpp": '\n#include "compiler/diag/b.h"\n'}),
                   "compiler/base/a.cpp:2: compiler/base may not include compiler/diag")

    def test_not_transitive(self):
        self.fails(self.tree({"compiler/lower/l.cpp": '#include "compiler/diag/b.h"\n'}),
                   "compiler/lower may not include compiler/diag")

    def test_relative_includes_are_seen(self):
        self.fails(self.tree({"compiler/base/a.cpp": '#include "../diag/b.h"\n'}),
                   "compiler/base may not include compiler/diag")

    def test_include_roots_and_generated_headers(self):
        self.fails(self.tree({"compiler/base/a.cpp": '#include "qdo/runtime/abi.h"\n'}),
                   "may not include runtime/include")
        self.fails(self.tree({"runtime/sim/s.cpp": '#include "qdo/ir/Made.h.inc"\n'}),
                   "may not include ir/include")

    def test_tablegen_and_tables(self):
        self.fails(self.tree({"ir/include/qdo/ir/Qc.td": 'include "compiler/base/a.h"\n'}),
                   "ir/include may not include compiler/base")
        self.fails(self.tree({"compiler/base/x.def": '#include "compiler/diag/b.h"\n'}),
                   "x.def:1:")

    def test_extern_headers_in_either_form(self):
        self.fails(self.tree({"runtime/sim/s.cpp": '#include "mlir/IR/X.h"\n#include <mlir/Y.h>\n'}),
                   "s.cpp:1: runtime/sim may not include mlir headers", "s.cpp:2:")

    def test_unknown_folder(self):
        self.fails(self.tree({"compiler/new/n.cpp": "\n"}), "compiler/new/n.cpp:1: its folder has no")

    def test_bad_tables(self):
        self.fails({"compiler/README.md": ""}, "the table is missing")
        self.fails({TABLE: "a: b\nb: a\n"}, "a cycle: a -> b -> a")
        self.fails({TABLE: "a: b\n"}, "no line for `b`")
        self.fails({TABLE: "a:\na:\n"}, "`a` has two lines")
        self.fails({TABLE: "a b c\n"}, "expected `folder: folders`")


class TheRealTable(RuleTest):
    """Laws of the architecture that no edit of the table may break."""

    def setUp(self):
        here = os.path.dirname(os.path.abspath(__file__))
        self.table = dependencies.Table(Tree(os.path.join(here, "..", "..", "..")))

    def test_is_sound(self):
        self.assertEqual([str(f) for f in self.table.findings], [])

    def test_runtime_knows_no_compiler(self):
        for folder, allowed in self.table.folders.items():
            if folder.startswith("runtime/"):
                self.assertTrue(all(a.startswith("runtime/") for a in allowed), folder)

    def test_ir_sees_only_the_include_folder_of_the_runtime(self):
        for folder, allowed in self.table.folders.items():
            if folder.startswith("ir/"):
                for other in allowed:
                    self.assertTrue(other.startswith("ir/") or other == "runtime/include", folder)

    def test_compiler_sees_ir_through_lower_and_pipeline(self):
        for folder, allowed in self.table.folders.items():
            if folder.startswith("compiler/") and folder != "compiler/lower":
                ir = [a for a in allowed if a.startswith("ir/")]
                # `ir/include` declares; only the pipeline's folder may be linked and included beyond it.
                self.assertLessEqual(set(ir), {"ir/pipeline", "ir/include"}, folder)
            if folder.startswith("compiler/"):
                other = [a for a in allowed if a.startswith("runtime/")]
                self.assertLessEqual(set(other), {"runtime/include"}, folder)

    def test_no_llvm_in_the_runtime(self):
        for name in ("mlir", "llvm"):
            self.assertFalse([f for f in self.table.externs[name] if f.startswith("runtime")])
