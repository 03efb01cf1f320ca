// SPDX-License-Identifier: Apache-2.0
// The newline rule, separators before closing braces, and declaring words.
// Why: the rule needs what stands on both sides of a newline and which bracket it is in; with it
// settled here, the grammar knows one kind of line. A declaring word (`kernel`) is a name unless a
// statement starts with it, which is decided by the word after it and not by the parser's
// lookahead.
#include "compiler/syntax/token_passes.h"
#include "compiler/syntax/words.h"

namespace qdo::syntax {

namespace {

class LayoutPass {
public:
  explicit LayoutPass(TokenText &tokens) : tokens(tokens) {}

  void run() {
    out.reserve(tokens.lexemes.size() + 16);
    for (size_t i = 0; i < tokens.lexemes.size(); ++i)
      step(i);
    separate(static_cast<uint32_t>(tokens.text.size()));
    tokens.lexemes = std::move(out);
  }

private:
  enum class Inside : uint8_t { Brackets, Block };
  TokenText &tokens;
  std::vector<Lexeme> out;
  std::vector<Inside> nest;

  [[nodiscard]] bool inBrackets() const { return !nest.empty() && nest.back() == Inside::Brackets; }
  [[nodiscard]] size_t last() const { return out.empty() ? EndOfFile : out.back().type; }
  [[nodiscard]] bool atStart() const {
    return out.empty() || last() == T::NL || last() == T::SEMI ||
           (last() == T::LBRACE && !inBrackets());
  }

  /// Ends a statement that has no separator of its own: before `}` and at the end of the file.
  void separate(uint32_t offset) {
    if (!atStart())
      out.push_back({T::NL, offset, offset});
  }

  void step(size_t i) {
    Lexeme lexeme = tokens.lexemes[i];
    switch (lexeme.type) {
    case T::NL:
      if (endsStatement(i))
        out.push_back(lexeme);
      return;
    case T::LPAREN:
    case T::LBRACK:
    case T::S_OPEN:
      nest.push_back(Inside::Brackets);
      break;
    case T::LBRACE: // `use a.{b, c}` is a list, every other brace a block
      nest.push_back(last() == T::DOT ? Inside::Brackets : Inside::Block);
      break;
    case T::RBRACE:
      if (!inBrackets())
        separate(out.empty() ? lexeme.begin : out.back().end);
      [[fallthrough]];
    case T::RPAREN:
    case T::RBRACK:
    case T::INTERP_CLOSE:
      if (!nest.empty())
        nest.pop_back();
      break;
    default:
      if (isDeclaringWord(lexeme.type) && !declares(i))
        lexeme.type = T::ID;
    }
    out.push_back(lexeme);
  }

  [[nodiscard]] bool endsStatement(size_t i) const {
    if (inBrackets() || atStart())
      return false;
    size_t next = i + 1;
    while (tokens.typeAt(next) == T::NL)
      ++next;
    size_t type = tokens.typeAt(next);
    // `let x =` before a line that can only be a statement of its own: the statement survives.
    bool declaresNext = isDeclaringWord(type) && isAnyWord(tokens.typeAt(next + 1));
    if (startsOnlyStatements(type) || type == T::FOR || declaresNext)
      return true;
    if (type == T::ELSE && last() != T::RBRACE)
      return true; // it has no `if`, which is a mistake of its own line
    return !cannotEndStatement(last()) && !cannotStartStatement(type);
  }

  [[nodiscard]] bool declares(size_t i) const {
    if (!atStart())
      return false;
    size_t next = tokens.typeAt(i + 1);
    switch (next) {
    case T::LBRACE:
    case T::QUOTE:
      return true;
    case T::THEN:
    case T::TENSOR:
    case T::AND:
    case T::OR:
    case T::MOD:
    case T::IN:
      return false;
    default:
      break;
    }
    if (tokens.typeAt(i) == T::SAVE)
      return savesAs(i + 1);
    return isAnyWord(next);
  }

  /// `save (a) as "x"` is the statement, `save(a)` a call.
  [[nodiscard]] bool savesAs(size_t i) const {
    if (isAnyWord(tokens.typeAt(i)))
      return true;
    int depth = 0;
    for (;; ++i) {
      switch (tokens.typeAt(i)) {
      case T::LPAREN:
      case T::LBRACK:
      case T::LBRACE:
        ++depth;
        break;
      case T::RPAREN:
      case T::RBRACK:
      case T::RBRACE:
        --depth;
        break;
      case T::AS:
        if (depth == 0)
          return true;
        break;
      case T::NL:
      case T::SEMI:
        if (depth == 0)
          return false;
        break;
      case EndOfFile:
        return false;
      default:
        break;
      }
      if (depth < 0)
        return false;
    }
  }
};

} // namespace

void layOut(TokenText &tokens) { LayoutPass(tokens).run(); }

} // namespace qdo::syntax
