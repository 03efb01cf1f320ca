// SPDX-License-Identifier: Apache-2.0
// `qc-fold-phases`: phases of the same parity add up, wherever in the circuit they stand.
// After: phase folding over path variables (Amy, Maslov, Mosca, IEEE TCAD 33, 1476 (2014);
// Nam, Ross, Su, Childs, Maslov, npj Quantum Information 4, 23 (2018)). Each wire starts as a
// variable; CNOT, X and SWAP make affine functions of variables; what only reads a qubit leaves it
// as it is; any other gate makes a new variable. A phase of a function is a factor of the sum over
// paths, so it may stand at any place where a wire holds that function.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qdo/ir/commutation.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/phase_gates.h"
#include <map>
#include <numbers>
#include <random>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_FOLDPHASES
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

// A parity is the sum of random 128-bit labels of its variables: linear, and of one size however
// many variables a circuit has. Two of a million parities are mixed up once in 2^88 circuits.
using Label = std::pair<uint64_t, uint64_t>;

Label operator^(const Label &a, const Label &b) { return {a.first ^ b.first, a.second ^ b.second}; }

struct Term {
  unsigned gate;         // where it stands: of those found, the one on the fewest wires
  bool flipped;          // that place holds the complement of the parity
  bool rotation = false; // the first gate was a rotation, not a phase
  unsigned members = 1;
  Angle angle, global; // of the uncomplemented parity
};

class Folder {
public:
  explicit Folder(GateList &list) : list(list), parity(list.wires), flipped(list.wires) {
    for (Label &label : parity)
      label = fresh();
  }

  bool run() {
    for (auto [index, gate] : llvm::enumerate(list.gates))
      visit(index, gate);
    return rewrite();
  }

private:
  Label fresh() { return {random(), random()}; }

  void visit(unsigned index, const ListedGate &gate) {
    if (auto phase = parityPhase(gate)) {
      add(index, gate, *phase);
      return;
    }
    ArrayRef<unsigned> on = gate.wires;
    if (gate.is(Gate::x) || gate.is(Gate::y)) {
      flipped[on[0]] = !flipped[on[0]];
    } else if (gate.is(Gate::cx)) {
      parity[on[1]] = parity[on[1]] ^ parity[on[0]];
      flipped[on[1]] = flipped[on[1]] != flipped[on[0]];
    } else if (gate.is(Gate::swap)) {
      std::swap(parity[on[0]], parity[on[1]]);
      std::swap(flipped[on[0]], flipped[on[1]]);
    } else {
      for (auto [position, wire] : llvm::enumerate(on))
        if (!(axesOf(gate, position) & AxisZ)) {
          parity[wire] = fresh();
          flipped[wire] = false;
        }
    }
  }

  void add(unsigned index, const ListedGate &gate, ParityPhase phase) {
    Label label{};
    bool complement = false;
    for (unsigned wire : gate.wires) {
      label = label ^ parity[wire];
      complement = complement != flipped[wire];
    }
    if (complement) { // e^{ia(1-y)} = e^{ia} e^{-iay}
      phase.global = phase.global + phase.angle;
      phase.angle = -phase.angle;
    }
    auto [known, isNew] = byParity.try_emplace(label, terms.size());
    if (isNew) {
      terms.push_back({index, complement, isRotation(gate), 1, phase.angle, phase.global});
      return;
    }
    Term &term = terms[known->second];
    ++term.members;
    term.angle = term.angle + phase.angle;
    term.global = term.global + phase.global;
    dropped.push_back(index);
    if (gate.wires.size() < list.gates[term.gate].wires.size()) {
      std::swap(dropped.back(), term.gate);
      term.flipped = complement;
      term.rotation = isRotation(gate);
    }
  }

  static bool isRotation(const ListedGate &gate) {
    return gate.gate == Gate::rz || gate.gate == Gate::rzz;
  }

  bool rewrite() {
    SmallVector<std::pair<unsigned, std::optional<ListedGate>>> changes;
    for (const Term &term : terms) {
      const ListedGate &old = list.gates[term.gate];
      bool nothing = reduced(term.angle, 2 * std::numbers::pi).isZero();
      if (term.members == 1 && !nothing)
        continue;
      Angle angle = term.flipped ? -term.angle : term.angle;
      Angle global = term.flipped ? term.global + term.angle : term.global;
      auto made = phaseGate(old, old.wires, angle, isRotationBest(term, angle, global), global);
      list.phase = list.phase + global;
      changes.emplace_back(term.gate, std::move(made));
    }
    if (changes.empty())
      return false;
    std::vector<bool> gone(list.gates.size());
    for (unsigned index : dropped)
      gone[index] = true;
    for (auto &[index, made] : changes) {
      gone[index] = !made;
      if (made)
        list.gates[index] = std::move(*made);
    }
    unsigned kept = 0;
    for (unsigned index = 0; index < list.gates.size(); ++index)
      if (!gone[index]) {
        if (kept != index)
          list.gates[kept] = std::move(list.gates[index]);
        ++kept;
      }
    list.gates.resize(kept);
    list.phase = reduced(list.phase, 2 * std::numbers::pi);
    return true;
  }

  // The form that leaves no global phase, otherwise that of the gate which stood there.
  static bool isRotationBest(const Term &term, const Angle &angle, const Angle &global) {
    auto vanishes = [](const Angle &phase) {
      return reduced(phase, 2 * std::numbers::pi).isZero();
    };
    Angle turn = reduced(angle, 2 * std::numbers::pi);
    if (vanishes(global))
      return false;
    return vanishes(global + turn * 0.5) || term.rotation;
  }

  GateList &list;
  std::mt19937_64 random{1};
  std::vector<Label> parity;
  std::vector<uint8_t> flipped;
  std::map<Label, unsigned> byParity;
  std::vector<Term> terms;
  SmallVector<unsigned> dropped;
};

struct FoldPhasesPass : qdo::ir::impl::FoldPhasesBase<FoldPhasesPass> {
  void runOnOperation() override {
    rewriteRuns(getOperation(), [](GateList &list) { return Folder(list).run(); });
  }
};

} // namespace
