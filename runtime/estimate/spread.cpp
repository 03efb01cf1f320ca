// SPDX-License-Identifier: Apache-2.0
// Shots dealt out to circuits in turn.
#include "runtime/estimate/spread.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/estimate/measure.h"

namespace qdo::estimate {

namespace {
/// Shot i runs circuit i mod n, and keeps what it showed.
class Dealt final : public sim::ShotSource {
public:
  explicit Dealt(std::span<const sim::Coin> coins)
      : counts(coins.size()), coins_(coins.begin(), coins.end()) {}

  int64_t successes(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                    int64_t last) const override {
    const auto n = std::ssize(coins_);
    int64_t sum = 0;
    for (int64_t k = 0; k < n && ctx.ok(); ++k) {
      // The shots of circuit k among those: i = k, k + n, ..
      const int64_t from = (first - k + n - 1) / n, to = (last - k + n - 1) / n;
      const sim::Coin &coin = coins_[static_cast<size_t>(k)];
      const uint64_t own = base::Hasher("dealt").add(stream).add(static_cast<uint64_t>(k)).value();
      const int64_t seen = coin.shots
                               ? coin.shots->successes(ctx, site, own, from, to)
                               : base::countSuccesses(ctx.seed(), own, from, to, coin.probability);
      counts[static_cast<size_t>(k)].successes += seen;
      counts[static_cast<size_t>(k)].shots += to - from;
      sum += seen;
    }
    return sum;
  }

  /// Called on the thread of the run only.
  mutable std::vector<Spread::Count> counts;

private:
  const std::vector<sim::Coin> coins_;
};
} // namespace

std::optional<Spread> estimateSpread(base::Context &ctx, qdo_site site,
                                     std::span<const sim::Coin> coins, uint64_t stream,
                                     double circuit, const Policy &policy) {
  Measurement measurement(ctx, site, policy);
  // Others who ask about these circuits find the record with the counts in its source.
  Record *record = measurement.record(
      coins[0].probability,
      sim::streamOn(sim::backend(ctx), base::Hasher("spread").add(stream).value()), circuit);
  if (!record->source)
    record->source = std::make_shared<Dealt>(coins);
  Quantity quantity{.offset = coins[0].offset};
  const Quantity::Term term{coins[0].scale, record};
  if (!measurement.run({&quantity, 1}, {&term, 1}, false))
    return std::nullopt;
  Estimate::Term seen{term.coefficient, record->successes, record->shots,
                      sourceOf(record->stream, policy)};
  seen.shift = record->shift();
  return Spread{ctx.make<Estimate>(quantity.offset, std::vector{std::move(seen)}, claimOf(policy)),
                static_cast<const Dealt &>(*record->source).counts};
}

} // namespace qdo::estimate
