// SPDX-License-Identifier: Apache-2.0
// Paths through blocks of live qubits: branches count as the longer arm, loops as often as they
// turn.
#include "compiler/driver/live_cost.h"

#include "compiler/lower/trips.h"

#include <algorithm>

namespace qdo::driver {

using namespace qdo::ir;

namespace {

template <class N, class Combine>
void combine(std::optional<N> &into, std::optional<N> other, Combine how) {
  into = into && other ? how(*into, *other) : std::nullopt;
}

template <class Combine> LiveCost combined(LiveCost a, const LiveCost &b, Combine how) {
  combine(a.gates, b.gates, how);
  combine(a.twoQubit, b.twoQubit, how);
  combine(a.larger, b.larger, how);
  combine(a.seconds, b.seconds, how);
  a.unknown = a.unknown ? a.unknown : b.unknown;
  return a;
}

std::optional<int64_t> sum(int64_t a, int64_t b) {
  int64_t result = 0;
  return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}
std::optional<double> sum(double a, double b) { return a + b; }

LiveCost operator+(const LiveCost &a, const LiveCost &b) {
  return combined(a, b, [](auto x, auto y) { return sum(x, y); });
}

LiveCost longer(const LiveCost &a, const LiveCost &b) {
  return combined(a, b, [](auto x, auto y) { return std::optional(std::max(x, y)); });
}

LiveCost nobodyKnows(const char *why) { return {{}, {}, {}, {}, why}; }

/// A body that is run so many times; what costs nothing does so however often.
LiveCost repeated(const LiveCost &once, std::optional<int64_t> times) {
  auto repeat = [&](std::optional<int64_t> &n) {
    int64_t result = 0;
    if (n != 0)
      n = n && times && !__builtin_mul_overflow(*n, *times, &result) ? std::optional(result)
                                                                     : std::nullopt;
  };
  LiveCost all = once;
  repeat(all.gates);
  repeat(all.twoQubit);
  repeat(all.larger);
  if (all.seconds != 0)
    all.seconds = all.seconds && times ? std::optional(*all.seconds * static_cast<double>(*times))
                                       : std::nullopt;
  if (!all.unknown && (!all.gates || !all.seconds))
    all.unknown = "a loop in it turns as often as its shot decides";
  return all;
}

LiveCost ofBlock(mlir::Block &block, const RecipeWalk &walk);

LiveCost ofGate(const AppliedGate &gate, const RecipeWalk &walk) {
  const unsigned qubits = gate.controls() + gate.info().targets;
  LiveCost one{1, qubits == 2, qubits > 2, walk.seconds(gate)};
  if (!one.seconds)
    one.unknown = "how long the gates of its device take is known when it runs";
  return one;
}

LiveCost ofOp(mlir::Operation &op, const RecipeWalk &walk) {
  if (auto prepare = mlir::dyn_cast<data::PrepareOp>(op)) {
    LiveCost made{0, 0, 0, walk.of(prepare.getPrep()).seconds};
    if (!made.seconds)
      made.unknown = "the recipe that it prepares is known when it runs";
    return made;
  }
  if (auto choice = mlir::dyn_cast<qc::IfOp>(op))
    return longer(ofBlock(*choice.getThenBlock(), walk), ofBlock(*choice.getElseBlock(), walk));
  if (auto loop = mlir::dyn_cast<qc::ForOp>(op))
    return repeated(ofBlock(*loop.getBodyBlock(), walk), lower::tripsOf(loop).most);
  if (auto loop = mlir::dyn_cast<qc::WhileOp>(op))
    return repeated(ofBlock(*loop.getBeforeBlock(), walk) + ofBlock(*loop.getAfterBlock(), walk),
                    std::nullopt);
  if (auto with = mlir::dyn_cast<data::WithOp>(op))
    return ofBlock(*with.getBodyBlock(), walk);
  if (const auto gate = appliedGate(&op))
    return ofGate(*gate, walk);
  if (auto call = mlir::dyn_cast<data::RtOp>(op); call && call.getEntry() == "device_push")
    return nobodyKnows("it goes on on another device");
  if (op.getNumRegions() > 0 ||
      (mlir::isa<qc::UnitaryOpInterface>(op) && op.getNumResults() > 0)) // not in final form
    return nobodyKnows("what stands in it is known when it runs");
  return {};
}

LiveCost ofBlock(mlir::Block &block, const RecipeWalk &walk) {
  LiveCost path;
  for (mlir::Operation &op : block)
    path = path + ofOp(op, walk);
  return path;
}

} // namespace

LiveCost liveCost(data::EstimateOp block, const RecipeWalk &walk) {
  return ofBlock(*block.getBodyBlock(), walk);
}

} // namespace qdo::driver
