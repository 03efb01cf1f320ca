// SPDX-License-Identifier: Apache-2.0
// `qdo emit --stage=typed`: what the checker found out about the main program.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

static std::string signatureText(const Program &program, SymbolId id) {
  const Symbol &symbol = program.symbol(id);
  auto found = program.signatures.find(id);
  if (found == program.signatures.end())
    return program.show(symbol.type);
  auto list = [&](const std::vector<Signature::Parameter> &parameters) {
    std::string text;
    for (const Signature::Parameter &p : parameters)
      text += fmt::format("{}{}: {}{}", text.empty() ? "" : ", ", p.name, program.show(p.type),
                          p.structure && symbol.kind == SymbolKind::Circuit ? " structure" : "");
    return text;
  };
  std::string text = "(" + list(found->second.parameters) + ")";
  if (!found->second.on.empty())
    text += " on " + list(found->second.on);
  TypeRef result = found->second.result;
  if (auto effects = program.effects.find(id); effects != program.effects.end()) {
    if (!result)
      result = effects->second.result;
    if (result)
      text += " -> " + program.show(result);
    if (effects->second.measures)
      text += " measures";
  }
  return text;
}

std::string dumpTyped(const Program &program, const base::SourceMap &sources) {
  std::string text;
  const ModuleInfo &main = program.modules.front();
  auto place = [&](base::Span span) {
    base::Position p = sources.position(span.file, span.begin);
    return fmt::format("{}:{}", p.line, p.codePointColumn);
  };
  for (uint32_t i = 0; i < program.symbols.size(); ++i) {
    const Symbol &symbol = program.symbols[i];
    if (symbol.module != &main || symbol.span.size() == 0 || !symbol.type)
      continue;
    text += fmt::format("{:>7}  {} {}: {}\n", place(symbol.span), describe(symbol.kind),
                        symbol.name, signatureText(program, static_cast<SymbolId>(i)));
  }
  return text;
}

} // namespace qdo::sema
