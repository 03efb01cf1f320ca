// SPDX-License-Identifier: Apache-2.0
// Calls LIBSVM and keeps what prediction needs, in plain vectors.
// Why: LIBSVM's own model points into the training problem; a model here outlives its Gram matrix.
// A matrix of 20,000 rows has 3.2 GB: training on it must not take as much again.
#include "runtime/learn/svm.h"

#include <svm.h>

#include <algorithm>
#include <cstddef>
#include <memory>

namespace qdo::learn::svm {

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
    numbers_.resize(room(n)); // moves what has no such capacity
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

size_t room(size_t n) { return 1 + (n + 1) / 2 * 2 * (n + 1); }

static Pairwise trainOn(std::vector<double> &&gram, std::span<const uint32_t> classes,
                        uint32_t classCount, double c) {
  const size_t n = classes.size();
  // LIBSVM numbers classes by first appearance, scikit-learn by sorted label: ties of votes fall to
  // the lower number. Feeding the rows class by class makes both orders the same; inside a class
  // the order stays, and LIBSVM groups rows by class anyway, so the solver takes the very same
  // steps.
  const std::vector<size_t> order = byClass(classes, classCount).order;
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

  const auto supports = static_cast<size_t>(model->l);
  std::vector<size_t> support;
  for (size_t s = 0; s < supports; ++s)
    support.push_back(order[static_cast<size_t>(model->sv_indices[s]) - 1]);
  std::vector<double> coefficients;
  for (uint32_t k = 0; k + 1 < classCount; ++k)
    coefficients.insert(coefficients.end(), model->sv_coef[k], model->sv_coef[k] + supports);
  return Pairwise(std::move(support), std::vector<size_t>(model->nSV, model->nSV + classCount),
                  std::move(coefficients),
                  {model->rho, model->rho + classCount * (classCount - 1) / 2});
}

Trainer trainer(double c) {
  return [c](std::vector<double> &&gram, std::span<const uint32_t> classes, uint32_t classCount) {
    return trainOn(std::move(gram), classes, classCount, c);
  };
}

} // namespace qdo::learn::svm
