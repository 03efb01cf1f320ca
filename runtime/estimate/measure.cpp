// SPDX-License-Identifier: Apache-2.0
// Rounds of granting, drawing and looking.
// Why: shots are paid in the order of rank before any is drawn, so neither threads nor the outcomes
// of others change who gets them; draws are parallel because every shot has its own number.
#include "runtime/estimate/measure.h"

#include "runtime/base/binomial.h"
#include "runtime/base/hash.h"
#include "runtime/sim/one_by_one.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

namespace {
/// Everything measured so far, by policy and stream. Nodes stay where they are.
struct Memo {
  std::unordered_map<uint64_t, std::unordered_map<uint64_t, Record>> byPolicy;
};
} // namespace

uint64_t Freshness::current(uint64_t stream) {
  if (depth_ == 0)
    return stream;
  Times &times = times_[stream];
  if (times.scope != scope_)
    times = {scope_, times.count + 1};
  return base::Hasher("fresh").add(stream).add(times.count).value();
}

double Record::shift() const {
  if (groups.counts.empty() || shots == 0)
    return 0;
  return groups.median() - static_cast<double>(successes) / static_cast<double>(shots);
}

Measurement::Measurement(base::Context &ctx, qdo_site site, const Policy &policy)
    : ctx_(ctx), site_(site), policy_(policy),
      plan_(policy, policy.allocation == Allocation::Race ? ctx.part<RaceLevel>().cap : INT64_MAX),
      streamKey_(policy.streamKey()), records_(ctx.part<Memo>().byPolicy[policy.identity(ctx)]),
      intervals_(ctx.part<IntervalCache>()) {
  const int64_t most = policy.mode == Policy::Mode::Fixed
                           ? policy.low
                           : policy.high.value_or(policy.until ? INT64_MAX : policy.low);
  if (policy.combine.groups > most) // some would have no shot, and a median of coins is 0 or 1
    ctx.fail(site, base::Kind::BadValue, "the groups of `median_of_means` in `" + policy.name + "`",
             policy.combine.groups, fmt::format("at most the {} shots of a circuit", most));
}

Record *Measurement::record(double probability, uint64_t stream, double circuit) {
  stream = ctx_.part<Freshness>().current(stream);
  auto [place, isNew] = records_.try_emplace(stream, Record{probability, stream});
  if (isNew) {
    place->second.seconds = shotSeconds(ctx_, policy_, circuit);
    if (policy_.combine.groups > 1)
      place->second.groups.counts.resize(static_cast<size_t>(policy_.combine.groups));
  }
  return &place->second;
}

Record *Measurement::record(const sim::Coin &coin, uint64_t stream, double circuit) {
  Record *known = record(coin.probability, sim::streamOn(sim::backend(ctx_), stream), circuit);
  known->source = coin.shots;
  return known;
}

Summary Measurement::summarise(const Quantity &quantity, std::span<const Quantity::Term> terms) {
  Summary summary{quantity.offset, 0, quantity.offset, quantity.offset, 0, 0};
  // Every look of every term may miss: they share the error probability (Bonferroni).
  const double error = errorOfLook(policy_.method,
                                   (1 - policy_.confidence) / static_cast<double>(policy_.joint) /
                                       static_cast<double>(std::max<size_t>(quantity.termCount, 1)),
                                   plan_.count());
  double variance = 0;
  for (const auto &[coefficient, record] : quantity.of(terms)) {
    Interval interval = intervals_.get(policy_.method, record->successes, record->shots, error);
    const double fraction =
        static_cast<double>(record->successes) / static_cast<double>(record->shots) +
        record->shift();
    interval = {std::min(interval.low, fraction), std::max(interval.high, fraction)};
    const double se = coefficient * standardError(record->successes, record->shots);
    summary.value += coefficient * fraction;
    summary.low += coefficient * (coefficient > 0 ? interval.low : interval.high);
    summary.high += coefficient * (coefficient > 0 ? interval.high : interval.low);
    summary.shots += record->shots;
    summary.batches += record->looks;
    variance += se * se;
  }
  summary.standardError = std::sqrt(variance);
  // The pilots of all terms are one batch.
  summary.batches -= static_cast<int64_t>(quantity.termCount) - 1;
  return summary;
}

bool Measurement::untilHolds(const Summary &s) {
  return policy_.until && policy_.until(&ctx_, policy_.untilEnv, s.value, s.standardError,
                                        (s.high - s.low) / 2, s.low, s.high, s.shots, s.batches);
}

bool Measurement::finished(const Quantity &quantity, std::span<const Quantity::Term> terms,
                           bool weighted) {
  if (weighted && quantity.weight == 0)
    return true; // it decides nothing: the pilot was enough
  auto mine = quantity.of(terms);
  if (std::ranges::all_of(mine, [&](auto &term) { return plan_.next(term.record->shots) == 0; }))
    return true;
  return policy_.until && untilHolds(summarise(quantity, terms));
}

std::pair<Record *, double> Measurement::best(const Quantity &quantity,
                                              std::span<const Quantity::Term> terms,
                                              bool weighted) const {
  std::pair<Record *, double> best{nullptr, -1};
  const bool uniform = policy_.allocation == Allocation::Uniform ||
                       policy_.allocation == Allocation::Race ||
                       (policy_.allocation == Allocation::Decision && !weighted);
  for (const auto &[coefficient, record] : quantity.of(terms)) {
    const int64_t next = plan_.next(record->shots);
    if (next == 0)
      continue;
    // Variance now minus variance after the next look, for each shot: c^2 sigma^2 / (n next).
    const double n = static_cast<double>(record->shots);
    double gain = coefficient * coefficient / n / static_cast<double>(next);
    if (!uniform || quantity.termCount > 1)
      gain *= std::pow(standardError(record->successes, record->shots), 2) * (n + 4);
    if (gain > best.second)
      best = {record, gain};
  }
  if (uniform && best.first) // between quantities: those with the fewest shots
    best.second = 1 / static_cast<double>(best.first->shots);
  else if (weighted)
    best.second *= quantity.weight * quantity.weight;
  return best;
}

bool Measurement::grant(Record *record) {
  if (record->paid > record->shots)
    return true; // another quantity has the same circuit
  const int64_t next = plan_.next(record->shots);
  if (next == 0)
    return true;
  const int64_t shots = next - record->shots;
  if (record->source && !sim::fewEnough(ctx_, site_, shots))
    return false;
  if (!ctx_.part<Policies>().pay(ctx_, site_, policy_, shots, record->shots == 0,
                                 static_cast<double>(shots) * record->seconds))
    return false;
  record->paid = next;
  granted_.push_back(record);
  return true;
}

/// Successes of a coin: of many shots as one number.
static int64_t countCoins(uint64_t seed, uint64_t stream, int64_t from, int64_t to,
                          double probability) {
  if (to - from < base::manyShots)
    return base::countSuccesses(seed, stream, from, to, probability);
  base::RandomStream random(
      seed, base::Hasher("many shots").add(stream).add(static_cast<uint64_t>(from)).value());
  return base::binomial(random, to - from, probability);
}

void Measurement::draw() {
  constexpr int64_t tile = 64;
  auto streamOf = [&](const Record &record) {
    return base::Hasher("shots").add(record.stream).add(streamKey_).value();
  };
  // Groups are consecutive shots, so that the mean of all is the same with and without them.
  auto drawFrom = [](Record &record, auto successesIn) {
    const int64_t batch = record.paid - record.shots;
    const auto groups = std::max<int64_t>(std::ssize(record.groups.counts), 1);
    for (int64_t g = 0; g < groups; ++g) {
      const int64_t from = record.shots + batch * g / groups,
                    to = record.shots + batch * (g + 1) / groups;
      const int64_t successes = successesIn(from, to);
      record.successes += successes;
      if (groups > 1) {
        record.groups.counts[static_cast<size_t>(g)].first += successes;
        record.groups.counts[static_cast<size_t>(g)].second += to - from;
      }
    }
    record.shots = record.paid;
    ++record.looks;
  };
  // What is simulated shot by shot has the threads for itself.
  for (Record *record : granted_)
    if (record->source)
      drawFrom(*record, [&](int64_t from, int64_t to) {
        constexpr int64_t portion = 1 << 22; // a source may keep what it saw of each shot
        int64_t successes = 0;
        for (; from < to && ctx_.ok(); from += portion)
          successes += record->source->successes(ctx_, site_, streamOf(*record), from,
                                                 std::min(to, from + portion));
        return successes;
      });
  std::erase_if(granted_, [](const Record *record) { return record->source != nullptr; });
  ctx_.pool().forTiles(std::ssize(granted_), tile, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Record &record = *granted_[static_cast<size_t>(i)];
      drawFrom(record, [&](int64_t from, int64_t to) {
        return countCoins(ctx_.seed(), streamOf(record), from, to, record.probability);
      });
    }
  });
  granted_.clear();
}

bool Measurement::run(std::span<Quantity> quantities, std::span<const Quantity::Term> terms,
                      bool weightsKnown, const std::function<void()> &reweigh) {
  const bool decides = policy_.allocation == Allocation::Decision;
  const bool reweighs = decides && reweigh;
  const bool weighted = decides && (weightsKnown || reweighs);
  if (ctx_.stopHere(site_))
    return false;
  // What was paid is drawn and kept even if the purse ended half-way: the end of the run waits.
  auto grantAndDraw = [&](const std::vector<Record *> &records) {
    const auto unpaid = std::ranges::find_if(records, [&](Record *r) { return !grant(r); });
    if (unpaid != records.end())
      ctx_.takeFailure();
    draw();
    return ctx_.ok() && (unpaid == records.end() || grant(*unpaid));
  };
  std::vector<Record *> wanted;
  for (const Quantity::Term &term : terms)
    if (term.record->shots == 0)
      wanted.push_back(term.record);
  if (!grantAndDraw(wanted))
    return false;

  std::vector<const Quantity *> active;
  auto leave = [&] {
    std::erase_if(
        active, [&](auto *quantity) { return ctx_.ok() && finished(*quantity, terms, weighted); });
  };
  auto enter = [&] {
    active.clear();
    for (const Quantity &quantity : quantities)
      active.push_back(&quantity);
  };
  int64_t seen = 0;
  auto look = [&] { // new weights, now and then; what had none may have one again
    int64_t shots = 0;
    for (const Quantity::Term &term : terms)
      shots += term.record->shots;
    if (!reweighs || shots < seen + (seen + 3) / 4)
      return;
    seen = shots;
    reweigh();
    enter();
  };
  enter();
  look();
  struct Ranked {
    Record *record;
    double gain;
    size_t place;
  };
  std::vector<Ranked> ranked;
  for (leave(); ctx_.ok(); leave()) {
    if (active.empty() && reweighs) { // with the last shots, once more
      const int64_t before = seen;
      seen = 0;
      look();
      leave();
      if (seen == before)
        break;
    }
    if (active.empty() || ctx_.stopHere(site_))
      break;
    ranked.clear();
    double most = 0;
    for (const Quantity *quantity : active) {
      auto [record, gain] = best(*quantity, terms, weighted);
      ranked.push_back({record, gain, ranked.size()});
      most = std::max(most, gain);
    }
    std::erase_if(ranked, [&](const Ranked &r) { return r.gain * roundWidth < most; });
    std::ranges::sort(ranked, [](const Ranked &a, const Ranked &b) {
      return a.gain != b.gain ? a.gain > b.gain : a.place < b.place; // ties: order of the program
    });
    wanted.clear();
    for (const Ranked &r : ranked)
      wanted.push_back(r.record);
    grantAndDraw(wanted);
    look();
  }
  return ctx_.ok();
}

} // namespace qdo::estimate
