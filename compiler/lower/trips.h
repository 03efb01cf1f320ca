// SPDX-License-Identifier: Apache-2.0
// How often a loop of the IR turns, as far as its bounds say so.
// Why here: elaboration and whoever looks at optimised code must count alike.
#pragma once

#include "qdo/ir/qc.h"

#include <optional>

namespace qdo::lower {

struct Trips {
  std::optional<int64_t> most; ///< absent: not known
  bool some = false;           ///< it turns at least once
};

/// From constant bounds, or over the rows of a batch, which are as many as it asks for at most.
Trips tripsOf(ir::qc::ForOp loop);

} // namespace qdo::lower
