// SPDX-License-Identifier: Apache-2.0
// Spaces from the grammar: whether `-` is a sign or a difference, and `<` a bra or a comparison, is
// asked of the parse tree and never guessed from neighbours.
#include "compiler/syntax/format_pieces.h"

#include "compiler/syntax/token_stream.h"
#include "grammar/QdoParser.h"

#include <algorithm>

namespace qdo::syntax {

namespace {

using P = grammar::QdoParser;
using Context = antlr4::ParserRuleContext;

/// Fills in what the tree knows of the tokens; `pieces` has one entry a token.
class Roles {
public:
  explicit Roles(std::vector<Piece> &pieces) : pieces(pieces) {}

  void visit(Context *context) {
    const size_t rule = context->getRuleIndex();
    if (rule == P::RuleString)
      return; // stays as it is written
    for (size_t k = 0; k < context->children.size(); ++k) {
      if (auto *terminal = dynamic_cast<antlr4::tree::TerminalNode *>(context->children[k]))
        token(rule, k, terminal->getSymbol());
      else
        visit(static_cast<Context *>(context->children[k]));
    }
    if (rule == P::RuleChain)
      tightenRanges(context);
    if (rule == P::RuleClause)
      clause(context);
    if (rule == P::RuleBraket || rule == P::RuleAbsOverlap)
      for (size_t i = context->getStart()->getTokenIndex();
           i <= context->getStop()->getTokenIndex(); ++i)
        pieces[i].breakBefore = pieces[i].breakAfter = Break::Never;
  }

private:
  std::vector<Piece> &pieces;

  Piece &at(const antlr4::Token *token) { return pieces[token->getTokenIndex()]; }
  static size_t typeOf(antlr4::tree::ParseTree *node) {
    auto *terminal = dynamic_cast<antlr4::tree::TerminalNode *>(node);
    return terminal ? terminal->getSymbol()->getType() : 0;
  }

  void token(size_t rule, size_t k, const antlr4::Token *symbol) {
    const size_t type = symbol->getType();
    if (type == EndOfFile)
      return;
    Piece &piece = at(symbol);
    switch (type) {
    case T::LPAREN:
      piece.bracket = Bracket::Open;
      piece.glueAfter = true;
      piece.glueBefore = rule == P::RuleCall || rule == P::RuleParams || rule == P::RuleUnary ||
                         (rule == P::RuleBaseType && k > 0);
      piece.breakAfter = Break::Opener;
      break;
    case T::LBRACK:
      piece.bracket = Bracket::Open;
      piece.glueAfter = true;
      piece.glueBefore = rule != P::RuleArray;
      if (rule == P::RuleArray)
        piece.breakAfter = Break::Opener;
      break;
    case T::RPAREN:
    case T::RBRACK:
      piece.bracket = Bracket::Close;
      piece.glueBefore = true;
      break;
    case T::LBRACE:
      piece.bracket = rule == P::RuleUseStmt ? Bracket::Open : Bracket::OpenBlock;
      piece.glueBefore = piece.glueAfter = rule == P::RuleUseStmt;
      break;
    case T::RBRACE:
      piece.bracket = rule == P::RuleUseStmt ? Bracket::Close : Bracket::CloseBlock;
      piece.glueBefore = rule == P::RuleUseStmt;
      break;
    case T::COMMA:
      piece.glueBefore = true;
      piece.breakAfter = Break::Comma;
      break;
    case T::COLON:
      piece.glueBefore = true;
      break;
    case T::DOT:
      piece.dot = true;
      [[fallthrough]];
    case T::DOTDOT:
    case T::CARET:
      piece.glueBefore = piece.glueAfter = true;
      break;
    case T::MINUS:
    case T::PLUS:
      if (rule == P::RuleUnary || (rule == P::RuleKetSum && k == 0))
        piece.glueAfter = true;
      else
        piece.breakAfter = Break::Sum;
      break;
    case T::STAR:
    case T::SLASH:
      piece.breakAfter = Break::Product;
      break;
    case T::THEN:
    case T::TENSOR:
    case T::AND:
    case T::OR:
      piece.breakBefore = Break::Word;
      break;
    case T::FOR:
    case T::IF:
      if (rule == P::RuleComprehended)
        piece.breakBefore = Break::Word;
      break;
    case T::ELSE:
      piece.isElse = true;
      break;
    case T::BAR:
      overlapBar(rule, k, piece);
      break;
    case T::LT:
      if (rule == P::RuleBraket || rule == P::RuleAbsOverlap)
        piece.glueAfter = true;
      else
        piece.breakAfter = Break::Compare;
      break;
    case T::GT:
      if (rule != P::RuleCmp)
        piece.glueBefore = true;
      break;
    case T::LE:
    case T::GE:
    case T::EQ:
    case T::NE:
      piece.breakAfter = Break::Compare;
      break;
    case T::ASSIGN:
      piece.defines = rule == P::RuleFnStmt || rule == P::RuleKernelStmt ||
                      rule == P::RulePhantomStmt || rule == P::RuleObservableStmt ||
                      rule == P::RuleUnitaryStmt;
      piece.binds = rule == P::RuleLetStmt;
      break;
    default:
      break;
    }
  }

  static void overlapBar(size_t rule, size_t k, Piece &piece) {
    const bool first = rule == P::RuleKet || (rule == P::RuleAbsOverlap && k == 0);
    const bool last = rule == P::RuleAbsOverlap && k > 5;
    piece.glueBefore = !first;
    piece.glueAfter = !last;
  }

  /// `0..n-1`, `i+1..n`: what is looser than `..` elsewhere is drawn together around it.
  void tightenRanges(Context *chain) {
    auto &children = chain->children;
    for (size_t begin = 0; begin < children.size();) {
      size_t end = begin;
      bool range = false;
      for (; end < children.size(); ++end) {
        const size_t type = typeOf(children[end]);
        if (type == T::THEN || type == T::TENSOR)
          break;
        range = range || type == T::DOTDOT;
      }
      for (size_t k = begin; range && k < end; ++k) {
        tighten(children[k]);
        if (auto *prod = dynamic_cast<P::ProdContext *>(children[k]))
          for (antlr4::tree::ParseTree *child : prod->children)
            tighten(child);
      }
      begin = end + 1;
    }
  }
  void tighten(antlr4::tree::ParseTree *node) {
    const size_t type = typeOf(node);
    if (type != T::PLUS && type != T::MINUS && type != T::STAR && type != T::SLASH)
      return;
    const antlr4::Token *symbol = static_cast<antlr4::tree::TerminalNode *>(node)->getSymbol();
    Piece &piece = at(symbol);
    piece.glueBefore = piece.glueAfter = true;
    piece.breakAfter = Break::Never;
  }

  void clause(Context *context) {
    auto &children = context->children;
    at(context->getStart()).clauseStart = true;
    size_t k = 1;
    if (k < children.size() && typeOf(children[k]) == T::WHEN)
      ++k;
    else if (k + 1 < children.size() && dynamic_cast<P::IdContext *>(children[k]) &&
             dynamic_cast<P::BlockContext *>(children[k + 1]))
      ++k;
    if (k >= children.size())
      return;
    auto *terminal = dynamic_cast<antlr4::tree::TerminalNode *>(children[k]);
    at(terminal ? terminal->getSymbol() : static_cast<Context *>(children[k])->getStart())
        .clausePayload = true;
  }
};

/// Strings become one piece; separators become properties of the piece after them.
std::vector<Piece> joined(std::string_view text, const std::vector<Lexeme> &lexemes,
                          const std::vector<Piece> &tokens,
                          const std::vector<DocComment> &comments) {
  std::vector<Piece> result;
  size_t nextComment = 0;
  bool separated = true, semicolon = false;
  auto add = [&](Piece piece) {
    piece.startsStatement = separated;
    piece.semicolon = semicolon;
    if (!piece.comment) {
      separated = piece.bracket == Bracket::OpenBlock;
      semicolon = false;
    }
    result.push_back(piece);
  };
  auto commentsUntil = [&](size_t offset) {
    for (; nextComment < comments.size() && comments[nextComment].begin < offset; ++nextComment) {
      const DocComment &c = comments[nextComment];
      Piece piece;
      piece.comment = true;
      piece.begin = c.begin;
      piece.text = text.substr(c.begin, c.end - c.begin);
      piece.text = piece.text.substr(0, piece.text.find_last_not_of(" \t") + 1);
      add(piece);
    }
  };
  for (size_t i = 0; i < lexemes.size(); ++i) {
    const Lexeme &lexeme = lexemes[i];
    if (lexeme.type == T::NL || lexeme.type == T::SEMI) {
      separated = true;
      semicolon = semicolon || lexeme.type == T::SEMI;
      continue;
    }
    commentsUntil(lexeme.begin);
    Piece piece = tokens[i];
    uint32_t end = lexeme.end;
    if (lexeme.type == T::QUOTE) {
      for (unsigned open = 1; open > 0;) {
        ++i;
        open += lexemes[i].type == T::QUOTE ? 1 : lexemes[i].type == T::S_CLOSE ? -1 : 0;
      }
      end = lexemes[i].end;
    }
    piece.begin = lexeme.begin;
    piece.text = text.substr(lexeme.begin, end - lexeme.begin);
    add(piece);
  }
  separated = true;
  semicolon = false;
  commentsUntil(text.size() + 1);
  return result;
}

void matchBrackets(std::vector<Piece> &pieces) {
  std::vector<size_t> open;
  for (size_t i = 0; i < pieces.size(); ++i) {
    switch (pieces[i].bracket) {
    case Bracket::None:
      break;
    case Bracket::Open:
    case Bracket::OpenBlock:
      open.push_back(i);
      break;
    default:
      pieces[i].partner = open.back();
      pieces[open.back()].partner = i;
      open.pop_back();
    }
  }
}

} // namespace

size_t columnsOf(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

std::vector<Piece> piecesOf(std::string_view text, const Scanned &scanned) {
  TokenStream tokens(scanned.lexemes, static_cast<uint32_t>(text.size()));
  P parser(&tokens);
  parser.removeErrorListeners();
  auto *simulator = parser.getInterpreter<antlr4::atn::ParserATNSimulator>();
  simulator->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  P::ProgramContext *program = parser.program();
  std::vector<Piece> roles(scanned.lexemes.size());
  Roles(roles).visit(program);
  std::vector<Piece> pieces = joined(text, scanned.lexemes, roles, scanned.comments);
  matchBrackets(pieces);
  size_t end = 0;
  for (Piece &piece : pieces) {
    std::string_view gap = text.substr(end, piece.begin - end);
    piece.newlines = static_cast<unsigned>(std::count(gap.begin(), gap.end(), '\n'));
    end = piece.begin + piece.text.size();
  }
  return pieces;
}

} // namespace qdo::syntax
