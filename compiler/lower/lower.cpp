// SPDX-License-Identifier: Apache-2.0
// The front door of elaboration.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace qdo::lower {

void loadDialects(mlir::MLIRContext &context) {
  context.loadDialect<qc::QcDialect, qdata::QdoDialect, mlir::arith::ArithDialect,
                      mlir::math::MathDialect, mlir::func::FuncDialect,
                      mlir::complex::ComplexDialect>();
}

Elaborator::Elaborator(const sema::Program &program, const base::SourceMap &sources,
                       const Options &options, mlir::MLIRContext &context,
                       diag::Engine &diagnostics)
    : program(program), sources(sources), options(options), diagnostics(diagnostics), b(&context) {}

mlir::OwningOpRef<mlir::ModuleOp> Elaborator::run() {
  module = mlir::ModuleOp::create(b, b.getUnknownLoc());
  b.setInsertionPointToEnd(module->getBody());
  auto main = mlir::func::FuncOp::create(b, b.getUnknownLoc(), "main", b.getFunctionType({}, {}));
  topBlock = main.addEntryBlock();
  b.setInsertionPointToEnd(topBlock);
  frames.emplace_back();
  frames.back().module = &program.modules.front();
  payers.emplace_back();
  if (options.test)
    testBlock(*options.test);
  else
    stmts(program.modules.front().ast.stmts, [] { return Flow{}; });
  for (auto &[purse, constants] : openBudgets)
    for (mlir::arith::ConstantOp least : constants)
      least.setValueAttr(b.getI64IntegerAttr(leastShots.of(purse)));
  if (options.exports && !diagnostics.hasErrors())
    exportAll(*options.exports);
  b.setInsertionPointToEnd(topBlock);
  mlir::func::ReturnOp::create(b, b.getUnknownLoc());
  if (diagnostics.hasErrors())
    return nullptr;
  return std::move(module);
}

mlir::OwningOpRef<mlir::ModuleOp> lower(const sema::Program &program,
                                        const base::SourceMap &sources, const Options &options,
                                        mlir::MLIRContext &context, diag::Engine &diagnostics) {
  const diag::Engine before = diagnostics;
  while (true) {
    try {
      return Elaborator(program, sources, options, context, diagnostics).run();
    } catch (const WithoutIt &) {
      diagnostics = before;
      options.exports->clear();
      if (options.spending)
        *options.spending = {};
    }
  }
}

} // namespace qdo::lower
