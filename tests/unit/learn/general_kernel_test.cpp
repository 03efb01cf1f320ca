// SPDX-License-Identifier: Apache-2.0
// Kernels that are code: how often a body runs, in which order of rows, and what it leaves behind.
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/policy.h"
#include "runtime/learn/measure.h"
#include "tests/unit/data/run.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using base::Array;
using base::as;
using base::Context;
using estimate::Policy;
using learn::Kernel;
using learn::RowId;

namespace {

int calls = 0; ///< of any body

/// Not symmetric, so that the order of the rows shows.
double value(qdo_array a, qdo_array b) {
  ++calls;
  return as<Array>(a)->values()[0] - 2 * as<Array>(b)->values()[0];
}

double exactBody(qdo_ctx *, qdo_env, qdo_array a, qdo_array b) { return value(a, b); }

qdo_estimate measuredBody(qdo_ctx *ctx, qdo_env, qdo_array a, qdo_array b) {
  return base::handle(estimate::number(Context::of(ctx), value(a, b)));
}

double noNumber(qdo_ctx *, qdo_env, qdo_array, qdo_array) { return std::nan(""); }

struct Bench {
  explicit Bench(Policy::Mode mode,
                 learn::KernelCode code = {exactBody, nullptr, measuredBody, nullptr})
      : code(code), kernel(learn::generalKernel(run.ctx, "k", code, 1, 7)) {
    calls = 0;
    auto *policy = run.ctx.make<Policy>(mode, "p");
    policy->low = 100;
    run.ctx.part<estimate::Policies>().push(policy);
    for (double x : {1.0, 2.0, 4.0})
      ids.push_back(*kernel->intern(run.ctx, 0, std::vector<double>{x}));
  }

  test::Run run;
  learn::KernelCode code;
  Kernel *kernel;
  std::vector<RowId> ids;
};

const std::vector<double> expected = {-1, -3, -7, -3, -2, -6, -7, -6, -4};

} // namespace

TEST(GeneralKernel, EveryPairOnceAndTheEarlierRowFirst) {
  for (auto mode : {Policy::Mode::Exact, Policy::Mode::Fixed}) {
    Bench bench(mode);
    EXPECT_EQ(learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids), expected);
    EXPECT_EQ(calls, 6);
    const std::vector<RowId> later = {bench.ids[2]}, earlier = {bench.ids[0]};
    EXPECT_EQ(learn::kernelRows(bench.run.ctx, 0, *bench.kernel, later, earlier, {}),
              std::vector<double>{-7});
  }
}

TEST(GeneralKernel, ExactValuesAreKept) {
  Bench bench(Policy::Mode::Exact);
  learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids);
  learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids);
  EXPECT_EQ(calls, 6);
  // As it was asked for: the matrix has the other order.
  EXPECT_EQ(bench.kernel->compute(bench.run.ctx, 0, bench.ids[1], bench.ids[0]), 0);
}

TEST(GeneralKernel, WithoutMeasurementsItNeedsNoPolicy) {
  Bench bench(Policy::Mode::Fixed, {exactBody});
  bench.run.ctx.part<estimate::Policies>().pop();
  EXPECT_EQ(learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids), expected);
  auto *one = learn::kernelEstimate(bench.run.ctx, 0, *bench.kernel, bench.ids[0], bench.ids[1]);
  EXPECT_EQ(one->value, -3);
  EXPECT_EQ(one->standardError, 0);
}

TEST(GeneralKernel, MeasuringNeedsAPolicy) {
  Bench bench(Policy::Mode::Fixed);
  bench.run.ctx.part<estimate::Policies>().pop();
  EXPECT_FALSE(learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids));
  EXPECT_EQ(bench.run.failed(), "BadValue");
}

TEST(GeneralKernel, EqualCodeIsOneKernel) {
  Bench bench(Policy::Mode::Exact);
  EXPECT_EQ(bench.kernel, learn::generalKernel(bench.run.ctx, "again", bench.code, 1, 7));
  EXPECT_NE(bench.kernel, learn::generalKernel(bench.run.ctx, "k", bench.code, 1, 8));
  EXPECT_NE(bench.kernel, learn::generalKernel(bench.run.ctx, "k", bench.code, 2, 7));
  learn::KernelCode captured = bench.code;
  auto *slot = static_cast<int64_t *>(bench.run.ctx.makeEnv(1));
  *slot = 5;
  captured.exactEnv = slot;
  EXPECT_NE(bench.kernel, learn::generalKernel(bench.run.ctx, "k", captured, 1, 7));
}

TEST(GeneralKernel, AValueIsANumber) {
  Bench bench(Policy::Mode::Exact, {noNumber});
  EXPECT_FALSE(learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids));
  EXPECT_EQ(bench.run.failure().message,
            "a value of the kernel `k` is not a number, it must be finite");
}

TEST(GeneralKernel, RowsHaveOneLength) {
  Bench bench(Policy::Mode::Exact);
  EXPECT_FALSE(bench.kernel->intern(bench.run.ctx, 0, std::vector<double>{1, 2}));
  EXPECT_EQ(bench.run.failure().message,
            "the length of a row for the kernel `k` is 2, it must be 1");
}

TEST(GeneralKernel, EvaluationsLeaveNoEstimates) {
  Bench bench(Policy::Mode::Fixed);
  learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids);
  const size_t objects = bench.run.ctx.objectCount(); // the rows are kept
  learn::gramMatrix(bench.run.ctx, 0, *bench.kernel, bench.ids);
  EXPECT_EQ(bench.run.ctx.objectCount(), objects);
}

TEST(GeneralKernel, WhatOthersKnowIsNotReleased) {
  test::Run run;
  const size_t before = run.ctx.objectCount();
  auto *array = run.ctx.make<Array>(int64_t{1}, int64_t{0});
  estimate::number(run.ctx, 1);
  run.ctx.releaseValuesSince(before);
  EXPECT_EQ(run.ctx.objectCount(), before + 1);
  EXPECT_EQ(array->size(), 1);
  estimate::number(run.ctx, 1);
  run.ctx.make<Policy>(Policy::Mode::Fixed, "p");
  run.ctx.releaseValuesSince(before);
  EXPECT_EQ(run.ctx.objectCount(), before + 3);
}
