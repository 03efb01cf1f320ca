// SPDX-License-Identifier: Apache-2.0
// Random Clifford bases of a record.
#include "runtime/shadow/cliffords.h"

#include "runtime/base/hash.h"
#include "runtime/shadow/snapshots.h"
#include "runtime/sim/device_time.h"

#include <bit>

namespace qdo::shadow {

using stabilizer::Basis;
using stabilizer::Scramble;

static base::RandomStream numbersOf(uint64_t seed, const char *domain, uint64_t stream, int64_t t) {
  return {seed, base::Hasher(domain).add(stream).add(static_cast<uint64_t>(t)).value()};
}

std::vector<Basis> randomCliffords(uint64_t seed, uint64_t stream, int64_t qubits, int64_t first,
                                   int64_t count) {
  std::vector<Basis> bases;
  bases.reserve(static_cast<size_t>(count));
  for (int64_t t = first; t < first + count; ++t) {
    auto random = numbersOf(seed, "clifford", stream, t);
    bases.push_back(stabilizer::randomBasis(static_cast<int>(qubits), random));
  }
  return bases;
}

std::vector<Scramble> randomScrambles(uint64_t seed, uint64_t stream, int64_t qubits,
                                      int64_t count) {
  std::vector<Scramble> scrambles;
  scrambles.reserve(static_cast<size_t>(count));
  for (int64_t t = 0; t < count; ++t) {
    auto random = numbersOf(seed, "scramble", stream, t);
    scrambles.push_back(stabilizer::randomScramble(static_cast<int>(qubits), random));
  }
  return scrambles;
}

std::vector<double> secondsOf(base::Context &ctx, const sim::Recipe *recipe, int64_t qubits,
                              std::span<const Basis> bases, std::span<const Scramble> scrambles) {
  std::vector<double> seconds;
  seconds.reserve(bases.size());
  for (size_t t = 0; t < bases.size(); ++t) {
    const sim::Appended circuit =
        sim::measuring(recipe, qubits, bases[t], scrambles.empty() ? nullptr : &scrambles[t]);
    seconds.push_back(sim::circuitSeconds(ctx, circuit.recipe()));
  }
  return seconds;
}

std::optional<std::vector<double>> overlapsOf(base::Context &ctx, qdo_site site,
                                              std::span<const CliffordSnapshot> snapshots,
                                              const sim::Recipe &r) {
  std::vector<Basis> bases;
  std::vector<uint64_t> outcomes;
  for (const auto &[basis, outcome] : snapshots) {
    bases.push_back(basis);
    outcomes.insert(outcomes.end(), outcome.begin(), outcome.end());
  }
  return sim::overlapsWith(ctx, site, r, bases, outcomes);
}

std::vector<uint64_t> wordsOf(std::span<const CliffordSnapshot> snapshots) {
  std::vector<uint64_t> words;
  for (const auto &[basis, outcome] : snapshots) {
    words.insert(words.end(), outcome.begin(), outcome.end());
    words.insert(words.end(), basis.pivots().begin(), basis.pivots().end());
    words.insert(words.end(), basis.rows().begin(), basis.rows().end());
  }
  return words;
}

std::optional<std::vector<CliffordSnapshot>> cliffordsFrom(std::span<const uint64_t> words,
                                                           int64_t qubits, int64_t count) {
  const size_t mask = maskWords(qubits);
  std::vector<CliffordSnapshot> snapshots;
  size_t at = 0;
  /// So many masks, if there are so many and they have no bits beyond the qubits.
  auto next = [&](size_t masks) -> std::optional<std::vector<uint64_t>> {
    if (at + masks * mask > words.size())
      return std::nullopt;
    const auto part = words.subspan(at, masks * mask);
    for (size_t last = mask - 1; last < part.size(); last += mask)
      if (part[last] & ~lastMask(qubits))
        return std::nullopt;
    at += part.size();
    return std::vector(part.begin(), part.end());
  };
  while (std::ssize(snapshots) < count) {
    auto outcome = next(1), pivots = next(1);
    if (!outcome || !pivots)
      return std::nullopt;
    size_t rank = 0;
    for (uint64_t word : *pivots)
      rank += static_cast<size_t>(std::popcount(word));
    auto rows = next(rank);
    if (!rows)
      return std::nullopt;
    snapshots.push_back({{std::move(*pivots), std::move(*rows)}, std::move(*outcome)});
  }
  return at == words.size() ? std::optional(std::move(snapshots)) : std::nullopt;
}

} // namespace qdo::shadow
