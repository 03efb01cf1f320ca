// SPDX-License-Identifier: Apache-2.0
// Agreement of batches, and medians of their means.
#include "runtime/estimate/batches.h"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>

namespace qdo::estimate {

void BatchCounts::add(int64_t successes, int64_t shots) {
  if (shots <= 0)
    return;
  Sums &sums = bySize_[shots];
  ++sums.count;
  sums.successes += successes;
  sums.squares += static_cast<unsigned __int128>(successes) * static_cast<uint64_t>(successes);
}

void BatchCounts::merge(const BatchCounts &other) {
  for (const auto &[size, theirs] : other.bySize_) {
    Sums &mine = bySize_[size];
    mine.count += theirs.count;
    mine.successes += theirs.successes;
    mine.squares += theirs.squares;
  }
}

int64_t BatchCounts::batches() const {
  int64_t sum = 0;
  for (const auto &[size, sums] : bySize_)
    sum += sums.count;
  return sum;
}

int64_t BatchCounts::successes() const {
  int64_t sum = 0;
  for (const auto &[size, sums] : bySize_)
    sum += sums.successes;
  return sum;
}

int64_t BatchCounts::shots() const {
  int64_t sum = 0;
  for (const auto &[size, sums] : bySize_)
    sum += sums.count * size;
  return sum;
}

BatchCounts::Homogeneity BatchCounts::homogeneity() const {
  Homogeneity result;
  if (bySize_.empty())
    return result;
  const double all = static_cast<double>(shots());
  const double p = static_cast<double>(successes()) / all, variance = p * (1 - p);
  // Batches with fewer than five of the rarer outcome are not near enough to normal.
  double n = 0, nSquared = 0, s = 0, squares = 0, batches = 0;
  for (const auto &[size, sums] : bySize_) {
    const double shots = static_cast<double>(size), count = static_cast<double>(sums.count);
    if (shots * std::min(p, 1 - p) < 5)
      continue;
    batches += count;
    n += count * shots;
    nSquared += count * shots * shots;
    s += static_cast<double>(sums.successes);
    squares += static_cast<double>(sums.squares) / shots;
  }
  if (batches < 2)
    return result;
  // sum of n_b (x_b - x)^2, with x the fraction of all of them
  result.q = std::max(0.0, (squares - s * s / n) / variance);
  result.degrees = batches - 1;
  result.pValue = boost::math::gamma_q(result.degrees / 2, result.q / 2);
  // Weights are n_b / variance: tau^2 = (Q - (B - 1)) / (sum w - sum w^2 / sum w).
  const double tau2 = std::max(0.0, result.q - result.degrees) * variance / (n - nSquared / n);
  result.extraVariance = tau2 * nSquared / (n * n);
  return result;
}

size_t Groups::of(int64_t shot, int64_t size, size_t groups) {
  return static_cast<size_t>(static_cast<__int128>(shot) * static_cast<int64_t>(groups) / size);
}

double Groups::median() const {
  std::vector<double> means;
  for (auto [successes, shots] : counts)
    if (shots > 0)
      means.push_back(static_cast<double>(successes) / static_cast<double>(shots));
  std::ranges::sort(means);
  const size_t half = means.size() / 2;
  return means.size() % 2 ? means[half] : (means[half - 1] + means[half]) / 2;
}

} // namespace qdo::estimate
