// SPDX-License-Identifier: Apache-2.0
// Which bracket closes which, also where they do not balance.
// Why one rule for every doubt: a closer that does not fit is one too many if the innermost opening
// is closed right after it on the line; else what it skips was never closed.
#include "compiler/syntax/pairing.h"

namespace qdo::syntax {

size_t closerOf(size_t opener) {
  switch (opener) {
  case T::LPAREN:
    return T::RPAREN;
  case T::LBRACK:
    return T::RBRACK;
  case T::LBRACE:
    return T::RBRACE;
  default:
    return T::INTERP_CLOSE;
  }
}
bool isOpener(size_t type) {
  return type == T::LPAREN || type == T::LBRACK || type == T::LBRACE || type == T::S_OPEN;
}
bool isCloser(size_t type) {
  return type == T::RPAREN || type == T::RBRACK || type == T::RBRACE || type == T::INTERP_CLOSE;
}

namespace {

/// Finds the opener for each closer, with one rule for every doubt: what does the rest of the line
/// close?
class Pairer {
public:
  explicit Pairer(const std::vector<Lexeme> &lexemes) : lexemes(lexemes) {
    result.partner.assign(lexemes.size(), NoPartner);
  }

  Pairing run() {
    for (size_t i = 0; i < lexemes.size(); ++i) {
      if (lexemes[i].type == T::NL)
        ++line;
      else if (isOpener(lexemes[i].type))
        open.push_back({i, line});
      else if (isCloser(lexemes[i].type))
        close(i);
    }
    leave(0);
    return std::move(result);
  }

private:
  struct Opening {
    size_t index;
    size_t line;
  };
  const std::vector<Lexeme> &lexemes;
  Pairing result;
  std::vector<Opening> open;
  size_t line = 0;

  [[nodiscard]] size_t typeOf(size_t depth) const { return lexemes[open[depth].index].type; }

  void close(size_t i) {
    size_t found = opener(i);
    if (found == NoPartner) {
      if (lexemes[i].type == T::RBRACE)
        result.strayBraces.push_back(i);
      return;
    }
    result.partner[i] = open[found].index;
    result.partner[open[found].index] = i;
    if (lexemes[i].type == T::INTERP_CLOSE)
      open.resize(found + 1); // a brace left open in a string is no matter of indentation
    leave(found + 1);
    open.resize(found);
  }

  /// Depth of the opening that lexeme `i` closes.
  size_t opener(size_t i) {
    size_t type = lexemes[i].type;
    if (open.empty())
      return NoPartner;
    size_t top = open.size() - 1;
    if (closerOf(typeOf(top)) == type)
      return top;
    if (type != T::INTERP_CLOSE && typeOf(top) != T::S_OPEN &&
        nextCloser(i) == closerOf(typeOf(top)))
      return NoPartner; // one too many: the innermost is closed right after it
    for (size_t k = open.size(); k-- > 0;) {
      if (closerOf(typeOf(k)) == type)
        return k;
      bool oneLineBlock = open[k].line == line;
      if (typeOf(k) == T::S_OPEN ||
          (typeOf(k) == T::LBRACE && type != T::RBRACE && type != T::INTERP_CLOSE && !oneLineBlock))
        break;
    }
    bool roundOrSquare = type == T::RPAREN || type == T::RBRACK;
    if (roundOrSquare && (typeOf(top) == T::LPAREN || typeOf(top) == T::LBRACK))
      return top; // the wrong kind of closer
    return NoPartner;
  }

  /// The next closer on the line whose opener is not on the rest of the line.
  [[nodiscard]] size_t nextCloser(size_t i) const {
    constexpr size_t farEnough = 256;
    size_t depth = 0;
    for (size_t k = i + 1; k < lexemes.size() && k < i + farEnough && lexemes[k].type != T::NL;
         ++k) {
      if (isOpener(lexemes[k].type))
        ++depth;
      else if (isCloser(lexemes[k].type) && depth-- == 0)
        return lexemes[k].type;
    }
    return EndOfFile;
  }

  /// What is deeper than `depth` is never closed.
  void leave(size_t depth) {
    for (size_t k = depth; k < open.size(); ++k)
      if (typeOf(k) == T::LBRACE)
        result.openBraces.push_back(open[k].index);
  }
};

} // namespace

Pairing pairBrackets(const std::vector<Lexeme> &lexemes) { return Pairer(lexemes).run(); }

} // namespace qdo::syntax
