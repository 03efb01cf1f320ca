// SPDX-License-Identifier: Apache-2.0
// One run of a compiled program in this process.
// In: its entry, where its calls stand in the text. Out: its output in pieces, how it ended; what
// went wrong is in the engine.
#pragma once

#include "compiler/launcher/failure.h"

#include <functional>
#include <string>
#include <string_view>

namespace qdo::launcher {

/// How a run ended; failures are in the engine.
struct RunResult {
  enum class End : uint8_t { Done, Failed, Interrupted, ClosedPipe } end = End::Done;
  std::string spent; ///< "1,234 shots on 12 circuits"
};

struct Runnable {
  std::function<void(qdo_ctx *)> entry;
  std::function<std::optional<base::Span>(qdo_site)> spanOf;
  uint64_t seed = 0;
  int threads = 0;          ///< 0: all cores
  bool exact = false;       ///< estimates without sampling error
  bool single = false;      ///< large states in single precision
  std::string changed = {}; ///< one more sentence where a budget ends: which parameters differ from
                            ///< those that the budget was made for
};

/// Gets output as it comes; false once nobody reads it.
using Write = std::function<bool(std::string_view)>;

RunResult run(const Runnable &program, diag::Engine &diagnostics, const Write &write);

/// Asks the run in progress to end at its next batch; safe in a signal handler.
void interrupt();
/// Shots of the run in progress, 0 without one; safe in a signal handler.
int64_t spentShots();

} // namespace qdo::launcher
