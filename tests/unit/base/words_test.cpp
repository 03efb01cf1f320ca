// SPDX-License-Identifier: Apache-2.0
// Which words count as misspellings of which.
#include "compiler/base/source_map.h"

#include <gtest/gtest.h>

namespace qdo::base {
namespace {

using Words = std::vector<std::string_view>;

TEST(NearestWord, FindsSlips) {
  const Words words = {"amplitude", "angle", "basis", "dense_angle", "measure"};
  EXPECT_EQ(nearestWord("amplitud", words), "amplitude");  // deletion
  EXPECT_EQ(nearestWord("anglee", words), "angle");        // insertion
  EXPECT_EQ(nearestWord("bosis", words), "basis");         // substitution
  EXPECT_EQ(nearestWord("maesure", words), "measure");     // transposition
  EXPECT_EQ(nearestWord("amplidute", words), "amplitude"); // two slips in a long word
}

TEST(NearestWord, TranspositionCountsOnce) {
  // Three letters allow one slip; as two substitutions this would be out of reach.
  EXPECT_EQ(nearestWord("sdw", Words{"swd"}), "swd");
}

TEST(NearestWord, IgnoresWhatIsFar) {
  EXPECT_EQ(nearestWord("angle", Words{"amplitude", "basis"}), std::nullopt);
  EXPECT_EQ(nearestWord("x", Words{"h", "z"}), std::nullopt) << "nothing of it is alike";
  EXPECT_EQ(nearestWord("abc", Words{"axy"}), std::nullopt);
  EXPECT_EQ(nearestWord("", Words{"a"}), std::nullopt);
  EXPECT_EQ(nearestWord("word", {}), std::nullopt);
  EXPECT_EQ(nearestWord("same", Words{"same"}), std::nullopt) << "the word itself is no advice";
}

TEST(NearestWord, PrefersTheNearestThenTheFirst) {
  EXPECT_EQ(nearestWord("measuer", Words{"measures", "measure"}), "measure");
  EXPECT_EQ(nearestWord("rx1", Words{"rx2", "rx3"}), "rx2");
}

} // namespace
} // namespace qdo::base
