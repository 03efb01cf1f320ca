// SPDX-License-Identifier: Apache-2.0
// A tree over qubits, from the highest to the lowest: at each, the shots of a node split by axis
// and outcome, and the state of the rest is half as long. Why exact: an outcome has its conditional
// probability given the outcomes above it.
#include "runtime/sim/pauli_bases.h"

#include "runtime/base/philox.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qdo::sim {

namespace {
constexpr int axes = 3;

/// 0 for X, 1 for Y, 2 for Z.
int axisOf(const PauliBasis &basis, int qubit) {
  const bool x = basis.x >> qubit & 1, z = basis.z >> qubit & 1;
  return x ? (z ? 1 : 0) : 2;
}

double squaredNormOf(const Amplitude *a, uint64_t size) {
  double sum = 0;
  for (uint64_t i = 0; i < size; ++i)
    sum += std::norm(a[i]);
  return sum;
}

/// The parts of a state where its highest qubit is along +axis and along -axis, not normalised.
/// Those along Z are halves of the state itself.
void project(const Amplitude *state, uint64_t half, int axis, Amplitude *plus, Amplitude *minus) {
  constexpr double r = std::numbers::sqrt2 / 2;
  const Amplitude *zero = state, *one = state + half;
  if (axis == 0) {
    for (uint64_t i = 0; i < half; ++i) {
      plus[i] = r * (zero[i] + one[i]);
      minus[i] = r * (zero[i] - one[i]);
    }
    return;
  }
  for (uint64_t i = 0; i < half; ++i) { // <+i| = (<0| - i <1|) / sqrt 2
    const Amplitude turned(one[i].imag(), -one[i].real());
    plus[i] = r * (zero[i] + turned);
    minus[i] = r * (zero[i] - turned);
  }
}

/// Shots that have had the same axes and outcomes so far, and the state of the qubits below.
struct Node {
  const Amplitude *state;
  int qubits;
  std::span<uint32_t> shots;
};

/// What all nodes share.
struct Tree {
  base::Context &ctx;
  std::span<const PauliBasis> bases;
  uint64_t stream, first;
  std::vector<uint64_t> outcomes;

  double uniform(uint32_t shot, int qubit) const {
    const uint64_t place = (first + shot) * 64 + static_cast<uint64_t>(qubit);
    return base::RandomStream(ctx.seed(), stream, place).uniform();
  }

  /// Splits the shots of a node; calls visit(child) for each child that has any. `scratch` holds
  /// 2^qubits amplitudes for the children's states.
  template <class Visit> void split(const Node &node, Amplitude *scratch, Visit visit) {
    const int qubit = node.qubits - 1;
    const uint64_t half = uint64_t{1} << qubit;
    auto rest = node.shots;
    for (int axis = 0; axis < axes; ++axis) {
      auto mine = rest;
      if (axis + 1 < axes) {
        auto end = std::partition(rest.begin(), rest.end(), [&](uint32_t shot) {
          return axisOf(bases[shot], qubit) == axis;
        });
        mine = rest.first(static_cast<size_t>(end - rest.begin()));
        rest = rest.subspan(mine.size());
      }
      if (mine.empty())
        continue;
      const Amplitude *parts[2] = {node.state, node.state + half};
      if (axis != 2) {
        project(node.state, half, axis, scratch, scratch + half);
        parts[0] = scratch;
        parts[1] = scratch + half;
      }
      const double plus = squaredNormOf(parts[0], half), minus = squaredNormOf(parts[1], half);
      const double probability = minus / (plus + minus);
      auto first = std::partition(mine.begin(), mine.end(), [&](uint32_t shot) {
        return uniform(shot, qubit) >= probability;
      });
      const size_t zeros = static_cast<size_t>(first - mine.begin());
      for (uint32_t shot : mine.subspan(zeros))
        outcomes[shot] |= uint64_t{1} << qubit;
      if (zeros > 0)
        visit(Node{parts[0], qubit, mine.first(zeros)});
      if (zeros < mine.size())
        visit(Node{parts[1], qubit, mine.subspan(zeros)});
    }
  }

  /// All below a node; `scratch` holds 2^(qubits + 1) amplitudes.
  void run(const Node &node, Amplitude *scratch) {
    if (node.qubits == 0 || ctx.interruptRequested())
      return;
    Amplitude *below = scratch + (uint64_t{1} << node.qubits);
    split(node, scratch, [&](const Node &child) { run(child, below); });
  }
};

/// How many levels become tasks of their own: their states live side by side.
int sharedLevels(int qubits, size_t shots) {
  return shots < 256 || qubits > 22 ? 0 : std::min(qubits, 2);
}
} // namespace

std::vector<uint64_t> measureInBases(base::Context &ctx, qdo_site site, StateView state,
                                     std::span<const PauliBasis> bases, uint64_t stream,
                                     uint64_t first) {
  const int levels = sharedLevels(state.qubits, bases.size());
  if (!checkMemory(ctx, site, state.qubits, levels == 0 ? 2 : 14))
    return {};
  Tree tree{ctx, bases, stream, first, std::vector<uint64_t>(bases.size(), 0)};
  std::vector<uint32_t> shots(bases.size());
  for (size_t i = 0; i < shots.size(); ++i)
    shots[i] = static_cast<uint32_t>(i);

  std::vector<Buffer> kept;
  std::vector<Node> nodes{{state.amplitudes, state.qubits, shots}};
  for (int level = 0; level < levels; ++level) {
    std::vector<Node> children;
    for (const Node &node : nodes) {
      const uint64_t size = uint64_t{1} << node.qubits, half = size / 2;
      Buffer scratch(size);
      tree.split(node, scratch.data(), [&](const Node &child) {
        children.push_back(child);
        if (child.state == node.state || child.state == node.state + half)
          return; // a half of what lives on
        kept.emplace_back(half);
        std::copy_n(child.state, half, kept.back().data());
        children.back().state = kept.back().data();
      });
    }
    nodes = std::move(children);
  }
  ctx.pool().forTiles(std::ssize(nodes), 1, [&](int64_t begin, int64_t) {
    const Node &node = nodes[static_cast<size_t>(begin)];
    const Buffer scratch(uint64_t{2} << node.qubits);
    tree.run(node, scratch.data());
  });
  return ctx.stopHere(site) ? std::vector<uint64_t>() : std::move(tree.outcomes);
}

} // namespace qdo::sim
