// SPDX-License-Identifier: Apache-2.0
// Calls LIBSVM and keeps what prediction needs, in plain vectors.
// Why: LIBSVM's own model points into the training problem; a model here outlives its Gram matrix.
// A matrix of 20,000 rows has 3.2 GB: training on it must not take as much again.
#include "runtime/learn/svm.h"

#include <svm.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numeric>

namespace qdo::learn {

namespace {

void discardProgress(const char *) {}

struct FreeModel {
  void operator()(svm_model *model) const { svm_free_and_destroy_model(&model); }
};

/// The rows of a matrix where LIBSVM looks for them, without a copy in its own format, which is
/// twice as large as the numbers: it reads `x[i][k].value`, 8 bytes of every 16, and nothing else
/// of a precomputed row. So two rows share a block, one in the values of the nodes and the other
/// in what lies between:  serial b, serial a, b1, a1, b2, a2, .., with (0, serial) in front.
class InterleavedRows {
public:
  static_assert(sizeof(svm_node) == 2 * sizeof(double) &&
                offsetof(svm_node, value) == sizeof(double));

  /// Takes an n x n matrix and rearranges it in place.
  InterleavedRows(std::vector<double> &&matrix, size_t n) : numbers_(std::move(matrix)), n_(n) {
    numbers_.resize(Svm::room(n)); // moves what has no such capacity
    std::vector<double> pair(2 * n, 0);
    for (size_t block = (n + 1) / 2; block-- > 0;) { // a block ends behind where its rows end
      const size_t rows = std::min<size_t>(2, n - 2 * block);
      std::copy_n(&numbers_[2 * block * n], rows * n, pair.begin());
      double *to = start(block);
      for (size_t row = 0; row < 2; ++row) {
        to[1 - row] = static_cast<double>(2 * block + row + 1);
        for (size_t k = 0; k < n; ++k)
          to[2 * (k + 1) + 1 - row] = pair[row * n + k];
      }
    }
  }

  /// Row i: its node k holds the value with row k - 1.
  svm_node *row(size_t i) {
    double *block = start(i / 2);
    return reinterpret_cast<svm_node *>(i % 2 == 0 ? block : block - 1);
  }

private:
  double *start(size_t block) { return &numbers_[1 + block * 2 * (n_ + 1)]; }

  std::vector<double> numbers_;
  const size_t n_;
};

} // namespace

size_t Svm::room(size_t n) { return 1 + (n + 1) / 2 * 2 * (n + 1); }

Svm Svm::train(std::span<const double> gram, std::span<const uint32_t> classes, uint32_t classCount,
               double c) {
  std::vector<double> copy;
  copy.reserve(room(classes.size()));
  copy.assign(gram.begin(), gram.end());
  return trainOn(std::move(copy), classes, classCount, c);
}

Svm Svm::trainOn(std::vector<double> &&gram, std::span<const uint32_t> classes, uint32_t classCount,
                 double c) {
  const size_t n = classes.size();
  // LIBSVM numbers classes by first appearance, scikit-learn by sorted label: ties of votes fall to
  // the lower number. Feeding the rows class by class makes both orders the same; inside a class
  // the order stays, and LIBSVM groups rows by class anyway, so the solver takes the very same
  // steps.
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return classes[a] < classes[b]; });

  InterleavedRows matrix(std::move(gram), n);
  std::vector<svm_node *> rows(n);
  std::vector<double> labels(n);
  for (size_t i = 0; i < n; ++i) {
    rows[i] = matrix.row(order[i]);
    labels[i] = classes[order[i]];
  }
  svm_problem problem{static_cast<int>(n), labels.data(), rows.data()};
  svm_parameter parameters{};
  parameters.svm_type = C_SVC;
  parameters.kernel_type = PRECOMPUTED;
  parameters.C = c;
  parameters.eps = 1e-3;
  parameters.cache_size = 200; // MB
  parameters.shrinking = 1;
  svm_set_print_string_function(discardProgress);
  std::unique_ptr<svm_model, FreeModel> model(svm_train(&problem, &parameters));

  Svm svm;
  svm.classCount_ = classCount;
  const auto supports = static_cast<size_t>(model->l);
  for (size_t s = 0; s < supports; ++s)
    svm.support_.push_back(order[static_cast<size_t>(model->sv_indices[s]) - 1]);
  svm.firstOfClass_.push_back(0);
  for (uint32_t k = 0; k < classCount; ++k)
    svm.firstOfClass_.push_back(svm.firstOfClass_.back() + static_cast<size_t>(model->nSV[k]));
  svm.importance_.assign(supports, 0);
  for (uint32_t k = 0; k + 1 < classCount; ++k)
    for (size_t s = 0; s < supports; ++s) {
      svm.coefficients_.push_back(model->sv_coef[k][s]);
      svm.importance_[s] = std::max(svm.importance_[s], std::abs(model->sv_coef[k][s]));
    }
  svm.rho_.assign(model->rho, model->rho + classCount * (classCount - 1) / 2);
  return svm;
}

std::vector<double> Svm::duels(std::span<const double> kernelRow) const {
  std::vector<double> decisions;
  for (uint32_t i = 0; i < classCount_; ++i)
    for (uint32_t j = i + 1; j < classCount_; ++j) {
      // The order of the sum is LIBSVM's, so that values agree in the last bit.
      double sum = 0;
      for (size_t s = firstOfClass_[i]; s < firstOfClass_[i + 1]; ++s)
        sum += coefficients_[(j - 1) * support_.size() + s] * kernelRow[s];
      for (size_t s = firstOfClass_[j]; s < firstOfClass_[j + 1]; ++s)
        sum += coefficients_[i * support_.size() + s] * kernelRow[s];
      decisions.push_back(sum - rho_[decisions.size()]);
    }
  return decisions;
}

std::vector<double> Svm::duelCoefficients(uint32_t i, uint32_t j) const {
  std::vector<double> counts(support_.size(), 0);
  for (size_t s = firstOfClass_[i]; s < firstOfClass_[i + 1]; ++s)
    counts[s] = coefficients_[(j - 1) * support_.size() + s];
  for (size_t s = firstOfClass_[j]; s < firstOfClass_[j + 1]; ++s)
    counts[s] = coefficients_[i * support_.size() + s];
  return counts;
}

Svm::Verdict Svm::judge(std::span<const double> kernelRow) const {
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
