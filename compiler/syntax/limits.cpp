// SPDX-License-Identifier: Apache-2.0
// Limits on nesting and on operators, by one linear scan before anything recursive runs.
// Why: the parser and every walk over the tree recurse; ten thousand parentheses must be one
// located error, and a sum of fifty thousand terms must not overflow the stack of a later phase.
#include "compiler/syntax/token_passes.h"

#include <algorithm>

namespace qdo::syntax {

namespace {

/// What is open at one bracket level since the last separator.
struct Level {
  unsigned outer = 0;     ///< nesting around this bracket
  unsigned prefixes = 0;  ///< a run of `-`, `not`, `adj`, `^`: ended by the next binary operator
  unsigned rights = 0;    ///< `->`, `if` (also of `else if`): ended by the next separator
  unsigned operators = 0; ///< left-nested since the last separator
  unsigned deepest = 0;   ///< tree depth below any operand since the last separator
  unsigned finished = 0;  ///< tree depth of what the separators have ended

  [[nodiscard]] unsigned nesting() const { return outer + prefixes + rights; }
  [[nodiscard]] unsigned depth() const { return operators + prefixes + rights + deepest; }
  [[nodiscard]] unsigned whole() const { return std::max(finished, depth()); }
};

enum class Role : uint8_t { Other, Opener, Closer, Separator, Prefix, Binary, Right, Operand };

Role roleOf(size_t type, bool afterOperand) {
  switch (type) {
  case T::LPAREN:
  case T::LBRACK:
  case T::LBRACE:
  case T::S_OPEN:
    return Role::Opener;
  case T::RPAREN:
  case T::RBRACK:
  case T::RBRACE:
  case T::INTERP_CLOSE:
    return Role::Closer;
  case T::NL:
  case T::SEMI:
  case T::COMMA:
    return Role::Separator;
  case T::MINUS:
    return afterOperand ? Role::Binary : Role::Prefix;
  case T::NOT:
  case T::ADJ:
  case T::CTRL:
  case T::PREPARE:
  case T::MEASURE:
  case T::CARET:
    return Role::Prefix;
  case T::ARROW:
  case T::IF:
    return Role::Right;
  case T::PLUS:
  case T::STAR:
  case T::SLASH:
  case T::MOD:
  case T::AND:
  case T::OR:
  case T::THEN:
  case T::TENSOR:
  case T::DOTDOT:
  case T::TO:
  case T::DOT:
    return Role::Binary;
  case T::LT:
    return afterOperand ? Role::Binary : Role::Prefix; // a comparison, or a bra that opens
  case T::GT:
  case T::BAR:
    return Role::Other;
  default:
    return Role::Operand;
  }
}

} // namespace

bool withinLimits(TokenText &tokens) {
  std::vector<Level> levels(1);
  bool afterOperand = false;
  for (const Lexeme &lexeme : tokens.lexemes) {
    Level &level = levels.back();
    Role role = roleOf(lexeme.type, afterOperand);
    switch (role) {
    case Role::Opener: {
      // `f(1)(2)(3)` and `a[0][1]` nest to the left like operators.
      level.operators += afterOperand ? 1 : 0;
      levels.push_back({.outer = level.nesting() + 1});
      break;
    }
    case Role::Closer:
      if (levels.size() > 1) {
        unsigned depth = level.whole() + 1;
        levels.pop_back();
        levels.back().deepest = std::max(levels.back().deepest, depth);
      }
      break;
    case Role::Separator:
      level = {.outer = level.outer, .finished = level.whole()};
      break;
    case Role::Prefix:
      ++level.prefixes;
      break;
    case Role::Right:
      ++level.rights;
      break;
    case Role::Binary:
      ++level.operators;
      level.prefixes = 0;
      break;
    default:
      break;
    }
    afterOperand = role == Role::Closer || role == Role::Operand || lexeme.type == T::GT;
    const Level &now = levels.back();
    if (now.nesting() > MaxNesting) {
      tokens.mistakes.forgetFrom(0);
      tokens.mistakes
          .report(diag::Kind::NestedTooDeeply, tokens.spanOf(lexeme), std::to_string(MaxNesting))
          .help("give a part a name with `let`");
      return false;
    }
    if (now.depth() > MaxOperators) { // of the part that is open; what is finished passed already
      tokens.mistakes.forgetFrom(0);
      tokens.mistakes
          .report(diag::Kind::ExpressionTooLong, tokens.spanOf(lexeme),
                  std::to_string(MaxOperators))
          .help("give a part a name with `let`, or write `sum([...])`");
      return false;
    }
  }
  return true;
}

} // namespace qdo::syntax
