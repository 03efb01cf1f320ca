// SPDX-License-Identifier: Apache-2.0
// Collects pairs, lets estimate/ measure them, and puts the values where they belong.
#include "runtime/learn/measure.h"

#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/batch.h"
#include "runtime/estimate/interval.h"
#include "runtime/estimate/policy.h"
#include "runtime/learn/concentration.h"
#include "runtime/learn/svm.h"
#include "runtime/sim/device_time.h"
#include "runtime/sim/state.h"

#include <algorithm>
#include <cmath>
#include <map>

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

/// Whether values of this kernel are known without sampling error under the policy in force.
bool isExact(base::Context &ctx, const Kernel &kernel) {
  const Policy *policy = ctx.part<estimate::Policies>().innermost();
  return kernel.form() == Kernel::Form::Rbf || ctx.exact() ||
         (policy && policy->mode == Policy::Mode::Exact);
}

/// Half-width of an interval in standard errors. The looks share the error probability.
double deviatesOf(const Policy &policy) {
  return estimate::normalQuantile(
      1 - (1 - policy.confidence) / static_cast<double>(estimate::LookPlan(policy).count()) / 2);
}

/// Adds the circuits of a prepared pair.
void addCircuits(std::vector<estimate::BernoulliItem> &items, const Kernel &kernel, RowId a,
                 RowId b, double weight, double seconds) {
  for (size_t i = 0; i < kernel.circuits(); ++i)
    items.push_back(kernel.circuit(i, a, b, weight, seconds));
}

/// An estimate of a pair from what its circuits gave.
estimate::Estimate *estimateOf(base::Context &ctx, const Kernel &kernel,
                               std::span<const estimate::BernoulliResult> results,
                               const Policy &policy) {
  auto *e = estimate::makeEstimate(ctx, results, policy);
  e->way = kernel.way().name;
  return e;
}

/// Values of all pairs, in their order, or null after a failure. The pairs have been prepared.
std::optional<Measured> valuesOf(base::Context &ctx, qdo_site site, const Kernel &kernel,
                                 const Pairs &pairs, const Judge &judge) {
  Measured measured;
  measured.values.reserve(pairs.entries.size());
  for (const auto &pair : pairs.entries)
    measured.values.push_back(kernel.exact(pair.a, pair.b));
  measured.errors.assign(pairs.entries.size(), 0);
  if (isExact(ctx, kernel))
    return measured;
  const Policy *policy = estimate::requirePolicy(ctx, site);
  if (!policy)
    return std::nullopt;
  measured.deviates = deviatesOf(*policy);

  const double seconds = kernel.pairSeconds(sim::deviceTime(ctx));
  std::vector<estimate::BernoulliItem> items;
  std::vector<size_t> places;
  for (size_t i = 0; i < measured.values.size(); ++i)
    if (const auto &pair = pairs.entries[i]; pair.a != pair.b) {
      addCircuits(items, kernel, pair.a, pair.b, pair.weight, seconds);
      places.push_back(i);
    }
  if (items.empty())
    return measured;
  Judge ofItems; // the judge sees every pair, also those of a row with itself
  std::vector<double> values = measured.values, errors = measured.errors, weights;
  std::vector<int64_t> shots(judge ? values.size() : 0, 0);
  if (judge)
    ofItems = [&](std::span<const double> itemValues, std::span<const double> itemErrors,
                  std::span<const int64_t> itemShots, std::span<double> itemWeights) {
      for (size_t k = 0; k < places.size(); ++k) {
        values[places[k]] = itemValues[k];
        errors[places[k]] = itemErrors[k];
        shots[places[k]] = itemShots[k];
      }
      weights.assign(values.size(), 0);
      judge(values, errors, shots, weights);
      for (size_t k = 0; k < places.size(); ++k)
        itemWeights[k] = weights[places[k]];
    };
  const size_t circuits = kernel.circuits();
  const auto results =
      estimate::estimateBatch(ctx, site, items, *policy, pairs.weighted, ofItems, circuits);
  if (!ctx.ok())
    return std::nullopt;
  for (size_t k = 0; k < places.size(); ++k) {
    double value = 0, error = 0;
    for (const auto &result : std::span(results).subspan(k * circuits, circuits)) {
      value += result.value();
      error = std::hypot(error, result.standardError);
    }
    measured.values[places[k]] = value;
    measured.errors[places[k]] = error;
  }
  return measured;
}

/// Whether the machine has memory for the values of so many rows with each other; fails if not.
bool matrixFits(base::Context &ctx, qdo_site site, const Kernel &kernel, size_t rows) {
  if (kernel.form() != Kernel::Form::Fidelity)
    return true;
  double bytes = static_cast<double>(svm::room(rows)) * sizeof(double);
  if (!isExact(ctx, kernel)) { // each pair is a circuit with counts, too, or one for each fold
    constexpr double record = sizeof(Pairs::Entry) + sizeof(estimate::BernoulliItem) +
                              sizeof(estimate::BernoulliResult) + 256;
    const Policy *policy = ctx.part<estimate::Policies>().innermost();
    const size_t folds = policy ? policy->mitigation.factors.size() : 0;
    bytes += static_cast<double>(rows) * static_cast<double>(rows) / 2 * record *
             static_cast<double>(std::max<size_t>(folds, 1));
  }
  return sim::checkBytes(
      ctx, site, fmt::format("kernel values of {} rows of {}", rows, kernel.qubits()), bytes);
}

/// The pairs below the diagonal.
Pairs trianglePairs(const Kernel &kernel, std::span<const RowId> rows) {
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
  return pairs;
}

} // namespace

std::optional<Measured> measuredRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                     std::span<const RowId> points,
                                     std::span<const RowId> references,
                                     std::span<const double> weights, const Judge &judge) {
  if (kernel.form() == Kernel::Form::General) {
    auto rows = generalRows(ctx, site, kernel, points, references);
    const Policy *policy = ctx.part<estimate::Policies>().innermost();
    if (rows && policy && !isExact(ctx, kernel))
      rows->deviates = deviatesOf(*policy);
    return rows;
  }
  if (!kernel.prepare(ctx, site, points, references))
    return std::nullopt;
  Pairs pairs;
  pairs.weighted = !weights.empty();
  pairs.entries.reserve(points.size() * references.size());
  for (RowId point : points)
    for (size_t j = 0; j < references.size(); ++j)
      pairs.entries.push_back({point, references[j], weights.empty() ? 1 : weights[j]});
  return valuesOf(ctx, site, kernel, pairs, judge);
}

std::optional<std::vector<double>> kernelRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                              std::span<const RowId> points,
                                              std::span<const RowId> references,
                                              std::span<const double> weights) {
  auto measured = measuredRows(ctx, site, kernel, points, references, weights);
  return measured ? std::optional(std::move(measured->values)) : std::nullopt;
}

std::optional<std::vector<double>> gramMatrix(base::Context &ctx, qdo_site site, Kernel &kernel,
                                              std::span<const RowId> rows, const Judge &judge,
                                              double *explained) {
  if (explained)
    *explained = 0;
  if (kernel.form() == Kernel::Form::General)
    return generalGram(ctx, site, kernel, rows, explained);
  if (!matrixFits(ctx, site, kernel, rows.size()))
    return std::nullopt;
  std::vector<double> gram;
  gram.reserve(svm::room(rows.size())); // whoever trains on it does so in place
  gram.resize(rows.size() * rows.size(), 1);
  constexpr size_t many = 4096; // a table of so many rows' pairs is larger than 64 MB
  if (rows.size() > many && kernel.form() == Kernel::Form::Fidelity && isExact(ctx, kernel))
    return kernel.fill(ctx, site, rows, gram.data()) ? std::optional(std::move(gram))
                                                     : std::nullopt;
  if (!kernel.prepare(ctx, site, rows, rows))
    return std::nullopt;
  auto fill = [&](auto value) {
    for (size_t i = 0; i < rows.size(); ++i)
      for (size_t j = 0; j < i; ++j)
        gram[i * rows.size() + j] = gram[j * rows.size() + i] = value(i, j);
  };
  if (isExact(ctx, kernel)) { // no list of pairs: it would be larger than the matrix
    fill([&](size_t i, size_t j) { return kernel.exact(rows[i], rows[j]); });
    return gram;
  }
  warnOfConcentration(ctx, site, kernel, rows);
  auto measured = valuesOf(ctx, site, kernel, trianglePairs(kernel, rows), judge);
  if (!measured)
    return std::nullopt;
  size_t next = 0;
  fill([&](size_t, size_t) { return measured->values[next++]; });
  if (explained) { // entries err on their own
    std::vector<double> squares(rows.size());
    double most = 0;
    next = 0;
    for (size_t i = 0; i < rows.size(); ++i)
      for (size_t j = 0; j < i; ++j) {
        const double error = measured->errors[next++];
        squares[i] += error * error;
        squares[j] += error * error;
        most = std::max(most, error);
      }
    *explained = 2 * std::sqrt(std::ranges::max(squares)) + 3 * most;
  }
  return gram;
}

std::vector<estimate::Estimate *> kernelEstimates(base::Context &ctx, qdo_site site, Kernel &kernel,
                                                  std::span<const RowId> rows,
                                                  std::span<const RowId> columns) {
  std::map<std::pair<RowId, RowId>, estimate::Estimate *> made;
  std::vector<std::pair<RowId, RowId>> wanted;
  for (RowId a : rows)
    for (RowId b : columns)
      if (made.try_emplace(std::minmax(a, b), nullptr).second)
        wanted.push_back(std::minmax(a, b));
  const bool fidelity = kernel.form() == Kernel::Form::Fidelity && !isExact(ctx, kernel);
  if (kernel.form() != Kernel::Form::General && !kernel.prepare(ctx, site, rows, columns))
    return {};
  if (fidelity) { // one batch, so that pilots and looks are shared fairly
    warnOfConcentration(ctx, site, kernel, rows);
    Pairs pairs;
    for (auto [a, b] : wanted)
      if (a != b)
        pairs.entries.push_back({a, b, 1});
    const Policy *policy = estimate::requirePolicy(ctx, site);
    const double seconds = kernel.pairSeconds(sim::deviceTime(ctx));
    const size_t circuits = kernel.circuits();
    std::vector<estimate::BernoulliItem> items;
    for (const auto &pair : pairs.entries)
      addCircuits(items, kernel, pair.a, pair.b, 1, seconds);
    const auto results =
        policy && !items.empty()
            ? estimate::estimateBatch(ctx, site, items, *policy, false, nullptr, circuits)
            : std::vector<estimate::BernoulliResult>{};
    if (!ctx.ok())
      return {};
    for (size_t i = 0; i < pairs.entries.size(); ++i)
      made[{pairs.entries[i].a, pairs.entries[i].b}] =
          estimateOf(ctx, kernel, std::span(results).subspan(i * circuits, circuits), *policy);
  }
  std::vector<estimate::Estimate *> all;
  all.reserve(rows.size() * columns.size());
  for (RowId a : rows)
    for (RowId b : columns) {
      estimate::Estimate *&one = made[std::minmax(a, b)];
      if (!one &&
          (one = kernelEstimate(ctx, site, kernel, std::min(a, b), std::max(a, b))) == nullptr)
        return {};
      all.push_back(one);
    }
  return all;
}

std::optional<Care> careOfDecision(base::Context &ctx, const Kernel &kernel) {
  const Policy *policy = ctx.part<estimate::Policies>().innermost();
  if (!policy || policy->allocation != estimate::Allocation::Decision ||
      kernel.form() != Kernel::Form::Fidelity || isExact(ctx, kernel))
    return std::nullopt;
  return Care{deviatesOf(*policy), estimate::LookPlan(*policy).last()};
}

bool isSampled(base::Context &ctx, const Kernel &kernel) {
  return kernel.measures() && !isExact(ctx, kernel);
}

estimate::Estimate *kernelEstimate(base::Context &ctx, qdo_site site, Kernel &kernel, RowId a,
                                   RowId b) {
  if (kernel.form() == Kernel::Form::General) {
    if (kernel.measures())
      return base::as<estimate::Estimate>(kernel.measure(ctx, site, a, b));
    auto value = kernel.compute(ctx, site, a, b);
    return value ? estimate::number(ctx, *value) : nullptr;
  }
  if (a == b || isExact(ctx, kernel)) {
    if (std::isnan(kernel.exact(a, b)) &&
        !kernel.prepare(ctx, site, std::span(&a, 1), std::span(&b, 1)))
      return nullptr;
    const Policy *policy = ctx.part<estimate::Policies>().innermost();
    return ctx.make<estimate::Estimate>(kernel.exact(a, b), std::vector<estimate::Estimate::Term>{},
                                        policy ? estimate::claimOf(*policy)
                                               : estimate::Estimate::Claim());
  }
  Policy *policy = estimate::requirePolicy(ctx, site);
  if (!policy || !kernel.prepare(ctx, site, std::span(&a, 1), std::span(&b, 1)))
    return nullptr;
  std::vector<estimate::BernoulliItem> items;
  addCircuits(items, kernel, a, b, 1, kernel.pairSeconds(sim::deviceTime(ctx)));
  const auto results =
      estimate::estimateBatch(ctx, site, items, *policy, false, nullptr, items.size());
  return ctx.ok() ? estimateOf(ctx, kernel, results, *policy) : nullptr;
}

} // namespace qdo::learn
