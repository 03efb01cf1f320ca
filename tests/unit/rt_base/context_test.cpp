// SPDX-License-Identifier: Apache-2.0
// A run through its C interface: how it fails, recovers, is interrupted, and counts.
#include "runtime/base/context.h"

#include <gtest/gtest.h>

#include <thread>

using namespace qdo::base;

namespace {
struct Run : testing::Test {
  void SetUp() override {
    qdo_options options{};
    options.write = [](void *user, const char *bytes, size_t count) {
      static_cast<std::string *>(user)->append(bytes, count);
    };
    options.write_user = &out;
    options.warn = [](void *user, const qdo_failure *warning) {
      *static_cast<std::string *>(user) += std::string(warning->kind) + ": " + warning->message;
    };
    options.warn_user = &warnings;
    ctx = qdo_rt_open(&options);
  }
  void TearDown() override { qdo_rt_close(ctx); }
  Context &context() { return Context::of(ctx); }

  qdo_ctx *ctx = nullptr;
  std::string out, warnings;
};
} // namespace

TEST_F(Run, IsWellAtFirst) {
  EXPECT_EQ(ctx->status, 0);
  EXPECT_EQ(qdo_rt_failure(ctx), nullptr);
}

TEST_F(Run, KeepsTheFirstFailure) {
  context().fail(7, Kind::DataRagged, 3, 4).place = "a.csv:2";
  context().fail(8, Kind::DivisionByZero).place = "elsewhere";
  EXPECT_NE(ctx->status, 0);
  const qdo_failure *failure = qdo_rt_failure(ctx);
  EXPECT_STREQ(failure->kind, "DataRagged");
  EXPECT_EQ(failure->site, 7u);
  EXPECT_STREQ(failure->message, "this row has 3 fields, the header has 4");
  EXPECT_STREQ(failure->place, "a.csv:2");
  EXPECT_STREQ(failure->help, "");
}

TEST_F(Run, RecoversForTheNextCell) {
  qdo_rt_int_div(ctx, 3, 1, 0);
  EXPECT_STREQ(qdo_rt_failure(ctx)->kind, "DivisionByZero");
  qdo_rt_recover(ctx);
  EXPECT_EQ(ctx->status, 0);
  EXPECT_EQ(qdo_rt_failure(ctx), nullptr);
  EXPECT_EQ(qdo_rt_int_div(ctx, 3, 7, 2), 3);
}

TEST_F(Run, DoesNothingMoreAfterAFailure) {
  qdo_string text = qdo_rt_text_new(ctx);
  context().fail(1, Kind::DivisionByZero);
  qdo_rt_print(ctx, 2, text);
  EXPECT_EQ(out, "");
}

TEST_F(Run, EndsWhenInterrupted) {
  std::thread([&] { qdo_rt_interrupt(ctx); }).join();
  EXPECT_EQ(ctx->status, 0);
  EXPECT_TRUE(context().stopHere(5));
  EXPECT_STREQ(qdo_rt_failure(ctx)->kind, "Interrupted");
  EXPECT_EQ(qdo_rt_failure(ctx)->site, 5u);
  qdo_rt_recover(ctx);
  EXPECT_FALSE(context().stopHere(5)) << "one request ends one cell";
}

TEST_F(Run, EndsQuietlyWhenTheReaderIsGone) {
  qdo_rt_output_closed(ctx);
  EXPECT_STREQ(qdo_rt_failure(ctx)->kind, "ClosedPipe");
}

TEST_F(Run, WarningsDoNotEndIt) {
  context().warn(1, Kind::ScoreNanDropped, 3);
  EXPECT_EQ(ctx->status, 0);
  EXPECT_EQ(warnings,
            "ScoreNanDropped: 3 candidates have a score that is not a number and were dropped");
}

TEST_F(Run, SaysWhatWasSpent) {
  EXPECT_STREQ(qdo_rt_spent_text(ctx), "0 shots on 0 circuits");
  context().spent = {1234567, 1};
  EXPECT_STREQ(qdo_rt_spent_text(ctx), "1,234,567 shots on 1 circuit");
}

TEST_F(Run, CapturesAreHashedByContent) {
  auto *a = static_cast<uint64_t *>(qdo_rt_env_new(ctx, 2));
  auto *b = static_cast<uint64_t *>(qdo_rt_env_new(ctx, 2));
  EXPECT_EQ(a[0] | a[1] | b[0] | b[1], 0u);
  EXPECT_EQ(context().envHash(a), context().envHash(b));
  b[1] = 5;
  EXPECT_NE(context().envHash(a), context().envHash(b));
  int one = 0, two = 0;
  EXPECT_NE(context().envHash(&one), context().envHash(&two));
}

TEST_F(Run, PartsAreMadeOnce) {
  context().part<int>() = 4;
  EXPECT_EQ(context().part<int>(), 4);
  EXPECT_EQ(context().part<long>(), 0);
}
