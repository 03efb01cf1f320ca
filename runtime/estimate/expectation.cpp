// SPDX-License-Identifier: Apache-2.0
// Expectation values of Pauli sums: strings that agree qubit by qubit are read by one circuit.
// Why a mean and not one coin a string: the shots of a group have correlations, which the spread of
// the group's whole part of the sum knows and intervals of its strings would have to fear.
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/mitigation.h"
#include "runtime/estimate/quantities.h"
#include "runtime/estimate/readings.h"

#include "runtime/base/hash.h"
#include "runtime/sim/device_time.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <span>

namespace qdo::estimate {

using base::Hasher;

namespace {

/// The strings of a sum that is measured; identities are in `offset`.
struct Sum {
  double offset = 0;
  pauli::Strings strings;
  std::vector<double> weights;
};

/// What one circuit tells of a sum.
struct Part {
  Readings *readings;
  std::shared_ptr<const sim::JointShots> shots;
  std::vector<size_t> strings;
  double level; ///< weight of the circuit's noise level
};

Sum sumOf(const sim::Observable &observable) {
  Sum sum;
  for (const auto &term : observable.terms)
    sum.strings.words = std::max(sum.strings.words, 1 + term.more.size());
  for (const auto &term : observable.terms) {
    if (term.identity()) {
      sum.offset += term.weight;
      continue;
    }
    auto add = [&](uint64_t x, uint64_t z) {
      sum.strings.x.push_back(x);
      sum.strings.z.push_back(z);
    };
    add(term.x, term.z);
    for (size_t w = 0; w + 1 < sum.strings.words; ++w)
      w < term.more.size() ? add(term.more[w].first, term.more[w].second) : add(0, 0);
    sum.weights.push_back(term.weight);
  }
  return sum;
}

/// Masks for all qubits of the recipe: a record has a letter on each.
pauli::Strings widened(const pauli::Strings &strings, int64_t qubits) {
  pauli::Strings wide{static_cast<size_t>(qubits + 63) / 64, {}, {}};
  wide.x.resize(strings.size() * wide.words);
  wide.z.resize(wide.x.size());
  for (size_t i = 0; i < strings.size(); ++i)
    for (size_t w = 0; w < std::min(strings.words, wide.words); ++w) {
      wide.x[i * wide.words + w] = strings.x[i * strings.words + w];
      wide.z[i * wide.words + w] = strings.z[i * strings.words + w];
    }
  return wide;
}

/// What string i of a sum is worth when this was read.
double valueOf(const sim::JointShots &shots, const Sum &sum, size_t i,
               std::span<const uint64_t> outcome) {
  int letters = 0, ones = 0;
  for (size_t w = 0; w < outcome.size(); ++w) {
    const uint64_t support =
        sum.strings.x[i * outcome.size() + w] | sum.strings.z[i * outcome.size() + w];
    letters += std::popcount(support);
    ones += std::popcount(support & outcome[w]);
  }
  if (shots.zero == 1 && shots.one == -1)
    return ones % 2 == 0 ? 1 : -1;
  return std::pow(shots.zero, letters - ones) * std::pow(shots.one, ones);
}

/// Least and most that string i can be worth.
Interval rangeOf(const sim::JointShots &shots, const Sum &sum, size_t i) {
  int letters = 0;
  for (size_t w = 0; w < sum.strings.words; ++w)
    letters += std::popcount(sum.strings.x[i * sum.strings.words + w] |
                             sum.strings.z[i * sum.strings.words + w]);
  Interval range{HUGE_VAL, -HUGE_VAL};
  for (int ones = 0; ones <= letters; ++ones) {
    const double value = std::pow(shots.zero, letters - ones) * std::pow(shots.one, ones);
    range = {std::min(range.low, value), std::max(range.high, value)};
  }
  return range;
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
    for (size_t i : part.strings) {
      const Interval one = rangeOf(*part.shots, sum, i);
      range.low += weight(i) * (weight(i) > 0 ? one.low : one.high);
      range.high += weight(i) * (weight(i) > 0 ? one.high : one.low);
    }
  }
  bool single() const { return part_.strings.size() == 1; }
  /// Whether it has two values, the ends of its range.
  bool coin() const { return single() && part_.shots->zero == -part_.shots->one; }
  double weight(size_t i) const { return single() ? 1 : sum_.weights[i]; }
  double of(std::span<const uint64_t> outcome) const {
    double worth = 0;
    for (size_t i : part_.strings)
      worth += weight(i) * valueOf(*part_.shots, sum_, i, outcome);
    return worth;
  }
  /// Names it, whatever was seen.
  uint64_t stream() const {
    Hasher stream("joint");
    stream.add(part_.readings->stream).add(part_.shots->zero).add(part_.shots->one);
    for (size_t i : part_.strings) {
      for (size_t w = 0; w < sum_.strings.words; ++w)
        stream.add(sum_.strings.x[i * sum_.strings.words + w])
            .add(sum_.strings.z[i * sum_.strings.words + w]);
      stream.add(weight(i));
    }
    return stream.value();
  }

  Interval range{0, 0};

private:
  const Part &part_;
  const Sum &sum_;
};

/// What a part has seen, as a source of the estimate. Its coefficient is that of what an outcome is
/// worth; a coin's that of its fraction of successes, and `offsetOf` has the rest.
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
  Estimate::Term term{part.level * (worth.single() ? sum.weights[part.strings[0]] : 1), 0,
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

/// A coin counts from the lower end of its range.
double offsetOf(const Part &part, const Sum &sum) {
  const Worth worth(part, sum);
  return worth.coin() ? part.level * sum.weights[part.strings[0]] * worth.range.low : 0;
}

/// Spends shots on the parts of one sum.
class Expectation {
public:
  Expectation(base::Context &ctx, qdo_site site, const Policy &policy, const Sum &sum,
              std::vector<Part> parts)
      : ctx_(ctx), site_(site), policy_(policy), sum_(sum), parts_(std::move(parts)),
        measurement_(ctx, site, policy) {}

  Estimate *run() {
    if (ctx_.stopHere(site_))
      return nullptr;
    std::vector<Part *> all, pilots;
    for (Part &part : parts_)
      all.push_back(&part);
    std::ranges::copy_if(all, std::back_inserter(pilots),
                         [](const Part *part) { return part->readings->shots == 0; });
    for (bool more = grant(pilots); more && !enough() && !ctx_.stopHere(site_);)
      more = grant(best());
    return ctx_.ok() ? ctx_.make<Estimate>(offset(), terms(), claimOf(policy_)) : nullptr;
  }

private:
  double offset() const {
    double offset = sum_.offset;
    for (const Part &part : parts_)
      offset += offsetOf(part, sum_);
    return offset;
  }
  std::vector<Estimate::Term> terms() const {
    std::vector<Estimate::Term> terms;
    for (const Part &part : parts_)
      terms.push_back(termOf(part, sum_, policy_));
    return terms;
  }

  /// Whether nothing is left to measure, or `until` holds.
  bool enough() {
    if (std::ranges::all_of(parts_, [&](const Part &part) {
          return measurement_.plan().next(part.readings->shots) == 0;
        }))
      return true;
    if (!policy_.until)
      return false;
    const Estimate now(offset(), terms(), claimOf(policy_));
    Summary summary{now.value, now.standardError, now.low, now.high};
    for (const Part &part : parts_) { // the pilots of all parts are one batch
      summary.shots += part.readings->shots;
      summary.batches += part.readings->looks;
    }
    summary.batches -= std::ssize(parts_) - 1;
    return measurement_.untilHolds(summary);
  }

  /// The parts whose next look lowers the variance most, and those that come near: shots grow with
  /// the square root of a part's variance.
  std::vector<Part *> best() {
    std::vector<std::pair<double, Part *>> ranked;
    double most = 0;
    for (Part &part : parts_) {
      const int64_t next = measurement_.plan().next(part.readings->shots);
      if (next == 0)
        continue;
      const Estimate::Term term = termOf(part, sum_, policy_);
      const double gain =
          std::pow(term.coefficient * term.standardError(), 2) / static_cast<double>(next);
      ranked.emplace_back(gain, &part);
      most = std::max(most, gain);
    }
    std::erase_if(ranked, [&](auto &r) { return r.first * roundWidth < most; });
    std::ranges::sort(ranked, [](auto &a, auto &b) { // ties: order of the groups
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::vector<Part *> parts;
    for (auto &[gain, part] : ranked)
      parts.push_back(part);
    return parts;
  }

  /// Pays the next look of each, in this order, as far as the purse reaches, and draws what was
  /// paid. False when somebody could not be paid, or the run ends.
  bool grant(const std::vector<Part *> &wanted) {
    std::vector<Part *> granted;
    Part *unpaid = nullptr;
    for (Part *part : wanted) {
      if (!pay(*part)) {
        unpaid = part;
        break;
      }
      granted.push_back(part);
    }
    if (unpaid) // the end of the run waits for what was paid
      ctx_.takeFailure();
    for (auto part = granted.begin(); part != granted.end(); ++part)
      if (!draw(**part)) {
        std::for_each(part, granted.end(), [&](const Part *p) { giveBack(*p->readings); });
        return false;
      }
    return ctx_.ok() && (!unpaid || pay(*unpaid));
  }

  /// The next look.
  bool pay(const Part &part) {
    Readings &r = *part.readings;
    const int64_t next = measurement_.plan().next(r.shots), shots = next - r.shots;
    if (!ctx_.part<Policies>().pay(ctx_, site_, policy_, shots, r.shots == 0,
                                   static_cast<double>(shots) * r.seconds))
      return false;
    r.paid = next;
    return true;
  }

  void giveBack(const Readings &r) {
    const int64_t shots = r.paid - r.shots;
    ctx_.part<Policies>().giveBack(ctx_, policy_, shots, r.shots == 0,
                                   static_cast<double>(shots) * r.seconds);
  }

  bool draw(const Part &part) {
    Readings &r = *part.readings;
    const uint64_t stream = Hasher("shots").add(r.stream).add(policy_.streamKey()).value();
    const int64_t batch = r.paid - r.shots, groups = std::ssize(r.parts);
    // Groups are consecutive shots, so that the mean of all is the same with and without them.
    for (int64_t g = 0; g < groups; ++g)
      if (!part.shots->draw(ctx_, site_, stream, r.shots + batch * g / groups,
                            r.shots + batch * (g + 1) / groups, r.parts[static_cast<size_t>(g)]))
        return false;
    r.drawn();
    return true;
  }

  base::Context &ctx_;
  const qdo_site site_;
  const Policy &policy_;
  const Sum &sum_;
  std::vector<Part> parts_;
  Measurement measurement_;
};

/// The circuits of a sum under one mitigation; nothing after a failure.
std::optional<std::vector<Part>> partsOf(base::Context &ctx, qdo_site site,
                                         const sim::Recipe &recipe, const Sum &sum,
                                         std::span<const pauli::Group> groups, const Policy &policy,
                                         const sim::Mitigation &mitigation) {
  sim::Backend &device = sim::backend(ctx);
  uint64_t circuit = sim::streamOn(device, ctx.part<Freshness>().current(recipe.hash));
  circuit = NoiseLevel{.fold = mitigation.fold, .waits = mitigation.waits}.stream(circuit);
  const double gates = sim::circuitSeconds(ctx, recipe);
  std::vector<Part> parts;
  for (const pauli::Group &group : groups) {
    if (std::ranges::all_of(group.members, [&](size_t i) { return sum.weights[i] == 0; }))
      continue;
    Readings &readings = readingsOf(ctx, policy, circuit, recipe.qubits, group.letters);
    auto part = std::ranges::find(parts, &readings, &Part::readings);
    if (part == parts.end()) {
      auto shots = device.joint(ctx, site, recipe, axesOf(readings), mitigation);
      if (!shots)
        return std::nullopt;
      if (readings.shots == 0)
        readings.seconds = shotSeconds(ctx, policy, gates * shots->fold);
      part = parts.insert(parts.end(), Part{&readings, std::move(shots), {}, 1});
    }
    for (size_t i : group.members)
      if (sum.weights[i] != 0)
        part->strings.push_back(i);
  }
  return parts;
}

} // namespace

Estimate *estimateExpect(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                         const sim::Observable &observable, const Policy &policy, Waits waits) {
  if (!sim::checkFits(ctx, site, observable, recipe.qubits))
    return nullptr;
  Sum sum = sumOf(observable);
  if (ctx.exact()) {
    std::vector<sim::PauliString> strings;
    for (const auto &term : observable.terms)
      if (!term.identity())
        strings.push_back({term.x, term.z, term.more});
    const auto means = sim::backend(ctx).means(ctx, site, recipe, strings);
    if (!means)
      return nullptr;
    double value = sum.offset;
    for (size_t i = 0; i < strings.size(); ++i)
      value += sum.weights[i] * (*means)[i];
    return number(ctx, value);
  }
  if (sum.weights.empty()) // identities alone: nothing is measured
    return number(ctx, sum.offset);
  sum.strings = widened(sum.strings, recipe.qubits);
  const auto groups = pauli::groupsOf(sum.strings);
  std::vector<std::vector<Part>> asked; // a noise level of a policy each
  const sim::Recipe *const one[] = {&recipe};
  const auto levels =
      noiseLevels(ctx, site, policy, one, waits,
                  [&](const sim::Mitigation &mitigation) -> std::optional<double> {
                    auto parts = partsOf(ctx, site, recipe, sum, groups, policy, mitigation);
                    if (!parts)
                      return std::nullopt;
                    asked.push_back(std::move(*parts));
                    return asked.back().empty() ? 1 : asked.back().front().shots->fold;
                  });
  if (!levels)
    return nullptr;
  std::vector<Part> parts;
  for (const NoiseLevel &level : *levels)
    for (Part &part : asked[level.asked]) {
      part.level = level.weight;
      parts.push_back(std::move(part));
    }
  if (parts.empty()) // every weight is 0
    return number(ctx, sum.offset);
  return Expectation(ctx, site, policy, sum, std::move(parts)).run();
}

} // namespace qdo::estimate
