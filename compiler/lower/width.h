// SPDX-License-Identifier: Apache-2.0
// How many qubits a circuit may have.
// Why: only Clifford circuits get this far; what else does not fit is known to the machine that
// runs it, not here.
#pragma once

#include "compiler/lower/elaborator.h"

#include "qdo/runtime/circuit.h"

#include <fmt/format.h>

namespace qdo::lower {

inline void checkWidth(diag::Engine &diagnostics, int64_t qubits, base::Span span) {
  if (qubits <= QDO_MOST_QUBITS)
    return;
  diagnostics.report(
      diag::Kind::NotYet, span,
      fmt::format("a state of {} qubits ({} is the most)", qubits, int64_t{QDO_MOST_QUBITS}));
  throw Abandon{};
}

} // namespace qdo::lower
