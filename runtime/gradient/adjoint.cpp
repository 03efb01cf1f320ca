// SPDX-License-Identifier: Apache-2.0
// Sweeps over lanes, and which tasks share them.
#include "runtime/gradient/adjoint.h"

#include "runtime/gradient/generators.h"
#include "runtime/gradient/lanes.h"
#include "runtime/sim/state.h"

#include <algorithm>

namespace qdo::gradient {

using gates::GateCall;
using gates::GateMatrix;

namespace {

/// Above so many qubits lanes would be many states in memory and no faster.
constexpr int mostLaneQubits = 12;
constexpr int laneCount = 8;

/// One sequence of the tasks of a group: the same gates, in each lane with its own angles.
template <int W> class Circuit {
public:
  Circuit(std::span<Task *const> tasks, bool bra) : tasks_(tasks), bra_(bra) {}

  [[nodiscard]] const Sequence &sequence(size_t lane = 0) const {
    const Task &task = *tasks_[std::min(lane, tasks_.size() - 1)];
    return bra_ ? task.bra : task.ket;
  }

  void forward(LaneStates<W> &state) const {
    LaneMatrix<W> matrix;
    for (size_t g = 0; g < sequence().gates.size(); ++g) {
      fill(g, false, matrix);
      state.apply(sequence().gates[g].call, matrix);
    }
  }

  /// Takes both states back to the start; at each gate 2 Im <left|G|right> is the derivative.
  void backward(LaneStates<W> &left, LaneStates<W> &right, Lanes<W> weight) const {
    for (Task *task : tasks_) {
      auto &slots = bra_ ? task->braSlots : task->ketSlots;
      for (const Sequence::Leaf &leaf : (bra_ ? task->bra : task->ket).leaves)
        slots.emplace_back(leaf.slots.size());
    }
    LaneMatrix<W> matrix;
    for (size_t g = sequence().gates.size(); g-- > 0;) {
      const SourcedGate &gate = sequence().gates[g];
      for (int angle = 0; angle < 4; ++angle)
        if (gate.angles[angle].slot >= 0)
          collect(g, angle, left.imaginary(gate.call, generators(g, angle), right), weight);
      if (g == 0)
        break; // nobody looks at the start
      fill(g, true, matrix);
      left.apply(gate.call, matrix);
      right.apply(gate.call, matrix);
    }
  }

private:
  void fill(size_t g, bool inverse, LaneMatrix<W> &matrix) const {
    byLane(g, matrix, [&](GateCall call) {
      call.inverse ^= inverse;
      return matrixOf(call);
    });
  }

  LaneMatrix<W> generators(size_t g, int angle) const {
    LaneMatrix<W> matrix;
    byLane(g, matrix, [&](const GateCall &call) { return generator(call, angle); });
    return matrix;
  }

  /// A matrix for each lane; those with the angles of the one before share its numbers.
  template <class Make> void byLane(size_t g, LaneMatrix<W> &matrix, Make make) const {
    matrix = {};
    matrix.size = sequence().gates[g].call.target1 < 0 ? 2 : 4;
    GateMatrix values{};
    const SourcedGate *before = nullptr;
    for (size_t lane = 0; lane < W; ++lane) {
      const SourcedGate &gate = sequence(lane).gates[g];
      if (!before || !std::ranges::equal(before->call.angles, gate.call.angles))
        values = make(gate.call);
      for (int entry = 0; entry < matrix.size * matrix.size; ++entry)
        matrix.set(static_cast<int>(lane), entry, values[static_cast<size_t>(entry)]);
      before = &gate;
    }
  }

  void collect(size_t g, int angle, const Lanes<W> &imaginary, const Lanes<W> &weight) const {
    const SourcedGate::Source &source = sequence().gates[g].angles[angle];
    for (size_t lane = 0; lane < tasks_.size(); ++lane) {
      auto &slots = bra_ ? tasks_[lane]->braSlots : tasks_[lane]->ketSlots;
      slots[static_cast<size_t>(source.leaf)][static_cast<size_t>(source.slot)] +=
          2 * weight.at[lane] * source.factor * imaginary.at[lane];
    }
  }

  std::span<Task *const> tasks_;
  bool bra_;
};

bool isActive(const Sequence &sequence) {
  return std::ranges::any_of(sequence.leaves,
                             [](const auto &leaf) { return !leaf.recipe->inputs.empty(); });
}

template <int W> Lanes<W> all(double value) {
  Lanes<W> lanes;
  std::ranges::fill(lanes.at, value);
  return lanes;
}

/// The tasks of a group: at most W of one shape.
template <int W> void run(std::span<Task *const> tasks) {
  const Task &shape = *tasks[0];
  const Circuit<W> ket(tasks, false);
  LaneStates<W> right(shape.ket.qubits), left(shape.ket.qubits);
  right.setZero();
  ket.forward(right);
  Lanes<W> re, im;
  if (shape.quantity == Quantity::Expect) {
    for (const auto &term : shape.observable->terms)
      left.addPauli(term.weight, term.x, term.z, right);
    right.inner(left, re, im);
    for (size_t lane = 0; lane < tasks.size(); ++lane)
      tasks[lane]->value = re.at[lane];
    if (isActive(shape.ket))
      ket.backward(left, right, all<W>(1));
    return;
  }
  const Circuit<W> bra(tasks, true);
  LaneStates<W> other(shape.bra.qubits);
  other.setZero();
  bra.forward(other);
  other.inner(right, re, im); // <bra|ket>
  for (size_t lane = 0; lane < tasks.size(); ++lane)
    tasks[lane]->value = shape.quantity == Quantity::Fidelity
                             ? re.at[lane] * re.at[lane] + im.at[lane] * im.at[lane]
                         : shape.quantity == Quantity::OverlapRe ? re.at[lane]
                                                                 : im.at[lane];
  // The value changes by 2 Re <l|d ket>, where l is c|bra>, |bra>/2 or i|bra>/2; and by
  // 2 Re <l|d bra>, where l is c*|ket>, |ket>/2 or -i|ket>/2.
  auto side = [&](const Circuit<W> &circuit, const LaneStates<W> &from, LaneStates<W> &state,
                  double sign) {
    if (shape.quantity == Quantity::Fidelity) {
      Lanes<W> turned;
      for (int l = 0; l < W; ++l)
        turned.at[l] = sign * im.at[l];
      left.scaled(re, turned, from);
    } else if (shape.quantity == Quantity::OverlapRe) {
      left.scaled(all<W>(0.5), all<W>(0), from);
    } else {
      left.scaled(all<W>(0), all<W>(0.5 * sign), from);
    }
    circuit.backward(left, state, all<W>(1));
  };
  const bool both = isActive(shape.ket) && isActive(shape.bra);
  if (both) {
    LaneStates<W> copy = right;
    side(ket, other, copy, 1);
  } else if (isActive(shape.ket)) {
    side(ket, other, right, 1);
  }
  if (isActive(shape.bra))
    side(bra, right, other, -1);
}

bool oneShape(const Task &a, const Task &b) {
  if (a.quantity != b.quantity || !a.ket.sameShape(b.ket))
    return false;
  if (a.quantity != Quantity::Expect)
    return a.bra.sameShape(b.bra);
  return std::ranges::equal(a.observable->terms, b.observable->terms,
                            [](const auto &x, const auto &y) {
                              return x.weight == y.weight && x.x == y.x && x.z == y.z;
                            });
}

} // namespace

bool differentiate(base::Context &ctx, qdo_site site, std::span<Task> tasks) {
  // Groups do not depend on the number of threads, so neither do the bits of the results.
  std::vector<std::vector<Task *>> groups;
  int64_t most = 0;
  for (Task &task : tasks) {
    most = std::max<int64_t>(most, task.ket.qubits);
    const size_t room = task.ket.qubits <= mostLaneQubits ? laneCount : 1;
    auto group = std::ranges::find_if(
        groups, [&](const auto &g) { return g.size() < room && oneShape(*g[0], task); });
    if (group == groups.end())
      groups.push_back({&task});
    else
      group->push_back(&task);
  }
  if (!sim::checkMemory(ctx, site, most, int64_t{4} * ctx.pool().threads()))
    return false;
  ctx.pool().forTiles(std::ssize(groups), 1, [&](int64_t begin, int64_t end) {
    for (int64_t g = begin; g < end && !ctx.interruptRequested(); ++g) {
      const auto &group = groups[static_cast<size_t>(g)];
      if (group.size() > 1)
        run<laneCount>(group);
      else
        run<1>(group);
    }
  });
  return !ctx.stopHere(site);
}

} // namespace qdo::gradient
