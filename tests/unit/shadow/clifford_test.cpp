// SPDX-License-Identifier: Apache-2.0
// Clifford snapshots: exact moments by enumeration, outcomes on every device, fidelities.
#include "runtime/shadow/cliffords.h"

#include "qdo/runtime/shadow_plan.h"
#include "runtime/base/hash.h"
#include "runtime/device/density_matrix.h"
#include "runtime/device/stabilizer.h"
#include "runtime/device/trajectories.h"
#include "runtime/sim/ideal.h"
#include "tests/unit/shadow/lab.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

using namespace shadows;
using estimate::Estimate;
using stabilizer::Basis;

/// Of up to 64 qubits.
static bool measures(const Basis &basis, uint64_t x, uint64_t z) {
  const uint64_t outcome = 0;
  return basis.negative({&x, 1}, {&z, 1}, {&outcome, 1}).has_value();
}

/// Every basis once.
static std::vector<Basis> allBases(int qubits) {
  std::map<std::vector<uint64_t>, Basis> found;
  for (uint64_t t = 0; t < 4000; ++t) {
    base::RandomStream random(1, t);
    const Basis basis = stabilizer::randomBasis(qubits, random);
    std::vector<uint64_t> strings;
    for (uint64_t xz = 1; xz < uint64_t{1} << 2 * qubits; ++xz)
      if (measures(basis, xz & ((uint64_t{1} << qubits) - 1), xz >> qubits))
        strings.push_back(xz);
    found.emplace(strings, basis);
  }
  std::vector<Basis> bases;
  for (const auto &[strings, basis] : found)
    bases.push_back(basis);
  return bases;
}

template <int n> static const sim::Recipe *other(Lab<n> &lab, double shift) {
  std::vector<double> data;
  for (int i = 0; i < n; ++i)
    data.push_back(0.15 + 0.4 * i + shift);
  return sim::makeLeaf(*lab.ctx, circuits::zz<n, 2>, data);
}

template <int n> static void expectMoments(int bases) {
  Lab<n> lab(1);
  const auto all = allBases(n);
  ASSERT_EQ(std::ssize(all), bases);
  std::vector<Basis> each;
  std::vector<uint64_t> outcomes;
  for (const Basis &basis : all)
    for (uint64_t o = 0; o < uint64_t{1} << n; ++o) {
      each.push_back(basis);
      outcomes.push_back(o);
    }
  const auto born = *sim::overlapsWith(*lab.ctx, 0, *lab.recipe, each, outcomes);
  for (double shift : {0.0, 0.1, 0.7}) {
    const auto *r = other(lab, shift);
    const double f = sim::exactFidelity(*lab.ctx, 0, *lab.recipe, *r);
    const auto with = *sim::overlapsWith(*lab.ctx, 0, *r, each, outcomes);
    double total = 0, mean = 0, square = 0;
    for (size_t i = 0; i < each.size(); ++i) {
      const double value = ((1 << n) + 1) * with[i] - 1, p = born[i] / bases;
      total += p;
      mean += p * value;
      square += p * value * value;
    }
    EXPECT_NEAR(total, 1, 1e-10);
    EXPECT_NEAR(mean, f, 1e-10);
    EXPECT_NEAR(square - mean * mean, shadow::fidelityVariance(f, n), 1e-9);
    EXPECT_LE(shadow::fidelityVariance(f, n), 1 + 2 * f - f * f + 1e-12);
  }
}

TEST(CliffordSnapshots, HaveTheMeanAndTheVarianceOfTheFormulas) {
  expectMoments<1>(3);
  expectMoments<2>(15);
  expectMoments<3>(135);
}

TEST(CliffordSnapshots, HaveTheExactDistributionOnEveryDevice) {
  constexpr int n = 3, shots = 4000;
  Lab<n> lab(4, 2);
  auto *none = lab.ctx->template make<noise::Noise>("none");
  device::DensityMatrix density("dm", n, none);
  device::Trajectories trajectories("tr", n, none);
  sim::StateVector ideal("sv");
  for (uint64_t which = 0; which < 3; ++which) {
    base::RandomStream random(3, which);
    const Basis basis = stabilizer::randomBasis(n, random);
    const std::vector<Basis> bases(shots, basis), eight(8, basis);
    const auto scrambles = shadow::randomScrambles(1, which, n, shots);
    const auto exact = *sim::overlapsWith(*lab.ctx, 0, *lab.recipe, eight,
                                          std::vector<uint64_t>{0, 1, 2, 3, 4, 5, 6, 7});
    for (sim::Backend *device :
         {static_cast<sim::Backend *>(&ideal), static_cast<sim::Backend *>(&density),
          static_cast<sim::Backend *>(&trajectories)})
      for (bool scrambled : {false, true}) {
        lab.ctx->template part<sim::Devices>().push(device);
        const auto outcomes = sim::measureInStabilizerBases(
            *lab.ctx, 0, lab.recipe, n, bases,
            scrambled ? std::span(scrambles) : std::span<const stabilizer::Scramble>(), 5);
        lab.ctx->template part<sim::Devices>().pop();
        ASSERT_TRUE(outcomes);
        std::vector<double> counts(8);
        for (uint64_t o : *outcomes)
          ++counts[o];
        for (size_t o = 0; o < 8; ++o)
          EXPECT_NEAR(counts[o], exact[o] * shots,
                      4.5 * std::sqrt(shots * exact[o] * (1 - exact[o])) + 1e-6)
              << device->name << " " << scrambled;
      }
  }
}

TEST(CliffordSnapshots, AreKeptWordForWord) {
  Lab<5> lab(1);
  auto *record =
      shadow::acquire(*lab.ctx, 0, *lab.recipe, {.snapshots = 40, .clifford = true}, *lab.policy);
  ASSERT_TRUE(record);
  const auto words = shadow::wordsOf(record->cliffords);
  EXPECT_EQ(shadow::cliffordsFrom(words, 5, 40), record->cliffords);
  EXPECT_FALSE(shadow::cliffordsFrom(words, 5, 41));
  EXPECT_FALSE(shadow::cliffordsFrom(words, 5, 39));
  EXPECT_FALSE(shadow::cliffordsFrom(words, 4, 40));
}

TEST(CliffordFidelity, IntervalsHoldAndThePlanKeepsItsPromise) {
  const int64_t planned = static_cast<int64_t>(shadow::fidelitySnapshots(1, 0.2, 0.9));
  EXPECT_EQ(planned, 306); // 2 ln(20) (1 + 2 / 0.04)
  for (double shift : {0.0, 0.08, 0.3, 1.0}) {
    constexpr int seeds = 250;
    int covered = 0, near = 0;
    double mean = 0, square = 0, said = 0, exact = 0;
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      Lab<4> lab(seed, 2);
      lab.policy->confidence = 0.9;
      const auto *r = other(lab, shift);
      exact = sim::exactFidelity(*lab.ctx, 0, *lab.recipe, *r);
      auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                     {.snapshots = planned, .clifford = true}, *lab.policy);
      const Estimate *e = shadow::fidelity(*lab.ctx, 0, *record, *r, 0.2);
      ASSERT_TRUE(e);
      EXPECT_EQ(e->way, "classical shadow");
      covered += e->low <= exact && exact <= e->high;
      near += std::fabs(e->value - exact) <= 0.2;
      mean += (e->value - exact) / seeds;
      square += (e->value - exact) * (e->value - exact) / seeds;
      said += e->standardError / seeds;
    }
    const double least = 0.9 * seeds - 2 * std::sqrt(0.09 * seeds);
    EXPECT_GE(covered, least) << exact;
    EXPECT_GE(near, least) << exact;
    EXPECT_NEAR(said / std::sqrt(square), 1, 0.2) << exact;
    EXPECT_LT(std::fabs(mean), 3 * std::sqrt(square / seeds) + 0.02) << exact;
  }
}

TEST(CliffordFidelity, TakesNoMoreOnManyQubits) {
  Lab<2> lab(3, 2);
  const auto *cat = sim::makeLeaf(*lab.ctx, circuits::cat<24>, {});
  auto *record =
      shadow::acquire(*lab.ctx, 0, *cat, {.snapshots = 1500, .clifford = true}, *lab.policy);
  ASSERT_TRUE(record);
  const sim::Appended zeros(nullptr, 24, {});
  const Estimate *same = shadow::fidelity(*lab.ctx, 0, *record, *cat, 0.1);
  const Estimate *half = shadow::fidelity(*lab.ctx, 0, *record, zeros.recipe(), 0.1);
  ASSERT_TRUE(same && half);
  EXPECT_NEAR(same->value, 1, 0.1);
  EXPECT_NEAR(half->value, 0.5, 0.1);
  EXPECT_LE(same->low, 1);
  EXPECT_LE(half->low, 0.5);
  EXPECT_GE(half->high, 0.5);
  EXPECT_LT(half->high - half->low, 0.2);
}

TEST(CliffordFidelity, TakesNoMoreOnMoreThanAWord) {
  for (bool noisy : {false, true}) {
    Lab<2> lab(3, 2);
    device::Stabilizer device("st", 100, nullptr, false);
    if (noisy)
      lab.ctx->part<sim::Devices>().push(&device);
    const sim::Recipe *cat = sim::makeLeaf(*lab.ctx, circuits::cat<50>, {});
    const sim::Recipe *pair = sim::makeTensor(*lab.ctx, cat, cat);
    auto *record =
        shadow::acquire(*lab.ctx, 0, *pair, {.snapshots = 1500, .clifford = true}, *lab.policy);
    ASSERT_TRUE(record) << lab.ctx->failure()->message;
    const auto words = shadow::wordsOf(record->cliffords);
    EXPECT_EQ(shadow::cliffordsFrom(words, 100, 1500), record->cliffords);
    const sim::Appended zeros(nullptr, 100, {});
    const Estimate *same = shadow::fidelity(*lab.ctx, 0, *record, *pair, 0.1);
    const Estimate *quarter = shadow::fidelity(*lab.ctx, 0, *record, zeros.recipe(), 0.1);
    ASSERT_TRUE(same && quarter);
    EXPECT_NEAR(same->value, 1, 0.1) << noisy;
    EXPECT_LE(same->low, 1);
    EXPECT_NEAR(quarter->value, 0.25, 0.1);
    EXPECT_LE(quarter->low, 0.25);
    EXPECT_GE(quarter->high, 0.25);
  }
}

TEST(CliffordFidelity, CalibratesMoreThanAWord) {
  Lab<2> lab(3, 2);
  auto *noise = lab.ctx->make<noise::Noise>("unfair");
  noise->readout = {0.002, 0.006};
  device::Stabilizer device("st", 70, noise, false);
  lab.ctx->part<sim::Devices>().push(&device);
  const sim::Recipe *cat = sim::makeLeaf(*lab.ctx, circuits::cat<35>, {});
  const sim::Recipe *pair = sim::makeTensor(*lab.ctx, cat, cat);
  auto *plain =
      shadow::acquire(*lab.ctx, 0, *pair, {.snapshots = 600, .clifford = true}, *lab.policy);
  auto *record = shadow::acquire(
      *lab.ctx, 0, *pair, {.snapshots = 600, .clifford = true, .calibration = 600}, *lab.policy);
  ASSERT_TRUE(plain && record) << lab.ctx->failure()->message;
  const Estimate *raw = shadow::fidelity(*lab.ctx, 0, *plain, *pair, {});
  const Estimate *e = shadow::fidelity(*lab.ctx, 0, *record, *pair, {});
  ASSERT_TRUE(raw && e);
  EXPECT_LT(raw->value, 0.9); // 0.996^70 of all readings are right
  EXPECT_LE(e->low, 1);
  EXPECT_NEAR(e->value, 1, 4 * e->standardError);
}

TEST(CliffordFidelity, IsRefusedWithTheNumberItTakes) {
  Lab<3> lab(1);
  auto *record =
      shadow::acquire(*lab.ctx, 0, *lab.recipe, {.snapshots = 1000, .clifford = true}, *lab.policy);
  EXPECT_EQ(shadow::fidelity(*lab.ctx, 0, *record, *lab.recipe, 0.1), nullptr);
  ASSERT_TRUE(lab.ctx->failure());
  EXPECT_EQ(lab.ctx->takeFailure()->message,
            "`fidelity` within 0.1 at 95 % takes 1,483 snapshots, and this shadow has 1,000");
  lab.policy->joint = 50;
  EXPECT_EQ(shadow::fidelity(*lab.ctx, 0, *record, *lab.recipe, 0.15), nullptr);
  EXPECT_EQ(lab.ctx->takeFailure()->note, "the policy makes 50 claims hold together");
  lab.policy->joint = 1;
  EXPECT_TRUE(shadow::fidelity(*lab.ctx, 0, *record, *lab.recipe, 0.15));
  EXPECT_EQ(shadow::fidelity(*lab.ctx, 0, *lab.record(100), *lab.recipe, {}), nullptr);
  EXPECT_NE(lab.ctx->takeFailure()->help.find("by: \"clifford\""), std::string::npos);
}

TEST(CliffordExpect, IntervalsHoldAsOftenAsTheySay) {
  int covered = 0, asked = 0;
  for (uint64_t seed = 0; seed < 150; ++seed) {
    Lab<3> lab(seed);
    lab.policy->confidence = 0.9;
    std::vector<const sim::Observable *> observables;
    for (uint64_t xz : {uint64_t{0b000001}, uint64_t{0b011110}, uint64_t{0b111111}})
      observables.push_back(lab.pauli(xz >> 3, xz & 7));
    auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe, {.snapshots = 500, .clifford = true},
                                   *lab.policy);
    for (size_t i = 0; auto *e : shadow::expect(*lab.ctx, 0, *record, observables, {})) {
      const double exact = sim::exactExpect(*lab.ctx, 0, *lab.recipe, *observables[i++]);
      covered += e->low <= exact && exact <= e->high;
      EXPECT_NEAR(static_cast<double>(e->shots), 500.0 / 9, 35); // a string in 2^n + 1 bases
      ++asked;
    }
  }
  const double share = static_cast<double>(covered) / asked;
  EXPECT_GE(share, 0.9 - 2 * std::sqrt(0.09 / asked));
  EXPECT_LE(share, 0.97);
}

TEST(CliffordPlan, CountsWhatStringsDoTogether) {
  Lab<3> lab(1);
  const std::vector<const sim::Observable *> one = {lab.pauli(0b111, 0)};
  const double expected = std::ceil(std::log(40) * (2 * 9 / 0.01 + 2 * 9 / 0.3));
  EXPECT_EQ(shadow::snapshotsFor(*lab.ctx, 0, one, 0.1, 0.95, 3), static_cast<int64_t>(expected));
  // Over all bases: the mean square of Z0 + Z0 Z1 is at most what the enumeration gives.
  auto *sum = lab.ctx->make<sim::Observable>();
  sum->add(1, 0, 1);
  sum->add(1, 0, 3);
  double square = 0;
  const auto bases = allBases(2);
  for (const Basis &basis : bases) {
    const double a = measures(basis, 0, 1) ? 5 : 0, b = measures(basis, 0, 3) ? 5 : 0;
    square += (a + b) * (a + b) / static_cast<double>(bases.size()); // both +1
  }
  EXPECT_NEAR(shadow::cliffordSpreadOf(sum->terms, 2).square, square, 1e-12);
}

namespace {
bool wide(qdo_ctx *, void *, double, double, double half, double, double, int64_t, int64_t) {
  return half <= 0.1;
}
} // namespace

TEST(FidelityByShadow, LooksPaysAndRemembersLikeOtherCircuits) {
  int covered = 0;
  constexpr int seeds = 100;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<3> lab(seed, 2);
    lab.policy->confidence = 0.9;
    lab.policy->until = wide;
    lab.policy->low = 200;
    lab.policy->high = 20'000;
    const auto *r = other(lab, 0.1);
    const double exact = sim::exactFidelity(*lab.ctx, 0, *lab.recipe, *r);
    const Estimate *e = shadow::fidelityByShadow(*lab.ctx, 0, *lab.recipe, *r, *lab.policy);
    ASSERT_TRUE(e);
    EXPECT_EQ(e->way, "shadow");
    EXPECT_LE((e->high - e->low) / 2, 0.1);
    EXPECT_EQ(lab.ctx->spent.shots, e->shots);
    EXPECT_GT(e->shots, 200);
    EXPECT_LT(e->shots, 10'000);
    covered += e->low <= exact && exact <= e->high;
    const int64_t paid = lab.ctx->spent.shots;
    const Estimate *again = shadow::fidelityByShadow(*lab.ctx, 0, *lab.recipe, *r, *lab.policy);
    EXPECT_EQ(again->value, e->value);
    EXPECT_EQ(lab.ctx->spent.shots, paid);
  }
  EXPECT_GE(covered, 0.9 * seeds - 2 * std::sqrt(0.09 * seeds));
}

TEST(FidelityByShadow, EndsWithTheBudget) {
  Lab<3> lab(1);
  lab.policy->until = wide;
  lab.policy->low = 200;
  lab.policy->high = 20'000;
  lab.policy->budget = 250;
  EXPECT_EQ(shadow::fidelityByShadow(*lab.ctx, 0, *lab.recipe, *other(lab, 0.1), *lab.policy),
            nullptr);
  ASSERT_TRUE(lab.ctx->failure());
  EXPECT_EQ(lab.ctx->failure()->kind, base::Kind::BudgetExhausted);
}
