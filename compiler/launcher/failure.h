// SPDX-License-Identifier: Apache-2.0
// What a run reports as diagnostics, and diagnostics as people or tools read them.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "qdo/runtime/abi.h"

#include <optional>

namespace qdo::launcher {

/// Turns a failure or warning of the runtime into a diagnostic at a place of the program. `note`:
/// one more sentence, or nothing.
void reportFailure(const qdo_failure &failure, std::optional<base::Span> span,
                   diag::Engine &diagnostics, const std::string &note = {});

/// Says the diagnostics on stderr: text, or with `json` one object a line. `quiet` leaves out
/// warnings and the line that counts.
void show(const diag::Engine &diagnostics, const base::SourceMap &sources, bool json, bool quiet);

} // namespace qdo::launcher
