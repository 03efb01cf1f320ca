// SPDX-License-Identifier: Apache-2.0
// Records of more qubits than a word has bits, against exact numbers from the tableau.
#include "runtime/device/stabilizer.h"
#include "tests/unit/shadow/lab.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace shadows;
using estimate::Estimate;
using sim::Observable;

namespace {
/// Fifty pairs of qubits, |00> + |11> each, with Z[q] as letter z of word q / 64.
struct Wide : Lab<3> {
  explicit Wide(uint64_t seed) : Lab<3>(seed, 2) {
    const sim::Recipe *pair = sim::makeLeaf(*ctx, circuits::cat<2>, {});
    recipe = pair;
    for (int i = 1; i < 50; ++i)
      recipe = sim::makeTensor(*ctx, recipe, pair);
  }
  /// `Z[0] X[64] ..`
  const Observable *string(std::vector<std::pair<char, int>> factors, double weight = 1) {
    auto *observable = ctx->make<Observable>();
    add(*observable, factors, weight);
    return observable;
  }
  static void add(Observable &observable, const std::vector<std::pair<char, int>> &factors,
                  double weight) {
    uint64_t masks[2][2] = {};
    for (auto [letter, q] : factors) {
      masks[q / 64][0] |= letter != 'Z' ? uint64_t{1} << q % 64 : 0;
      masks[q / 64][1] |= letter != 'X' ? uint64_t{1} << q % 64 : 0;
    }
    Observable::Term term{1, masks[0][0], masks[0][1], {}};
    if ((masks[1][0] | masks[1][1]) != 0)
      term.more = {{masks[1][0], masks[1][1]}};
    observable.add(weight, term);
  }
  double exact(const Observable &o) { return sim::exactExpect(*ctx, 0, *recipe, o); }
  std::vector<const Observable *> some() {
    auto *sum = ctx->make<Observable>();
    add(*sum, {{'Z', 64}, {'Z', 65}}, 0.5);
    add(*sum, {{'X', 2}, {'X', 3}}, -0.3);
    add(*sum, {{'Z', 70}}, 2);
    return {string({{'X', 64}, {'X', 65}}), string({{'Y', 98}, {'Y', 99}}), string({{'Z', 99}}),
            string({{'Z', 63}, {'X', 64}}), string({{'Z', 62}, {'Z', 63}}), sum};
  }
};
} // namespace

TEST(WideShadow, IntervalsHoldAsOftenAsTheySay) {
  int covered = 0, asked = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Wide lab(seed);
    lab.policy->confidence = 0.9;
    const auto observables = lab.some();
    auto *record = lab.record(400);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->format(""), "shadow of 100 qubits, 400 snapshots in random Pauli bases");
    for (size_t i = 0; auto *e : shadow::expect(*lab.ctx, 0, *record, observables, {})) {
      const double exact = lab.exact(*observables[i++]);
      covered += e->low <= exact && exact <= e->high;
      ++asked;
    }
  }
  ASSERT_EQ(asked, 360);
  EXPECT_GE(covered, 0.9 * asked - 2 * std::sqrt(0.09 * asked));
}

TEST(WideShadow, PlannedAndChosenRecordsKeepTheirPrecision) {
  Wide lab(5);
  const auto observables = lab.some();
  EXPECT_EQ(shadow::snapshotsFor(*lab.ctx, 0, {&observables[0], 1}, 0.1, 0.95),
            shadow::snapshotsFor(*lab.ctx, 0, {&observables[4], 1}, 0.1, 0.95));
  auto *chosen = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                 {.observables = observables, .within = 0.2}, *lab.policy);
  ASSERT_TRUE(chosen);
  const auto estimates = shadow::expect(*lab.ctx, 0, *chosen, observables, {});
  ASSERT_EQ(estimates.size(), observables.size());
  for (size_t i = 0; i < observables.size(); ++i)
    EXPECT_NEAR(estimates[i]->value, lab.exact(*observables[i]), 0.2);
  const auto planned = shadow::snapshotsFor(*lab.ctx, 0, observables, 0.2, 0.95);
  EXPECT_LT(chosen->size(), 2 * planned / 3);
  // What reaches beyond the record is an index, whatever its word.
  const std::vector<const Observable *> outside = {lab.string({{'Z', 100}})};
  EXPECT_TRUE(shadow::expect(*lab.ctx, 0, *chosen, outside, {}).empty());
  EXPECT_EQ(lab.ctx->takeFailure()->message, "index 100 is outside 0..100");
}

TEST(WideShadow, CalibrationUndoesErrorsOfReadingInEveryWord) {
  int covered = 0, plain = 0, asked = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    Wide lab(seed);
    lab.policy->confidence = 0.9;
    auto *noise = lab.ctx->make<noise::Noise>("unfair");
    noise->readout = {0.02, 0.12};
    device::Stabilizer device("st", 100, noise, false);
    lab.ctx->part<sim::Devices>().push(&device);
    const std::vector<const Observable *> observables = {lab.string({{'X', 64}, {'X', 65}}),
                                                         lab.string({{'Z', 10}, {'Z', 11}}),
                                                         lab.string({{'Y', 98}, {'Y', 99}})};
    auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                   {.snapshots = 1500, .calibration = 500}, *lab.policy);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->calibration(), 500);
    EXPECT_EQ(lab.ctx->spent.shots, 2000);
    auto *raw = lab.record(1500);
    const auto es = shadow::expect(*lab.ctx, 0, *record, observables, {});
    const auto rawEs = shadow::expect(*lab.ctx, 0, *raw, observables, {});
    for (size_t i = 0; i < observables.size(); ++i) {
      const double exact = lab.exact(*observables[i]);
      covered += es[i]->low <= exact && exact <= es[i]->high;
      plain += rawEs[i]->low <= exact && exact <= rawEs[i]->high;
      ++asked;
    }
  }
  EXPECT_GE(covered, 0.9 * asked - 2 * std::sqrt(0.09 * asked));
  EXPECT_LT(plain, asked / 10);
}

TEST(WideShadow, PuritiesAreOfQubitsOfTheFirstWord) {
  Wide lab(2);
  auto *record = lab.record(20'000);
  const Estimate *one = shadow::purity(*lab.ctx, 0, *record, 0b01, false);
  const Estimate *pair = shadow::purity(*lab.ctx, 0, *record, 0b11, false);
  EXPECT_NEAR(one->value, 0.5, 4 * one->standardError + 1e-3);
  EXPECT_NEAR(pair->value, 1, 4 * pair->standardError);
}

TEST(WideShadow, RandomStringsHaveEveryWeightAsOftenAsThereAreSome) {
  Wide lab(3);
  for (int64_t qubits : {100, 2000}) {
    double acting = 0;
    const auto paulis = shadow::randomPaulis(*lab.ctx, 0, 200, qubits, 1, qubits);
    ASSERT_EQ(paulis.size(), 200u);
    for (const Observable *o : paulis)
      for (size_t word = 0; word < shadow::stringWords(o->terms[0]); ++word)
        acting += std::popcount(shadow::lettersOf(o->terms[0], word).support());
    // Of 4^n strings each qubit is in three quarters.
    const double n = 200 * static_cast<double>(qubits);
    EXPECT_NEAR(acting, 0.75 * n, 4 * std::sqrt(n * 3 / 16)) << qubits;
  }
}
