// SPDX-License-Identifier: Apache-2.0
// The kinds of token, as tables over token types.
#include "compiler/syntax/words.h"

#include <bitset>
#include <initializer_list>

namespace qdo::syntax {

namespace {

using Set = std::bitset<128>;
static_assert(T::F_BAD < 128);

Set setOf(std::initializer_list<size_t> types) {
  Set set;
  for (size_t type : types)
    set.set(type);
  return set;
}
bool has(const Set &set, size_t type) { return type < set.size() && set[type]; }

} // namespace

bool cannotEndStatement(size_t type) {
  static const Set set =
      setOf({T::COMMA,  T::PLUS,    T::MINUS,  T::STAR,   T::SLASH, T::CARET, T::ASSIGN,
             T::PLUSEQ, T::MINUSEQ, T::STAREQ, T::EQ,     T::NE,    T::LE,    T::GE,
             T::LT,     T::DOTDOT,  T::DOT,    T::COLON,  T::ARROW, T::AND,   T::OR,
             T::NOT,    T::MOD,     T::THEN,   T::TENSOR, T::IN,    T::ADJ,   T::ELSE});
  return has(set, type);
}

bool cannotStartStatement(size_t type) {
  static const Set set =
      setOf({T::THEN,   T::TENSOR, T::AND,    T::OR,   T::MOD,    T::ELSE,  T::IN,   T::DOT,
             T::DOTDOT, T::RPAREN, T::RBRACK, T::STAR, T::SLASH,  T::CARET, T::PLUS, T::EQ,
             T::NE,     T::LE,     T::GE,     T::GT,   T::ASSIGN, T::COMMA, T::ARROW});
  return has(set, type);
}

bool isDeclaringWord(size_t type) { return type >= T::TEST && type <= T::SAVE; }
bool isAnyWord(size_t type) { return type >= T::USE && type <= T::ID; }
bool isReservedWord(size_t type) { return type >= T::USE && type <= T::FALSE; }

bool startsOnlyStatements(size_t type) {
  static const Set set =
      setOf({T::USE, T::PARAM, T::LET, T::VAR, T::FN, T::RETURN, T::WHILE, T::REPEAT, T::BREAK,
             T::CONTINUE, T::WITH, T::ASSERT, T::PRINT, T::DISCARD});
  return has(set, type);
}

bool startsBlock(size_t type) {
  static const Set set =
      setOf({T::FN, T::IF, T::ELSE, T::WHILE, T::FOR, T::REPEAT, T::WITH, T::TEST, T::DATASET,
             T::POLICY, T::NOISE, T::SELECT, T::OBSERVE, T::ENCODING, T::CIRCUIT});
  return has(set, type);
}

const std::vector<std::string_view> &statementWords() {
  static const std::vector<std::string_view> words{
      "use",    "param",   "let",      "var",     "fn",       "return",     "if",
      "while",  "for",     "repeat",   "break",   "continue", "with",       "assert",
      "print",  "prepare", "measure",  "discard", "estimate", "test",       "dataset",
      "policy", "kernel",  "encoding", "circuit", "unitary",  "observable", "phantom",
      "select", "noise",   "device",   "observe", "save"};
  return words;
}

const std::vector<std::string_view> &meaningfulWords() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> all = statementWords();
    for (std::string_view word :
         {"else", "in",     "then", "tensor", "adj",   "ctrl", "and",    "or",
          "not",  "mod",    "on",   "at",     "as",    "from", "to",     "step",
          "via",  "within", "when", "shots",  "split", "by",   "scaled", "subject"})
      all.push_back(word);
    return all;
  }();
  return words;
}

} // namespace qdo::syntax
