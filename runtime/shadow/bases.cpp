// SPDX-License-Identifier: Apache-2.0
// Random and chosen bases.
#include "runtime/shadow/bases.h"

#include "runtime/base/philox.h"
#include "runtime/shadow/snapshots.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::shadow {

namespace {
enum Axis : uint8_t { X, Y, Z };

/// A basis without letters, with room for them.
PauliString unset(int64_t qubits) {
  PauliString basis;
  basis.more.resize(maskWords(qubits) - 1);
  return basis;
}

void set(PauliString &basis, int64_t qubit, Axis axis) {
  const auto word = static_cast<size_t>(qubit / 64);
  const uint64_t bit = uint64_t{1} << qubit % 64;
  auto &x = word == 0 ? basis.x : basis.more[word - 1].first;
  auto &z = word == 0 ? basis.z : basis.more[word - 1].second;
  x |= axis != Z ? bit : 0;
  z |= axis != X ? bit : 0;
}
} // namespace

std::vector<PauliString> randomBases(uint64_t seed, uint64_t stream, int64_t qubits,
                                     int64_t count) {
  // Digits to the base of three, thirty from each number: 3^30 is far below 2^64, so a number is
  // drawn again once in 10^5 times.
  constexpr int64_t digits = 30;
  const auto numbersEach = static_cast<uint64_t>(std::max<int64_t>(8, 2 * (qubits / digits + 2)));
  std::vector<PauliString> bases(static_cast<size_t>(count), unset(qubits));
  for (size_t t = 0; t < bases.size(); ++t) {
    base::RandomStream random(seed, stream, t * numbersEach);
    PauliString &basis = bases[t];
    for (int64_t first = 0; first < qubits; first += digits) {
      const int64_t end = std::min(qubits, first + digits);
      uint64_t bound = 1;
      for (int64_t q = first; q < end; ++q)
        bound *= 3;
      uint64_t number = random.below(bound);
      for (int64_t q = first; q < end; ++q, number /= 3)
        set(basis, q, static_cast<Axis>(number % 3));
    }
  }
  return bases;
}

namespace {
/// A string and how much it still matters.
struct Goal {
  int64_t wanted = 0, hits = 0;
  int weight = 0;     ///< qubits that it acts on
  double worth = 0;   ///< of this basis: less for what was measured often
  int unset = 0;      ///< qubits of it whose axis is not chosen yet
  bool alive = false; ///< the axes chosen so far measure it
};

/// A string that acts on a qubit, and how.
struct Here {
  size_t goal;
  Axis axis;
};

/// How fast a string loses worth with each hit; the value of the authors of the method.
constexpr double eta = 0.9;
} // namespace

std::vector<PauliString> chosenBases(int64_t qubits, std::span<const Wanted> wanted, int64_t most) {
  std::vector<Goal> goals;
  std::vector<std::vector<Here>> onQubit(static_cast<size_t>(qubits));
  for (const auto &[string, hits] : wanted) {
    if (string.identity())
      continue;
    Goal goal{hits};
    for (size_t word = 0; word < stringWords(string); ++word) {
      const Letters letters = lettersOf(string, word);
      for (uint64_t rest = letters.support(); rest != 0; rest &= rest - 1) {
        const uint64_t bit = rest & -rest;
        const Axis axis = (letters.x & bit) ? ((letters.z & bit) ? Y : X) : Z;
        onQubit[64 * word + static_cast<size_t>(std::countr_zero(rest))].push_back(
            {goals.size(), axis});
        ++goal.weight;
      }
    }
    goals.push_back(goal);
  }

  std::vector<PauliString> bases;
  while (static_cast<int64_t>(bases.size()) < most) {
    double leastDone = 1e300;
    bool open = false;
    for (const Goal &g : goals) {
      open |= g.hits < g.wanted;
      if (g.hits < g.wanted)
        leastDone = std::min(leastDone, static_cast<double>(g.hits));
    }
    if (!open)
      break;
    for (Goal &g : goals) {
      g.alive = true;
      g.unset = g.weight;
      // What has enough hits only breaks ties.
      g.worth = g.hits < g.wanted ? std::exp(-eta / 2 * (static_cast<double>(g.hits) - leastDone))
                                  : 1e-12;
    }
    PauliString basis = unset(qubits);
    for (int64_t q = 0; q < qubits; ++q) {
      double gain[3] = {0, 0, 0};
      for (const auto &[goal, axis] : onQubit[static_cast<size_t>(q)])
        if (const Goal &g = goals[goal]; g.alive)
          gain[axis] += g.worth * std::pow(3.0, 1 - g.unset);
      const Axis chosen = gain[Z] >= gain[X] && gain[Z] >= gain[Y] ? Z : gain[X] >= gain[Y] ? X : Y;
      set(basis, q, chosen);
      for (const auto &[goal, axis] : onQubit[static_cast<size_t>(q)]) {
        goals[goal].alive &= axis == chosen;
        --goals[goal].unset;
      }
    }
    for (Goal &g : goals)
      g.hits += g.alive;
    bases.push_back(std::move(basis));
  }
  return bases;
}

} // namespace qdo::shadow
