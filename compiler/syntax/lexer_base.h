// SPDX-License-Identifier: Apache-2.0
// What the generated lexer must remember between tokens: open brackets, so that `}` and `:` are
// known to belong to a string interpolation or not. In: calls from actions in grammar/QdoLexer.g4.
// Why: a string ends on its line; a newline inside one resets everything, so one slip spoils one
// line only. Must not: decide about newlines, report anything, or know token numbers.
#pragma once

#include "antlr4-runtime.h"

#include <algorithm>
#include <vector>

namespace qdo::syntax {

class LexerBase : public antlr4::Lexer {
public:
  explicit LexerBase(antlr4::CharStream *input) : antlr4::Lexer(input) {}

  void reset() override {
    shrink(0);
    antlr4::Lexer::reset();
  }

protected:
  void open(char bracket) { openings.push_back(bracket); }

  /// Closes `bracket` and whatever was left open inside it, but never beyond a brace or an
  /// interpolation.
  void close(char bracket) {
    for (size_t i = openings.size(); i > 0 && openings[i - 1] != '{' && openings[i - 1] != '$';
         --i) {
      if (openings[i - 1] == bracket) {
        shrink(i - 1);
        return;
      }
    }
  }

  /// Closes the innermost brace of either kind; true if it was that of an interpolation.
  bool closesInterpolation() {
    while (!openings.empty()) {
      char opening = openings.back();
      shrink(openings.size() - 1);
      if (opening == '{' || opening == '$')
        return opening == '$';
    }
    return false;
  }

  void openInterpolation() { openings.push_back('$'); }
  [[nodiscard]] bool inInterpolation() const { return !openings.empty() && openings.back() == '$'; }

  /// Leaves every string and interpolation that the line opened.
  void endLine() {
    for (size_t i = ofEarlierLines; i < openings.size(); ++i)
      if (openings[i] == '$')
        openings.resize(i);
    ofEarlierLines = openings.size();
    while (!modeStack.empty())
      popMode();
  }

private:
  void shrink(size_t size) {
    openings.resize(size);
    ofEarlierLines = std::min(ofEarlierLines, size);
  }
  std::vector<char> openings;
  size_t ofEarlierLines = 0; ///< so many of them, none an interpolation
};

} // namespace qdo::syntax
