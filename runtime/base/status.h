// SPDX-License-Identifier: Apache-2.0
// The mistakes a run can end with, read from status.def.
// In: a kind. Out: its name, code, level and wording.
// Why: one catalogue serves the compiler and the runtime; the runtime only fills in the blanks.
#pragma once

#include <cstdint>
#include <string_view>

namespace qdo::base {

/// One situation with its wording. The last two are not mistakes: they end a run quietly.
enum class Kind : uint8_t {
#define QDO_DIAG(kind, code, level, text) kind,
#include "qdo/runtime/status.def"
  Interrupted,
  ClosedPipe,
};

enum class Level : uint8_t { Error, Warning };

struct KindInfo {
  const char *name; ///< "BudgetExhausted": what qdo_failure::kind points at
  const char *code; ///< "E0501", or empty for the quiet ends
  Level level;
  const char *text; ///< fmt format string
};

/// What the catalogue says about `kind`; the reference lives as long as the program.
const KindInfo &info(Kind kind);

} // namespace qdo::base
