// SPDX-License-Identifier: Apache-2.0
// Counting signs.
#include "runtime/shadow/reading.h"

#include "runtime/base/quantity.h"
#include "runtime/estimate/heavy.h"

#include <algorithm>
#include <cmath>

namespace qdo::shadow {

Reading::Reading(const Record &record) : record_(record), pauli_(record.snapshots.all()) {}

Tally Reading::tally(uint64_t x, uint64_t z, size_t groups) const {
  Tally tally;
  tally.groups.counts.resize(groups);
  const int64_t size = record_.size(), count = static_cast<int64_t>(groups);
  for (int64_t g = 0; g < count; ++g) {
    auto &[plus, hits] = tally.groups.counts[static_cast<size_t>(g)];
    each(x, z, (g * size + count - 1) / count, ((g + 1) * size + count - 1) / count,
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
      const auto &string = strings[static_cast<size_t>(i)];
      tallies[static_cast<size_t>(i)] = tally(string.x, string.z, groups);
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

static SourcePtr measuredResponse(base::Context &ctx, qdo_site site, const Record &record,
                                  uint64_t support, double error) {
  if (record.bases != Record::Bases::Clifford) {
    const int64_t plus = std::ranges::count_if(record.zeros, [&](uint64_t outcome) {
      return (std::popcount(outcome & support) & 1) == 0;
    });
    return std::make_shared<SignMean>(plus, std::ssize(record.zeros));
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

SourcePtr responseOf(base::Context &ctx, qdo_site site, const Record &record, uint64_t support,
                     double error) {
  SourcePtr response = measuredResponse(ctx, site, record, support, error);
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

void neverMeasured(base::Context &ctx, qdo_site site, const Record &record, uint64_t x,
                   uint64_t z) {
  sim::Observable string;
  string.add(1, x, z);
  ctx.fail(site, base::Kind::ShadowNeverMeasured, base::grouped(record.size()), string.format(""))
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
