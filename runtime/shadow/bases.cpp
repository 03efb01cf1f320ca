// SPDX-License-Identifier: Apache-2.0
// Random and chosen bases.
#include "runtime/shadow/bases.h"

#include "runtime/base/philox.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::shadow {

std::vector<PauliBasis> randomBases(uint64_t seed, uint64_t stream, int64_t qubits, int64_t count) {
  // Digits to the base of three, thirty from each number: 3^30 is far below 2^64, so a number is
  // drawn again once in 10^5 times.
  constexpr int64_t digits = 30;
  constexpr uint64_t numbersEach = 8;
  std::vector<PauliBasis> bases(static_cast<size_t>(count));
  for (size_t t = 0; t < bases.size(); ++t) {
    base::RandomStream random(seed, stream, t * numbersEach);
    PauliBasis &basis = bases[t];
    basis = {0, 0};
    for (int64_t first = 0; first < qubits; first += digits) {
      const int64_t end = std::min(qubits, first + digits);
      uint64_t bound = 1;
      for (int64_t q = first; q < end; ++q)
        bound *= 3;
      uint64_t number = random.below(bound);
      for (int64_t q = first; q < end; ++q, number /= 3) {
        basis.x |= uint64_t{number % 3 != 2} << q; // X, Y, Z in turn
        basis.z |= uint64_t{number % 3 != 0} << q;
      }
    }
  }
  return bases;
}

namespace {
/// A string and how much it still matters.
struct Goal {
  Wanted wanted;
  int64_t hits = 0;
  double weight = 0;  ///< of this basis: less for what was measured often
  int unset = 0;      ///< qubits of it whose axis is not chosen yet
  bool alive = false; ///< the axes chosen so far measure it
};

/// How fast a string loses weight with each hit; the value of the authors of the method.
constexpr double eta = 0.9;
} // namespace

std::vector<PauliBasis> chosenBases(int64_t qubits, std::span<const Wanted> wanted, int64_t most) {
  std::vector<Goal> goals;
  for (const Wanted &w : wanted)
    if ((w.x | w.z) != 0)
      goals.push_back({w});
  std::vector<std::vector<size_t>> onQubit(static_cast<size_t>(qubits));
  for (size_t i = 0; i < goals.size(); ++i)
    for (uint64_t rest = goals[i].wanted.x | goals[i].wanted.z; rest != 0; rest &= rest - 1)
      onQubit[static_cast<size_t>(std::countr_zero(rest))].push_back(i);

  std::vector<PauliBasis> bases;
  while (static_cast<int64_t>(bases.size()) < most) {
    double leastDone = 1e300;
    bool open = false;
    for (const Goal &g : goals) {
      open |= g.hits < g.wanted.hits;
      if (g.hits < g.wanted.hits)
        leastDone = std::min(leastDone, static_cast<double>(g.hits));
    }
    if (!open)
      break;
    for (Goal &g : goals) {
      g.alive = true;
      g.unset = std::popcount(g.wanted.x | g.wanted.z);
      // What has enough hits only breaks ties.
      g.weight = g.hits < g.wanted.hits
                     ? std::exp(-eta / 2 * (static_cast<double>(g.hits) - leastDone))
                     : 1e-12;
    }
    PauliBasis basis{0, 0};
    for (int64_t q = 0; q < qubits; ++q) {
      const uint64_t bit = uint64_t{1} << q;
      double gain[3] = {0, 0, 0}; // X, Y, Z
      for (size_t i : onQubit[static_cast<size_t>(q)]) {
        const Goal &g = goals[i];
        if (!g.alive)
          continue;
        const int axis = (g.wanted.x & bit) ? ((g.wanted.z & bit) ? 1 : 0) : 2;
        gain[axis] += g.weight * std::pow(3.0, 1 - g.unset);
      }
      const int axis = gain[2] >= gain[0] && gain[2] >= gain[1] ? 2 : gain[0] >= gain[1] ? 0 : 1;
      basis.x |= axis != 2 ? bit : 0;
      basis.z |= axis != 0 ? bit : 0;
      for (size_t i : onQubit[static_cast<size_t>(q)]) {
        Goal &g = goals[i];
        const int its = (g.wanted.x & bit) ? ((g.wanted.z & bit) ? 1 : 0) : 2;
        g.alive &= its == axis;
        --g.unset;
      }
    }
    for (Goal &g : goals)
      g.hits += g.alive;
    bases.push_back(basis);
  }
  return bases;
}

} // namespace qdo::shadow
