// SPDX-License-Identifier: Apache-2.0
// `qc-resynthesise-parities`: sections of CNOTs, swaps and phases are built again from fewer CNOTs.
// Why sections: between gates that make new variables, all that counts is which parities get which
// phase and which linear map is left; any network that passes through those parities will do.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "parity_network.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/phase_gates.h"
#include <bit>
#include <map>
#include <numbers>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_RESYNTHESISEPARITIES
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

/// How far a section looks for gates that commute into it.
constexpr size_t window = 4096;
/// Search is parities^2 * wires^2; beyond this a section stays as it is.
constexpr size_t mostWork = 20'000'000;

bool isLinear(const ListedGate &gate) {
  return gate.is(Gate::cx) || gate.is(Gate::x) || gate.is(Gate::swap) || parityPhase(gate);
}

struct Phase {
  Angle angle;
  ListedGate sample;
};

/// Rebuilds one section; `made` is shorter in CNOTs if there is one.
class Section {
public:
  explicit Section(ArrayRef<ListedGate> gates) : gates(gates) {
    for (const ListedGate &gate : gates)
      for (unsigned wire : gate.wires)
        if (indexOf.try_emplace(wire, wires.size()).second)
          wires.push_back(wire);
  }

  std::vector<ListedGate> made;
  Angle global;

  bool rebuild() {
    if (wires.size() > 64)
      return false;
    read();
    std::vector<Parity> wanted;
    std::vector<const Phase *> phaseOf;
    for (auto &[parity, phase] : phases) {
      if (std::has_single_bit(parity) || isNothing(phase))
        continue;
      wanted.push_back(parity);
      phaseOf.push_back(&phase);
    }
    size_t size = wanted.size() + wires.size();
    if (size * size * wires.size() * wires.size() > mostWork)
      return false;
    auto steps = parityNetwork(wanted, rows, cnots);
    if (!steps)
      return false;
    for (auto [index, wire] : llvm::enumerate(wires))
      if (auto known = phases.find(Parity(1) << index); known != phases.end())
        addPhase(known->second, wire);
    for (const ParityStep &step : *steps) {
      made.push_back(gateLike(gates[0], Gate::cx, {wires[step.control], wires[step.target]}));
      for (unsigned index : step.found)
        addPhase(*phaseOf[index], wires[step.target]);
    }
    for (auto [index, wire] : llvm::enumerate(wires))
      if (flipped[index])
        made.push_back(gateLike(gates[0], Gate::x, wire));
    return true;
  }

private:
  static bool isNothing(const Phase &phase) {
    return reduced(phase.angle, 2 * std::numbers::pi).isZero();
  }

  void read() {
    for (unsigned index = 0; index < wires.size(); ++index)
      rows.push_back(Parity(1) << index);
    flipped.assign(wires.size(), 0);
    for (const ListedGate &gate : gates) {
      SmallVector<unsigned, 2> on;
      for (unsigned wire : gate.wires)
        on.push_back(indexOf.at(wire));
      if (auto phase = parityPhase(gate)) {
        add(gate, on, *phase);
        cnots += on.size() == 2 ? 2 : 0;
      } else if (gate.gate == Gate::x) {
        flipped[on[0]] = !flipped[on[0]];
      } else if (gate.gate == Gate::cx) {
        rows[on[1]] ^= rows[on[0]];
        flipped[on[1]] = flipped[on[1]] != flipped[on[0]];
        ++cnots;
      } else {
        std::swap(rows[on[0]], rows[on[1]]);
        std::swap(flipped[on[0]], flipped[on[1]]);
        cnots += 3;
      }
    }
  }

  void add(const ListedGate &gate, ArrayRef<unsigned> on, ParityPhase phase) {
    Parity parity = 0;
    bool complement = false;
    for (unsigned index : on) {
      parity ^= rows[index];
      complement = complement != bool(flipped[index]);
    }
    global = global + phase.global;
    if (complement)
      global = global + phase.angle;
    auto [known, isNew] = phases.try_emplace(parity, Phase{Angle(), gate});
    Angle &angle = known->second.angle;
    angle = complement ? angle - phase.angle : angle + phase.angle;
  }

  void addPhase(const Phase &phase, unsigned wire) {
    if (auto gate = phaseGate(phase.sample, wire, phase.angle, false, global))
      made.push_back(*gate);
  }

  ArrayRef<ListedGate> gates;
  DenseMap<unsigned, unsigned> indexOf;
  SmallVector<unsigned> wires;
  std::vector<Parity> rows;
  std::vector<uint8_t> flipped;
  std::map<Parity, Phase> phases; // of uncomplemented parities of the section's start
  size_t cnots = 0;
};

class Resynthesiser {
public:
  explicit Resynthesiser(GateList &list) : list(list), left(std::move(list.gates)) {}

  bool run() {
    while (!left.empty()) {
      llvm::append_range(list.gates, take(false));
      std::vector<ListedGate> section = take(true);
      if (section.empty())
        continue;
      Section rebuilt(section);
      if (rebuilt.rebuild()) {
        llvm::append_range(list.gates, rebuilt.made);
        list.phase = list.phase + rebuilt.global;
        changed = true;
      } else {
        llvm::append_range(list.gates, section);
      }
    }
    return changed;
  }

private:
  // The gates of one kind that can be done before all that stays in `left`.
  std::vector<ListedGate> take(bool linear) {
    std::vector<ListedGate> taken, kept;
    std::vector<bool> blocked(list.wires);
    unsigned open = list.wires;
    size_t index = 0;
    for (; index < left.size() && index < window && open != 0; ++index) {
      ListedGate &gate = left[index];
      bool free = llvm::none_of(gate.wires, [&](unsigned wire) { return blocked[wire]; });
      if (free && isLinear(gate) == linear) {
        taken.push_back(std::move(gate));
        continue;
      }
      for (unsigned wire : gate.wires) {
        open -= !blocked[wire];
        blocked[wire] = true;
      }
      kept.push_back(std::move(gate));
    }
    kept.insert(kept.end(), std::make_move_iterator(left.begin() + index),
                std::make_move_iterator(left.end()));
    left = std::move(kept);
    return taken;
  }

  GateList &list;
  std::vector<ListedGate> left;
  bool changed = false;
};

struct ResynthesiseParitiesPass
    : qdo::ir::impl::ResynthesiseParitiesBase<ResynthesiseParitiesPass> {
  void runOnOperation() override {
    rewriteRuns(getOperation(), [](GateList &list) { return Resynthesiser(list).run(); });
  }
};

} // namespace
