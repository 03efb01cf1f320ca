// SPDX-License-Identifier: Apache-2.0
// The front door of elaboration, and the least possible shots of a program (E0209).
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <fmt/format.h>

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
  stmts(program.modules.front().ast.stmts, [] { return Flow{}; });
  b.setInsertionPointToEnd(topBlock);
  mlir::func::ReturnOp::create(b, b.getUnknownLoc());
  if (diagnostics.hasErrors())
    return nullptr;
  return std::move(module);
}

/// Adds to the least possible shots of every purse that pays here. The same measurement is paid
/// once, and code that may not run costs nothing, so the sum is a true lower bound.
void Elaborator::charge(const std::string &what, int64_t circuits, base::Span span,
                        int64_t shotsEach) {
  if (uncertain > 0 || payer().exact)
    return;
  const int64_t shots = circuits * (shotsEach >= 0 ? shotsEach : payer().low);
  for (const Payer &p : payers) {
    if (p.budget < 0)
      continue;
    int64_t &known = leastKnown[p.key + "|" + what];
    if (shots <= known)
      continue;
    // Data that are not known here may be those of a measurement that is counted already: of
    // measurements of such data, the dearest counts.
    auto &[sum, dearest] = leastSpent[p.key];
    const bool wasOver = std::max(sum, dearest) > p.budget;
    if (what.find('?') == std::string::npos)
      sum += shots - known;
    else
      dearest = std::max(dearest, shots);
    known = shots;
    const int64_t least = std::max(sum, dearest);
    if (least > p.budget && !wasOver)
      diagnostics.report(diag::Kind::Overspending, span, least, p.name, p.budget)
          .label("the budget cannot reach this far")
          .place(p.span, "the policy")
          .help(fmt::format("raise the budget to at least {} shots, or lower `each`", least));
  }
}

mlir::OwningOpRef<mlir::ModuleOp> lower(const sema::Program &program,
                                        const base::SourceMap &sources, const Options &options,
                                        mlir::MLIRContext &context, diag::Engine &diagnostics) {
  return Elaborator(program, sources, options, context, diagnostics).run();
}

} // namespace qdo::lower
