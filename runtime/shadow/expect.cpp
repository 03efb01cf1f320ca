// SPDX-License-Identifier: Apache-2.0
// Expectation values from a record.
// Why the mean over the snapshots that measured a string and not over all of them: given the bases
// their signs are coin tosses, so the interval is exact, and the error of a string whose value is
// near 1 is near 0.
#include "runtime/shadow/record.h"

#include "qdo/runtime/shadow_plan.h"
#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"
#include "runtime/estimate/batches.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::shadow {

using estimate::Estimate;

namespace {
struct Tally {
  int64_t hits = 0, plus = 0;
  double shift = 0; ///< of the fraction of plus, under `combine median_of_means`
};

Tally tallyOf(std::span<const Snapshot> snapshots, uint64_t x, uint64_t z, size_t groups) {
  Tally tally;
  estimate::Groups parts;
  parts.counts.resize(groups);
  const auto size = std::ssize(snapshots);
  for (size_t g = 0; g < groups; ++g) { // consecutive snapshots
    auto &[plus, hits] = parts.counts[g];
    const auto count = static_cast<int64_t>(groups), at = static_cast<int64_t>(g);
    for (int64_t i = (at * size + count - 1) / count; i * count < (at + 1) * size; ++i) {
      const Snapshot &s = snapshots[static_cast<size_t>(i)];
      const bool hit = sim::measures(s.basis, x, z);
      hits += hit;
      plus += hit && (std::popcount(s.outcome & (x | z)) & 1) == 0;
    }
    tally.hits += hits;
    tally.plus += plus;
  }
  if (groups > 1 && tally.hits > 0)
    tally.shift =
        parts.median() - static_cast<double>(tally.plus) / static_cast<double>(tally.hits);
  return tally;
}

std::string shown(double number) { return fmt::format("{:.4g}", number); }
} // namespace

/// The standard error of a sum of strings, which share snapshots: each snapshot moves the mean of a
/// string that it measured by (sign - mean) / hits.
static double sharedError(std::span<const Snapshot> snapshots,
                          std::span<const sim::Observable::Term> strings,
                          std::span<const Tally> tallies) {
  double square = 0;
  for (const Snapshot &s : snapshots) {
    double moved = 0;
    for (size_t i = 0; i < strings.size(); ++i) {
      const double weight = strings[i].weight;
      const uint64_t x = strings[i].x, z = strings[i].z;
      if (!sim::measures(s.basis, x, z))
        continue;
      // Two more of either sign: no error is 0 (Agresti and Coull).
      const double hits = static_cast<double>(tallies[i].hits);
      const double mean = (2 * static_cast<double>(tallies[i].plus) - hits) / (hits + 4);
      const double sign = (std::popcount(s.outcome & (x | z)) & 1) == 0 ? 1 : -1;
      moved += weight * (sign - mean) / hits;
    }
    square += moved * moved;
  }
  return std::sqrt(square);
}

/// Whether the record answers all of these within `within`, one each or one for all, together;
/// fails otherwise.
static bool answers(base::Context &ctx, qdo_site site, const Record &record,
                    std::span<const sim::Observable *const> observables,
                    std::span<const Tally> tallies, std::span<const double> withins,
                    double confidence) {
  const int64_t count = std::ssize(observables);
  size_t next = 0, place = 0;
  for (const sim::Observable *observable : observables) {
    const double within = withins[withins.size() == 1 ? 0 : place++];
    const Spread spread = spreadOf(observable->terms);
    const double needed = snapshotsFor(spread, count, within, confidence);
    bool enough = static_cast<double>(record.snapshots.size()) >= needed;
    if (record.bases == Record::Bases::Chosen) {
      double size = 0, strings = 0;
      for (const auto &term : observable->terms)
        if (!term.identity() && term.weight != 0)
          size += std::fabs(term.weight), ++strings;
      const double hits = 2 * std::pow(size / within, 2) *
                          std::log(2 * strings * static_cast<double>(count) / (1 - confidence));
      enough = true;
      for (const auto &term : observable->terms)
        if (!term.identity() && term.weight != 0)
          enough &= static_cast<double>(tallies[next++].hits) >= hits;
    }
    if (enough)
      continue;
    auto &failure =
        ctx.fail(site, base::Kind::ShadowTooSmall, observable->format(""), shown(within),
                 shown(confidence * 100),
                 needed < 9e18 ? base::grouped(static_cast<int64_t>(needed)) : shown(needed),
                 base::grouped(record.snapshots.size()));
    failure.note = record.bases == Record::Bases::Chosen
                       ? "its bases were chosen for other observables"
                   : count > 1 ? fmt::format("{} observables are asked for at once", count)
                               : "";
    failure.help = "take a record with that many, or measure this observable itself: `<p|A|p>`";
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
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  const Estimate::Claim of = policy ? estimate::claimOf(*policy) : Estimate::Claim();
  // The snapshots were taken beforehand: nobody looks at them in between.
  const Estimate::Claim claim{of.confidence, 1, of.joint, of.method};
  std::vector<sim::Observable::Term> strings;
  for (const sim::Observable *observable : observables) {
    if (!sim::checkFits(ctx, site, *observable, record.snapshots.qubits()))
      return {};
    for (const auto &term : observable->terms)
      if (!term.identity() && term.weight != 0)
        strings.push_back(term);
  }
  const auto groups = static_cast<size_t>(policy ? policy->combine.groups : 1);
  const std::vector<Snapshot> snapshots = record.snapshots.all();
  std::vector<Tally> tallies(strings.size());
  ctx.pool().forTiles(std::ssize(strings), 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i)
      tallies[static_cast<size_t>(i)] = tallyOf(snapshots, strings[static_cast<size_t>(i)].x,
                                                strings[static_cast<size_t>(i)].z, groups);
  });
  if (ctx.stopHere(site))
    return {};
  if (within.empty() && record.within)
    within = {&*record.within, 1};
  if (!within.empty() &&
      !answers(ctx, site, record, observables, tallies, within, claim.confidence))
    return {};

  std::vector<Estimate *> results;
  size_t next = 0;
  for (const sim::Observable *observable : observables) {
    double offset = 0;
    const size_t first = next;
    std::vector<Estimate::Term> terms;
    for (const auto &term : observable->terms) {
      if (term.weight == 0)
        continue;
      if (term.identity()) {
        offset += term.weight;
        continue;
      }
      const Tally &tally = tallies[next++];
      if (tally.hits == 0) {
        sim::Observable string;
        string.add(1, term.x, term.z);
        ctx.fail(site, base::Kind::ShadowNeverMeasured, base::grouped(record.snapshots.size()),
                 string.format(""))
            .help =
            "take a record with more snapshots, or measure this observable itself: `<p|A|p>`";
        return {};
      }
      // weight * <P> = weight * (2 probability of +1 - 1)
      const uint64_t stream =
          base::Hasher("shadow string").add(record.source).add(term.x).add(term.z).value();
      terms.push_back({2 * term.weight, tally.plus, tally.hits, stream, {}, tally.shift});
      offset -= term.weight;
    }
    results.push_back(ctx.make<Estimate>(offset, std::move(terms), claim));
    results.back()->way = "classical shadow";
    if (next - first > 1)
      results.back()->standardError =
          sharedError(snapshots, std::span(strings).subspan(first, next - first),
                      std::span(tallies).subspan(first, next - first));
  }
  return results;
}

} // namespace qdo::shadow
