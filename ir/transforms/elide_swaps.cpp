// SPDX-License-Identifier: Apache-2.0
// `qc-elide-swaps`: follows qubits through swaps and names the wires they are on.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_ELIDESWAPS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

// So many swaps bring every qubit home: a cycle of k wires takes k - 1.
static unsigned swapsOf(SmallVector<unsigned> where) {
  unsigned count = 0;
  for (unsigned wire = 0; wire < where.size(); ++wire)
    while (where[wire] != wire) {
      std::swap(where[wire], where[where[wire]]);
      ++count;
    }
  return count;
}

static bool elideSwaps(GateList &list) {
  SmallVector<unsigned> where = llvm::to_vector(llvm::seq(0u, list.wires)); // by qubit, its wire
  std::vector<ListedGate> gates;
  std::optional<ListedGate> swap;
  for (const ListedGate &gate : list.gates) {
    if (gate.is(Gate::swap)) {
      std::swap(where[gate.wires[0]], where[gate.wires[1]]);
      swap = gate;
      continue;
    }
    gates.push_back(gate);
    for (unsigned &wire : gates.back().wires)
      wire = where[wire];
  }
  size_t old = list.gates.size() - gates.size();
  if (old == 0 || (!list.mayMove && swapsOf(where) >= old))
    return false;
  if (list.mayMove) {
    list.ends = where;
  } else {
    for (unsigned wire = 0; wire < where.size(); ++wire)
      while (where[wire] != wire) {
        gates.push_back(gateLike(*swap, Gate::swap, {wire, where[wire]}));
        // Who is on `wire` goes where `wire`'s own qubit came from.
        unsigned from = where[wire];
        *llvm::find(where, wire) = from;
        where[wire] = wire;
      }
  }
  list.gates = std::move(gates);
  return true;
}

namespace {

struct ElideSwapsPass : qdo::ir::impl::ElideSwapsBase<ElideSwapsPass> {
  void runOnOperation() override { rewriteRuns(getOperation(), elideSwaps); }
};

} // namespace
