// SPDX-License-Identifier: Apache-2.0
// Coins of every noise level, and their weighted sum.
#include "runtime/estimate/coins.h"

#include "runtime/estimate/measure.h"
#include "runtime/estimate/mitigation.h"

#include <utility>
#include <vector>

namespace qdo::estimate {

Estimate *estimateCoin(base::Context &ctx, qdo_site site, const CoinCircuit &circuit,
                       const Policy &policy) {
  std::vector<sim::Coin> coins; // a noise level of the policy each
  const auto levels = noiseLevels(ctx, site, policy, circuit.recipes, Waits::Fold,
                                  [&](const sim::Mitigation &mitigation) -> std::optional<double> {
                                    auto coin = circuit.coin(mitigation);
                                    if (!coin)
                                      return std::nullopt;
                                    coins.push_back(std::move(*coin));
                                    return coins.back().fold;
                                  });
  if (!levels)
    return nullptr;
  Measurement measurement(ctx, site, policy);
  std::vector<Quantity::Term> terms;
  Quantity sum;
  for (const NoiseLevel &level : *levels) {
    const sim::Coin &coin = coins[level.asked];
    sum.offset += level.weight * coin.offset;
    terms.push_back(
        {level.weight * coin.scale,
         measurement.record(coin, level.stream(circuit.stream), circuit.seconds * level.fold)});
  }
  sum.termCount = terms.size();
  if (!measurement.run({&sum, 1}, terms, false))
    return nullptr;
  std::vector<Estimate::Term> counts;
  for (const auto &[coefficient, record] : terms)
    counts.push_back({coefficient, record->successes, record->shots,
                      sourceOf(record->stream, policy), std::nullopt, record->shift()});
  return ctx.make<Estimate>(sum.offset, std::move(counts), claimOf(policy));
}

} // namespace qdo::estimate
