// SPDX-License-Identifier: Apache-2.0
// Repairs of indefinite matrices, against what each of them promises.
#include "runtime/base/philox.h"
#include "runtime/learn/psd.h"

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

using namespace qdo;
using learn::Repair;
using learn::Repaired;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// A Gram matrix of random unit vectors with symmetric noise and a diagonal of 1.
std::vector<double> noisy(Eigen::Index n, double noise, uint64_t seed = 3) {
  base::RandomStream random(seed, 1);
  Matrix points(n, 3);
  for (double &x : points.reshaped())
    x = 2 * random.uniform() - 1;
  points.rowwise().normalize();
  Matrix gram = (points * points.transpose()).cwiseAbs2();
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < i; ++j)
      gram(i, j) = gram(j, i) = gram(i, j) + noise * (2 * random.uniform() - 1);
  return {gram.data(), gram.data() + gram.size()};
}

Eigen::Map<const Matrix> view(const std::vector<double> &m, size_t n) {
  return {m.data(), static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n)};
}

} // namespace

TEST(Psd, EveryRepairEndsSemidefinite) {
  for (const char *name : {"clip", "flip", "shift", "nearest", "cut"}) {
    std::vector<double> gram = noisy(20, 0.3);
    const std::vector<double> before = gram;
    EXPECT_LT(learn::leastEigenvalue(before, 20), -0.1);
    const Repaired done = learn::repairGram(gram, 20, *learn::repairNamed(name));
    EXPECT_TRUE(done.changed) << name;
    EXPECT_NEAR(done.least, learn::leastEigenvalue(before, 20), 1e-12);
    EXPECT_GT(learn::leastEigenvalue(gram, 20), -1e-7) << name;
    EXPECT_NEAR(done.distance, (view(gram, 20) - view(before, 20)).norm(), 1e-12);
    EXPECT_EQ(view(gram, 20), view(gram, 20).transpose()) << name;
  }
}

TEST(Psd, WhatIsSemidefiniteStays) {
  for (auto method : {Repair::Clip, Repair::Flip, Repair::Shift, Repair::Nearest, Repair::Cut}) {
    std::vector<double> gram = noisy(12, 0);
    const std::vector<double> before = gram;
    const Repaired done = learn::repairGram(gram, 12, method);
    EXPECT_FALSE(done.changed);
    EXPECT_EQ(gram, before);
    EXPECT_EQ(learn::describe(done, method, 12), "none was needed");
  }
}

TEST(Psd, NoneTouchesNothing) {
  std::vector<double> gram = noisy(12, 0.5);
  const std::vector<double> before = gram;
  EXPECT_FALSE(learn::repairGram(gram, 12, Repair::None).changed);
  EXPECT_EQ(gram, before);
}

TEST(Psd, TrainingRowsMapToTheRepairedMatrix) {
  // A new point that is a training row has to get the values that training saw.
  for (auto method : {Repair::Clip, Repair::Flip, Repair::Cut}) {
    std::vector<double> gram = noisy(15, 0.4);
    const std::vector<double> before = gram;
    const Repaired done = learn::repairGram(gram, 15, method);
    EXPECT_LT((view(before, 15) * view(done.rowMap, 15) - view(gram, 15)).cwiseAbs().maxCoeff(),
              1e-12);
  }
}

TEST(Psd, ClippingIsTheNearestSemidefiniteMatrix) {
  std::vector<double> clipped = noisy(15, 0.4), nearest = clipped, shifted = clipped;
  const double clip = learn::repairGram(clipped, 15, Repair::Clip).distance;
  const double correlation = learn::repairGram(nearest, 15, Repair::Nearest).distance;
  EXPECT_LT(clip, learn::repairGram(shifted, 15, Repair::Shift).distance);
  // With the diagonal held it cannot be nearer; Higham's point is nearer than scaling back.
  EXPECT_LE(clip, correlation + 1e-9);
  Eigen::VectorXd scale = view(clipped, 15).diagonal().cwiseSqrt().cwiseInverse();
  const Matrix rescaled = scale.asDiagonal() * view(clipped, 15) * scale.asDiagonal();
  EXPECT_LE(correlation, (rescaled - view(noisy(15, 0.4), 15)).norm() + 1e-6);
  for (Eigen::Index i = 0; i < 15; ++i)
    EXPECT_NEAR(view(nearest, 15)(i, i), 1, 1e-12);
}

TEST(Psd, CuttingLeavesTheSignal) {
  // Rank one and noise whose spectrum ends near 2 * 0.1 * sqrt(60) = 1.5 on both sides.
  constexpr Eigen::Index n = 60;
  Matrix truth = Matrix::Constant(n, n, 0.5), measured = truth;
  base::RandomStream random(5, 6);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < i; ++j)
      measured(i, j) = measured(j, i) += random.next() & 1 ? 0.1 : -0.1;
  auto distance = [&](Repair method) {
    std::vector<double> gram(measured.data(), measured.data() + measured.size());
    const Repaired done = learn::repairGram(gram, n, method);
    if (method == Repair::Cut) {
      EXPECT_GE(done.negative, static_cast<size_t>(n - 3)); // the largest of noise may stay
      EXPECT_LT(done.negative, static_cast<size_t>(n));
      EXPECT_NE(learn::describe(done, method, n).find("of 60 eigenvalues were within the noise"),
                std::string::npos);
    }
    return (view(gram, n) - truth).norm();
  };
  const double noise = (measured - truth).norm();
  EXPECT_LT(distance(Repair::Cut), 0.4 * noise); // sqrt(2 / n) of it, and the diagonal
  EXPECT_GT(distance(Repair::Clip), 0.6 * noise);
}

TEST(Psd, CuttingKeepsSomethingOfNoiseAlone) {
  std::vector<double> gram = {0, 1, 1, 0};
  const Repaired done = learn::repairGram(gram, 2, Repair::Cut);
  EXPECT_EQ(done.negative, 1u);
  EXPECT_NEAR(gram[0], 0.5, 1e-12);
  EXPECT_NEAR(gram[1], 0.5, 1e-12);
}

// The example of Higham (2002), section 1: the nearest correlation matrix of a tridiagonal one.
TEST(Psd, NearestOfHigham) {
  std::vector<double> gram = {1, 1, 0, 1, 1, 1, 0, 1, 1};
  learn::repairGram(gram, 3, Repair::Nearest);
  EXPECT_NEAR(gram[1], 0.7607, 1e-4);
  EXPECT_NEAR(gram[2], 0.1573, 1e-4);
  EXPECT_NEAR(gram[5], 0.7607, 1e-4);
}

TEST(Psd, ReportsInWords) {
  std::vector<double> gram = {1, 2, 2, 1};
  const Repaired done = learn::repairGram(gram, 2, Repair::Shift);
  EXPECT_EQ(learn::describe(done, Repair::Shift, 2),
            "1 of 2 eigenvalues was negative, the least -1.0000: 1.0000 was added to the value of "
            "every row with itself");
  for (double value : gram)
    EXPECT_NEAR(value, 2, 1e-14);
}
