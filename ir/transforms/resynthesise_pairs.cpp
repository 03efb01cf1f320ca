// SPDX-License-Identifier: Apache-2.0
// `qc-resynthesise-pairs`: blocks of constant gates on two qubits, built again from as few CNOTs as
// they need.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"
#include "weyl.h"
#include <numbers>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_RESYNTHESISEPAIRS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

constexpr unsigned none = ~0u;

struct Block {
  unsigned low, high; // wires
  SmallVector<unsigned> gates;
  unsigned pairs = 0; // gates on both wires
};

/// Gates that a stabiliser tableau knows. Circuits of them stay circuits of them, because they may
/// have more qubits than a state vector.
static bool isClifford(const ListedGate &gate) {
  if (gate.moreControls > 0 || !gate.isConstant())
    return false;
  const GateInfo &info = gate.info();
  if (info.parameters == 0)
    return !llvm::is_contained({Gate::t, Gate::tdg, Gate::ch, Gate::cswap, Gate::ccx}, gate.gate);
  const double unit = info.controls > 0 ? std::numbers::pi : std::numbers::pi / 2;
  return llvm::all_of(gate.angles,
                      [&](const Angle &angle) { return wholeTurns(angle, unit).has_value(); });
}

class Resynthesiser {
public:
  explicit Resynthesiser(GateList &list)
      : list(list), open(list.wires, none), single(list.wires), place(list.gates.size()) {}

  bool run() {
    for (auto [index, gate] : llvm::enumerate(list.gates))
      visit(index, gate);
    for (Block &block : blocks)
      rewrite(block);
    if (!changed)
      return false;
    std::vector<ListedGate> gates;
    for (auto [index, gate] : llvm::enumerate(list.gates)) {
      if (!place[index])
        gates.push_back(std::move(gate));
      else
        llvm::append_range(gates, *place[index]);
    }
    list.gates = std::move(gates);
    return true;
  }

private:
  void visit(unsigned index, const ListedGate &gate) {
    ArrayRef<unsigned> on = gate.wires;
    if (!gate.isConstant() || on.size() > 2) {
      for (unsigned wire : on)
        close(wire);
      return;
    }
    if (on.size() == 1) {
      if (open[on[0]] != none)
        blocks[open[on[0]]].gates.push_back(index);
      else
        single[on[0]].push_back(index);
      return;
    }
    if (open[on[0]] == none || open[on[0]] != open[on[1]])
      begin(on[0], on[1]);
    Block &block = blocks[open[on[0]]];
    block.gates.push_back(index);
    ++block.pairs;
  }

  void close(unsigned wire) {
    if (open[wire] != none) {
      const Block &block = blocks[open[wire]];
      open[block.low] = open[block.high] = none;
    }
    single[wire].clear();
  }

  void begin(unsigned a, unsigned b) {
    Block block{std::min(a, b), std::max(a, b), {}};
    for (unsigned wire : {a, b}) {
      SmallVector<unsigned> before = std::move(single[wire]);
      close(wire);
      block.gates.append(before);
    }
    open[a] = open[b] = blocks.size();
    blocks.push_back(std::move(block));
  }

  void rewrite(Block &block) {
    if (block.pairs < 2)
      return;
    llvm::sort(block.gates); // the two wires' first gates come one wire after the other
    GateList old;
    old.wires = 2;
    for (unsigned index : block.gates) {
      old.gates.push_back(list.gates[index]);
      for (unsigned &wire : old.gates.back().wires)
        wire = wire == block.high;
    }
    auto weyl = decompose(matrixOf(old));
    if (!weyl || weyl->entanglers() >= block.pairs)
      return;
    GateList made = synthesise(*weyl);
    if ((matrixOf(made) - matrixOf(old)).cwiseAbs().maxCoeff() > 1e-11)
      return;
    if (llvm::all_of(old.gates, isClifford) && !llvm::all_of(made.gates, isClifford))
      return;
    for (ListedGate &gate : made.gates) {
      gate.place = list.gates[block.gates.back()].place;
      for (unsigned &wire : gate.wires)
        wire = wire == 0 ? block.low : block.high;
    }
    for (unsigned index : block.gates)
      place[index].emplace();
    *place[block.gates.back()] = std::move(made.gates);
    list.phase = list.phase + made.phase;
    changed = true;
  }

  GateList &list;
  std::vector<unsigned> open;                // block by wire
  std::vector<SmallVector<unsigned>> single; // gates on a wire since its last block
  std::vector<Block> blocks;
  std::vector<std::optional<std::vector<ListedGate>>> place;
  bool changed = false;
};

struct ResynthesisePairsPass : qdo::ir::impl::ResynthesisePairsBase<ResynthesisePairsPass> {
  void runOnOperation() override {
    rewriteRuns(getOperation(), [](GateList &list) { return Resynthesiser(list).run(); });
  }
};

} // namespace
