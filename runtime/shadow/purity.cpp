// SPDX-License-Identifier: Apache-2.0
// Purities and Renyi-2 entropies from a record.
// Why from the squares of Pauli strings: pairs of snapshots average to the same number, but an
// interval from them grows with 8.5^m, and the one from the strings of pure and of fully mixed
// states shrinks with the number of snapshots itself and not with its root.
// Source: Elben et al., PRL 125, 200501 (2020), for the U-statistic.
#include "runtime/base/hash.h"
#include "runtime/shadow/exactly.h"
#include "runtime/shadow/reading.h"

#include <cmath>

namespace qdo::shadow {

using estimate::Estimate;

/// An unbiased square of the mean of signs: of the pairs of them.
static double squareOf(int64_t plus, int64_t hits) {
  const double n = static_cast<double>(hits), sum = 2 * static_cast<double>(plus) - n;
  return hits < 2 ? 0 : (sum * sum - n) / (n * (n - 1));
}

/// All strings but the identity on the qubits of a mask.
static std::vector<sim::Observable::Term> stringsOn(uint64_t mask) {
  std::vector<sim::Observable::Term> strings;
  for (uint64_t x = 0;; x = (x - mask) & mask) { // the subsets of the mask, rising
    for (uint64_t z = 0;; z = (z - mask) & mask) {
      if ((x | z) != 0)
        strings.push_back({1, x, z, {}});
      if (z == mask)
        break;
    }
    if (x == mask)
      return strings;
  }
}

Estimate *purity(base::Context &ctx, qdo_site site, const Record &record, uint64_t qubits,
                 bool entropy) {
  constexpr int most = 6;
  constexpr size_t parts = 20;
  const int count = std::popcount(qubits);
  if (record.qubits() < 64 && qubits >> record.qubits() != 0) {
    ctx.fail(site, base::Kind::IndexOutOfRange, 63 - std::countl_zero(qubits), record.qubits());
    return nullptr;
  }
  if (count < 1 || count > most) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits whose purity is asked of a shadow",
             count, "from 1 to 6: its interval grows fivefold with each qubit");
    return nullptr;
  }
  if (Estimate *exact = exactPurity(ctx, site, record, qubits, entropy); exact || !ctx.ok())
    return exact;
  const Reading reading(record);
  const auto strings = stringsOn(qubits);
  const auto tallies = reading.tallies(ctx, site, strings, parts);
  if (tallies.size() != strings.size())
    return nullptr;
  const Estimate::Claim claim = claimHere(ctx);
  const double side = std::ldexp(1.0, count);
  std::vector<SourcePtr> sources;
  double value = 1, together = 0;
  std::vector<double> without(parts, 1); // the value without each part
  SourcePtr response;
  for (size_t i = 0; i < strings.size(); ++i) {
    const Tally &tally = tallies[i];
    if (tally.hits == 0) {
      neverMeasured(ctx, site, record, strings[i]);
      return nullptr;
    }
    double scale = 1;
    SourcePtr signs = std::make_shared<SignMean>(tally.plus, tally.hits);
    if (record.calibrated()) {
      if (record.bases != Record::Bases::Clifford || !response)
        response = responseOf(ctx, site, record, strings[i], 1 - claim.confidence);
      if (!response)
        return nullptr;
      scale = 1 / (response->mean * response->mean);
      signs = std::make_shared<Quotient>(signs, response, 0, -1, 1);
    }
    const double square = scale * squareOf(tally.plus, tally.hits);
    value += square;
    if (response)
      together += 2 * std::fabs(square / response->mean) * response->standardError;
    for (size_t g = 0; g < parts; ++g) {
      const auto [plus, hits] = tally.groups.counts[g];
      without[g] += scale * squareOf(tally.plus - plus, tally.hits - hits);
    }
    sources.push_back(std::move(signs));
  }
  // The jackknife, as if all parts of the record were alike.
  double mean = 0, spread = 0;
  for (double w : without)
    mean += w / static_cast<double>(parts);
  for (double w : without)
    spread += (w - mean) * (w - mean) * static_cast<double>(parts - 1) / static_cast<double>(parts);
  const double error = std::hypot(std::sqrt(spread), together) / side;
  const double floor = 1 / static_cast<double>(record.size());
  auto found =
      std::make_shared<Purity>(std::move(sources), count, value / side, std::max(error, floor));

  Estimate::Term term{1, 0, record.size(),
                      base::Hasher(entropy ? "shadow entropy" : "shadow purity")
                          .add(record.source)
                          .add(qubits)
                          .value()};
  if (entropy)
    term.source = std::make_shared<Entropy>(found, count);
  else
    term.source = found;
  auto *e = ctx.make<Estimate>(0.0, std::vector<Estimate::Term>{std::move(term)}, claim);
  e->way = record.calibrated() ? "calibrated classical shadow" : "classical shadow";
  return e;
}

} // namespace qdo::shadow
