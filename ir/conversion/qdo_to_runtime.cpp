// SPDX-License-Identifier: Apache-2.0
// `qdo-to-runtime`: recipes, observables, values of states, data and `with` as calls of entry
// points.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "qdo/ir/passes.h"
#include "runtime_calls.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

namespace qdo::ir {
#define GEN_PASS_DEF_QDOTORUNTIME
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

class Converter {
public:
  explicit Converter(ModuleOp module) : symbols(module) {}

  void convert(Operation *op) {
    llvm::TypeSwitch<Operation *>(op)
        .Case<PrepOp, ObservableOp, OverlapOp, WithOp>([&](auto op) { rewrite(op); })
        .Case([&](FidelityOp op) { rewriteBraKet(op, "fidelity"); })
        .Case([&](ExpectOp op) { rewriteBraKet(op, "expect"); })
        .Case([&](DatasetOp op) { convertDataset(op); })
        .Case([&](KernelOp op) { convertKernel(op, lookUp(op.getCircuit())); });
  }

private:
  static void replace(Operation *op, Value by) {
    op->replaceAllUsesWith(ValueRange(by));
    op->erase();
  }

  qc::CircuitOp lookUp(StringRef name) { return symbols.lookup<qc::CircuitOp>(name); }

  void rewrite(PrepOp op) {
    replace(op, RuntimeCalls(op).recipe(lookUp(op.getCircuit()), op.getData()));
  }

  void rewrite(ObservableOp op) {
    RuntimeCalls calls(op);
    Value observable = calls.call("observable_new", {});
    const size_t terms = op.getWeights().size(), words = terms ? op.getX().size() / terms : 0;
    for (auto [term, weight] : llvm::enumerate(op.getWeights())) {
      auto x = op.getX().slice(term * words, words), z = op.getZ().slice(term * words, words);
      for (size_t word = 1; word < words; ++word)
        if (x[word] != 0 || z[word] != 0)
          calls.call("observable_word", {observable, calls.integer(static_cast<int64_t>(word)),
                                         calls.integer(x[word]), calls.integer(z[word])});
      calls.call("observable_term", {observable, weight, calls.integer(x[0]), calls.integer(z[0])});
    }
    replace(op, observable);
  }

  template <typename BraKet> void rewriteBraKet(BraKet op, StringRef what) {
    std::string entry = (op.getExact() ? "exact_" : "estimate_") + what.str();
    replace(op, RuntimeCalls(op).call(entry, {op.getPrep(), op.getOther()}));
  }

  void rewrite(OverlapOp op) {
    RuntimeCalls calls(op);
    Value re = calls.call("exact_overlap_re", op.getOperands());
    Value im = calls.call("exact_overlap_im", op.getOperands());
    replace(op, complex::CreateOp::create(calls.builder, calls.loc, op.getType(), re, im));
  }

  // The body runs exactly once, so it goes into the block around it.
  void rewrite(WithOp op) {
    RuntimeCalls calls(op);
    calls.call("with_push", op.getPolicy());
    Operation *yield = op.getBodyBlock()->getTerminator();
    SmallVector<Value> results(yield->getOperands());
    yield->erase();
    op->getBlock()->getOperations().splice(op->getIterator(), op.getBodyBlock()->getOperations());
    calls.call("with_pop", {});
    op->replaceAllUsesWith(results);
    op->erase();
  }

  SymbolTable symbols;
};

struct QdoToRuntimePass : qdo::ir::impl::QdoToRuntimeBase<QdoToRuntimePass> {
  void runOnOperation() override {
    Converter converter(getOperation());
    // Post-order, so that a `with` is spliced out when its body has been converted.
    getOperation().walk<WalkOrder::PostOrder>([&](Operation *op) { converter.convert(op); });
  }
};

} // namespace
