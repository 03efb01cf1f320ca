// SPDX-License-Identifier: Apache-2.0
// Rounds fractions to whole rows and cuts each shuffled class accordingly.
#include "runtime/data/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qdo::data {

namespace {

/// How many of `count` rows each part gets. `owed` is what every part still lacks from earlier
/// classes, in rows; it is brought up to date.
std::vector<size_t> shares(std::span<const double> fractions, size_t count,
                           std::vector<double> &owed) {
  // 0.6 * 50 must be 30, not 29.999..., before it is rounded down.
  constexpr double slack = 1e-9;
  std::vector<size_t> sizes(fractions.size());
  std::vector<size_t> roundable;
  size_t given = 0;
  for (size_t part = 0; part < fractions.size(); ++part) {
    double exact = fractions[part] * static_cast<double>(count);
    sizes[part] = static_cast<size_t>(std::floor(exact + slack));
    given += sizes[part];
    if (exact - static_cast<double>(sizes[part]) > slack)
      roundable.push_back(part);
    owed[part] += exact - static_cast<double>(sizes[part]);
  }
  // Whole millionths of a row compare alike wherever sums of fractions round differently.
  std::stable_sort(roundable.begin(), roundable.end(), [&](size_t a, size_t b) {
    return std::llround(owed[a] * 1e6) > std::llround(owed[b] * 1e6);
  });
  for (size_t part : roundable) {
    if (given == count)
      break;
    ++sizes[part];
    ++given;
    owed[part] -= 1;
  }
  return sizes;
}

} // namespace

std::vector<uint32_t> splitRows(std::span<const double> fractions, std::span<const uint32_t> strata,
                                std::span<const uint64_t> randomWords) {
  // The rows that no part wants are dealt like one more part, and forgotten afterwards.
  std::vector<double> all(fractions.begin(), fractions.end());
  all.push_back(std::max(0.0, 1 - std::accumulate(all.begin(), all.end(), 0.0)));

  std::vector<size_t> order(strata.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (strata[a] != strata[b])
      return strata[a] < strata[b];
    return randomWords[a] != randomWords[b] ? randomWords[a] < randomWords[b] : a < b;
  });

  std::vector<uint32_t> partOf(strata.size(), noPart);
  std::vector<double> owed(all.size(), 0);
  for (size_t first = 0; first < order.size();) {
    size_t last = first;
    while (last < order.size() && strata[order[last]] == strata[order[first]])
      ++last;
    std::vector<size_t> sizes = shares(all, last - first, owed);
    size_t at = first;
    for (size_t part = 0; part < fractions.size(); ++part)
      for (size_t end = at + sizes[part]; at < end; ++at)
        partOf[order[at]] = static_cast<uint32_t>(part);
    first = last;
  }
  return partOf;
}

} // namespace qdo::data
