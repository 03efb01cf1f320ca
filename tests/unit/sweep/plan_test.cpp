// SPDX-License-Identifier: Apache-2.0
// Plans: few sweeps for layered circuits, and every letter in exactly one.
#include "runtime/sweep/plan.h"
#include "tests/unit/sweep/random_gates.h"

#include <gtest/gtest.h>

using namespace qdo;

static size_t letters(const sweep::Plan &plan) {
  size_t count = 0;
  for (const auto &sweep : plan.sweeps)
    for (const auto &stage : sweep.stages)
      count += stage.phases.size() + stage.turns.size() + stage.flips.size();
  return count;
}

TEST(Plan, DoesEveryLetterOnceAndKeepsTilesSmall) {
  std::mt19937_64 engine(21);
  for (int qubits : {3, 12, 15, 20, 26, 30}) {
    auto form = sweep::normalForm(random_gates::circuit(qubits, 500, 2, engine), qubits);
    const size_t all = form.letters.size();
    const auto plan = sweep::makePlan(form, qubits, 16);
    EXPECT_EQ(letters(plan), all) << qubits;
    for (const auto &sweep : plan.sweeps) {
      EXPECT_LE(sweep.local.size(), 15u);
      EXPECT_GE(sweep.rowBits, std::min(2, qubits));
      for (const auto &stage : sweep.stages)
        for (const auto &turn : stage.turns)
          EXPECT_TRUE(std::ranges::binary_search(sweep.local, turn.target));
    }
  }
}

TEST(Plan, ALayerTakesAboutOneSweep) {
  std::mt19937_64 engine(22);
  std::vector<gates::GateCall> calls;
  constexpr int qubits = 24, depth = 20;
  std::uniform_real_distribution<double> angle(0, 6);
  auto row = [](std::string_view name) {
    for (size_t i = 0; i < gates::all().size(); ++i)
      if (gates::all()[i].name == name)
        return static_cast<int>(i);
    return -1;
  };
  for (int d = 0; d < depth; ++d) {
    for (int q = 0; q < qubits; ++q)
      for (const char *name : {"rz", "ry", "rz"})
        calls.push_back({row(name), false, 0, q, -1, {angle(engine)}});
    for (int q = 0; q + 1 < qubits; ++q)
      calls.push_back({row("cz"), false, uint64_t{1} << q, q + 1, -1, {}});
  }
  const auto plan = sweep::makePlan(sweep::normalForm(calls, qubits), qubits, 16);
  EXPECT_LE(plan.sweeps.size(), depth + 2u);
}
