// SPDX-License-Identifier: Apache-2.0
// Catoni's estimator and its test, inverted.
#include "runtime/estimate/heavy.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/bounded.h"
#include "runtime/estimate/measure.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace qdo::estimate {

static double influence(double y) {
  const double size = std::log1p(std::fabs(y) + y * y / 2);
  return y < 0 ? -size : size;
}

/// The sum of the influences about m.
static double influences(std::span<const double> values, double scale, double m) {
  double sum = 0;
  for (double x : values)
    sum += influence(scale * (x - m));
  return sum;
}

/// Where a function that falls goes through 0, between these.
template <class Function> static double crossing(const Function &f, double from, double to) {
  for (int i = 0; i < 42 && to - from > 1e-10; ++i) {
    const double middle = (from + to) / 2;
    (f(middle) > 0 ? from : to) = middle;
  }
  return (from + to) / 2;
}

Interval catoni(std::span<const double> values, const HeavyKind &kind, double error) {
  const double l = std::log(2 / error), n = static_cast<double>(values.size());
  const double bound = n * std::log1p(l / n) + l; // the same for every m, since a^2 v is
  // The sum falls from above the bound to below minus the bound: what is between is the interval.
  auto end = [&](double level) {
    auto above = [&](double m) {
      return influences(values, std::sqrt(2 * l / (n * kind.variance(m))), m) - level;
    };
    if (above(kind.low) <= 0)
      return kind.low;
    if (above(kind.high) >= 0)
      return kind.high;
    return crossing(above, kind.low, kind.high);
  };
  return {end(bound), end(-bound)};
}

double catoniMean(std::span<const double> values, const HeavyKind &kind, double error) {
  const double l = std::log(2 / error), n = static_cast<double>(values.size());
  const double left = std::max(n - 2 * l, n / 2); // fewer values promise nothing
  const double scale = std::sqrt(2 * l * left / (n * n * kind.most));
  const auto [least, most] = std::ranges::minmax(values);
  return crossing([&](double m) { return influences(values, scale, m); }, least, most);
}

double catoniShots(double variance, double within, double error) {
  return 2 * std::log(2 / error) * (1 + variance / (within * within));
}

HeavyMean::HeavyMean(std::vector<double> values, HeavyKind kind, double error, int64_t groups)
    : values_(std::move(values)), kind_(std::move(kind)) {
  const double n = static_cast<double>(values_.size());
  double sum = 0, square = 0;
  for (double x : values_)
    sum += x;
  for (double x : values_)
    square += (x - sum / n) * (x - sum / n);
  variance_ = values_.size() > 1 ? square / (n - 1) : kind_.variance(kind_.low);
  if (groups > 1) {
    std::vector<double> means;
    const auto size = std::ssize(values_);
    for (int64_t g = 0; g < groups; ++g) {
      const int64_t first = g * size / groups, last = (g + 1) * size / groups;
      double part = 0;
      for (int64_t i = first; i < last; ++i)
        part += values_[static_cast<size_t>(i)];
      if (last > first)
        means.push_back(part / static_cast<double>(last - first));
    }
    std::ranges::sort(means);
    mean = (means[means.size() / 2] + means[(means.size() - 1) / 2]) / 2;
  } else {
    mean = catoniMean(values_, kind_, error);
  }
  // A few equal values claim no error of 0: the variance that there may be counts as two more.
  const double possible = kind_.variance(std::clamp(mean, kind_.low, kind_.high));
  standardError = std::sqrt((variance_ * (n - 1) + 2 * possible) / (n * n));
}

Interval HeavyMean::interval(Method method, double error) const {
  Interval found{};
  if (method == Method::Sequential) {
    found = catoni(values_, kind_, error);
  } else {
    MeanSample sample;
    for (double x : values_)
      sample.mean += x / static_cast<double>(values_.size());
    sample.variance = variance_;
    sample.low = kind_.lowest;
    sample.high = kind_.highest;
    sample.shots = size();
    found = meanInterval(method, sample, error);
    found = {std::clamp(found.low, kind_.low, kind_.high),
             std::clamp(found.high, kind_.low, kind_.high)};
  }
  return {std::min(found.low, mean), std::max(found.high, mean)};
}

namespace {
/// What was measured so far, by stream and policy; one a run.
struct HeavyRecords {
  struct Record {
    std::vector<double> values;
    int64_t looks = 0;
    bool done = false;
  };
  std::unordered_map<uint64_t, Record> records;
};
} // namespace

Estimate *estimateHeavy(base::Context &ctx, qdo_site site, const HeavyShots &shots,
                        const Policy &policy) {
  const uint64_t stream = ctx.part<Freshness>().current(shots.stream);
  const uint64_t source = sourceOf(stream, policy);
  const uint64_t numbers = base::Hasher("shots").add(source).value();
  auto &record = ctx.part<HeavyRecords>()
                     .records[base::Hasher("heavy").add(stream).add(policy.identity(ctx)).value()];
  const Estimate::Claim claim = claimOf(policy);
  const double error = (1 - claim.confidence) / static_cast<double>(claim.joint);
  const LookPlan plan(policy);
  Measurement measurement(ctx, site, policy);
  auto &policies = ctx.part<Policies>();
  Estimate *e = nullptr;
  auto look = [&] {
    auto mean =
        std::make_shared<HeavyMean>(record.values, shots.kind, error, policy.combine.groups);
    Estimate::Term term{1, 0, mean->size(), source};
    term.source = std::move(mean);
    e = ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{std::move(term)}, claim);
    return measurement.untilHolds(
        {e->value, e->standardError, e->low, e->high, e->shots, record.looks});
  };
  if (record.done) {
    look();
    return e;
  }
  do {
    const int64_t have = std::ssize(record.values), next = plan.next(have);
    if (next == 0) {
      look();
      break;
    }
    double seconds = 0;
    for (double circuit : shots.seconds(numbers, have, next))
      seconds += shotSeconds(ctx, policy, circuit);
    if (!policies.pay(ctx, site, policy, next - have, next - have, seconds))
      return nullptr;
    const auto drawn = shots.draw(numbers, have, next);
    if (!drawn) {
      policies.giveBack(ctx, policy, next - have, next - have, seconds);
      return nullptr;
    }
    ++record.looks;
    record.values.insert(record.values.end(), drawn->begin(), drawn->end());
  } while (!look() && ctx.ok());
  if (!ctx.ok())
    return nullptr;
  record.done = true;
  return e;
}

} // namespace qdo::estimate
