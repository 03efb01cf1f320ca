// SPDX-License-Identifier: Apache-2.0
// The support vector machine against cases solved by hand.
#include "runtime/base/philox.h"
#include "runtime/learn/svm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace qdo;
using learn::Pairwise;

namespace {

/// x * y on the points of a line.
std::vector<double> linear(const std::vector<double> &points, const std::vector<double> &others) {
  std::vector<double> values;
  for (double x : points)
    for (double y : others)
      values.push_back(x * y);
  return values;
}

Pairwise trained(std::vector<double> gram, const std::vector<uint32_t> &classes, uint32_t count,
                 double c) {
  return learn::svm::trainer(c)(std::move(gram), classes, count);
}

} // namespace

TEST(Svm, TwoPointsOnALine) {
  // The boundary is the middle: both alphas are 1/2, w = -1 towards class 0.
  std::vector<double> points = {-1, 1};
  Pairwise svm = trained(linear(points, points), {0, 1}, 2, 10);
  EXPECT_EQ(svm.support(), (std::vector<size_t>{0, 1}));
  EXPECT_NEAR(svm.importance()[0], 0.5, 1e-12);
  Pairwise::Verdict verdict = svm.judge(linear({0.25}, points));
  EXPECT_EQ(verdict.winner, 1u);
  EXPECT_EQ(verdict.runnerUp, 0u);
  EXPECT_NEAR(verdict.margin, 0.25, 1e-12);
}

TEST(Svm, ThePenaltyBoundsAlpha) {
  std::vector<double> points = {-1, 1};
  Pairwise svm = trained(linear(points, points), {0, 1}, 2, 0.2);
  EXPECT_EQ(svm.importance(), (std::vector<double>{0.2, 0.2}));
  EXPECT_NEAR(svm.judge(linear({1}, points)).margin, 0.4, 1e-12);
}

TEST(Svm, PointsBeyondTheMarginDoNotSupport) {
  std::vector<double> points = {-3, -1, 1, 2};
  Pairwise svm = trained(linear(points, points), {0, 0, 1, 1}, 2, 10);
  EXPECT_EQ(svm.support(), (std::vector<size_t>{1, 2}));
}

TEST(Svm, ThreeClassesVote) {
  // Unrelated points: every pair has alpha 1 and f = k(x, i) - k(x, j).
  std::vector<double> gram = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  Pairwise svm = trained(gram, {0, 1, 2}, 3, 10);
  EXPECT_EQ(svm.support().size(), 3u);
  for (double importance : svm.importance())
    EXPECT_NEAR(importance, 1, 1e-3);
  Pairwise::Verdict verdict = svm.judge(std::vector<double>{0.2, 0.9, 0.5});
  EXPECT_EQ(verdict.winner, 1u);
  EXPECT_EQ(verdict.runnerUp, 2u);
  EXPECT_NEAR(verdict.margin, 0.4, 1e-3);
}

TEST(Svm, TheOrderOfRowsDoesNotDecideClasses) {
  // Class 1 comes first; LIBSVM alone would number the classes the other way round.
  std::vector<double> points = {1, -1};
  Pairwise svm = trained(linear(points, points), {1, 0}, 2, 10);
  EXPECT_EQ(svm.support(), (std::vector<size_t>{1, 0}));
  EXPECT_EQ(svm.judge(linear({0.5}, {-1, 1})).winner, 1u);
  EXPECT_EQ(svm.judge(linear({-0.5}, {-1, 1})).winner, 0u);
}

TEST(Svm, TrainsInPlaceToTheSameModel) {
  // Odd and even numbers of rows, classes in any order, with room for the matrix and without.
  for (size_t n : {size_t{2}, size_t{3}, size_t{40}, size_t{41}}) {
    std::vector<double> points;
    std::vector<uint32_t> classes;
    base::RandomStream random(3, n);
    for (size_t i = 0; i < n; ++i) {
      points.push_back(random.uniform() - 0.5);
      classes.push_back(i < 2 ? i : random.below(2));
    }
    std::vector<double> gram;
    for (double x : points)
      for (double y : points)
        gram.push_back(std::exp(-20 * (x - y) * (x - y)));
    const Pairwise copied = trained(gram, classes, 2, 3);
    // What LIBSVM was given is the matrix: the conditions of an optimum hold for it.
    const auto counts = copied.duelCoefficients(0, 1);
    for (size_t i = 0; i < n; ++i) {
      std::vector<double> row;
      for (size_t s : copied.support())
        row.push_back(gram[i * n + s]);
      const double margin = (classes[i] == 0 ? 1 : -1) * copied.duels(row)[0];
      const auto at = std::ranges::find(copied.support(), i);
      const double alpha =
          at == copied.support().end() ? 0 : std::abs(counts[at - copied.support().begin()]);
      if (alpha == 0)
        EXPECT_GT(margin, 1 - 2e-3) << n;
      else if (alpha < 3)
        EXPECT_NEAR(margin, 1, 2e-3) << n;
      else
        EXPECT_LT(margin, 1 + 2e-3) << n;
    }
    std::vector<double> roomy;
    roomy.reserve(learn::svm::room(n));
    roomy.assign(gram.begin(), gram.end());
    const Pairwise inPlace = learn::svm::trainer(3)(std::move(roomy), classes, 2);
    const Pairwise moved = trained(std::move(gram), classes, 2, 3);
    for (const Pairwise *other : {&inPlace, &moved}) {
      EXPECT_EQ(other->support(), copied.support());
      EXPECT_EQ(other->duelCoefficients(0, 1), counts);
    }
  }
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
  Pairwise svm = trained(gram, classes, 3, 100);
  EXPECT_GT(svm.support().size(), 0u);
  for (double importance : svm.importance())
    EXPECT_TRUE(std::isfinite(importance));
}
