// SPDX-License-Identifier: Apache-2.0
// `qdo-to-blocks`: loops and conditions become blocks and branches, the last one first.
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Rewrite/FrozenRewritePatternSet.h"
#include "mlir/Rewrite/PatternApplicator.h"
#include "qdo/ir/passes.h"

using namespace mlir;

namespace qdo::ir {
#define GEN_PASS_DEF_TOBLOCKS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

struct ToBlocks : qdo::ir::impl::ToBlocksBase<ToBlocks> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateSCFToControlFlowConversionPatterns(patterns);
    const FrozenRewritePatternSet frozen(std::move(patterns));
    PatternApplicator applicator(frozen);
    applicator.applyDefaultCostModel();
    SmallVector<Operation *>
        structured; // what is inside before what it is in, and so on to the end
    getOperation().walk([&](Operation *op) {
      if (isa<scf::SCFDialect>(op->getDialect()) && !op->hasTrait<OpTrait::IsTerminator>())
        structured.push_back(op);
    });
    PatternRewriter rewriter(&getContext());
    for (Operation *op : llvm::reverse(structured)) {
      rewriter.setInsertionPoint(op);
      if (failed(applicator.matchAndRewrite(op, rewriter)))
        return signalPassFailure();
    }
  }
};

} // namespace
