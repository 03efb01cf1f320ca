// SPDX-License-Identifier: Apache-2.0
// Splits are partitions, exact to a row in every class, and a function of seed and row.
#include "runtime/base/philox.h"
#include "runtime/data/split.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

using namespace qdo;

namespace {

struct Case {
  std::vector<double> fractions;
  std::vector<uint32_t> strata;
  std::vector<uint64_t> words;
};

/// Fractions in whole percents of at most 100 in total, up to 200 rows in up to 6 classes.
rc::Gen<Case> cases() {
  return rc::gen::exec([] {
    Case made;
    int left = 100;
    int parts = *rc::gen::inRange(1, 5);
    for (int i = 0; i < parts && left > 0; ++i) {
      int percent = *rc::gen::inRange(1, left + 1);
      made.fractions.push_back(percent / 100.0);
      left -= percent;
    }
    auto rows = *rc::gen::inRange<size_t>(1, 200);
    auto classes = *rc::gen::inRange<uint32_t>(1, 7);
    uint64_t seed = *rc::gen::arbitrary<uint64_t>();
    for (size_t row = 0; row < rows; ++row) {
      base::RandomStream random(seed, 1, row * 2);
      made.strata.push_back(static_cast<uint32_t>(random.below(classes)));
      made.words.push_back(random.next());
    }
    return made;
  });
}

} // namespace

RC_GTEST_PROP(Split, EveryClassIsDealtToWithinOneRow, ()) {
  Case made = *cases();
  auto partOf = data::splitRows(made.fractions, made.strata, made.words);
  RC_ASSERT(partOf.size() == made.strata.size());
  for (uint32_t stratum = 0; stratum < 7; ++stratum) {
    double total = 0;
    std::vector<double> count(made.fractions.size() + 1);
    for (size_t row = 0; row < partOf.size(); ++row)
      if (made.strata[row] == stratum) {
        ++total;
        ++count[partOf[row] == data::noPart ? made.fractions.size() : partOf[row]];
      }
    for (size_t part = 0; part < made.fractions.size(); ++part)
      RC_ASSERT(std::abs(count[part] - made.fractions[part] * total) < 1);
  }
}

RC_GTEST_PROP(Split, WholePartsAreExactWithOneClass, ()) {
  Case made = *cases();
  std::fill(made.strata.begin(), made.strata.end(), 0);
  double sum = 0;
  for (double fraction : made.fractions)
    sum += fraction;
  auto partOf = data::splitRows(made.fractions, made.strata, made.words);
  auto unused = std::count(partOf.begin(), partOf.end(), data::noPart);
  // Fractions that add up to everything leave no row out.
  if (sum > 1 - 1e-9)
    RC_ASSERT(unused == 0);
}

RC_GTEST_PROP(Split, DependsOnNothingElse, ()) {
  Case made = *cases();
  RC_ASSERT(data::splitRows(made.fractions, made.strata, made.words) ==
            data::splitRows(made.fractions, made.strata, made.words));
}

TEST(Split, ProductsThatAreWholeAreNotRoundedDown) {
  // 0.6 * 50 and 0.2 * 50 are not exact in binary.
  std::vector<uint32_t> strata(150);
  std::vector<uint64_t> words(150);
  for (size_t row = 0; row < 150; ++row) {
    strata[row] = static_cast<uint32_t>(row / 50);
    words[row] = base::RandomStream(3, 4, row).next();
  }
  auto partOf = data::splitRows(std::vector{0.6, 0.2, 0.2}, strata, words);
  for (uint32_t part : {0u, 1u, 2u})
    EXPECT_EQ(std::count(partOf.begin(), partOf.begin() + 50, part), part == 0 ? 30 : 10);
}

TEST(Split, SmallClassesDoNotAddUpToAWrongWhole) {
  // 40 classes of 3 rows, halves: rounding each class alone would give one part 80 of 120 rows.
  std::vector<uint32_t> strata(120);
  std::vector<uint64_t> words(120);
  for (size_t row = 0; row < 120; ++row) {
    strata[row] = static_cast<uint32_t>(row / 3);
    words[row] = base::RandomStream(5, 6, row).next();
  }
  auto partOf = data::splitRows(std::vector{0.5, 0.5}, strata, words);
  EXPECT_EQ(std::count(partOf.begin(), partOf.end(), 0u), 60);
}
