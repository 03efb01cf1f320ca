// SPDX-License-Identifier: Apache-2.0
// The limit and its words.
#include "runtime/sim/one_by_one.h"

#include "runtime/base/quantity.h"

#include <cmath>

namespace qdo::sim {

bool fewEnough(base::Context &ctx, qdo_site site, int64_t shots) {
  constexpr int64_t most = 10'000'000'000; // at best a quarter of an hour, at worst weeks
  if (shots <= most)
    return true;
  // 0.1 us is what a small tableau takes, 10 us a block of a few gates.
  const double hours = static_cast<double>(shots) * 1e-7 / 3600;
  ctx.fail(site, base::Kind::BadValue, "the number of shots that are simulated one by one",
           base::grouped(shots), "at most " + base::grouped(most))
      .help = fmt::format("they would take between {:.0f} hours and {:.0f} days; 100,000,000 of "
                          "them know a probability to 0.0001, and `until` stops when enough are "
                          "there",
                          std::ceil(hours), std::ceil(100 * hours / 24));
  return false;
}

} // namespace qdo::sim
