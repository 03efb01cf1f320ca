// SPDX-License-Identifier: Apache-2.0
// Batches of single coins: what kernels use.
#include "runtime/estimate/batch.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/measure.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

uint64_t fidelityStream(uint64_t a, uint64_t b) {
  return base::Hasher("fidelity").add(std::min(a, b)).add(std::max(a, b)).value();
}

std::vector<BernoulliResult> estimateBatch(base::Context &ctx, qdo_site site,
                                           std::span<const BernoulliItem> items,
                                           const Policy &policy, bool weightsKnown,
                                           const Reweigh &reweigh, size_t circuits) {
  Measurement measurement(ctx, site, policy);
  std::vector<Quantity> quantities(items.size() / circuits);
  std::vector<Quantity::Term> terms(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    terms[i] = {items[i].scale,
                measurement.record(items[i].probability, items[i].stream, items[i].seconds)};
    terms[i].record->source = items[i].shots;
    Quantity &quantity = quantities[i / circuits];
    quantity.offset += items[i].offset;
    if (i % circuits != 0)
      continue;
    quantity.firstTerm = i;
    quantity.termCount = circuits;
    // A weight that is not a number says nothing about the item: treat it as any other.
    quantity.weight = std::isnan(items[i].weight) ? 1 : std::fabs(items[i].weight);
  }
  std::function<void()> again;
  std::vector<double> values(reweigh ? quantities.size() : 0), errors = values, weights = values;
  std::vector<int64_t> shots(values.size());
  if (reweigh)
    again = [&] {
      for (size_t k = 0; k < quantities.size(); ++k) {
        errors[k] = 0;
        values[k] = quantities[k].offset;
        shots[k] = INT64_MAX;
        for (const auto &[scale, record] : quantities[k].of(terms)) {
          values[k] +=
              scale * static_cast<double>(record->successes) / static_cast<double>(record->shots);
          errors[k] =
              std::hypot(errors[k], scale * standardError(record->successes, record->shots));
          shots[k] = std::min(shots[k], record->shots);
        }
        weights[k] = quantities[k].weight;
      }
      reweigh(values, errors, shots, weights);
      for (size_t k = 0; k < quantities.size(); ++k)
        quantities[k].weight = std::fabs(weights[k]);
    };
  if (!measurement.run(quantities, terms, weightsKnown, again))
    return {};
  std::vector<BernoulliResult> results(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    const Quantity alone{.offset = items[i].offset, .firstTerm = i};
    const Summary summary = measurement.summarise(alone, terms);
    results[i] = {terms[i].record->successes,
                  terms[i].record->shots,
                  summary.low,
                  summary.high,
                  summary.standardError,
                  terms[i].record->stream,
                  terms[i].record->shift(),
                  0,
                  items[i].offset,
                  items[i].scale};
  }
  return results;
}

} // namespace qdo::estimate
