// SPDX-License-Identifier: Apache-2.0
// Collects pairs, lets estimate/ measure them, and puts the values where they belong.
#include "runtime/learn/measure.h"

#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/batch.h"
#include "runtime/estimate/policy.h"
#include "runtime/sim/device_time.h"

#include <algorithm>

namespace qdo::learn {

namespace {

using estimate::Policy;

/// Pairs to be measured, and how much each matters.
struct Pairs {
  struct Entry {
    RowId a, b;
    double weight;
  };
  std::vector<Entry> entries;
  bool weighted = false;
};

/// Values of all pairs, in their order, or null after a failure. The pairs have been prepared.
std::optional<std::vector<double>> valuesOf(base::Context &ctx, qdo_site site, const Kernel &kernel,
                                            const Pairs &pairs) {
  std::vector<double> values;
  values.reserve(pairs.entries.size());
  for (const auto &pair : pairs.entries)
    values.push_back(kernel.exact(pair.a, pair.b));
  Policy *policy = ctx.part<estimate::Policies>().innermost();
  if (kernel.form() != Kernel::Form::Fidelity || (policy && policy->mode == Policy::Mode::Exact))
    return values;
  policy = estimate::requirePolicy(ctx, site);
  if (!policy)
    return std::nullopt;

  // Compute-uncompute: the encoding of one row and the inverse of that of the other.
  const double gates = kernel.pairSeconds(sim::deviceTime(ctx));
  std::vector<estimate::BernoulliItem> items;
  std::vector<size_t> places;
  for (size_t i = 0; i < values.size(); ++i)
    if (const auto &pair = pairs.entries[i]; pair.a != pair.b) {
      items.push_back({values[i], kernel.stream(pair.a, pair.b), pair.weight, gates});
      places.push_back(i);
    }
  if (items.empty())
    return values;
  auto results = estimate::estimateBatch(ctx, site, items, *policy, pairs.weighted);
  if (!ctx.ok())
    return std::nullopt;
  for (size_t k = 0; k < places.size(); ++k)
    values[places[k]] = results[k].value();
  return values;
}

} // namespace

std::optional<std::vector<double>> kernelRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                              std::span<const RowId> points,
                                              std::span<const RowId> references,
                                              std::span<const double> weights) {
  if (kernel.form() == Kernel::Form::General)
    return generalRows(ctx, site, kernel, points, references);
  if (!kernel.prepare(ctx, site, points, references))
    return std::nullopt;
  Pairs pairs;
  pairs.weighted = !weights.empty();
  pairs.entries.reserve(points.size() * references.size());
  for (RowId point : points)
    for (size_t j = 0; j < references.size(); ++j)
      pairs.entries.push_back({point, references[j], weights.empty() ? 1 : weights[j]});
  return valuesOf(ctx, site, kernel, pairs);
}

std::optional<std::vector<double>> gramMatrix(base::Context &ctx, qdo_site site, Kernel &kernel,
                                              std::span<const RowId> rows) {
  if (kernel.form() == Kernel::Form::General)
    return generalGram(ctx, site, kernel, rows);
  if (!kernel.prepare(ctx, site, rows, rows))
    return std::nullopt;
  // A support row counts with its |alpha|, a row without influence with 0, a new row with the mean:
  // it was chosen because it may matter, and nothing else is known about it.
  double sum = 0, supports = 0;
  for (const auto &[row, alpha] : kernel.importance)
    if (alpha > 0) {
      sum += alpha;
      ++supports;
    }
  std::vector<double> importance(rows.size(), 1);
  if (supports > 0)
    for (size_t i = 0; i < rows.size(); ++i) {
      auto known = kernel.importance.find(rows[i]);
      importance[i] = known == kernel.importance.end() ? sum / supports : known->second;
    }
  Pairs pairs;
  pairs.weighted = supports > 0;
  pairs.entries.reserve(rows.size() * rows.size() / 2);
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      pairs.entries.push_back({rows[i], rows[j], importance[i] * importance[j]});
  auto values = valuesOf(ctx, site, kernel, pairs);
  if (!values)
    return std::nullopt;
  std::vector<double> gram(rows.size() * rows.size(), 1);
  size_t next = 0;
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      gram[i * rows.size() + j] = gram[j * rows.size() + i] = (*values)[next++];
  return gram;
}

estimate::Estimate *kernelEstimate(base::Context &ctx, qdo_site site, Kernel &kernel, RowId a,
                                   RowId b) {
  if (kernel.form() == Kernel::Form::General) {
    if (kernel.measures())
      return base::as<estimate::Estimate>(kernel.measure(ctx, site, a, b));
    auto value = kernel.compute(ctx, site, a, b);
    return value ? estimate::number(ctx, *value) : nullptr;
  }
  if (kernel.form() != Kernel::Form::Fidelity || a == b) {
    Policy *policy = ctx.part<estimate::Policies>().innermost();
    return ctx.make<estimate::Estimate>(kernel.exact(a, b), std::vector<estimate::Estimate::Term>{},
                                        policy ? estimate::claimOf(*policy)
                                               : estimate::Estimate::Claim());
  }
  Policy *policy = estimate::requirePolicy(ctx, site);
  if (!policy || !kernel.prepare(ctx, site, std::span(&a, 1), std::span(&b, 1)))
    return nullptr;
  const uint64_t stream = kernel.stream(a, b);
  const double gates = kernel.pairSeconds(sim::deviceTime(ctx));
  estimate::BernoulliItem item{kernel.exact(a, b), stream, 1, gates};
  auto results = estimate::estimateBatch(ctx, site, std::span(&item, 1), *policy, false);
  if (!ctx.ok())
    return nullptr;
  return estimate::makeEstimate(ctx, results[0], *policy);
}

} // namespace qdo::learn
