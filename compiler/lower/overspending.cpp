// SPDX-License-Identifier: Apache-2.0
// Reports of purses that cannot reach.
#include "compiler/lower/overspending.h"

#include <fmt/format.h>

#include <cmath>

namespace qdo::lower {

void refuseSpending(diag::Engine &diagnostics, base::Span span, const PurseLimits &purse,
                    LeastSpent before, LeastSpent least) {
  const auto tooLittle = [](const auto &limit, auto spent) { return limit && spent > *limit; };
  if (tooLittle(purse.budget, least.shots) && !tooLittle(purse.budget, before.shots))
    diagnostics.report(diag::Kind::Overspending, span, least.shots, purse.name, *purse.budget)
        .label("the budget cannot reach this far")
        .place(purse.span, "the policy")
        .help(fmt::format("raise the budget to at least {} shots, or lower `each`", least.shots));
  if (tooLittle(purse.deadline, least.seconds) && !tooLittle(purse.deadline, before.seconds))
    diagnostics
        .report(diag::Kind::DeadlineTooShort, span, shownSeconds(least.seconds), purse.name,
                shownSeconds(*purse.deadline))
        .label("the deadline passes before this is measured")
        .place(purse.span, "the policy")
        .help("give it more time, lower `each`, or let qubits reset faster: `reset active(..)`");
}

std::string shownSeconds(double seconds) {
  for (auto [unit, size] :
       {std::pair{"h", 3600.0}, {"min", 60.0}, {"s", 1.0}, {"ms", 1e-3}, {"us", 1e-6}})
    if (std::fabs(seconds) >= size)
      return fmt::format("{:.3g}{}", seconds / size, unit);
  return fmt::format("{:.3g}ns", seconds / 1e-9);
}

} // namespace qdo::lower
