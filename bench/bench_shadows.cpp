// SPDX-License-Identifier: Apache-2.0
// Classical shadows: do the planned snapshots keep their promise, and what do they cost?
// Out: a line a figure, with its goal: 100 observables on two of 12 qubits, all within 0.1 from
// 15,427 snapshots; a later question on four qubits; the same questions in chosen bases.
#include "tests/unit/shadow/lab.h"

#include <chrono>
#include <cmath>
#include <cstdio>

using namespace shadows;
using sim::Observable;

static constexpr int qubits = 12, seeds = 100;
static constexpr int64_t snapshots = 15'427;
static constexpr double within = 0.1;

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static double worstError(Lab<qubits> &lab, const std::vector<estimate::Estimate *> &estimates,
                         std::span<const Observable *const> observables) {
  double worst = estimates.empty() ? 1e9 : 0;
  for (size_t i = 0; i < estimates.size(); ++i)
    worst = std::max(worst, std::fabs(estimates[i]->value -
                                      sim::exactExpect(*lab.ctx, 0, *lab.recipe, *observables[i])));
  return worst;
}

int main() {
  int held = 0, heldChosen = 0;
  double worst = 0, taking = 0, asking = 0, chosenSnapshots = 0;
  int64_t planned = 0;
  std::string refusal;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<qubits> lab(seed, 0);
    std::vector<const Observable *> observables;
    for (auto *o : shadow::randomPaulis(*lab.ctx, 0, 100, qubits, 2, 2))
      observables.push_back(o);
    planned = shadow::snapshotsFor(*lab.ctx, 0, observables, within, 0.95);
    const double start = now();
    const auto *record = lab.record(snapshots);
    const double taken = now();
    const auto estimates = shadow::expect(*lab.ctx, 0, *record, observables, std::vector{within});
    asking += now() - taken;
    taking += taken - start;
    const double error = worstError(lab, estimates, observables);
    held += error <= within;
    worst = std::max(worst, error);

    const auto *chosen = shadow::acquire(
        *lab.ctx, 0, *lab.recipe, {.observables = observables, .within = within}, *lab.policy);
    chosenSnapshots += static_cast<double>(chosen->snapshots.size()) / seeds;
    heldChosen += worstError(lab, shadow::expect(*lab.ctx, 0, *chosen, observables, {}),
                             observables) <= within;

    const std::vector<const Observable *> four = {lab.pauli(0b1010, 0b1111)};
    if (shadow::expect(*lab.ctx, 0, *record, four, std::vector{within}).empty() &&
        lab.ctx->failure())
      refusal = lab.ctx->failure()->message;
  }
  std::printf(
      "planned for 100 observables on two qubits, within 0.1 at 95 %%: %lld snapshots (goal "
      "15,427)\n",
      static_cast<long long>(planned));
  std::printf("all 100 within 0.1 in %d of %d seeds (goal 95); worst error of all %.4f\n", held,
              seeds, worst);
  std::printf("in chosen bases: %.0f snapshots, all within 0.1 in %d of %d seeds\n",
              chosenSnapshots, heldChosen, seeds);
  std::printf("a record takes %.1f ms (the state included), 100 questions %.1f ms\n",
              1e3 * taking / seeds, 1e3 * asking / seeds);
  std::printf("a later question on four qubits is refused: %s\n",
              refusal.empty() ? "NO, MISSED" : refusal.c_str());
  return planned == snapshots && held >= 95 && heldChosen >= 95 && !refusal.empty() ? 0 : 1;
}
