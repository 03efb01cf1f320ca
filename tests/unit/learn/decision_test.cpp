// SPDX-License-Identifier: Apache-2.0
// The study of bench/bench_decision.cpp, reduced: few rows, few seeds, one data set, one bound.
#include "bench/decision.h"

#include <gtest/gtest.h>

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
    EXPECT_LT(decision.shots, uniform.shots / 2) << seed;
    ASSERT_EQ(decision.labels.size(), exact.labels.size());
    for (size_t i = 0; i < exact.labels.size(); ++i, ++all)
      same += decision.labels[i] == exact.labels[i];
  }
  EXPECT_GE(same / all, 0.95);
}
