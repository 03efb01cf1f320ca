// SPDX-License-Identifier: Apache-2.0
// Batches: any order gives the same counts, disagreement is found and honest batches are let pass.
#include "runtime/estimate/agreement.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

using namespace qdo::estimate;

using Pair = std::pair<int64_t, int64_t>; ///< successes, shots

static BatchCounts counted(const std::vector<Pair> &batches) {
  BatchCounts counts;
  for (auto [successes, shots] : batches)
    counts.add(successes, shots);
  return counts;
}

RC_GTEST_PROP(BatchCounts, MergeInAnyOrderAndAnySplit, ()) {
  auto batches = *rc::gen::container<std::vector<Pair>>(
      rc::gen::map(rc::gen::pair(rc::gen::inRange<int64_t>(1, 5), rc::gen::inRange(0, 101)),
                   [](auto pair) { // few sizes, so that some meet
                     return Pair{pair.first * 40 * pair.second / 100, pair.first * 40};
                   }));
  const BatchCounts whole = counted(batches);
  std::vector<BatchCounts> parts(3);
  for (const Pair &batch : batches)
    parts[*rc::gen::inRange<size_t>(0, 3)].add(batch.first, batch.second);
  BatchCounts left = parts[2], right;
  left.merge(parts[0]);
  left.merge(parts[1]);
  parts[1].merge(parts[2]);
  right.merge(parts[0]);
  right.merge(parts[1]);
  RC_ASSERT(left == whole);
  RC_ASSERT(right == whole);
  RC_ASSERT(left.homogeneity().q == whole.homogeneity().q);
  BatchCounts none;
  none.merge(whole);
  RC_ASSERT(none == whole);
  left.merge(BatchCounts());
  RC_ASSERT(left == whole);
  RC_ASSERT(whole.batches() == static_cast<int64_t>(batches.size()));
}

TEST(BatchCounts, CochransQByHand) {
  // 30, 50, 40 of 100: p = 0.4; Q = 100 (0.01 + 0.01) / 0.24
  const auto h = counted({{30, 100}, {50, 100}, {40, 100}}).homogeneity();
  EXPECT_NEAR(h.q, 2 / 0.24, 1e-12);
  EXPECT_EQ(h.degrees, 2);
  EXPECT_NEAR(h.pValue, std::exp(-h.q / 2), 1e-12);
  EXPECT_FALSE(h.disagree()) << "p = 0.0155";
  // tau^2 = (Q - 2) / (W - W / 3) with W = 300 / 0.24; a third of it is in the mean of three
  EXPECT_NEAR(h.extraVariance, (h.q - 2) / (2.0 / 3 * 300 / 0.24) / 3, 1e-12);
  EXPECT_EQ(counted({{0, 100}, {0, 100}}).homogeneity().pValue, 1);
  EXPECT_EQ(counted({{1, 100}, {9, 1000}}).homogeneity().degrees, 0) << "too few successes";
}

TEST(BatchCounts, HonestBatchesPassAndDriftIsFound) {
  int alarms = 0, found = 0;
  constexpr int seeds = 2000;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    BatchCounts honest, drifting;
    for (int64_t b = 0; b < 10; ++b) {
      const uint64_t stream = qdo::base::Hasher("batch").add(static_cast<uint64_t>(b)).value();
      honest.add(qdo::base::countSuccesses(seed, stream, 0, 200, 0.3), 200);
      const double p = 0.2 + 0.02 * static_cast<double>(b);
      drifting.add(qdo::base::countSuccesses(seed, stream, 200, 400, p), 200);
    }
    alarms += honest.homogeneity().disagree();
    found += drifting.homogeneity().disagree();
  }
  EXPECT_LT(alarms, seeds * 0.015);
  EXPECT_GT(found, seeds * 0.9);
}

TEST(BatchCounts, OneThatDisagreesAloneIsFound) {
  // Of 50 % but for one: whichever it is, and however they are merged.
  for (size_t odd = 0; odd < 6; ++odd) {
    std::vector<Pair> batches(6, {100, 200});
    batches[odd] = {150, 200};
    BatchCounts counts = counted(batches);
    ASSERT_TRUE(counts.homogeneity().disagree());
    EXPECT_EQ(counts.outlier(), (Batch{200, 150}));
    EXPECT_EQ(counts.furthest(1).front(), (Batch{200, 150}));
    EXPECT_EQ(counts.without({200, 150}), counted(std::vector<Pair>(5, {100, 200})));
    BatchCounts other = counted({batches[5], batches[3], batches[4]});
    other.merge(counted({batches[1], batches[0], batches[2]}));
    EXPECT_EQ(other, counts);
    EXPECT_EQ(other.outlier(), counts.outlier());
  }
  EXPECT_FALSE(counted({{100, 200}, {150, 200}}).outlier()) << "of two nobody knows which";
  EXPECT_FALSE(counted({{100, 200}, {100, 200}, {150, 200}, {150, 200}}).outlier());
  EXPECT_FALSE(counted({{60, 200}, {100, 200}, {100, 200}, {140, 200}}).outlier())
      << "two ends: neither alone";
  EXPECT_FALSE(counted({{100, 200}, {98, 200}, {900, 1200}}).outlier())
      << "a batch with most of the shots is not set aside";
  EXPECT_FALSE(counted({{100, 200}, {101, 200}, {95, 200}}).outlier());
}

TEST(BatchCounts, HonestBatchesKeepTheirCoverage) {
  int held = 0, aside = 0;
  constexpr int seeds = 2000;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    qdo::base::Context ctx(qdo_options{});
    BernoulliResult result;
    std::vector<Batch> batches;
    for (int64_t b = 0; b < 8; ++b) {
      const int64_t successes =
          qdo::base::countSuccesses(seed, static_cast<uint64_t>(b), 0, 200, 0.3);
      batches.push_back({200, successes});
      result.successes += successes;
      result.shots += 200;
    }
    judgeBatches(ctx, 0, batches, true, result);
    aside += result.setAside > 0;
    const Interval interval =
        coinInterval(Method::Sequential, result.successes, result.shots, 0.05);
    held += interval.low <= 0.3 && 0.3 <= interval.high;
  }
  EXPECT_LT(aside, seeds * 0.015);
  EXPECT_GE(held, seeds * (0.95 - 2 * std::sqrt(0.95 * 0.05 / seeds)));
}

TEST(Groups, MedianIgnoresOneBadGroup) {
  Groups groups{{{50, 100}, {52, 100}, {48, 100}, {0, 100}, {0, 0}}};
  EXPECT_NEAR(groups.median(), 0.49, 1e-15);
  for (int64_t size : {1, 7, 8, 1000}) {
    std::vector<int64_t> counts(8);
    for (int64_t shot = 0; shot < size; ++shot)
      ++counts[Groups::of(shot, size, 8)];
    for (int64_t count : counts)
      EXPECT_LE(std::abs(count - size / 8), 1);
  }
}
