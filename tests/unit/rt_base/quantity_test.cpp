// SPDX-License-Identifier: Apache-2.0
// How quantities are written.
#include "runtime/base/quantity.h"

#include <gtest/gtest.h>

using namespace qdo::base;

TEST(Quantity, Grouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-123456), "-123,456");
  EXPECT_EQ(grouped(INT64_MIN), "-9,223,372,036,854,775,808");
}

TEST(Quantity, Bytes) {
  EXPECT_EQ(bytes(512), "512 bytes");
  EXPECT_EQ(bytes(1024), "1 KiB");
  EXPECT_EQ(bytes(1.5 * 1024 * 1024), "1.5 MiB");
  EXPECT_EQ(bytes(17592186044416.0), "16 TiB");
  EXPECT_EQ(bytes(23.6 * 1073741824), "24 GiB");
  EXPECT_EQ(bytes(0x1p100), "1048576 YiB");
}

TEST(Quantity, PlusMinus) {
  EXPECT_EQ(plusMinus("", 0.51234, 0.0158), "0.512 +- 0.016");
  EXPECT_EQ(plusMinus("", 0.999951, 0.00021), "0.99995 +- 0.00021");
  EXPECT_EQ(plusMinus("", -1234.5, 55.4), "-1234 +- 55");
  EXPECT_EQ(plusMinus(".3f", 0.5, 0.25), "0.500 +- 0.250");
  EXPECT_EQ(plusMinus("", 2, 0), "2 +- 0");
}

TEST(Quantity, BitStringsHaveQubitZeroRightmost) {
  EXPECT_EQ(bitString(1, 3), "001");
  EXPECT_EQ(bitString(6, 3), "110");
  EXPECT_EQ(bitString(0, 0), "");
}
