// SPDX-License-Identifier: Apache-2.0
// Putting syntax errors into words.
#include "compiler/syntax/wording.h"

#include "compiler/syntax/habits.h"
#include "compiler/syntax/words.h"
#include "grammar/QdoParser.h"

#include <algorithm>
#include <array>

namespace qdo::syntax {

using P = grammar::QdoParser;

namespace {

struct Mark {
  size_t type;
  std::string_view shown;
};
/// What an expected token is called, in the order of mention.
constexpr std::array marks{
    Mark{T::COMMA, "`,`"},
    Mark{T::RPAREN, "`)`"},
    Mark{T::RBRACK, "`]`"},
    Mark{T::RBRACE, "`}`"},
    Mark{T::LPAREN, "`(`"},
    Mark{T::LBRACK, "`[`"},
    Mark{T::ASSIGN, "`=`"},
    Mark{T::LBRACE, "`{`"},
    Mark{T::COLON, "`:`"},
    Mark{T::GT, "`>`"},
    Mark{T::LT, "`<`"},
    Mark{T::BAR, "`|`"},
    Mark{T::ARROW, "`->`"},
    Mark{T::IN, "`in`"},
    Mark{T::AS, "`as`"},
    Mark{T::ON, "`on`"},
    Mark{T::FROM, "`from`"},
    Mark{T::TO, "`to`"},
    Mark{T::VIA, "`via`"},
    Mark{T::BY, "`by`"},
    Mark{T::PERCENT, "a percentage"},
    Mark{T::QUOTE, "a string"},
    Mark{T::INTERP_CLOSE, "`}`"},
    Mark{T::NL, "the end of the statement"},
};

bool isOperator(size_t type) {
  return cannotEndStatement(type) || type == T::LPAREN || type == T::LBRACK || type == T::S_OPEN ||
         type == T::PREPARE || type == T::MEASURE || type == T::CTRL;
}

/// What may follow a misspelt word that was meant to be a keyword.
bool startsOperand(size_t type) {
  return isAnyWord(type) || type == T::QUOTE || type == T::INT || type == T::REAL ||
         type == T::SUFFIXED || type == T::PERCENT || type == T::LT || type == T::LBRACE;
}

} // namespace

void Wording::report(antlr4::Parser &parser, antlr4::RecognitionException &error, size_t start,
                     size_t end) {
  auto *context = dynamic_cast<antlr4::ParserRuleContext *>(error.getCtx());
  size_t at = error.getOffendingToken()->getTokenIndex();
  antlr4::misc::IntervalSet expected;
  if (context && error.getOffendingState() != antlr4::atn::ATNState::INVALID_STATE_NUMBER)
    expected = error.getExpectedTokens();
  Situation situation{at,        start,  end, context ? context->getRuleIndex() : P::RuleLine,
                      &expected, context};
  // After a look ahead of several tokens, what was expected at its first says nothing about its
  // last.
  if (auto *choice = dynamic_cast<antlr4::NoViableAltException *>(&error))
    if (choice->getStartToken() != error.getOffendingToken())
      situation.expected = nullptr;
  // A missing `{` leaves a `}` over: on this line, or further down if the block was to follow.
  uint32_t last = situation.expects(T::LBRACE) ? tokens.last().end : tokens.at(end).begin;
  mistakes.forgiveCloser(tokens.at(start).begin, last);
  if (silenced(situation) || reportForeign(situation) || reportMisspelling(situation))
    return;
  std::string wanted = describeExpected(situation);
  Mistake &mistake =
      wanted.empty()
          ? mistakes.report(diag::Kind::SyntaxUnexpected, spanOf(at), describe(at))
          : mistakes.report(diag::Kind::SyntaxExpected, spanOf(at), wanted, describe(at));
  addOpening(situation, mistake);
  addHints(situation, mistake);
}

void Wording::reportStart(antlr4::Parser &parser, size_t start, size_t end) {
  Situation situation{start, start, end, P::RuleLine, nullptr, parser.getContext()};
  if (silenced(situation))
    return;
  Mistake &mistake = mistakes.report(diag::Kind::SyntaxUnexpected, spanOf(start), describe(start));
  size_t rule = parser.getContext()->getRuleIndex();
  if (rule == P::RuleClauses)
    mistake.help("a clause is a word and its value, such as `budget 1000 shots`");
  else if (rule == P::RuleDsBody)
    mistake.help("a data set holds `name: columns` and `split train 60%, test 40%`");
  else if (typeAt(start) == T::ELSE)
    mistake.help("`else` follows the `}` of an `if`");
  else
    mistake.label("no statement starts with this");
}

std::string_view Wording::textOf(size_t index) const {
  const Token &token = tokens.at(index);
  return text.substr(token.begin, token.end - token.begin);
}

base::Span Wording::spanOf(size_t index) const {
  const Token &token = tokens.at(index);
  if (token.getType() == T::NL)
    return mistakes.span(token.begin, token.begin);
  return mistakes.span(token.begin, token.end);
}

std::string Wording::describe(size_t index) const {
  const Token &token = tokens.at(index);
  switch (token.getType()) {
  case EndOfFile:
    return "the end of the file";
  case T::NL:
    if (token.begin != token.end)
      return "the end of the line";
    // A separator that was put in before a brace or the end of the file.
    return describe(index + 1);
  case T::QUOTE:
    return "a string";
  case T::S_CLOSE:
    return "the end of the string";
  default:
    break;
  }
  if (token.begin == token.end)
    return "the end of the line";
  return "`" + std::string(textOf(index)) + "`";
}

std::string Wording::describeExpected(const Situation &situation) const {
  size_t before = situation.at > 0 ? typeAt(situation.at - 1) : T::NL;
  if (!situation.expected)
    return isOperator(before) || before == T::COMMA ? "an expression" : "";
  std::vector<std::string> wanted;
  bool names = situation.expects(T::ID);
  if (situation.expects(T::INT)) {
    wanted.emplace_back("an expression");
  } else if (names && situation.expects(T::ESTIMATE) && situation.expects(T::LPAREN)) {
    wanted.emplace_back("a type");
  } else {
    if (names)
      wanted.emplace_back("a name");
    for (const Mark &mark : marks) {
      if (situation.expects(mark.type) && !(names && isAnyWord(mark.type)))
        wanted.emplace_back(mark.shown);
    }
  }
  // The comma that could have gone on is behind the parser when it wants the closing bracket.
  bool closes = situation.expects(T::RPAREN) || situation.expects(T::RBRACK);
  if (closes && wanted.size() == 1 && !isOperator(before) && before != T::COMMA)
    wanted.insert(wanted.begin(), "`,`");
  if (wanted.size() > 4)
    return "";
  std::string result;
  for (size_t i = 0; i < wanted.size(); ++i)
    result += (i == 0 ? "" : i + 1 == wanted.size() ? " or " : ", ") + wanted[i];
  return result;
}

/// A token pass has explained this line already.
bool Wording::silenced(const Situation &situation) {
  Mistake *known =
      mistakes.within(tokens.at(situation.start).begin, tokens.at(situation.end).begin);
  if (known && known->kind == diag::Kind::UnclosedBracket && known->places.size() == 1 &&
      tokens.at(situation.at).begin > known->span.begin)
    known->places[0].span =
        spanOf(situation.at); // the parser knows better where it should have closed
  return known != nullptr;
}

/// `class A { }`, `int x = 3`, `let mut x = 1`, `lambda x: x + 1`.
bool Wording::reportForeign(const Situation &situation) {
  const auto report = [&](size_t index, std::string own, std::string_view help) {
    std::string word(textOf(index));
    Mistake &mistake =
        own.empty() ? mistakes.report(diag::Kind::UnknownWord, spanOf(index), word)
                    : mistakes.report(diag::Kind::ForeignWord, spanOf(index), word, std::move(own));
    mistake.help(std::string(help));
    return true;
  };
  if (situation.at == situation.start)
    return false;
  if (typeAt(situation.start) == T::LET && textOf(situation.start + 1) == "mut")
    return report(situation.start + 1, "var", "a variable that changes: `var x = 1`, then `x = 2`");
  for (size_t i = situation.start; i < situation.at; ++i)
    if (typeAt(i) == T::ID && textOf(i) == "lambda")
      return report(i, "->", "a function without a name: `x -> x + 1`");
  if (typeAt(situation.start) != T::ID || typeAt(situation.start + 1) == T::ASSIGN)
    return false;
  const StatementHabit *habit = statementHabit(textOf(situation.start));
  return habit && report(situation.start, std::string(habit->own), habit->help);
}

/// `prnt "x"`, `lett y = 1`, `let m = mesure q`: the word beside the mistake is nearly a keyword.
bool Wording::reportMisspelling(const Situation &situation) {
  auto tryWord = [&](size_t index, const std::vector<std::string_view> &words) {
    std::string_view word = textOf(index);
    if (typeAt(index) != T::ID || word.size() < 3 || word == "int")
      return false;
    std::optional<std::string_view> near = base::nearestWord(word, words);
    if (!near || near->size() < 2)
      return false;
    std::string own(*near);
    mistakes.report(diag::Kind::UnknownWord, spanOf(index), std::string(word))
        .help("did you mean `" + own + "`?")
        .edit(spanOf(index), own, "write `" + own + "`");
    return true;
  };
  bool clause = situation.context && typeAt(situation.start) == T::ID &&
                parentRuleIs(situation.context, P::RuleClauses);
  if (!clause && situation.at > situation.start && startsOperand(typeAt(situation.start + 1)) &&
      tryWord(situation.start, statementWords()))
    return true;
  if (situation.at > situation.start + 1 && startsOperand(typeAt(situation.at)) &&
      typeAt(situation.at) != T::LBRACE && tryWord(situation.at - 1, meaningfulWords()))
    return true;
  return situation.at > situation.start && startsOperand(typeAt(situation.at + 1)) &&
         tryWord(situation.at, expectedWords(situation));
}

/// Words that could stand where the mistake is.
std::vector<std::string_view> Wording::expectedWords(const Situation &situation) {
  std::vector<std::string_view> words;
  if (situation.expects(T::ID))
    return words;
  if (situation.expects(T::NL)) // an operator could have gone on
    words = {"then", "tensor", "and", "or",   "mod",   "in", "to",
             "step", "within", "at",  "else", "shots", "on"};
  constexpr std::array own{Mark{T::IN, "in"},          Mark{T::AS, "as"},   Mark{T::ON, "on"},
                           Mark{T::FROM, "from"},      Mark{T::VIA, "via"}, Mark{T::TO, "to"},
                           Mark{T::SUBJECT, "subject"}};
  for (const Mark &mark : own)
    if (situation.expects(mark.type))
      words.push_back(mark.shown);
  return words;
}

bool Wording::parentRuleIs(antlr4::ParserRuleContext *context, size_t rule) {
  for (antlr4::tree::ParseTree *node = context; node; node = node->parent)
    if (auto *inner = dynamic_cast<antlr4::ParserRuleContext *>(node)) {
      if (inner->getRuleIndex() == rule)
        return true;
      if (inner->getRuleIndex() == P::RuleLine)
        return false;
    }
  return false;
}

/// Shows the bracket that the expected one would close.
void Wording::addOpening(const Situation &situation, Mistake &mistake) const {
  size_t opener = situation.expects(T::RPAREN)   ? T::LPAREN
                  : situation.expects(T::RBRACK) ? T::LBRACK
                  : situation.expects(T::GT)     ? T::LT
                                                 : EndOfFile;
  if (opener == EndOfFile || !situation.context)
    return;
  for (antlr4::tree::ParseTree *child : situation.context->children) {
    auto *leaf = dynamic_cast<antlr4::tree::TerminalNode *>(child);
    if (!leaf || leaf->getSymbol()->getType() != opener)
      continue;
    mistake.place(spanOf(leaf->getSymbol()->getTokenIndex()), "opened here");
    return;
  }
}

void Wording::addHints(const Situation &situation, Mistake &mistake) const {
  size_t found = typeAt(situation.at);
  size_t before = situation.at > 0 ? typeAt(situation.at - 1) : T::NL;
  size_t first = typeAt(situation.start);
  base::Span span = spanOf(situation.at);
  bool block = situation.expects(T::LBRACE);
  bool ended = situation.expects(T::NL);
  switch (found) {
  case T::ASSIGN:
    if (parentRuleIs(situation.context, P::RuleClauses))
      mistake.help("a clause is a word and its value, such as `budget 1000 shots`");
    else if (block || first == T::ASSERT || first == T::PRINT || situation.expects(T::RPAREN))
      mistake.help("a comparison is written `==`").edit(span, "==", "compare with `==`");
    return;
  case T::EQ:
    if (situation.expects(T::ASSIGN))
      mistake.help("a value is given with `=`").edit(span, "=", "write `=`");
    return;
  case T::QUEST:
    mistake.help("a choice is written `if c { a } else { b }`");
    return;
  case T::IF:
    if (ended)
      mistake.help("a choice is written `if c { a } else { b }`");
    return;
  case T::QUOTE:
    if (before == T::ID && tokens.at(situation.at - 1).end == tokens.at(situation.at).begin)
      mistake.help("every string may hold `{values}`: leave out the letter before it")
          .edit(spanOf(situation.at - 1), "", "leave it out");
    return;
  case T::COMMA:
    if (ended && (first == T::LET || first == T::VAR))
      mistake.help("one binding each: start the next one with its own `let`");
    return;
  case T::COLON:
    if (block || ended)
      mistake.help("a block stands in braces: `{ ... }`");
    else if (situation.expects(T::RBRACK))
      mistake.help("a slice is written with `..`: `x[0..2]`").edit(span, "..", "write `..`");
    return;
  case T::LT:
  case T::GT:
  case T::LE:
  case T::GE:
  case T::NE:
    if (ended || block)
      mistake.help("comparisons do not chain: write `a < b and b < c`");
    return;
  default:
    break;
  }
  if (situation.rule == P::RuleAbsOverlap && before == T::BAR) {
    mistake.help("an absolute value is written `abs(x)`; `|<p|q>|` is the size of an overlap");
  } else if (situation.expects(T::BAR) && first == T::PHANTOM) {
    mistake.help("a phantom is a sum of kets, such as `cos(t) |zz(a)> + sin(t) |zz(b)>`");
  } else if (situation.expects(T::ON) &&
             (first == T::CIRCUIT || first == T::ENCODING || first == T::UNITARY)) {
    mistake.help("its qubits follow `on`, such as `on q: qubit[n]`");
  } else if (block && (first == T::IF || found == T::ELSE)) {
    mistake.help("a block stands in braces: `if c { ... } else { ... }`");
  } else if (block && startsBlock(first)) {
    mistake.help("a block stands in braces: `" + std::string(textOf(situation.start)) +
                 " ... { ... }`");
  } else if (first == T::FOR && !block) {
    mistake.help("count with a range: `for i in 0..n { ... }`");
  } else if (situation.rule == P::RuleOperand || situation.rule == P::RuleOperandName) {
    mistake.help("a gate's angles stand in parentheses, its qubits after them: `rx(0.3) q[0]`");
  } else if (found == T::RPAREN && situation.expects(T::COLON) && first == T::FN) {
    mistake.help("a parameter has a type: `fn f(x: real)`");
  } else if (isReservedWord(found) && situation.expects(T::ID) && !situation.expects(T::INT)) {
    mistake.help("`" + std::string(textOf(situation.at)) +
                 "` is a word of the language: choose another name");
  }
}

} // namespace qdo::syntax
