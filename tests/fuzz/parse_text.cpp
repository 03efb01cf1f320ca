// SPDX-License-Identifier: Apache-2.0
// Parsing a text that may be anything.
#include "tests/fuzz/pipeline.h"

#include "compiler/diag/render.h"
#include "compiler/syntax/parse.h"

namespace qdo::fuzz {

/// Renders everything, and looks for mistakes of qdo's own.
std::string renderAll(diag::Engine &diagnostics, const base::SourceMap &sources) {
  diagnostics.sortByPlace();
  std::string ours;
  for (const diag::Diagnostic &each : diagnostics.all()) {
    const std::string shown = diag::renderText(each, sources, {});
    (void)diag::renderJson(each, sources);
    if (diag::info(each.code()).exitClass == diag::ExitClass::Internal)
      ours += shown;
  }
  return ours;
}

void parseText(std::string_view text) {
  base::SourceMap sources;
  diag::Engine diagnostics, again;
  const base::FileId file = sources.add("fuzz.qdo", std::string(text));
  const syntax::Ast ast = syntax::parse(file, sources, diagnostics);
  (void)syntax::dumpAst(ast, sources);
  (void)syntax::dumpTokens(file, sources, again);
  (void)renderAll(diagnostics, sources);
}

} // namespace qdo::fuzz
