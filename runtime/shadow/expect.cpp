// SPDX-License-Identifier: Apache-2.0
// Expectation values from a record.
// Why the mean over the snapshots that measured a string and not over all of them: given the bases
// their signs are coin tosses, so the interval is exact, and the error of a string whose value is
// near 1 is near 0.
#include "qdo/runtime/shadow_plan.h"
#include "runtime/base/hash.h"
#include "runtime/shadow/exactly.h"
#include "runtime/shadow/reading.h"

#include <algorithm>
#include <cmath>

namespace qdo::shadow {

using estimate::Estimate;

/// The standard error of a sum of strings, which share snapshots: each snapshot moves the mean of a
/// string that it measured by (sign - mean) / hits, and each shot of the calibration its response.
static double sharedError(const Reading &reading, std::span<const sim::Observable::Term> strings,
                          std::span<const Tally> tallies, std::span<const SourcePtr> responses) {
  const Record &record = reading.record();
  std::vector<double> moved(static_cast<size_t>(record.size())),
      zeros(record.zeros.empty() ? 0 : static_cast<size_t>(record.calibration()));
  double square = 0, together = 0;
  for (size_t i = 0; i < strings.size(); ++i) {
    const double response = responses.empty() ? 1 : responses[i]->mean;
    // Two more of either sign: no error is 0 (Agresti and Coull).
    const double hits = static_cast<double>(tallies[i].hits);
    const double mean = (2 * static_cast<double>(tallies[i].plus) - hits) / (hits + 4);
    const double weight = strings[i].weight / response / hits;
    reading.each(strings[i], 0, record.size(), [&](int64_t t, bool negative) {
      moved[static_cast<size_t>(t)] += weight * ((negative ? -1 : 1) - mean);
    });
    if (responses.empty())
      continue;
    const double slope = -strings[i].weight * mean / (response * response);
    if (zeros.empty()) // one response for all strings
      together += slope * responses[i]->standardError;
    for (size_t t = 0; t < zeros.size(); ++t) {
      const uint64_t *outcome = &record.zeros[t * maskWords(record.qubits())];
      const double sign = isOdd(strings[i], outcome) ? -1 : 1;
      zeros[t] += slope * (sign - response) / static_cast<double>(zeros.size());
    }
  }
  for (double m : moved)
    square += m * m;
  for (double m : zeros)
    square += m * m;
  return std::sqrt(square + together * together);
}

namespace {
/// Strings of one observable, with what was counted of them.
struct Asked {
  const sim::Observable *observable;
  size_t first = 0, count = 0;
  double size = 0; ///< sum of the weights' sizes
};
} // namespace

/// Whether the record answers all of these within `withins`, one each or one for all, together;
/// fails otherwise.
static bool answers(base::Context &ctx, qdo_site site, const Record &record,
                    std::span<const Asked> asked, std::span<const Tally> tallies,
                    std::span<const SourcePtr> responses, std::span<const double> withins,
                    const Estimate::Claim &claim) {
  // Either all that is asked at once holds together, or as many claims as the policy says.
  const int64_t count = std::max(std::ssize(asked), claim.joint);
  size_t place = 0;
  for (const Asked &a : asked) {
    const double within = withins[withins.size() == 1 ? 0 : place++];
    const auto &terms = a.observable->terms;
    double left = within, confidence = claim.confidence;
    if (!responses.empty()) {
      // |s / r - P| <= (error of s + error of r) / r: half of the error probability for each.
      confidence = 1 - (1 - confidence) / 2;
      const double share = (1 - confidence) / static_cast<double>(count) /
                           static_cast<double>(std::max<size_t>(a.count, 1));
      double least = 1, widest = 0;
      for (size_t i = a.first; i < a.first + a.count; ++i) {
        const auto [low, high] = responses[i]->interval(claim.method, share);
        least = std::min(least, low);
        widest = std::max({widest, high - responses[i]->mean, responses[i]->mean - low});
      }
      left = within * least - a.size * widest;
      if (left <= 0) {
        calibrationTooSmall(ctx, site, record, within);
        return false;
      }
    }
    const Spread spread = record.bases == Record::Bases::Clifford
                              ? cliffordSpreadOf(terms, record.qubits())
                              : spreadOf(terms);
    const double needed = snapshotsFor(spread, count, left, confidence);
    bool enough = static_cast<double>(record.size()) >= needed;
    if (record.bases == Record::Bases::Chosen) {
      const double hits = 2 * std::pow(a.size / left, 2) *
                          std::log(2 * static_cast<double>(a.count) * static_cast<double>(count) /
                                   (1 - confidence));
      enough = true;
      for (size_t i = a.first; i < a.first + a.count; ++i)
        enough &= static_cast<double>(tallies[i].hits) >= hits;
    }
    if (enough)
      continue;
    const std::string note =
        record.bases == Record::Bases::Chosen ? "its bases were chosen for other observables"
        : claim.joint > std::ssize(asked)
            ? fmt::format("the policy makes {} claims hold together", claim.joint)
        : count > 1 ? fmt::format("{} observables are asked for at once", count)
                    : "";
    tooSmall(ctx, site, record, a.observable->format(""), within, claim.confidence, needed, note,
             "take a record with that many, or measure this observable itself: `<p|A|p>`");
    return false;
  }
  return true;
}

std::vector<Estimate *> expect(base::Context &ctx, qdo_site site, const Record &record,
                               std::span<const sim::Observable *const> observables,
                               std::span<const double> within) {
  if (within.size() > 1 && within.size() != observables.size()) {
    ctx.fail(site, base::Kind::BadValue, "the number of precisions in `within`", within.size(),
             fmt::format("1 or {}, one for each observable", observables.size()));
    return {};
  }
  for (double one : within)
    if (!(one > 0) || !std::isfinite(one)) {
      ctx.fail(site, base::Kind::BadValue, "`within`", one, "a number above 0");
      return {};
    }
  const Estimate::Claim claim = claimHere(ctx);
  std::vector<sim::Observable::Term> strings;
  std::vector<Asked> asked;
  for (const sim::Observable *observable : observables) {
    if (!sim::checkFits(ctx, site, *observable, record.qubits()))
      return {};
    asked.push_back({observable, strings.size()});
    for (const auto &term : observable->terms)
      if (!term.identity() && term.weight != 0) {
        strings.push_back(term);
        ++asked.back().count;
        asked.back().size += std::fabs(term.weight);
      }
  }
  auto exact = exactExpect(ctx, site, record, observables);
  if (exact || !ctx.ok())
    return exact ? *std::move(exact) : std::vector<Estimate *>();
  const Reading reading(record);
  const auto tallies = reading.tallies(ctx, site, strings, groupsHere(ctx));
  if (tallies.size() != strings.size())
    return {};
  std::vector<SourcePtr> responses;
  if (record.calibrated())
    for (const auto &string : strings) {
      // In Clifford bases one response is that of all strings.
      if (record.bases == Record::Bases::Clifford && !responses.empty())
        responses.push_back(responses.front());
      else
        responses.push_back(responseOf(ctx, site, record, string, 1 - claim.confidence));
      if (!responses.back())
        return {};
    }
  if (within.empty() && record.within)
    within = {&*record.within, 1};
  if (!within.empty() && !answers(ctx, site, record, asked, tallies, responses, within, claim))
    return {};

  std::vector<Estimate *> results;
  for (const auto &[observable, first, count, size] : asked) {
    double offset = 0;
    for (const auto &term : observable->terms)
      if (term.identity())
        offset += term.weight;
    std::vector<Estimate::Term> terms;
    for (size_t i = first; i < first + count; ++i) {
      const Tally &tally = tallies[i];
      const auto &string = strings[i];
      if (tally.hits == 0) {
        neverMeasured(ctx, site, record, string);
        return {};
      }
      base::Hasher name("shadow string");
      name.add(record.source).add(string.x).add(string.z);
      for (const auto &[x, z] : string.more)
        name.add(x).add(z);
      const uint64_t stream = name.value();
      if (responses.empty()) {
        // weight * <P> = weight * (2 probability of +1 - 1)
        terms.push_back({2 * string.weight, tally.plus, tally.hits, stream, {}, tally.shift});
        offset -= string.weight;
        continue;
      }
      Estimate::Term term{string.weight, 0, tally.hits, stream};
      term.source = std::make_shared<Quotient>(
          std::make_shared<SignMean>(tally.plus, tally.hits, tally.shift), responses[i], 0, -1, 1);
      terms.push_back(std::move(term));
    }
    results.push_back(ctx.make<Estimate>(offset, std::move(terms), claim));
    results.back()->way = record.calibrated() ? "calibrated classical shadow" : "classical shadow";
    if (count > 1)
      results.back()->standardError = sharedError(
          reading, std::span(strings).subspan(first, count),
          std::span(tallies).subspan(first, count),
          responses.empty() ? std::span<const SourcePtr>()
                            : std::span<const SourcePtr>(responses).subspan(first, count));
  }
  return results;
}

} // namespace qdo::shadow
