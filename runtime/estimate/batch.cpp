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
                                           const Reweigh &reweigh) {
  Measurement measurement(ctx, site, policy);
  std::vector<Quantity> quantities(items.size());
  std::vector<Quantity::Term> terms(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    terms[i] = {items[i].scale,
                measurement.record(items[i].probability, items[i].stream, items[i].seconds)};
    quantities[i].firstTerm = i;
    quantities[i].offset = items[i].offset;
    // A weight that is not a number says nothing about the item: treat it as any other.
    quantities[i].weight = std::isnan(items[i].weight) ? 1 : std::fabs(items[i].weight);
  }
  std::function<void()> again;
  std::vector<double> values(reweigh ? items.size() : 0), errors = values, weights = values;
  std::vector<int64_t> shots(values.size());
  if (reweigh)
    again = [&] {
      for (size_t i = 0; i < items.size(); ++i) {
        const Record &record = *terms[i].record;
        const double fraction =
            static_cast<double>(record.successes) / static_cast<double>(record.shots);
        values[i] = items[i].offset + items[i].scale * fraction;
        errors[i] = std::fabs(items[i].scale) * standardError(record.successes, record.shots);
        shots[i] = record.shots;
        weights[i] = quantities[i].weight;
      }
      reweigh(values, errors, shots, weights);
      for (size_t i = 0; i < items.size(); ++i)
        quantities[i].weight = std::fabs(weights[i]);
    };
  if (!measurement.run(quantities, terms, weightsKnown, again))
    return {};
  std::vector<BernoulliResult> results(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    const Summary summary = measurement.summarise(quantities[i], terms);
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
