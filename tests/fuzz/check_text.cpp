// SPDX-License-Identifier: Apache-2.0
// Checking a text that may be anything.
#include "tests/fuzz/pipeline.h"

#include "compiler/lower/lower.h"
#include "compiler/sema/program.h"
#include "compiler/syntax/parse.h"
#include "stdlib/embedded.h"

#include "mlir/IR/MLIRContext.h"

namespace qdo::fuzz {

namespace {

std::optional<sema::ModuleText> embedded(std::string_view path) {
  for (const stdlib::EmbeddedModule &module : stdlib::embeddedModules())
    if (module.name == path)
      return sema::ModuleText{std::string(module.path), std::string(module.text)};
  return std::nullopt;
}

} // namespace

std::string checkText(std::string_view text) {
  base::SourceMap sources;
  diag::Engine diagnostics;
  const base::FileId file = sources.add("fuzz.qdo", std::string(text));
  syntax::Ast ast = syntax::parse(file, sources, diagnostics);
  const sema::Program program = sema::check(std::move(ast), sources, embedded, diagnostics);
  if (!diagnostics.hasErrors()) {
    mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
    lower::loadDialects(context);
    context.getDiagEngine().registerHandler([&](mlir::Diagnostic &d) {
      if (d.getSeverity() == mlir::DiagnosticSeverity::Error)
        diagnostics.reportUnlocated(diag::Kind::InternalError, d.str());
      return mlir::success();
    });
    lower::Options options;
    options.readData = [](const lower::DatasetRequest &) { return lower::DataShape{}; };
    (void)lower::lower(program, sources, options, context, diagnostics);
  }
  return renderAll(diagnostics, sources);
}

} // namespace qdo::fuzz
