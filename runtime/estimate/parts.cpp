// SPDX-License-Identifier: Apache-2.0
// Circuits of groups, and what their outcomes are worth.
#include "runtime/estimate/parts.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/mitigation.h"
#include "runtime/sim/device_time.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <span>

namespace qdo::estimate {

using base::Hasher;

namespace {

/// What a string is worth when this was read.
double valueOf(const sim::JointShots &shots, const Member &member,
               std::span<const uint64_t> outcome) {
  int letters = 0, ones = 0;
  for (size_t w = 0; w < outcome.size(); ++w) {
    letters += std::popcount(member.support[w]);
    ones += std::popcount(member.support[w] & outcome[w]);
  }
  if (shots.zero == 1 && shots.one == -1)
    return (ones % 2 == 0) != member.negative ? 1 : -1;
  const double value = std::pow(shots.zero, letters - ones) * std::pow(shots.one, ones);
  return member.negative ? -value : value;
}

/// Least and most that a string can be worth.
Interval rangeOf(const sim::JointShots &shots, std::span<const uint64_t> support, bool negative) {
  int letters = 0;
  for (uint64_t mask : support)
    letters += std::popcount(mask);
  Interval range{HUGE_VAL, -HUGE_VAL};
  for (int ones = 0; ones <= letters; ++ones) {
    const double value = std::pow(shots.zero, letters - ones) * std::pow(shots.one, ones);
    range = {std::min(range.low, value), std::max(range.high, value)};
  }
  return negative ? Interval{-range.high, -range.low} : range;
}

double medianOf(std::vector<double> values) {
  std::ranges::sort(values);
  const size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/// What an outcome is worth in the part of the sum; of a single string without its weight, which is
/// a coefficient.
class Worth {
public:
  Worth(const Part &part, const Sum &sum) : part_(part), sum_(sum) {
    for (const auto &[i, support, negative] : part.members) {
      const Interval one = rangeOf(*part.shots, support, negative);
      range.low += weight(i) * (weight(i) > 0 ? one.low : one.high);
      range.high += weight(i) * (weight(i) > 0 ? one.high : one.low);
    }
  }
  bool single() const { return part_.members.size() == 1; }
  /// Whether it has two values, the ends of its range.
  bool coin() const { return single() && part_.shots->zero == -part_.shots->one; }
  double weight(size_t i) const { return single() ? 1 : sum_.weights[i]; }
  double of(std::span<const uint64_t> outcome) const {
    double worth = 0;
    for (const Member &member : part_.members)
      worth += weight(member.string) * valueOf(*part_.shots, member, outcome);
    return worth;
  }
  /// Names it, whatever was seen.
  uint64_t stream() const {
    Hasher stream("joint");
    stream.add(part_.readings->stream).add(part_.shots->zero).add(part_.shots->one);
    for (const Member &member : part_.members) {
      const size_t first = member.string * sum_.strings.words;
      for (size_t w = first; w < first + sum_.strings.words; ++w)
        stream.add(sum_.strings.x[w]).add(sum_.strings.z[w]);
      stream.add(weight(member.string));
    }
    return stream.value();
  }

  Interval range{0, 0};

private:
  const Part &part_;
  const Sum &sum_;
};

/// The circuit that reads a group under a mitigation; nothing after a failure.
std::optional<Part> partOf(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                           const Sum &sum, const Group &group, const Policy &policy,
                           const sim::Mitigation &mitigation) {
  sim::Backend &device = sim::backend(ctx);
  uint64_t circuit = sim::streamOn(device, ctx.part<Freshness>().current(recipe.hash));
  circuit = NoiseLevel{.fold = mitigation.fold, .waits = mitigation.waits}.stream(circuit);
  Part part{&readingsOf(ctx, policy, circuit, recipe.qubits, group.read), nullptr};
  Readings &readings = *part.readings;
  const auto &gates = readings.reading.gates;
  if (!gates.empty())
    part.turned = sim::reading(recipe, gates);
  const sim::Recipe &whole = part.turned ? part.turned->recipe() : recipe;
  part.shots = device.joint(ctx, site, whole, axesOf(readings), mitigation);
  if (!part.shots)
    return std::nullopt;
  if (readings.shots == 0)
    readings.seconds = shotSeconds(ctx, policy, sim::circuitSeconds(ctx, whole) * part.shots->fold);
  for (size_t i : group.members) {
    pauli::ReadAs read = pauli::readAs(sum.strings, i, gates);
    for (size_t w = 0; w < sum.strings.words; ++w)
      read.string.x[w] |= read.string.z[w];
    part.members.push_back({i, std::move(read.string.x), read.negative});
  }
  return part;
}

} // namespace

std::optional<std::vector<Part>> partsOf(base::Context &ctx, qdo_site site,
                                         const sim::Recipe &recipe, const Sum &sum,
                                         const Policy &policy, Waits waits) {
  std::vector<std::vector<Part>> parts; // by noise level
  for (const Group &group : groupsOf(sum, policy.grouping)) {
    // Circuits of other gates have other folds, so each group has noise levels of its own.
    std::vector<Part> asked;
    const sim::Recipe *whole[] = {&recipe};
    const auto levels =
        noiseLevels(ctx, site, policy, whole, waits,
                    [&](const sim::Mitigation &mitigation) -> std::optional<double> {
                      auto part = partOf(ctx, site, recipe, sum, group, policy, mitigation);
                      if (!part)
                        return std::nullopt;
                      if (part->turned)
                        whole[0] = &part->turned->recipe();
                      asked.push_back(std::move(*part));
                      return asked.back().shots->fold;
                    });
    if (!levels)
      return std::nullopt;
    parts.resize(std::max(parts.size(), levels->size()));
    for (size_t l = 0; l < levels->size(); ++l) {
      Part &part = asked[(*levels)[l].asked];
      part.level = (*levels)[l].weight;
      // One circuit may read what two groups ask for.
      auto same = std::ranges::find(parts[l], part.readings, &Part::readings);
      if (same == parts[l].end())
        parts[l].push_back(std::move(part));
      else
        std::ranges::move(part.members, std::back_inserter(same->members));
    }
  }
  std::vector<Part> all;
  for (std::vector<Part> &level : parts)
    std::ranges::move(level, std::back_inserter(all));
  return all;
}

Estimate::Term termOf(const Part &part, const Sum &sum, const Policy &policy) {
  const Worth worth(part, sum);
  Readings &readings = *part.readings;
  auto reading = std::make_shared<Estimate::Reading>();
  reading->counts = readings.counts();
  std::vector<double> means; // of the parts
  double total = 0, squares = 0;
  int64_t successes = 0;
  for (const sim::Histogram &seen : readings.parts) {
    double here = 0;
    for (size_t k = 0; k < seen.size(); ++k) {
      const double value = worth.of(seen.outcome(k));
      here += value * static_cast<double>(seen.count(k));
      squares += value * value * static_cast<double>(seen.count(k));
      const bool success = value > (worth.range.low + worth.range.high) / 2;
      successes += success ? seen.count(k) : 0;
      reading->values.push_back(worth.coin() ? success : value);
    }
    total += here;
    if (seen.shots() > 0)
      means.push_back(here / static_cast<double>(seen.shots()));
  }
  const double n = static_cast<double>(readings.shots), mean = total / n,
               middle = means.size() > 1 ? medianOf(means) : mean;
  Estimate::Term term{part.level * (worth.single() ? sum.weights[part.members[0].string] : 1), 0,
                      readings.shots, sourceOf(worth.stream(), policy)};
  if (reading->counts)
    term.reading = std::move(reading);
  const uint64_t record = sourceOf(readings.stream, policy);
  if (worth.coin()) {
    const double width = worth.range.high - worth.range.low;
    term.successes = successes;
    term.shift = (middle - mean) / width;
    term.shared = record;
    term.coefficient *= width;
    return term;
  }
  term.sample =
      MeanSample{.mean = middle,
                 .variance = std::max(squares - n * mean * mean, 0.0) / std::max(n - 1, 1.0),
                 .low = worth.range.low,
                 .high = worth.range.high,
                 .shots = readings.shots,
                 .stream = term.stream,
                 .record = record};
  return term;
}

double offsetOf(const Part &part, const Sum &sum) {
  const Worth worth(part, sum);
  return worth.coin() ? part.level * sum.weights[part.members[0].string] * worth.range.low : 0;
}

} // namespace qdo::estimate
