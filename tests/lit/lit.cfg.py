# SPDX-License-Identifier: Apache-2.0
# The lit suite: one folder a phase, programs and IR with their expectations inside.
# Why tools by their place: a test must never pick up another qdo or FileCheck of this machine.
import os

import lit.formats

config.name = "qdo"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".qdo", ".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.qdo_source_root, "tests", "lit")
config.test_exec_root = os.path.join(config.qdo_binary_root, "tests", "lit")

binaries = os.path.join(config.qdo_binary_root, "bin")
# Longer names first: %qdo is the beginning of %qdo-opt.
config.substitutions.append(("%qdo-opt", os.path.join(binaries, "qdo-opt")))
config.substitutions.append(("%qdo", os.path.join(binaries, "qdo")))
config.substitutions.append(("%root", config.qdo_source_root))
# FileCheck, not, split-file and count; by PATH, since `not` as a substitution would also change
# `--implicit-check-not`.
config.environment["PATH"] = config.llvm_tools_dir + os.pathsep + config.environment["PATH"]

config.environment["FILECHECK_OPTS"] = "--enable-var-scope"
# Wording is compared, so it must not depend on who runs the tests.
config.environment["LC_ALL"] = "C.UTF-8"
config.environment["NO_COLOR"] = "1"
# Each test compiles its own programs.
config.environment["QDO_CACHE_DIR"] = ""
config.environment.pop("LANG", None)
