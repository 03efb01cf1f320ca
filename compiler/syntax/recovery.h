// SPDX-License-Identifier: Apache-2.0
// How parsing goes on after a mistake: it starts again at the next line of the block the mistake is
// in. In: ANTLR's calls. Out: one mistake a line, worded by wording.h. Why: ANTLR's own recovery
// guesses tokens in and out, eats newlines and reports the consequences. Must not: consume a
// separator or brace that belongs to an enclosing block.
#pragma once

#include "compiler/syntax/mistakes.h"
#include "compiler/syntax/token_stream.h"
#include "compiler/syntax/wording.h"

namespace qdo::syntax {

class Recovery final : public antlr4::ANTLRErrorStrategy {
public:
  Recovery(TokenStream &tokens, std::string_view text, Mistakes &mistakes)
      : tokens(tokens), text(text), wording(tokens, text, mistakes) {}

  void reset(antlr4::Parser *) override {}
  antlr4::Token *recoverInline(antlr4::Parser *parser) override;
  void recover(antlr4::Parser *parser, std::exception_ptr error) override;
  void sync(antlr4::Parser *parser) override;
  bool inErrorRecoveryMode(antlr4::Parser *) override { return false; }
  void reportMatch(antlr4::Parser *) override {}
  void reportError(antlr4::Parser *, const antlr4::RecognitionException &) override {}

  /// The first token and the separator of a line that was left broken, reported or not.
  struct Line {
    size_t start, end;
  };
  [[nodiscard]] const std::vector<Line> &brokenLines() const { return broken; }
  void forget() { broken.clear(); }

private:
  std::vector<Line> broken;
  TokenStream &tokens;
  std::string_view text;
  Wording wording;

  [[nodiscard]] size_t endOfLine(size_t start) const;
  [[nodiscard]] size_t endOfIndented(size_t start, size_t end) const;
  [[nodiscard]] uint32_t indent(size_t index) const;
  void goOnAfter(size_t start, size_t end);
};

} // namespace qdo::syntax
