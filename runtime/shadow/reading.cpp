// SPDX-License-Identifier: Apache-2.0
// Counting signs.
#include "runtime/shadow/reading.h"

#include "runtime/base/quantity.h"
#include "runtime/estimate/heavy.h"

#include <algorithm>
#include <cmath>

namespace qdo::shadow {

Reading::Reading(const Record &record) : record_(record), masks_(record.snapshots.all()) {}

Tally Reading::tally(const sim::Observable::Term &string, size_t groups) const {
  Tally tally;
  tally.groups.counts.resize(groups);
  const int64_t size = record_.size(), count = static_cast<int64_t>(groups);
  for (int64_t g = 0; g < count; ++g) {
    auto &[plus, hits] = tally.groups.counts[static_cast<size_t>(g)];
    each(string, (g * size + count - 1) / count, ((g + 1) * size + count - 1) / count,
         [&](int64_t, bool negative) {
           ++hits;
           plus += !negative;
         });
    tally.hits += hits;
    tally.plus += plus;
  }
  if (groups > 1 && tally.hits > 0)
    tally.shift =
        tally.groups.median() - static_cast<double>(tally.plus) / static_cast<double>(tally.hits);
  return tally;
}

std::vector<Tally> Reading::tallies(base::Context &ctx, qdo_site site,
                                    std::span<const sim::Observable::Term> strings,
                                    size_t groups) const {
  std::vector<Tally> tallies(strings.size());
  ctx.pool().forTiles(std::ssize(strings), 4, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i) {
      const auto at = static_cast<size_t>(i);
      tallies[at] = tally(strings[at], groups);
    }
  });
  return ctx.stopHere(site) ? std::vector<Tally>() : std::move(tallies);
}

/// Of (2^n + 1) (2^n |<s|0>|^2 - 1) / (2^n - 1), whose mean is the response. The mean square of
/// (2^n + 1) |<s|0>|^2 is at most 6 (2^n + 1) / (2^n + 2), whatever the device does between the
/// random circuit and the reading (3-design; the worst is to do nothing).
static estimate::HeavyKind responseKind(int64_t qubits) {
  const double d = std::exp2(static_cast<double>(qubits));
  return {.variance =
              [d](double m) {
                const double mean = (m * (d - 1) + d + 1) / d;
                return std::pow(d / (d - 1), 2) * (6 * (d + 1) / (d + 2) - mean * mean);
              },
          .most = 6 * std::pow(d / (d - 1), 2),
          .low = -1,
          .high = 1,
          .lowest = -(d + 1) / (d - 1),
          .highest = d + 1};
}

bool isOdd(const sim::Observable::Term &string, const uint64_t *outcome) {
  uint64_t sum = 0;
  for (size_t word = 0; word < stringWords(string); ++word)
    if (const uint64_t support = lettersOf(string, word).support(); support != 0)
      sum ^= outcome[word] & support;
  return (std::popcount(sum) & 1) != 0;
}

static SourcePtr measuredResponse(base::Context &ctx, qdo_site site, const Record &record,
                                  const sim::Observable::Term &string, double error) {
  if (record.bases != Record::Bases::Clifford) {
    int64_t plus = 0;
    for (size_t at = 0; at < record.zeros.size(); at += maskWords(record.qubits()))
      plus += !isOdd(string, &record.zeros[at]);
    return std::make_shared<SignMean>(plus, record.calibration());
  }
  const double d = std::exp2(static_cast<double>(record.qubits()));
  const sim::Appended zeros(nullptr, record.qubits(), {});
  auto values = overlapsOf(ctx, site, record.zeroCliffords, zeros.recipe());
  if (!values)
    return nullptr;
  for (double &v : *values)
    v = (d + 1) * (d * v - 1) / (d - 1);
  return std::make_shared<estimate::HeavyMean>(std::move(*values), responseKind(record.qubits()),
                                               error);
}

SourcePtr responseOf(base::Context &ctx, qdo_site site, const Record &record,
                     const sim::Observable::Term &string, double error) {
  SourcePtr response = measuredResponse(ctx, site, record, string, error);
  if (!response || response->mean > 0)
    return response;
  ctx.fail(site, base::Kind::BadValue, "what the calibration of this shadow leaves of a sign",
           fmt::format("{:.3g}", response->mean), "above 0")
      .help = "take a record with a larger `calibrate:`, or on a device that errs less";
  return nullptr;
}

estimate::Estimate::Claim claimHere(base::Context &ctx) {
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  const estimate::Estimate::Claim of =
      policy ? estimate::claimOf(*policy) : estimate::Estimate::Claim();
  return {of.confidence, 1, of.joint, of.method};
}

size_t groupsHere(base::Context &ctx) {
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  return static_cast<size_t>(policy ? policy->combine.groups : 1);
}

void neverMeasured(base::Context &ctx, qdo_site site, const Record &record,
                   const sim::Observable::Term &string) {
  sim::Observable alone;
  alone.add(1, string);
  ctx.fail(site, base::Kind::ShadowNeverMeasured, base::grouped(record.size()), alone.format(""))
      .help = "take a record with more snapshots, or measure this observable itself: `<p|A|p>`";
}

static std::string shown(double number) { return fmt::format("{:.4g}", number); }

void tooSmall(base::Context &ctx, qdo_site site, const Record &record, const std::string &what,
              double within, double confidence, double needed, const std::string &note,
              const std::string &help) {
  auto &failure =
      ctx.fail(site, base::Kind::ShadowTooSmall, what, shown(within), shown(confidence * 100),
               needed < 9e18 ? base::grouped(static_cast<int64_t>(needed)) : shown(needed),
               base::grouped(record.size()));
  failure.note = note;
  failure.help = help;
}

void calibrationTooSmall(base::Context &ctx, qdo_site site, const Record &record, double within) {
  ctx.fail(site, base::Kind::BadValue, "the calibration of this shadow",
           fmt::format("{} shots", base::grouped(record.calibration())),
           fmt::format("more to answer within {}", shown(within)))
      .help = "its own error is that large already: take a record with a larger `calibrate:`";
}

} // namespace qdo::shadow
