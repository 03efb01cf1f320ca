// SPDX-License-Identifier: Apache-2.0
// `qc-place-swaps`: a swap moves back to the last gate on the same two qubits.
// Why: a swap alone is three CNOTs, a swap with a phase of both qubits is three as well.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_PLACESWAPS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

/// How many gates a swap is moved across at most.
static constexpr unsigned window = 4096;

static bool placeSwaps(GateList &list) {
  std::vector<ListedGate> &gates = list.gates;
  bool changed = false;
  for (unsigned index = 1; index < gates.size(); ++index) {
    if (!gates[index].is(Gate::swap))
      continue;
    unsigned a = gates[index].wires[0], b = gates[index].wires[1];
    auto isPartner = [&](const ListedGate &gate) {
      return gate.wires.size() == 2 && llvm::is_contained(gate.wires, a) &&
             llvm::is_contained(gate.wires, b);
    };
    unsigned least = index > window ? index - window : 0, partner = index;
    while (partner-- > least && !isPartner(gates[partner])) {
    }
    if (partner + 1 == least || partner + 1 >= index) // none, or next to it already
      continue;
    for (unsigned between = partner + 1; between < index; ++between)
      for (unsigned &wire : gates[between].wires)
        wire = wire == a ? b : wire == b ? a : wire;
    std::rotate(gates.begin() + partner + 1, gates.begin() + index, gates.begin() + index + 1);
    changed = true;
  }
  return changed;
}

namespace {

struct PlaceSwapsPass : qdo::ir::impl::PlaceSwapsBase<PlaceSwapsPass> {
  void runOnOperation() override { rewriteRuns(getOperation(), placeSwaps); }
};

} // namespace
