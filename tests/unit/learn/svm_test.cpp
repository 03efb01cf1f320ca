// SPDX-License-Identifier: Apache-2.0
// The support vector machine against cases solved by hand.
#include "runtime/base/philox.h"
#include "runtime/learn/svm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

using namespace qdo;
using learn::Svm;

namespace {

/// x * y on the points of a line.
std::vector<double> linear(const std::vector<double> &points, const std::vector<double> &others) {
  std::vector<double> values;
  for (double x : points)
    for (double y : others)
      values.push_back(x * y);
  return values;
}

} // namespace

TEST(Svm, TwoPointsOnALine) {
  // The boundary is the middle: both alphas are 1/2, w = -1 towards class 0.
  std::vector<double> points = {-1, 1};
  Svm svm = Svm::train(linear(points, points), std::vector<uint32_t>{0, 1}, 2, 10);
  EXPECT_EQ(svm.support(), (std::vector<size_t>{0, 1}));
  EXPECT_NEAR(svm.importance()[0], 0.5, 1e-12);
  Svm::Verdict verdict = svm.judge(linear({0.25}, points));
  EXPECT_EQ(verdict.winner, 1u);
  EXPECT_EQ(verdict.runnerUp, 0u);
  EXPECT_NEAR(verdict.margin, 0.25, 1e-12);
}

TEST(Svm, ThePenaltyBoundsAlpha) {
  std::vector<double> points = {-1, 1};
  Svm svm = Svm::train(linear(points, points), std::vector<uint32_t>{0, 1}, 2, 0.2);
  EXPECT_EQ(svm.importance(), (std::vector<double>{0.2, 0.2}));
  EXPECT_NEAR(svm.judge(linear({1}, points)).margin, 0.4, 1e-12);
}

TEST(Svm, PointsBeyondTheMarginDoNotSupport) {
  std::vector<double> points = {-3, -1, 1, 2};
  Svm svm = Svm::train(linear(points, points), std::vector<uint32_t>{0, 0, 1, 1}, 2, 10);
  EXPECT_EQ(svm.support(), (std::vector<size_t>{1, 2}));
}

TEST(Svm, ThreeClassesVote) {
  // Unrelated points: every pair has alpha 1 and f = k(x, i) - k(x, j).
  std::vector<double> gram = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  Svm svm = Svm::train(gram, std::vector<uint32_t>{0, 1, 2}, 3, 10);
  EXPECT_EQ(svm.support().size(), 3u);
  for (double importance : svm.importance())
    EXPECT_NEAR(importance, 1, 1e-3);
  Svm::Verdict verdict = svm.judge(std::vector<double>{0.2, 0.9, 0.5});
  EXPECT_EQ(verdict.winner, 1u);
  EXPECT_EQ(verdict.runnerUp, 2u);
  EXPECT_NEAR(verdict.margin, 0.4, 1e-3);
}

TEST(Svm, TheOrderOfRowsDoesNotDecideClasses) {
  // Class 1 comes first; LIBSVM alone would number the classes the other way round.
  std::vector<double> points = {1, -1};
  Svm svm = Svm::train(linear(points, points), std::vector<uint32_t>{1, 0}, 2, 10);
  EXPECT_EQ(svm.support(), (std::vector<size_t>{1, 0}));
  EXPECT_EQ(svm.judge(linear({0.5}, {-1, 1})).winner, 1u);
  EXPECT_EQ(svm.judge(linear({-0.5}, {-1, 1})).winner, 0u);
}

TEST(Svm, EndsOnIndefiniteMatrices) {
  // Pure noise with a unit diagonal: far from positive semidefinite.
  constexpr size_t n = 60;
  std::vector<double> gram(n * n, 1);
  std::vector<uint32_t> classes;
  base::RandomStream random(1, 2);
  for (size_t i = 0; i < n; ++i) {
    classes.push_back(static_cast<uint32_t>(i % 3));
    for (size_t j = 0; j < i; ++j)
      gram[i * n + j] = gram[j * n + i] = random.uniform();
  }
  Svm svm = Svm::train(gram, classes, 3, 100);
  EXPECT_GT(svm.support().size(), 0u);
  for (double importance : svm.importance())
    EXPECT_TRUE(std::isfinite(importance));
}
