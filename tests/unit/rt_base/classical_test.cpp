// SPDX-License-Identifier: Apache-2.0
// Checked arithmetic and arrays, through the C interface.
#include "qdo/runtime/abi.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <memory>
#include <string>

namespace {
struct Classical : testing::Test {
  void SetUp() override {
    qdo_options options{};
    ctx = qdo_rt_open(&options);
  }
  void TearDown() override { qdo_rt_close(ctx); }
  /// The kind of the failure, which is forgotten, or "".
  std::string failed() {
    const qdo_failure *failure = qdo_rt_failure(ctx);
    std::string kind = failure ? failure->kind : "";
    qdo_rt_recover(ctx);
    return kind;
  }
  qdo_ctx *ctx = nullptr;
};
} // namespace

TEST_F(Classical, DivisionFloors) {
  EXPECT_EQ(qdo_rt_int_div(ctx, 0, 7, 2), 3);
  EXPECT_EQ(qdo_rt_int_div(ctx, 0, -7, 2), -4);
  EXPECT_EQ(qdo_rt_int_div(ctx, 0, 7, -2), -4);
  EXPECT_EQ(qdo_rt_int_div(ctx, 0, -6, 2), -3);
  EXPECT_EQ(qdo_rt_int_mod(ctx, 0, -7, 2), 1);
  EXPECT_EQ(qdo_rt_int_mod(ctx, 0, 7, -2), -1);
  EXPECT_EQ(qdo_rt_int_mod(ctx, 0, INT64_MIN, -1), 0);
  EXPECT_EQ(failed(), "");
  qdo_rt_int_div(ctx, 0, INT64_MIN, -1);
  EXPECT_EQ(failed(), "BadValue");
  qdo_rt_int_mod(ctx, 0, 1, 0);
  EXPECT_EQ(failed(), "DivisionByZero");
}

RC_GTEST_PROP(IntegerDivision, QuotientAndRemainderBelongTogether, (int64_t a, int32_t b)) {
  RC_PRE(b != 0 && !(a == INT64_MIN && b == -1));
  const std::unique_ptr<qdo_ctx, decltype(&qdo_rt_close)> run(qdo_rt_open(nullptr), qdo_rt_close);
  qdo_ctx *ctx = run.get();
  const int64_t q = qdo_rt_int_div(ctx, 0, a, b), r = qdo_rt_int_mod(ctx, 0, a, b);
  RC_ASSERT(static_cast<__int128>(q) * b + r == a);
  RC_ASSERT(r == 0 || (r < 0) == (b < 0));
  RC_ASSERT(std::abs(r) < std::abs(static_cast<int64_t>(b)));
}

TEST_F(Classical, Powers) {
  EXPECT_EQ(qdo_rt_int_pow(ctx, 0, 2, 62), int64_t{1} << 62);
  EXPECT_EQ(qdo_rt_int_pow(ctx, 0, -2, 63), INT64_MIN);
  EXPECT_EQ(qdo_rt_int_pow(ctx, 0, -3, 3), -27);
  EXPECT_EQ(qdo_rt_int_pow(ctx, 0, 0, 0), 1);
  EXPECT_EQ(qdo_rt_int_pow(ctx, 0, -1, INT64_MAX), -1);
  EXPECT_EQ(failed(), "");
  qdo_rt_int_pow(ctx, 0, 2, 63);
  EXPECT_STREQ(qdo_rt_failure(ctx)->message, "2^63 is too large, it must be within 64 bits");
  EXPECT_EQ(failed(), "BadValue");
  qdo_rt_int_pow(ctx, 0, 2, -1);
  EXPECT_EQ(failed(), "BadValue");
}

TEST_F(Classical, ArraysCheckTheirBounds) {
  qdo_array array = qdo_rt_array_new(ctx, 2, 3);
  EXPECT_EQ(qdo_rt_array_size(ctx, array), 2);
  for (int64_t i = 0; i < 6; ++i)
    qdo_rt_array_set(ctx, 0, array, i, static_cast<double>(i));
  EXPECT_EQ(qdo_rt_array_get(ctx, 0, array, 5), 5);
  for (int64_t index : {int64_t{-1}, int64_t{6}, INT64_MAX}) {
    qdo_rt_array_get(ctx, 12, array, index);
    EXPECT_STREQ(qdo_rt_failure(ctx)->message,
                 ("index " + std::to_string(index) + " is outside 0..6").c_str());
    EXPECT_EQ(failed(), "IndexOutOfRange");
  }
  qdo_rt_array_row(ctx, 0, array, 2);
  EXPECT_EQ(failed(), "IndexOutOfRange");
}

TEST_F(Classical, RowsAreViews) {
  qdo_array array = qdo_rt_array_new(ctx, 2, 3);
  qdo_array row = qdo_rt_array_row(ctx, 0, array, 1);
  EXPECT_EQ(qdo_rt_array_size(ctx, row), 3);
  qdo_rt_array_set(ctx, 0, row, 2, 8);
  EXPECT_EQ(qdo_rt_array_get(ctx, 0, array, 5), 8);
}

TEST_F(Classical, Reductions) {
  qdo_array array = qdo_rt_array_new(ctx, 4, 0);
  const double values[] = {2, -1, 4, 3};
  for (int64_t i = 0; i < 4; ++i)
    qdo_rt_array_set(ctx, 0, array, i, values[i]);
  EXPECT_EQ(qdo_rt_array_sum(ctx, array), 8);
  EXPECT_EQ(qdo_rt_array_mean(ctx, 0, array), 2);
  EXPECT_EQ(qdo_rt_array_min(ctx, 0, array), -1);
  EXPECT_EQ(qdo_rt_array_max(ctx, 0, array), 4);
  qdo_array empty = qdo_rt_array_new(ctx, 0, 0);
  EXPECT_EQ(qdo_rt_array_sum(ctx, empty), 0);
  EXPECT_EQ(failed(), "");
  qdo_rt_array_mean(ctx, 0, empty);
  EXPECT_EQ(failed(), "BadValue");
  qdo_rt_array_min(ctx, 0, empty);
  EXPECT_EQ(failed(), "BadValue");
}
