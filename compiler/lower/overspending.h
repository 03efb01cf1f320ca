// SPDX-License-Identifier: Apache-2.0
// No overspending (E0209): the least that is known of a purse against what it may spend.
// Why apart: elaboration knows most of it, and what gradients measure is known of optimised
// circuits only.
#pragma once

#include "compiler/diag/diagnostic.h"

#include <optional>
#include <string>

namespace qdo::lower {

struct PurseLimits {
  std::string name;
  base::Span span; ///< of the policy
  std::optional<int64_t> budget;
  std::optional<double> deadline; ///< seconds of the device
};

struct LeastSpent {
  int64_t shots = 0;
  double seconds = 0;
};

/// Reports a limit that `least` exceeds and `before` did not, at the measurement between the two.
void refuseSpending(diag::Engine &diagnostics, base::Span span, const PurseLimits &purse,
                    LeastSpent before, LeastSpent least);

/// `1.5s`, `250us`: three digits.
std::string shownSeconds(double seconds);

} // namespace qdo::lower
