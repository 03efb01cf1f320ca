// SPDX-License-Identifier: Apache-2.0
// One linear system for each two classes.
#include "runtime/learn/gp.h"

#include <Eigen/Dense>

namespace qdo::learn::gp {

/// (K + noise I)^-1 y.
static Eigen::VectorXd solved(Eigen::MatrixXd kernel, const Eigen::VectorXd &labels, double noise) {
  kernel.diagonal().array() += noise;
  const Eigen::LLT<Eigen::MatrixXd> cholesky(kernel);
  if (cholesky.info() == Eigen::Success)
    return cholesky.solve(labels);
  return Eigen::PartialPivLU<Eigen::MatrixXd>(kernel).solve(labels);
}

static Pairwise trainOn(std::span<const double> gram, std::span<const uint32_t> classes,
                        uint32_t classCount, double noise) {
  const size_t n = classes.size();
  ByClass by = byClass(classes, classCount);
  std::vector<size_t> first = {0};
  for (size_t count : by.counts)
    first.push_back(first.back() + count);
  std::vector<double> coefficients((classCount - 1) * n, 0);
  for (uint32_t i = 0; i < classCount; ++i)
    for (uint32_t j = i + 1; j < classCount; ++j) {
      std::vector<size_t> places; // in the order of the support
      for (uint32_t of : {i, j})
        for (size_t s = first[of]; s < first[of + 1]; ++s)
          places.push_back(s);
      const auto count = static_cast<Eigen::Index>(places.size());
      Eigen::MatrixXd kernel(count, count);
      for (Eigen::Index a = 0; a < count; ++a)
        for (Eigen::Index b = 0; b < count; ++b)
          kernel(a, b) = gram[by.order[places[static_cast<size_t>(a)]] * n +
                              by.order[places[static_cast<size_t>(b)]]];
      Eigen::VectorXd labels = Eigen::VectorXd::Constant(count, -1);
      labels.head(static_cast<Eigen::Index>(by.counts[i])).setOnes();
      const Eigen::VectorXd alpha = solved(std::move(kernel), labels, noise);
      for (Eigen::Index a = 0; a < count; ++a) {
        const size_t s = places[static_cast<size_t>(a)];
        coefficients[(s < first[i + 1] ? j - 1 : i) * n + s] = alpha[a];
      }
    }
  return Pairwise(std::move(by.order), by.counts, std::move(coefficients),
                  std::vector<double>(classCount * (classCount - 1) / 2, 0));
}

Trainer trainer(double noise) {
  return [noise](std::vector<double> &&gram, std::span<const uint32_t> classes,
                 uint32_t classCount) { return trainOn(gram, classes, classCount, noise); };
}

} // namespace qdo::learn::gp
