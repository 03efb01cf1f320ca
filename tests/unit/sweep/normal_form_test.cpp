// SPDX-License-Identifier: Apache-2.0
// What the normal form merges, and that exact gates stay exact.
#include "runtime/sweep/normal_form.h"
#include "runtime/sweep/run.h"
#include "tests/unit/sweep/random_gates.h"

#include <gtest/gtest.h>

using namespace qdo;
using sweep::Letter;

static int row(std::string_view name) {
  for (size_t i = 0; i < gates::all().size(); ++i)
    if (gates::all()[i].name == name)
      return static_cast<int>(i);
  return -1;
}

static gates::GateCall one(const char *name, int target, double a = 0, uint64_t controls = 0) {
  return {row(name), false, controls, target, -1, {a}};
}

static size_t count(const sweep::NormalForm &form, Letter::Kind kind) {
  return static_cast<size_t>(std::ranges::count(form.letters, kind, &Letter::kind));
}

TEST(NormalForm, RotationsOfAQubitAreOneTurn) {
  const auto form = sweep::normalForm({{one("rz", 0, 0.3), one("ry", 0, 0.4), one("rz", 0, 0.5),
                                        one("h", 0), one("t", 0), one("sx", 0)}},
                                      1);
  EXPECT_EQ(count(form, Letter::Kind::Turn), 1u);
  EXPECT_LE(count(form, Letter::Kind::Phase), 3u);
}

TEST(NormalForm, HadamardsNeedNoPhase) {
  const auto form = sweep::normalForm({{one("h", 0), one("h", 1), one("ry", 1, 0.3)}}, 2);
  EXPECT_EQ(form.letters.size(), 2u);
}

TEST(NormalForm, TwoHadamardsAreNothing) {
  EXPECT_TRUE(
      sweep::normalForm({{one("h", 0), one("z", 0), one("z", 0), one("h", 0)}}, 1).letters.size() <=
      1);
}

TEST(NormalForm, PhaseBetweenTwoFlipsMovesNothing) {
  const auto form =
      sweep::normalForm({{one("cx", 1, 0, 1), one("p", 1, 0.7), one("cx", 1, 0, 1)}}, 2);
  EXPECT_EQ(count(form, Letter::Kind::Flip), 0u);
  EXPECT_EQ(count(form, Letter::Kind::Phase), 3u);
}

TEST(NormalForm, SwapsOnlyRelabel) {
  const auto form = sweep::normalForm({{{row("swap"), false, 0, 0, 2, {}}, one("x", 0)}}, 3);
  EXPECT_EQ(form.place, (std::vector<int>{2, 1, 0}));
  EXPECT_EQ(form.letters.size(), 1u);
  EXPECT_EQ(form.letters[0].target, 2);
}

TEST(NormalForm, ExactCircuitsStayExact) {
  // (|0..0> + |1..1>) / sqrt(2) and back
  constexpr int qubits = 14;
  std::vector<gates::GateCall> calls{one("h", 0)};
  for (int q = 1; q < qubits; ++q)
    calls.push_back(one("cx", q, 0, uint64_t{1} << (q - 1)));
  random_gates::State state(size_t{1} << qubits);
  state[0] = 1;
  base::ThreadPool pool(1);
  sweep::run<double>(pool, calls, state.data(), qubits, {.fromZero = true});
  for (size_t k = 1; k + 1 < state.size(); ++k)
    ASSERT_EQ(state[k], 0.0) << k;
  EXPECT_NEAR(state.front().real(), std::sqrt(0.5), 1e-15);
  EXPECT_NEAR(state.back().real(), std::sqrt(0.5), 1e-15);
}
