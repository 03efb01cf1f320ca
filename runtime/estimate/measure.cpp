// SPDX-License-Identifier: Apache-2.0
// Rounds of granting, drawing and looking.
// Why: shots are paid in the order of rank before any is drawn, so neither threads nor the outcomes
// of others change who gets them; draws are parallel because every shot has its own number.
#include "runtime/estimate/measure.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

namespace {
/// Everything measured so far, by policy and stream. Nodes stay where they are.
struct Memo {
  std::unordered_map<uint64_t, std::unordered_map<uint64_t, Record>> byPolicy;
};

/// Quantities whose gain is within this factor of the best go in one round: one look (half as many
/// shots again) lowers a gain by 1.5^2.
constexpr double roundWidth = 2.25;
} // namespace

uint64_t Freshness::current(uint64_t stream) {
  if (depth_ == 0)
    return stream;
  Times &times = times_[stream];
  if (times.scope != scope_)
    times = {scope_, times.count + 1};
  return base::Hasher("fresh").add(stream).add(times.count).value();
}

Measurement::Measurement(base::Context &ctx, qdo_site site, const Policy &policy)
    : ctx_(ctx), site_(site), policy_(policy), plan_(policy), streamKey_(policy.streamKey()),
      records_(ctx.part<Memo>().byPolicy[policy.identity(ctx)]),
      intervals_(ctx.part<IntervalCache>()) {}

Record *Measurement::record(double probability, uint64_t stream) {
  stream = ctx_.part<Freshness>().current(stream);
  return &records_.try_emplace(stream, Record{probability, stream}).first->second;
}

Summary Measurement::summarise(const Quantity &quantity, std::span<const Quantity::Term> terms) {
  Summary summary{quantity.offset, 0, quantity.offset, quantity.offset, 0, 0};
  // Every look of every term may miss: they share the error probability (Bonferroni).
  const double error = (1 - policy_.confidence) / static_cast<double>(plan_.count()) /
                       static_cast<double>(std::max<size_t>(quantity.termCount, 1));
  double variance = 0;
  for (const auto &[coefficient, record] : quantity.of(terms)) {
    const Interval interval = intervals_.get(record->successes, record->shots, error);
    const double fraction =
        static_cast<double>(record->successes) / static_cast<double>(record->shots);
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
  if (!ctx_.part<Policies>().pay(ctx_, site_, policy_, next - record->shots, record->shots == 0))
    return false;
  record->paid = next;
  granted_.push_back(record);
  return true;
}

void Measurement::draw() {
  constexpr int64_t tile = 64;
  ctx_.pool().forTiles(std::ssize(granted_), tile, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Record &record = *granted_[static_cast<size_t>(i)];
      const uint64_t stream = base::Hasher("shots").add(record.stream).add(streamKey_).value();
      record.successes +=
          base::countSuccesses(ctx_.seed(), stream, record.shots, record.paid, record.probability);
      record.shots = record.paid;
      ++record.looks;
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
  for (const Quantity::Term &term : terms)
    if (term.record->shots == 0 && !grant(term.record))
      break;
  // What was paid is drawn and kept even if the purse ended half-way.
  draw();
  if (!ctx_.ok())
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
    for (const Ranked &r : ranked)
      if (!grant(r.record))
        break;
    draw();
    look();
  }
  return ctx_.ok();
}

} // namespace qdo::estimate
