# SPDX-License-Identifier: Apache-2.0
from fixture import RuleTest
from rules import error_pages

CATALOGUE = error_pages.CATALOGUE
CODES = 'QDO_CODE(E0101, Program, "syntax error", "")\nQDO_DIAG(K, E0101, Error, "unexpected {}")\n'
PAGE = """# E0101: syntax error

Why.

## Wrong

```qdo
let = 1
```

## Right

```qdo
let a = 1
```
"""


class ErrorPages(RuleTest):
    rule = error_pages

    def tree(self, page, path="docs/errors/E0101.md", codes=CODES):
        return {CATALOGUE: codes, path: page}

    def test_good(self):
        self.passes(self.tree(PAGE))
        self.passes({**self.tree(PAGE), "docs/errors/README.md": "# Errors\n"})

    def test_missing_page(self):
        self.fails({CATALOGUE: CODES}, "docs/errors/E0101.md:1: missing")

    def test_page_without_code(self):
        self.fails({**self.tree(PAGE), "docs/errors/E0999.md": PAGE}, "E0999.md:1: no such code")

    def test_heading_follows_the_catalogue(self):
        self.fails(self.tree(PAGE.replace("syntax error", "bad syntax")), "expected the heading")

    def test_both_blocks_are_needed(self):
        self.fails(self.tree(PAGE.replace("## Wrong", "## Oops")), "`## Wrong`")
        self.fails(self.tree(PAGE.replace("```qdo\nlet a", "```text\nlet a")), "`## Right`")
        self.fails(self.tree("# E0101: syntax error\n\n```qdo\n## Wrong\n## Right\n```\n"),
                   "`## Wrong`", "`## Right`")

    def test_examples_only_for_files_and_command_line(self):
        codes = 'QDO_CODE(E0001, Data, "file cannot be read", "")\n'
        example = "# E0001: file cannot be read\n\n## Example\n\n```text\nqdo run x\n```\n"
        self.passes(self.tree(example, "docs/errors/E0001.md", codes))
        self.fails(self.tree(example.replace("E0001: file cannot be read", "E0101: syntax error")),
                   "`## Wrong`", "`## Right`")

    def test_entries_the_rule_cannot_read(self):
        self.fails({CATALOGUE: "QDO_CODE(\n"}, "expected QDO_CODE")

    def test_included_parts_of_the_catalogue(self):
        tree = {CATALOGUE: '#include "qdo/runtime/status.def"\n',
                "runtime/include/qdo/runtime/status.def": CODES}
        self.fails(tree, "docs/errors/E0101.md:1: missing")
        self.passes({**tree, "docs/errors/E0101.md": PAGE})
