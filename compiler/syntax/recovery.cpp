// SPDX-License-Identifier: Apache-2.0
// Starting again after a mistake. Brackets balance here, so the end of a broken line is found by
// counting.
#include "compiler/syntax/recovery.h"

#include "grammar/QdoParser.h"

namespace qdo::syntax {

using P = grammar::QdoParser;

namespace {

/// Rules that a mistake does not leave.
bool startsAgain(size_t rule) {
  switch (rule) {
  case P::RuleLine:
  case P::RuleClauseLine:
  case P::RuleDsLine:
  case P::RuleSubjectLine:
  case P::RuleProgram:
    return true;
  default:
    return false;
  }
}

/// Rules that are made of lines.
bool hasLines(size_t rule) {
  switch (rule) {
  case P::RuleProgram:
  case P::RuleBlock:
  case P::RuleClauses:
  case P::RuleDsBody:
  case P::RuleSubject:
    return true;
  default:
    return false;
  }
}

} // namespace

antlr4::Token *Recovery::recoverInline(antlr4::Parser *parser) {
  throw antlr4::InputMismatchException(parser);
}

void Recovery::recover(antlr4::Parser *parser, std::exception_ptr error) {
  antlr4::ParserRuleContext *context = parser->getContext();
  if (!startsAgain(context->getRuleIndex()))
    std::rethrow_exception(error);
  size_t start = context->getStart()->getTokenIndex();
  size_t end = endOfLine(start);
  try {
    std::rethrow_exception(error);
  } catch (antlr4::RecognitionException &exception) {
    wording.report(*parser, exception, start, end);
  }
  goOnAfter(end);
}

void Recovery::sync(antlr4::Parser *parser) {
  if (!hasLines(parser->getContext()->getRuleIndex()))
    return;
  const antlr4::atn::ATN &atn = parser->getATN();
  const antlr4::misc::IntervalSet &possible = atn.nextTokens(atn.states[parser->getState()]);
  while (!possible.contains(tokens.LA(1)) && tokens.LA(1) != EndOfFile) {
    size_t start = tokens.index();
    size_t end = endOfLine(start);
    wording.reportStart(*parser, start, end);
    goOnAfter(end);
    if (tokens.index() == start)
      tokens.consume();
  }
}

/// Index of the separator that ends the line, or of the brace or end of file that it stands before.
size_t Recovery::endOfLine(size_t start) const {
  unsigned depth = 0;
  for (size_t i = start;; ++i) {
    switch (tokens.at(i).getType()) {
    case EndOfFile:
      return i;
    case T::LPAREN:
    case T::LBRACK:
    case T::LBRACE:
    case T::S_OPEN:
      ++depth;
      break;
    case T::RPAREN:
    case T::RBRACK:
    case T::RBRACE:
    case T::INTERP_CLOSE:
      if (depth == 0)
        return i;
      --depth;
      break;
    case T::NL:
    case T::SEMI:
      if (depth == 0)
        return i;
      break;
    default:
      break;
    }
  }
}

void Recovery::goOnAfter(size_t end) {
  recovered = true;
  size_t type = tokens.at(end).getType();
  tokens.seek(type == T::NL || type == T::SEMI ? end + 1 : end);
}

} // namespace qdo::syntax
