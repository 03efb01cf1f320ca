// SPDX-License-Identifier: Apache-2.0
// Warnings of batches that disagree, in words.
#include "runtime/estimate/agreement.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace qdo::estimate {

namespace {
/// Places whose batches the run was told of.
struct Told {
  std::set<qdo_site> sites;
};

std::string named(std::span<const Batch> batches, const Batch &batch) {
  const auto place = std::ranges::find(batches, batch) - batches.begin();
  return fmt::format("{} ({} of {})", place + 1, batch.successes, batch.shots);
}
} // namespace

void judgeBatches(base::Context &ctx, qdo_site site, std::span<const Batch> batches, bool mayDrop,
                  BernoulliResult &result) {
  BatchCounts counts;
  for (const Batch &batch : batches)
    counts.add(batch.successes, batch.shots);
  result.batches = counts.batches();
  const auto agreement = counts.homogeneity();
  if (!agreement.disagree())
    return;
  const auto alone = mayDrop ? counts.outlier() : std::nullopt;
  std::string said;
  if (alone) {
    const BatchCounts rest = counts.without(*alone);
    result.successes = rest.successes();
    result.shots = rest.shots();
    result.setAside = 1;
    said =
        fmt::format("without batch {} of {} the other {} agree, so it is set aside: its shots are "
                    "paid and do not count",
                    named(batches, *alone), batches.size(), batches.size() - 1);
  } else {
    result.extraVariance = agreement.extraVariance;
    const auto worst = counts.furthest(2);
    said = fmt::format("the error bars hold the spread between the {} batches; furthest off are {}",
                       batches.size(), named(batches, worst.front()));
    if (worst.size() > 1)
      said += fmt::format(" and {}", named(batches, worst[1]));
  }
  if (ctx.part<Told>().sites.insert(site).second)
    ctx.warn(site, base::Kind::BatchesDisagree, fmt::format("{:.3g}", agreement.q),
             fmt::format("{}", agreement.degrees), said);
}

} // namespace qdo::estimate
