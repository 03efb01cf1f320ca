// SPDX-License-Identifier: Apache-2.0
// Compares the spread of exact values with what a policy can resolve.
#include "runtime/learn/concentration.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/policy.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

namespace qdo::learn {

namespace {
struct Warned {
  std::unordered_set<uint64_t> about; ///< kernel and policy
};
} // namespace

Spread spreadOf(const Kernel &kernel, std::span<const RowId> rows) {
  Spread spread;
  double squares = 0, noise = 0;
  int64_t count = 0;
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (rows[i] != rows[j]) { // Welford (1962)
        const double value = kernel.exact(rows[i], rows[j]);
        if (std::isnan(value)) // nobody knows it: the device only has shots
          continue;
        const double change = value - spread.mean;
        spread.mean += change / static_cast<double>(++count);
        squares += change * (value - spread.mean);
        noise += value * (1 - value);
      }
  if (count < 2)
    return spread;
  const double variance = squares / static_cast<double>(count - 1);
  spread.deviation = std::sqrt(variance);
  spread.shotsNeeded = variance > 0 ? noise / static_cast<double>(count) / variance
                                    : std::numeric_limits<double>::infinity();
  return spread;
}

void warnOfConcentration(base::Context &ctx, qdo_site site, const Kernel &kernel,
                         std::span<const RowId> rows) {
  constexpr size_t fewest = 8; // of fewer rows a spread says nothing
  auto &policies = ctx.part<estimate::Policies>();
  const estimate::Policy *policy = policies.innermost();
  if (kernel.form() != Kernel::Form::Fidelity || !policy || rows.size() < fewest)
    return;
  const uint64_t about = base::Hasher("concentration")
                             .add(static_cast<uint64_t>(reinterpret_cast<uintptr_t>(&kernel)))
                             .add(policy->identity(ctx))
                             .value();
  if (!ctx.part<Warned>().about.insert(about).second)
    return;
  const Spread spread = spreadOf(kernel, rows);
  const double pairs = static_cast<double>(rows.size()) * static_cast<double>(rows.size() - 1) / 2;
  const double most =
      std::min(static_cast<double>(estimate::LookPlan(*policy).last()),
               std::max(1.0, static_cast<double>(policies.remaining(*policy)) / pairs));
  if (most >= spread.shotsNeeded)
    return;
  const double noise = std::isfinite(spread.shotsNeeded)
                           ? spread.deviation * std::sqrt(spread.shotsNeeded / most)
                           : std::sqrt(spread.mean * (1 - spread.mean) / most);
  ctx.warn(site, base::Kind::KernelConcentrates, fmt::format("{:.4f}", spread.mean),
           fmt::format("{:.4f}", spread.deviation), fmt::format("{:.0f}", most),
           fmt::format("{:.4f}", noise),
           std::isfinite(spread.shotsNeeded)
               ? fmt::format("about {:.0f} shots a pair", std::ceil(spread.shotsNeeded))
               : "no number of shots");
}

} // namespace qdo::learn
