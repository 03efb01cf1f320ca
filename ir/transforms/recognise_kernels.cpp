// SPDX-License-Identifier: Apache-2.0
// `qdo-recognise-kernels`: finds |<E(a)|E(b)>|^2 and says so.
// In: fidelities of two recipes. Out: those of one circuit with two sets of data are marked; one of
// |0..0> with a circuit that runs E(a) and then E(b) backwards becomes that form first.
// Why: a kernel over a pool of rows is one preparation a row and a matrix product, but a circuit
// that holds both rows has to be run for each pair.
// Must not: run after gates of E(a) and E(b) have been merged; it comes right after
// qc-resolve-modifiers.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "qdo/ir/applied_gate.h"
#include "qdo/ir/passes.h"
#include "qdo/ir/qdo.h"
#include <map>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_RECOGNISEKERNELS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

/// The first half of a circuit that runs U(a) and then U(b) backwards.
class Mirror {
public:
  explicit Mirror(qc::CircuitOp circuit) : circuit(circuit) {
    DenseMap<Value, unsigned> wires;
    for (auto [wire, qubit] : llvm::enumerate(circuit.getQubits()))
      wires[qubit] = wire;
    for (Operation &op : circuit.getBodyBlock()->without_terminator()) {
      if (!qc::isUnitary(&op))
        continue;
      auto gate = appliedGate(&op);
      if (!gate) { // a phase, or a modifier that is not resolved
        gates.clear();
        return;
      }
      gates.push_back({*gate, {}});
      for (auto [input, output] : llvm::zip(gate->inputs, gate->outputs)) {
        gates.back().wires.push_back(wires.lookup(input));
        wires[output] = wires.lookup(input);
      }
    }
  }

  SmallVector<unsigned> left, right; // a and b as places among the circuit's data

  bool matches() {
    if (gates.empty() || gates.size() % 2 != 0)
      return false;
    for (unsigned i = 0; i < gates.size() / 2; ++i)
      if (!undoes(gates[i], gates[gates.size() - 1 - i]))
        return false;
    for (auto [a, b] : partner) {
      left.push_back(a);
      right.push_back(b);
    }
    return true;
  }

  /// U as a circuit of its own.
  qc::CircuitOp make(SymbolTable &symbols) {
    OpBuilder builder(circuit);
    auto made =
        qc::CircuitOp::create(builder, circuit.getLoc(), (circuit.getSymName() + ".half").str(),
                              circuit.getDisplay(), left.size(), circuit.getQubitCount());
    IRMapping mapping;
    for (auto [index, place] : llvm::enumerate(left))
      mapping.map(circuit.getData()[place], made.getData()[index]);
    mapping.map(ValueRange(circuit.getQubits()), ValueRange(made.getQubits()));
    builder.setInsertionPointToStart(made.getBodyBlock());
    SmallVector<Value> ends(made.getQubits());
    for (const PlacedGate &gate : ArrayRef(gates).take_front(gates.size() / 2)) {
      for (Value angle : gate.applied.angles)
        compute(angle, builder, mapping);
      Operation *copy = builder.clone(*gate.applied.op, mapping);
      for (auto [wire, output] : llvm::zip(gate.wires, copy->getResults()))
        ends[wire] = output;
    }
    qc::ReturnOp::create(builder, circuit.getLoc(), ends);
    symbols.insert(made);
    return made;
  }

private:
  struct PlacedGate {
    AppliedGate applied;
    SmallVector<unsigned, 3> wires;
  };

  bool undoes(const PlacedGate &before, const PlacedGate &after) {
    const AppliedGate &first = before.applied, &last = after.applied;
    if (before.wires != after.wires || first.moreControls != last.moreControls)
      return false;
    const GateInfo &info = first.info();
    if (info.inverse == Inverse::Named)
      return last.gate == info.named && first.inverse == last.inverse;
    if (first.gate != last.gate)
      return false;
    if (info.inverse == Inverse::Self)
      return true;
    bool negate = info.inverse == Inverse::Negate;
    if ((first.inverse == last.inverse) != negate)
      return false;
    for (auto [a, b] : llvm::zip(first.angles, last.angles))
      if (!same(a, b, negate))
        return false;
    return true;
  }

  // Is `b` the same expression as `a`, of other data, and negated when asked for?
  bool same(Value a, Value b, bool negated) {
    if (auto numbers = qc::constantAngles({a, b}))
      return (*numbers)[0] == (negated ? -(*numbers)[1] : (*numbers)[1]);
    if (negated) {
      if (auto minus = b.getDefiningOp<arith::NegFOp>())
        return same(a, minus.getOperand(), false);
      auto minus = a.getDefiningOp<arith::NegFOp>();
      return minus && same(minus.getOperand(), b, false);
    }
    Operation *from = a.getDefiningOp(), *to = b.getDefiningOp();
    if (!from && !to) {
      unsigned other = cast<BlockArgument>(b).getArgNumber();
      auto [known, isNew] = partner.try_emplace(cast<BlockArgument>(a).getArgNumber(), other);
      return isNew || known->second == other;
    }
    if (!from || !to || from->getName() != to->getName() || from->getNumOperands() == 0 ||
        from->getAttrDictionary() != to->getAttrDictionary())
      return false;
    return llvm::all_of(llvm::zip(from->getOperands(), to->getOperands()), [&](auto pair) {
      return same(std::get<0>(pair), std::get<1>(pair), false);
    });
  }

  static void compute(Value value, OpBuilder &builder, IRMapping &mapping) {
    Operation *op = value.getDefiningOp();
    if (!op || mapping.contains(value))
      return;
    for (Value operand : op->getOperands())
      compute(operand, builder, mapping);
    builder.clone(*op, mapping);
  }

  qc::CircuitOp circuit;
  SmallVector<PlacedGate> gates;
  std::map<unsigned, unsigned> partner; // data of the first half -> of the second
};

struct RecogniseKernelsPass : qdo::ir::impl::RecogniseKernelsBase<RecogniseKernelsPass> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    DenseMap<Operation *, std::pair<qc::CircuitOp, Mirror>> halves;
    getOperation().walk([&](data::FidelityOp op) {
      auto left = op.getPrep().getDefiningOp<data::PrepOp>();
      auto right = op.getOther().getDefiningOp<data::PrepOp>();
      if (!left || !right)
        return;
      auto circuitOf = [&](data::PrepOp prep) {
        return symbols.lookup<qc::CircuitOp>(prep.getCircuit());
      };
      if (isEmpty(circuitOf(left)))
        std::swap(left, right);
      if (isEmpty(circuitOf(right)) && left != right) {
        qc::CircuitOp whole = circuitOf(left);
        auto known = halves.find(whole);
        if (known == halves.end()) {
          Mirror mirror(whole);
          if (!mirror.matches())
            return;
          qc::CircuitOp half = mirror.make(symbols);
          known = halves.try_emplace(whole, half, std::move(mirror)).first;
        }
        split(op, left, known->second.first, known->second.second);
        if (right->use_empty())
          right->erase();
        return;
      }
      if (left.getCircuit() == right.getCircuit())
        mark(op, left.getCircuitAttr());
    });
    for (auto &[whole, half] : halves)
      if (SymbolTable::symbolKnownUseEmpty(whole, getOperation()))
        symbols.erase(whole);
  }

private:
  static bool isEmpty(qc::CircuitOp circuit) {
    return llvm::hasSingleElement(*circuit.getBodyBlock());
  }

  // For whoever binds a kernel later: the fidelity of this circuit with itself on other data.
  static void mark(data::FidelityOp op, FlatSymbolRefAttr circuit) {
    op->setAttr("kernel", circuit);
  }

  static void split(data::FidelityOp op, data::PrepOp whole, qc::CircuitOp half,
                    const Mirror &mirror) {
    OpBuilder builder(op);
    auto prep = [&](ArrayRef<unsigned> places) {
      auto data =
          llvm::map_to_vector(places, [&](unsigned place) { return whole.getData()[place]; });
      return data::PrepOp::create(builder, whole.getLoc(), half.getSymName(), data,
                                  half.getQubitCount());
    };
    op->setOperand(0, prep(mirror.left).getPrep());
    op->setOperand(1, prep(mirror.right).getPrep());
    mark(op, FlatSymbolRefAttr::get(half));
    if (whole->use_empty())
      whole->erase();
  }
};

} // namespace
