// SPDX-License-Identifier: Apache-2.0
// When a Gram matrix has shots enough: what is predicted from one matrix beside what many show.
#include "runtime/base/philox.h"
#include "runtime/learn/suffice.h"
#include "runtime/learn/svm.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using learn::Repair;

namespace {

constexpr size_t rows = 90, fresh = 40;
constexpr double penalty = 5;

/// Points of two noisy half circles, and their Gaussian kernel: the exact values.
struct Moons {
  std::vector<double> x, y;
  std::vector<uint32_t> classes;

  explicit Moons(size_t n) {
    base::RandomStream random(7, n);
    for (size_t i = 0; i < n; ++i) {
      const double angle = 3.14159 * random.uniform(), up = i % 2 == 0 ? 1 : -1;
      x.push_back(up * std::cos(angle) + (i % 2) + 0.3 * (random.uniform() - 0.5));
      y.push_back(up * std::sin(angle) + 0.5 * (i % 2) + 0.3 * (random.uniform() - 0.5));
      classes.push_back(i % 2);
    }
  }
  double kernel(size_t i, const Moons &other, size_t j) const {
    return std::exp(-std::pow(x[i] - other.x[j], 2) - std::pow(y[i] - other.y[j], 2));
  }
};

/// The matrix measured with so many shots a pair, independently for every seed.
learn::MeasuredGram measured(const Moons &moons, int64_t shots, uint64_t seed) {
  std::vector<double> values, errors;
  for (size_t i = 0, pair = 0; i < rows; ++i)
    for (size_t j = 0; j < i; ++j, ++pair) {
      const auto successes = static_cast<double>(
          base::countSuccesses(seed, pair, 0, shots, moons.kernel(i, moons, j)));
      const double n = static_cast<double>(shots), p = (successes + 2) / (n + 4);
      values.push_back(successes / n);
      errors.push_back(std::sqrt(p * (1 - p) / (n + 4)));
    }
  return learn::measuredGram(rows, values, errors, std::vector<int64_t>(values.size(), shots));
}

/// Decision values of fresh rows, exactly known, after training on a matrix; and what their own
/// values would add to the variance with one shot each.
std::pair<std::vector<double>, double> decisions(const Moons &moons, const Moons &others,
                                                 std::vector<double> gram, Repair repair) {
  const auto repaired = learn::repairGram(gram, rows, repair);
  const auto svm = learn::svm::trainer(penalty)(std::move(gram), moons.classes, 2);
  const auto counts = svm.duelCoefficients(0, 1);
  std::vector<double> of(rows, 0), values;
  for (size_t s = 0; s < counts.size(); ++s)
    if (repaired.rowMap.empty())
      of[svm.support()[s]] = counts[s];
    else
      for (size_t r = 0; r < rows; ++r)
        of[r] += repaired.rowMap[r * rows + svm.support()[s]] * counts[s];
  double own = 0;
  for (size_t k = 0; k < fresh; ++k) {
    values.push_back(svm.duels(std::vector<double>(counts.size(), 0))[0]);
    for (size_t r = 0; r < rows; ++r) {
      const double value = others.kernel(k, moons, r);
      values.back() += of[r] * value;
      own += of[r] * of[r] * value * (1 - value) / fresh;
    }
  }
  return {values, own};
}

} // namespace

TEST(Suffice, WhatOneMatrixPredictsManyShow) {
  const Moons moons(rows), others(fresh);
  for (Repair repair : {Repair::Shift, Repair::Cut})
    for (int64_t shots : {64, 1024}) {
      constexpr int draws = 24;
      std::vector<double> sum(fresh, 0), squares(fresh, 0);
      double own = 0, predicted = 0, predictedOwn = 0;
      for (uint64_t seed = 0; seed < draws; ++seed) {
        const auto gram = measured(moons, shots, seed);
        const auto [values, mine] = decisions(moons, others, gram.values, repair);
        for (size_t k = 0; k < fresh; ++k) {
          sum[k] += values[k];
          squares[k] += values[k] * values[k];
        }
        own += mine / draws;
        const auto strays =
            learn::straysOf(gram, moons.classes, 2, learn::svm::trainer(penalty), repair);
        ASSERT_EQ(strays.size(), 1u);
        predicted += strays[0].training / draws;
        predictedOwn += strays[0].ownShot / draws;
      }
      double seen = 0;
      for (size_t k = 0; k < fresh; ++k)
        seen += (squares[k] - sum[k] * sum[k] / draws) / (draws - 1) / fresh;
      // The second classifier has sqrt(2) times the noise of the first, and both have fewer rows.
      EXPECT_GT(predicted, 0.5 * seen) << "shots " << shots;
      EXPECT_LT(predicted, 4 * seen) << "shots " << shots;
      EXPECT_GT(predictedOwn, 0.6 * own) << "shots " << shots;
      EXPECT_LT(predictedOwn, 1.8 * own) << "shots " << shots;
    }
}

TEST(Suffice, CarefulPredictionsAskForMoreTraining) {
  const Moons moons(rows);
  std::vector<double> values, errors;
  std::vector<int64_t> shots;
  for (size_t i = 0; i < rows; ++i)
    for (size_t j = 0; j < i; ++j) {
      values.push_back(moons.kernel(i, moons, j));
      errors.push_back(0.05);
      shots.push_back(100);
    }
  std::vector<double> weights(values.size(), -1);
  learn::judgeOfTraining(moons.classes, 2, learn::svm::trainer(penalty), Repair::Shift,
                         100)(values, errors, shots, weights);
  EXPECT_EQ(weights, std::vector<double>(values.size(), 0));
  learn::judgeOfTraining(moons.classes, 2, learn::svm::trainer(penalty), Repair::Shift,
                         1'000'000)(values, errors, shots, weights);
  EXPECT_EQ(weights, std::vector<double>(values.size(), 1));
}

TEST(Suffice, FewRowsAreMeasuredAsFarAsTheyMayBe) {
  std::vector<double> weights(1, -1);
  learn::judgeOfTraining(std::vector<uint32_t>{0, 1}, 2, learn::svm::trainer(penalty),
                         Repair::Shift, 10)(std::vector<double>{0.5}, std::vector<double>{0.1},
                                            std::vector<int64_t>{10}, weights);
  EXPECT_EQ(weights[0], 1);
}
