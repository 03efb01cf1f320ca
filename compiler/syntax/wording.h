// SPDX-License-Identifier: Apache-2.0
// What a syntax error says: what was seen, what could have stood there in people's words, the way
// out. In: ANTLR's exception and the line it happened in. Out: at most one mistake. Must not: name
// a token or a rule as the grammar does.
#pragma once

#include "compiler/syntax/mistakes.h"
#include "compiler/syntax/token_stream.h"

#include <string>
#include <string_view>

namespace qdo::syntax {

class Wording {
public:
  Wording(const TokenStream &tokens, std::string_view text, Mistakes &mistakes)
      : tokens(tokens), text(text), mistakes(mistakes) {}

  /// A mistake within the line from token `start` to its separator `end`.
  void report(antlr4::Parser &parser, antlr4::RecognitionException &error, size_t start,
              size_t end);
  /// A line that starts with what can start none.
  void reportStart(antlr4::Parser &parser, size_t start, size_t end);

private:
  const TokenStream &tokens;
  std::string_view text;
  Mistakes &mistakes;

  /// What is wrong, before it is put into words.
  struct Situation {
    size_t at;                                 ///< index of the token that does not fit
    size_t start;                              ///< first token of the line
    size_t end;                                ///< its separator
    size_t rule;                               ///< innermost rule
    const antlr4::misc::IntervalSet *expected; ///< null when not known
    antlr4::ParserRuleContext *context;
    [[nodiscard]] bool expects(size_t type) const { return expected && expected->contains(type); }
  };

  [[nodiscard]] std::string_view textOf(size_t index) const;
  [[nodiscard]] base::Span spanOf(size_t index) const;
  [[nodiscard]] size_t typeAt(size_t index) const { return tokens.at(index).getType(); }
  [[nodiscard]] std::string describe(size_t index) const;
  [[nodiscard]] std::string describeExpected(const Situation &situation) const;
  static std::vector<std::string_view> expectedWords(const Situation &situation);
  static bool parentRuleIs(antlr4::ParserRuleContext *context, size_t rule);
  bool silenced(const Situation &situation);
  bool reportForeign(const Situation &situation);
  bool reportMisspelling(const Situation &situation);
  void addOpening(const Situation &situation, Mistake &mistake) const;
  void addHints(const Situation &situation, Mistake &mistake) const;
};

} // namespace qdo::syntax
