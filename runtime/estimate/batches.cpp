// SPDX-License-Identifier: Apache-2.0
// Agreement of batches, and medians of their means.
#include "runtime/estimate/batches.h"

#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>

namespace qdo::estimate {

void BatchCounts::add(int64_t successes, int64_t shots) {
  if (shots > 0)
    ++counts_[{shots, successes}];
}

void BatchCounts::merge(const BatchCounts &other) {
  for (const auto &[batch, count] : other.counts_)
    counts_[batch] += count;
}

int64_t BatchCounts::batches() const {
  int64_t sum = 0;
  for (const auto &[batch, count] : counts_)
    sum += count;
  return sum;
}

int64_t BatchCounts::successes() const {
  int64_t sum = 0;
  for (const auto &[batch, count] : counts_)
    sum += count * batch.successes;
  return sum;
}

int64_t BatchCounts::shots() const {
  int64_t sum = 0;
  for (const auto &[batch, count] : counts_)
    sum += count * batch.shots;
  return sum;
}

BatchCounts::Homogeneity BatchCounts::homogeneity() const {
  Homogeneity result;
  if (counts_.empty())
    return result;
  const double all = static_cast<double>(shots());
  const double p = static_cast<double>(successes()) / all, variance = p * (1 - p);
  // Batches with fewer than five of the rarer outcome are not near enough to normal.
  double n = 0, nSquared = 0, s = 0, squares = 0, batches = 0;
  for (const auto &[batch, times] : counts_) {
    const double shots = static_cast<double>(batch.shots), count = static_cast<double>(times);
    if (shots * std::min(p, 1 - p) < 5)
      continue;
    const double successes = static_cast<double>(batch.successes);
    batches += count;
    n += count * shots;
    nSquared += count * shots * shots;
    s += count * successes;
    squares += count * successes * successes / shots;
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

BatchCounts BatchCounts::without(const Batch &batch) const {
  BatchCounts rest = *this;
  if (auto found = rest.counts_.find(batch); found != rest.counts_.end() && --found->second == 0)
    rest.counts_.erase(found);
  return rest;
}

std::optional<Batch> BatchCounts::outlier() const {
  if (batches() < 3 || !homogeneity().disagree())
    return std::nullopt; // of two that differ nobody knows which is right
  std::optional<Batch> alone;
  for (const auto &[batch, count] : counts_) {
    if (without(batch).homogeneity().disagree())
      continue;
    if (alone || count > 1)
      return std::nullopt;
    alone = batch;
  }
  return alone && 2 * alone->shots < shots() ? alone : std::nullopt;
}

std::vector<Batch> BatchCounts::furthest(size_t count) const {
  std::vector<std::pair<double, Batch>> ranked;
  for (const auto &[batch, times] : counts_)
    ranked.emplace_back(without(batch).homogeneity().q, batch);
  std::ranges::sort(ranked);
  std::vector<Batch> worst;
  for (size_t i = 0; i < std::min(count, ranked.size()); ++i)
    worst.push_back(ranked[i].second);
  return worst;
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
