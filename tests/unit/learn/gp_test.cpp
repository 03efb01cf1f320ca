// SPDX-License-Identifier: Apache-2.0
// Gaussian process classifiers against systems solved by hand, and the conditions they solve.
#include "runtime/base/philox.h"
#include "runtime/learn/gp.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using learn::Pairwise;

// K = [1 r; r 1], y = (1, -1): alpha = 1/(1 + noise - r) (1, -1).
TEST(Gp, TwoRowsByHand) {
  const double r = 0.3, noise = 0.5, alpha = 1 / (1 + noise - r);
  const Pairwise gp = learn::gp::trainer(noise)({1, r, r, 1}, std::vector<uint32_t>{0, 1}, 2);
  EXPECT_EQ(gp.support(), (std::vector<size_t>{0, 1}));
  const std::vector<double> row = {0.8, 0.1};
  EXPECT_NEAR(gp.duels(row)[0], 0.7 * alpha, 1e-12);
  EXPECT_EQ(gp.judge(row).winner, 0u);
  EXPECT_NEAR(gp.importance()[1], alpha, 1e-12);
}

// Three classes in any order: each duel's mean at its own rows satisfies (K + noise I) alpha = y,
// that is y - K alpha = noise alpha.
TEST(Gp, EveryDuelSolvesItsSystem) {
  constexpr size_t n = 23;
  const double noise = 0.2;
  std::vector<double> points, gram;
  std::vector<uint32_t> classes;
  base::RandomStream random(5, 1);
  for (size_t i = 0; i < n; ++i) {
    points.push_back(random.uniform());
    classes.push_back(static_cast<uint32_t>(i < 3 ? i : random.below(3)));
  }
  for (double x : points)
    for (double y : points)
      gram.push_back(std::exp(-10 * (x - y) * (x - y)));
  const std::vector<double> kept = gram;
  const Pairwise gp = learn::gp::trainer(noise)(std::move(gram), classes, 3);
  ASSERT_EQ(gp.support().size(), n);
  size_t duel = 0;
  for (uint32_t i = 0; i < 3; ++i)
    for (uint32_t j = i + 1; j < 3; ++j, ++duel) {
      const std::vector<double> alpha = gp.duelCoefficients(i, j);
      for (size_t s = 0; s < n; ++s) {
        const size_t row = gp.support()[s];
        if (classes[row] != i && classes[row] != j) {
          EXPECT_EQ(alpha[s], 0);
          continue;
        }
        std::vector<double> values;
        for (size_t other : gp.support())
          values.push_back(kept[row * n + other]);
        const double y = classes[row] == i ? 1 : -1;
        EXPECT_NEAR(y - gp.duels(values)[duel], noise * alpha[s], 1e-10);
      }
    }
}

// A matrix of sampled values that noise does not make positive definite still has a solution.
TEST(Gp, SolvesIndefiniteMatrices) {
  const Pairwise gp = learn::gp::trainer(0.1)({0, 2, 2, 0}, std::vector<uint32_t>{0, 1}, 2);
  const double alpha = 1 / (0.1 - 2); // of (1, -1)
  EXPECT_NEAR(gp.duelCoefficients(0, 1)[0], alpha, 1e-12);
}
