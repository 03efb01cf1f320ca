// SPDX-License-Identifier: Apache-2.0
// A run as people and tools see it: output on stdout, everything else on stderr, an exit status.
#pragma once

#include "compiler/launcher/run.h"
#include "compiler/launcher/status.h"

namespace qdo::launcher {

struct Presentation {
  uint64_t seed = 0;
  bool quiet = false; ///< no warnings and no summaries
  bool json = false;  ///< output as events, diagnostics as objects
};

/// Runs with `run`, which hands on the output it is given a place for, and shows what happened.
/// Returns the exit status.
int execute(const std::function<RunResult(const Write &)> &run, const diag::Engine &diagnostics,
            const base::SourceMap &sources, const Presentation &how);

} // namespace qdo::launcher
