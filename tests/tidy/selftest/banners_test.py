# SPDX-License-Identifier: Apache-2.0
from fixture import RuleTest
from rules import banners

LICENCE = "SPDX-License-Identifier: Apache-2.0"


class Banners(RuleTest):
    rule = banners

    def test_good(self):
        self.passes({
            "a.cpp": f"// {LICENCE}\n// Adds numbers.\n#include <x>\n",
            "c.h": f"/* {LICENCE}\n * For C too. */\n",
            "g.g4": f"// {LICENCE}\n// The grammar.\n",
            "dev": f"#!/bin/sh\n# {LICENCE}\n",
            "CMakeLists.txt": f"# {LICENCE}\n",
            "notes.txt": "anything\n",
            "README.md": "# Title\n"})

    def test_no_licence(self):
        self.fails({"a.h": "#pragma once\n"}, "a.h:1: expected `// SPDX")
        self.fails({"c.h": f"/* {LICENCE} */\nint x;\n"}, "c.h:1:")
        self.fails({"a.td": f"\n// {LICENCE}\n// Late.\n"}, "a.td:1:")
        self.fails({"a.py": "import os\n"}, "a.py:1:")
        self.fails({"run": "#!/bin/sh\necho\n"}, "run:2:")
        self.fails({"x/CMakeLists.txt": "project(x)\n"}, "CMakeLists.txt:1:")

    def test_no_banner(self):
        self.fails({"a.def": f"// {LICENCE}\n\n// Too late.\n"}, "a.def:2: expected a banner")

    def test_endless_banner(self):
        self.fails({"a.cpp": f"// {LICENCE}\n" + "// Fact.\n" * 9}, "the banner has 9 lines")
