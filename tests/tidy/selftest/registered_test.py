# SPDX-License-Identifier: Apache-2.0
# A rule that no self-test can make fail would check nothing.
import os
import pathlib
import unittest

from fixture import RuleTest  # noqa: F401  (puts the rules on the path)
from rules import RULES


class Registered(unittest.TestCase):
    def test_every_rule_module_is_run_and_tested(self):
        here = os.path.dirname(os.path.abspath(__file__))
        modules = {name[:-3] for name in os.listdir(os.path.join(here, "..", "rules"))
                   if name.endswith(".py") and name != "__init__.py"}
        self.assertEqual({rule.__name__.removeprefix("rules.") for rule in RULES}, modules)
        tests = "".join(pathlib.Path(here, name).read_text(encoding="utf-8")
                        for name in os.listdir(here) if name.endswith("_test.py"))
        for module in modules:
            self.assertIn(f"rule = {module}\n", tests)
