// SPDX-License-Identifier: Apache-2.0
// `qc-commute`: a gate meets its inverse, or a rotation about its own axis, behind gates that it
// commutes with.
// Why a window: each gate looks back over a bounded number of others, so long circuits stay cheap.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/commutation.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_COMMUTE
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

constexpr unsigned window = 64;

// Both act on the same qubits. What they do one after the other: nothing, one gate, or two.
enum class Together { Nothing, One, Two };

Together meet(ListedGate &earlier, const ListedGate &later) {
  if (earlier.moreControls != later.moreControls)
    return Together::Two;
  const GateInfo &info = earlier.info();
  if (info.inverse == Inverse::Named && later.gate == info.named)
    return later.inverse == earlier.inverse ? Together::Nothing : Together::Two;
  if (later.gate != earlier.gate)
    return Together::Two;
  if (info.inverse == Inverse::Self)
    return Together::Nothing;
  if (info.inverse == Inverse::Negate && info.parameters == 1 && earlier.inverse == later.inverse) {
    earlier.angles[0] = earlier.angles[0] + later.angles[0];
    return earlier.angles[0].isZero() ? Together::Nothing : Together::One;
  }
  bool undone = earlier.inverse != later.inverse && earlier.angles == later.angles;
  return undone ? Together::Nothing : Together::Two;
}

class Commuter {
public:
  explicit Commuter(GateList &list) : list(list), gatesOn(list.wires) {}

  bool run() {
    std::vector<ListedGate> &gates = list.gates;
    gone.assign(gates.size(), false);
    for (unsigned index = 0; index < gates.size(); ++index)
      if (!merge(index))
        for (unsigned wire : gates[index].wires)
          gatesOn[wire].push_back(index);
    unsigned kept = 0;
    for (unsigned index = 0; index < gates.size(); ++index)
      if (!gone[index]) {
        if (kept != index)
          gates[kept] = std::move(gates[index]);
        ++kept;
      }
    bool changed = kept != gates.size();
    gates.resize(kept);
    return changed;
  }

private:
  // Looks back from a gate; true when it has gone into an earlier one.
  bool merge(unsigned index) {
    ListedGate &gate = list.gates[index];
    auto wires = canonicalWires(gate);
    SmallVector<unsigned, 3> left; // gates on each wire that are still before
    for (unsigned wire : gate.wires)
      left.push_back(gatesOn[wire].size());
    for (unsigned step = 0; step < window; ++step) {
      std::optional<unsigned> newest;
      for (auto [wire, count] : llvm::zip(gate.wires, left))
        if (count != 0)
          newest = std::max(newest.value_or(0), gatesOn[wire][count - 1]);
      if (!newest)
        return false;
      ListedGate &earlier = list.gates[*newest];
      if (earlier.wires.size() == wires.size() && canonicalWires(earlier) == wires) {
        Together result = meet(earlier, gate);
        if (result != Together::Two) {
          gone[index] = true;
          if (result == Together::Nothing)
            remove(*newest);
          return true;
        }
      }
      if (!commute(earlier, gate))
        return false;
      for (auto [wire, count] : llvm::zip(gate.wires, left))
        if (count != 0 && gatesOn[wire][count - 1] == *newest)
          --count;
    }
    return false;
  }

  void remove(unsigned index) {
    gone[index] = true;
    for (unsigned wire : list.gates[index].wires) { // near the end, where the search came from
      auto &gates = gatesOn[wire];
      gates.erase(std::prev(std::find(gates.rbegin(), gates.rend(), index).base()));
    }
  }

  GateList &list;
  std::vector<std::vector<unsigned>> gatesOn; // by wire, those that are left
  std::vector<bool> gone;
};

struct CommutePass : qdo::ir::impl::CommuteBase<CommutePass> {
  void runOnOperation() override {
    rewriteRuns(getOperation(), [](GateList &list) { return Commuter(list).run(); });
  }
};

} // namespace
