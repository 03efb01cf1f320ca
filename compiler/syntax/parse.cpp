// SPDX-License-Identifier: Apache-2.0
// The order of things: decode check, lexer, token passes, limits, parser, tree builder.
// Why two modes of the parser: the fast one (SLL) decides every correct program; a file with
// mistakes is read again in the full one (LL), so that no mistake is an artefact of the fast one.
#include "compiler/syntax/parse.h"

#include "compiler/syntax/ast_builder.h"
#include "compiler/syntax/recovery.h"
#include "compiler/syntax/token_passes.h"
#include "compiler/syntax/unread.h"

#include <fmt/format.h>

namespace qdo::syntax {

Ast parse(base::FileId file, const base::SourceMap &sources, diag::Engine &diagnostics) {
  std::string_view text = sources.text(file);
  Mistakes mistakes(file);
  std::optional<Scanned> scanned = prepareTokens(text, mistakes);
  if (!scanned) {
    mistakes.flush(diagnostics);
    Ast empty;
    empty.file = file;
    return empty;
  }
  TokenStream tokens(scanned->lexemes, static_cast<uint32_t>(text.size()));
  P parser(&tokens);
  parser.removeErrorListeners();
  auto recovery = std::make_shared<Recovery>(tokens, text, mistakes);
  parser.setErrorHandler(recovery);
  auto *simulator = parser.getInterpreter<antlr4::atn::ParserATNSimulator>();
  simulator->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  Mistakes before = mistakes;
  P::ProgramContext *program = parser.program();
  if (!recovery->brokenLines().empty()) {
    mistakes = std::move(before);
    recovery->forget();
    tokens.seek(0);
    parser.reset();
    simulator->setPredictionMode(antlr4::atn::PredictionMode::LL);
    program = parser.program();
  }
  Docs docs(text, std::move(scanned->docs));
  Ast ast = AstBuilder(file, text, tokens, docs, mistakes).build(program);
  mistakes.flush(diagnostics);
  forgetUnread(tokens, recovery->brokenLines(), text, ast, diagnostics);
  return ast;
}

std::string dumpTokens(base::FileId file, const base::SourceMap &sources,
                       diag::Engine &diagnostics) {
  std::string_view text = sources.text(file);
  Mistakes mistakes(file);
  std::optional<Scanned> scanned = prepareTokens(text, mistakes);
  mistakes.flush(diagnostics);
  std::string result;
  if (!scanned)
    return result;
  TokenStream tokens({}, 0);
  const antlr4::dfa::Vocabulary &names = P(&tokens).getVocabulary();
  for (const Lexeme &lexeme : scanned->lexemes) {
    base::Position at = sources.position(file, lexeme.begin);
    std::string_view spelling = text.substr(lexeme.begin, lexeme.end - lexeme.begin);
    fmt::format_to(std::back_inserter(result), "{}:{} {}", at.line, at.codePointColumn,
                   names.getSymbolicName(lexeme.type));
    if (lexeme.type != T::NL && !spelling.empty())
      fmt::format_to(std::back_inserter(result), " {}", spelling);
    result += '\n';
  }
  return result;
}

} // namespace qdo::syntax
