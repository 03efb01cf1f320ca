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
  bool lacksBlock = end > start && tokens.at(end - 1).getType() == T::COLON;
  try {
    std::rethrow_exception(error);
  } catch (antlr4::RecognitionException &exception) {
    wording.report(*parser, exception, start, end);
    lacksBlock |= exception.getOffendingToken()->getType() == T::NL && exception.getCtx() &&
                  exception.getOffendingState() != antlr4::atn::ATNState::INVALID_STATE_NUMBER &&
                  exception.getExpectedTokens().contains(static_cast<size_t>(T::LBRACE));
  }
  goOnAfter(start, lacksBlock ? endOfIndented(start, end) : end);
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
    goOnAfter(start, end);
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

/// Columns of space before a token that is the first of its line of text.
uint32_t Recovery::indent(size_t index) const {
  const uint32_t begin = tokens.at(index).begin;
  const size_t newline = text.substr(0, begin).rfind('\n');
  return newline == std::string_view::npos ? begin : begin - static_cast<uint32_t>(newline) - 1;
}

/// A block without braces, by its indentation: it is part of the line that it follows.
size_t Recovery::endOfIndented(size_t start, size_t end) const {
  const uint32_t column = indent(start);
  while (tokens.at(end).getType() == T::NL && tokens.at(end + 1).getType() != EndOfFile &&
         tokens.at(end + 1).getType() != T::RBRACE && indent(end + 1) > column)
    end = endOfLine(end + 1);
  return end;
}

void Recovery::goOnAfter(size_t start, size_t end) {
  broken.push_back({start, end});
  size_t type = tokens.at(end).getType();
  tokens.seek(type == T::NL || type == T::SEMI ? end + 1 : end);
}

} // namespace qdo::syntax
