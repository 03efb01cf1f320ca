// SPDX-License-Identifier: Apache-2.0
// The generated parser with a listener on it.
#include "grammar_access.h"

#include "compiler/syntax/recovery.h"
#include "compiler/syntax/token_passes.h"
#include "grammar/QdoParser.h"

#include <fmt/format.h>

namespace qdo::syntax::test {

namespace {

/// Counts what ANTLR would have to think twice about.
class Doubts : public antlr4::BaseErrorListener {
public:
  std::string found;
  void reportAmbiguity(antlr4::Parser *parser, const antlr4::dfa::DFA &dfa, size_t start, size_t,
                       bool, const antlrcpp::BitSet &, antlr4::atn::ATNConfigSet *) override {
    add("ambiguous", parser, dfa, start);
  }
  void reportAttemptingFullContext(antlr4::Parser *parser, const antlr4::dfa::DFA &dfa,
                                   size_t start, size_t, const antlrcpp::BitSet &,
                                   antlr4::atn::ATNConfigSet *) override {
    add("full context", parser, dfa, start);
  }

private:
  void add(const char *what, antlr4::Parser *parser, const antlr4::dfa::DFA &dfa, size_t start) {
    found += fmt::format("{} in {} at token {}\n", what,
                         parser->getRuleNames()[dfa.atnStartState->ruleIndex], start);
  }
};

} // namespace

std::string grammarDoubts(std::string_view text) {
  Mistakes mistakes(base::FileId{});
  std::optional<Scanned> scanned = prepareTokens(text, mistakes);
  if (!scanned)
    return "not parsed";
  TokenStream tokens(scanned->lexemes, static_cast<uint32_t>(text.size()));
  grammar::QdoParser parser(&tokens);
  Doubts doubts;
  parser.removeErrorListeners();
  parser.addErrorListener(&doubts);
  parser.setErrorHandler(std::make_shared<Recovery>(tokens, text, mistakes));
  parser.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(
      antlr4::atn::PredictionMode::LL_EXACT_AMBIG_DETECTION);
  parser.program();
  return mistakes.size() > 0 ? "mistakes" : doubts.found;
}

std::vector<std::pair<uint32_t, uint32_t>> tokenBytes(std::string_view text) {
  std::vector<std::pair<uint32_t, uint32_t>> result;
  for (const Lexeme &lexeme : scan(text).lexemes)
    result.emplace_back(lexeme.begin, lexeme.end);
  return result;
}

} // namespace qdo::syntax::test
