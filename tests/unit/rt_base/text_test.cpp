// SPDX-License-Identifier: Apache-2.0
// Interpolated text and print, through the C interface.
#include "qdo/runtime/abi.h"
#include "runtime/base/object.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {
struct Text : testing::Test {
  void SetUp() override {
    qdo_options options{};
    options.write = [](void *user, const char *bytes, size_t count) {
      static_cast<Text *>(user)->out.append(bytes, count);
      ++static_cast<Text *>(user)->writes;
    };
    options.write_user = this;
    ctx = qdo_rt_open(&options);
    text = qdo_rt_text_new(ctx);
  }
  void TearDown() override { qdo_rt_close(ctx); }
  std::string content() const { return qdo::base::as<qdo::base::String>(text)->text; }
  std::string real(const char *spec, double value) {
    text = qdo_rt_text_new(ctx);
    qdo_rt_text_add_real(ctx, 1, text, spec, value);
    return content();
  }
  std::string complex(const char *spec, double re, double im) {
    text = qdo_rt_text_new(ctx);
    qdo_rt_text_add_complex(ctx, 1, text, spec, re, im);
    return content();
  }

  qdo_ctx *ctx = nullptr;
  qdo_string text = nullptr;
  std::string out;
  int writes = 0;
};
} // namespace

TEST_F(Text, PrintsALineAtOnce) {
  qdo_rt_text_add(ctx, text, "round ");
  qdo_rt_text_add_int(ctx, 1, text, "", 3);
  qdo_rt_text_add(ctx, text, ": ");
  qdo_rt_text_add_bool(ctx, 1, text, "", true);
  qdo_rt_print(ctx, 1, text);
  EXPECT_EQ(out, "round 3: true\n");
  EXPECT_EQ(writes, 1);
}

TEST_F(Text, RealsReadBackAsThemselves) {
  EXPECT_EQ(real("", 0.3), "0.3");
  EXPECT_EQ(real("", 1e-12), "1e-12");
  EXPECT_EQ(real("", 0.1034841046620025), "0.1034841046620025");
  EXPECT_EQ(real("", 1 / 3.0), "0.3333333333333333");
  EXPECT_EQ(real("", 0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(real("", NAN), "nan");
}

TEST_F(Text, SpecsAreThoseOfFmt) {
  EXPECT_EQ(real(".3f", 2.0 / 3), "0.667");
  EXPECT_EQ(real(">8.2f", 1.5), "    1.50");
  EXPECT_EQ(real("+.1e", 1234.5), "+1.2e+03");
  qdo_rt_text_add_int(ctx, 1, text = qdo_rt_text_new(ctx), "05d", 42);
  EXPECT_EQ(content(), "00042");
}

TEST_F(Text, ComplexNumbers) {
  EXPECT_EQ(complex("", 0.5, -0.25), "0.5-0.25i");
  EXPECT_EQ(complex("", 0, 1), "0+1i");
  EXPECT_EQ(complex(".2f", 1, 2), "1.00+2.00i");
  EXPECT_EQ(complex("", 1, -0.0), "1-0i");
}

TEST_F(Text, ABadSpecIsALocatedFailure) {
  for (const char *spec : {"q", ".3q", "}x{", "{}", ".{}f"}) {
    real(spec, 1);
    ASSERT_NE(ctx->status, 0) << spec;
    const qdo_failure *failure = qdo_rt_failure(ctx);
    EXPECT_STREQ(failure->kind, "BadFormat");
    EXPECT_EQ(failure->site, 1u);
    EXPECT_NE(std::string(failure->message).find(spec), std::string::npos);
    qdo_rt_recover(ctx);
  }
  qdo_rt_text_add_int(ctx, 9, text, ".3f", 4);
  EXPECT_STREQ(qdo_rt_failure(ctx)->kind, "BadFormat") << "an int has no digits after the point";
}

TEST_F(Text, ObjectsFormatThemselves) {
  qdo_array array = qdo_rt_array_new(ctx, 2, 2);
  qdo_rt_array_set(ctx, 1, array, 3, 0.25);
  qdo_rt_text_add_object(ctx, 1, text, ".1f", array);
  qdo_string inner = qdo_rt_text_new(ctx);
  qdo_rt_text_add(ctx, inner, "ab");
  qdo_rt_text_add_object(ctx, 1, text, ">4", inner);
  EXPECT_EQ(content(), "[[0.0, 0.0], [0.0, 0.2]]  ab");
}

TEST_F(Text, EqualityComparesContents) {
  qdo_string other = qdo_rt_text_new(ctx);
  EXPECT_TRUE(qdo_rt_text_equal(ctx, text, other));
  qdo_rt_text_add(ctx, other, "x");
  EXPECT_FALSE(qdo_rt_text_equal(ctx, text, other));
}

TEST_F(Text, AssertionsCarryTheirMessage) {
  qdo_rt_text_add(ctx, text, "norms differ");
  qdo_rt_assert_failed(ctx, 4, text);
  EXPECT_STREQ(qdo_rt_failure(ctx)->message, "assertion failed: norms differ");
  qdo_rt_recover(ctx);
  qdo_rt_assert_failed(ctx, 4, qdo_rt_text_new(ctx));
  EXPECT_STREQ(qdo_rt_failure(ctx)->message, "assertion failed");
}
