// SPDX-License-Identifier: Apache-2.0
// The study of bench/bench_decision.cpp, reduced: few rows, few seeds, one data set, one bound.
#include "bench/decision.h"

#include <gtest/gtest.h>

#include <cstdio>

using namespace qdo;

TEST(DecisionWeighted, SettlesTheLabelsWithFewerShotsThanTheBoundAllows) {
  bench::Task task = bench::tasks("examples/data")[1]; // linearly separable in two dimensions
  task.train = 60;
  task.test = 40;
  constexpr int64_t most = 4096;
  double same = 0, all = 0;
  for (uint64_t seed = 0; seed < 3; ++seed) {
    const bench::Rows rows = bench::read(task, seed);
    auto under = [&](estimate::Allocation allocation, int64_t bound) {
      return bench::predict(task, rows, seed, allocation, bound);
    };
    const auto exact = under(estimate::Allocation::Uniform, 0);
    const auto uniform = under(estimate::Allocation::Uniform, most);
    const auto decision = under(estimate::Allocation::Decision, most);
    EXPECT_LT(decision.shots, uniform.shots) << seed;
    ASSERT_EQ(decision.labels.size(), exact.labels.size());
    for (size_t i = 0; i < exact.labels.size(); ++i, ++all)
      same += decision.labels[i] == exact.labels[i];
  }
  EXPECT_GE(same / all, 0.95);
}

// The bounds of the study itself, with five of its seeds: no more shots than `uniform`, and for two
// of the three at most half.
TEST(DecisionWeighted, NeedsNoMoreShotsThanUniformAndMostlyHalf) {
  constexpr int seeds = 5;
  int halved = 0;
  for (const bench::Task &task : bench::tasks("examples/data")) {
    const auto decision = bench::leastShots(task, estimate::Allocation::Decision, seeds);
    EXPECT_GE(decision.agreement, 0.98) << task.name;
    // What uniform reaches within twice as many shots is enough to know.
    const auto uniform =
        bench::leastShots(task, estimate::Allocation::Uniform, seeds, {}, 2 * decision.shots);
    const bool half = uniform.agreement < 0.98;
    EXPECT_TRUE(half || decision.shots <= uniform.shots) << task.name;
    halved += half;
    std::printf("%s: %.0f shots, uniform %s%.0f (ratio %s%.3f)\n", task.name.c_str(),
                decision.shots, half ? "more than " : "", half ? 2 * decision.shots : uniform.shots,
                half ? "below " : "", half ? 0.5 : decision.shots / uniform.shots);
  }
  EXPECT_GE(halved, 2);
}
