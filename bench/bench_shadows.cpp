// SPDX-License-Identifier: Apache-2.0
// Classical shadows: do the planned snapshots keep their promise, and what do they cost?
// Out: a line a figure, with its goal: 100 observables on two of 12 qubits, all within 0.1 from
// 15,427 snapshots; a later question on four qubits; the same questions in chosen bases; fidelities
// from Clifford bases; purities; calibrated records on a device that errs.
#include "qdo/runtime/shadow_plan.h"
#include "runtime/device/density_matrix.h"
#include "runtime/sim/ideal.h"
#include "tests/unit/shadow/lab.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>

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

/// Pauli bases: whether the goals are met.
static bool paulis() {
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
  return planned == snapshots && held >= 95 && heldChosen >= 95 && !refusal.empty();
}

/// How often intervals held, how wide they were, how far the values were off.
struct Held {
  int asked = 0, covered = 0, near = 0;
  double width = 0, error = 0;
  void add(const estimate::Estimate &e, double exact, double within) {
    ++asked;
    covered += e.low <= exact && exact <= e.high;
    near += std::fabs(e.value - exact) <= within;
    width += (e.high - e.low) / 2;
    error += e.value - exact;
  }
  /// At the nominal level minus two standard errors.
  bool holds(double level) const {
    return covered >= level * asked - 2 * std::sqrt(level * (1 - level) * asked);
  }
};

template <int n> static bool fidelities() {
  const auto planned = static_cast<int64_t>(shadow::fidelitySnapshots(1, within, 0.95));
  Held held;
  double taking = 0, asking = 0;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<n> lab(seed, 0);
    std::vector<double> data;
    for (int i = 0; i < n; ++i)
      data.push_back(0.15 + 0.4 * i + (i == 0 ? 0.1 : 0));
    const auto *r = sim::makeLeaf(*lab.ctx, circuits::zz<n, 2>, data);
    const double exact = sim::exactFidelity(*lab.ctx, 0, *lab.recipe, *r);
    const double start = now();
    const auto *record = shadow::acquire(*lab.ctx, 0, *lab.recipe,
                                         {.snapshots = planned, .clifford = true}, *lab.policy);
    const double taken = now();
    for (const auto &[state, truth] : {std::pair(lab.recipe, 1.0), {r, exact}})
      held.add(*shadow::fidelity(*lab.ctx, 0, *record, *state, within), truth, within);
    asking += now() - taken;
    taking += taken - start;
  }
  std::printf("fidelities on %2d qubits from %lld Clifford snapshots: within 0.1 in %d, interval "
              "(half-width %.3f) holds in %d of %d (goal 95 %%); a record takes %.0f ms, a "
              "question %.0f ms\n",
              n, static_cast<long long>(planned), held.near, held.width / held.asked, held.covered,
              held.asked, 1e3 * taking / seeds, 1e3 * asking / held.asked);
  return held.holds(0.95) && held.near >= 0.95 * held.asked;
}

static bool purities() {
  bool good = true;
  for (uint64_t mask : {0b1, 0b11, 0b111}) {
    Held held;
    for (uint64_t seed = 0; seed < 2 * seeds; ++seed) {
      Lab<6> lab(seed, 0);
      sim::StateVector ideal("sv");
      const double exact = *ideal.purity(*lab.ctx, 0, *lab.recipe, mask);
      held.add(*shadow::purity(*lab.ctx, 0, *lab.record(10'000), mask, false), exact, within);
    }
    std::printf("purity of %llu qubits from 10,000 Pauli snapshots: interval (half-width %.3f) "
                "holds in %d of %d (goal 95 %%), mean error %.4f\n",
                static_cast<unsigned long long>(std::popcount(mask)), held.width / held.asked,
                held.covered, held.asked, held.error / held.asked);
    good &= held.holds(0.95);
  }
  return good;
}

/// Three strings of three qubits on a device that reads 0 as 1 in 2 % and 1 as 0 in 12 % of shots,
/// and fidelities where the gates of measuring err, too.
static bool calibrated() {
  Held plain, corrected, cliffords, correctedCliffords;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab<3> lab(seed, 0);
    auto *noise = lab.ctx->make<noise::Noise>("unfair");
    noise->readout = {0.02, 0.12};
    for (const char *gate : {"cz", "s"})
      noise->rules.push_back({noise::Channel::Depolarizing, noise::gateNamed(gate), 0.03});
    device::DensityMatrix device("dm", 3, noise);
    const std::vector<const Observable *> observables = {lab.pauli(0, 1), lab.pauli(0b011, 0b001),
                                                         lab.pauli(0b100, 0b110)};
    std::vector<double> exact;
    for (const Observable *o : observables)
      exact.push_back(sim::exactExpect(*lab.ctx, 0, *lab.recipe, *o));
    lab.ctx->part<sim::Devices>().push(&device);
    for (int64_t calibration : {0, 5000}) {
      const auto *record = shadow::acquire(
          *lab.ctx, 0, *lab.recipe, {.snapshots = 20'000, .calibration = calibration}, *lab.policy);
      const auto *clifford = shadow::acquire(
          *lab.ctx, 0, *lab.recipe,
          {.snapshots = 2000, .clifford = true, .calibration = calibration / 2}, *lab.policy);
      const auto es = shadow::expect(*lab.ctx, 0, *record, observables, {});
      for (size_t i = 0; i < es.size(); ++i)
        (calibration ? corrected : plain).add(*es[i], exact[i], within);
      (calibration ? correctedCliffords : cliffords)
          .add(*shadow::fidelity(*lab.ctx, 0, *clifford, *lab.recipe, {}), 1, within);
    }
  }
  auto line = [](const char *what, const Held &a, const Held &b) {
    std::printf("%s: the interval holds in %d of %d, calibrated in %d of %d (goal 95 %%); mean "
                "half-width %.3f and %.3f\n",
                what, a.covered, a.asked, b.covered, b.asked, a.width / a.asked, b.width / b.asked);
  };
  line("strings under errors of reading", plain, corrected);
  line("fidelities under errors of reading and of gates", cliffords, correctedCliffords);
  return corrected.holds(0.95) && correctedCliffords.holds(0.95);
}

int main() {
  const bool results[] = {paulis(),         fidelities<4>(), fidelities<8>(),
                          fidelities<12>(), purities(),      calibrated()};
  return std::ranges::all_of(results, std::identity()) ? 0 : 1;
}
