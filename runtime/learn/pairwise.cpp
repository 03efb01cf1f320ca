// SPDX-License-Identifier: Apache-2.0
// Votes and decision values from coefficients.
#include "runtime/learn/pairwise.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qdo::learn {

Pairwise::Pairwise(std::vector<size_t> support, std::span<const size_t> counts,
                   std::vector<double> coefficients, std::vector<double> offsets)
    : classCount_(static_cast<uint32_t>(counts.size())), support_(std::move(support)),
      coefficients_(std::move(coefficients)), offsets_(std::move(offsets)),
      importance_(support_.size(), 0) {
  firstOfClass_.push_back(0);
  for (size_t count : counts)
    firstOfClass_.push_back(firstOfClass_.back() + count);
  for (size_t i = 0; i < coefficients_.size(); ++i) {
    double &importance = importance_[i % support_.size()];
    importance = std::max(importance, std::abs(coefficients_[i]));
  }
}

ByClass byClass(std::span<const uint32_t> classes, uint32_t classCount) {
  ByClass by{std::vector<size_t>(classes.size()), std::vector<size_t>(classCount, 0)};
  std::iota(by.order.begin(), by.order.end(), size_t{0});
  std::stable_sort(by.order.begin(), by.order.end(),
                   [&](size_t a, size_t b) { return classes[a] < classes[b]; });
  for (uint32_t of : classes)
    ++by.counts[of];
  return by;
}

std::vector<double> Pairwise::duels(std::span<const double> kernelRow) const {
  std::vector<double> decisions;
  for (uint32_t i = 0; i < classCount_; ++i)
    for (uint32_t j = i + 1; j < classCount_; ++j) {
      // The order of the sum is LIBSVM's, so that values agree in the last bit.
      double sum = 0;
      for (size_t s = firstOfClass_[i]; s < firstOfClass_[i + 1]; ++s)
        sum += coefficients_[(j - 1) * support_.size() + s] * kernelRow[s];
      for (size_t s = firstOfClass_[j]; s < firstOfClass_[j + 1]; ++s)
        sum += coefficients_[i * support_.size() + s] * kernelRow[s];
      decisions.push_back(sum - offsets_[decisions.size()]);
    }
  return decisions;
}

std::vector<double> Pairwise::duelCoefficients(uint32_t i, uint32_t j) const {
  std::vector<double> counts(support_.size(), 0);
  for (size_t s = firstOfClass_[i]; s < firstOfClass_[i + 1]; ++s)
    counts[s] = coefficients_[(j - 1) * support_.size() + s];
  for (size_t s = firstOfClass_[j]; s < firstOfClass_[j + 1]; ++s)
    counts[s] = coefficients_[i * support_.size() + s];
  return counts;
}

Pairwise::Verdict Pairwise::judge(std::span<const double> kernelRow) const {
  const std::vector<double> decisions = duels(kernelRow);
  std::vector<uint32_t> votes(classCount_, 0);
  size_t at = 0;
  for (uint32_t i = 0; i < classCount_; ++i)
    for (uint32_t j = i + 1; j < classCount_; ++j)
      ++votes[decisions[at++] > 0 ? i : j];
  auto best = [&](uint32_t except) {
    uint32_t found = except == 0 ? 1 : 0;
    for (uint32_t k = found + 1; k < classCount_; ++k)
      if (k != except && votes[k] > votes[found])
        found = k;
    return found;
  };
  Verdict verdict{};
  verdict.winner = best(classCount_);
  verdict.runnerUp = best(verdict.winner);
  uint32_t low = std::min(verdict.winner, verdict.runnerUp);
  uint32_t high = std::max(verdict.winner, verdict.runnerUp);
  // Pairs (0,1), (0,2), .., (1,2), ..: those before row `low` and then up to `high`.
  double value = decisions[low * classCount_ - low * (low + 1) / 2 + (high - low - 1)];
  verdict.margin = verdict.winner == low ? value : -value;
  return verdict;
}

} // namespace qdo::learn
