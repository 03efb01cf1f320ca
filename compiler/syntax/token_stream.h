// SPDX-License-Identifier: Apache-2.0
// Lexemes as ANTLR's parser wants them: tokens that live in one vector and are looked at by index.
// Why: ANTLR's own streams pull tokens one by one through the lexer and forget bytes; here start
// and stop are byte offsets. Must not: hold text.
#pragma once

#include "compiler/syntax/scanner.h"

#include <vector>

namespace qdo::syntax {

class Token final : public antlr4::Token {
public:
  Token(size_t type, size_t index, uint32_t begin, uint32_t end)
      : begin(begin), end(end), type(type), index(index) {}

  const uint32_t begin; ///< byte offset
  const uint32_t end;   ///< byte offset after the last byte

  std::string getText() const override { return {}; }
  size_t getType() const override { return type; }
  size_t getLine() const override { return 0; }
  size_t getCharPositionInLine() const override { return 0; }
  size_t getChannel() const override { return DEFAULT_CHANNEL; }
  size_t getTokenIndex() const override { return index; }
  size_t getStartIndex() const override { return begin; }
  size_t getStopIndex() const override { return end; }
  antlr4::TokenSource *getTokenSource() const override { return nullptr; }
  antlr4::CharStream *getInputStream() const override { return nullptr; }
  std::string toString() const override { return {}; }

private:
  size_t type;
  size_t index;
};

class TokenStream final : public antlr4::TokenStream {
public:
  TokenStream(const std::vector<Lexeme> &lexemes, uint32_t end) {
    tokens.reserve(lexemes.size() + 1);
    for (const Lexeme &lexeme : lexemes)
      tokens.emplace_back(lexeme.type, tokens.size(), lexeme.begin, lexeme.end);
    tokens.emplace_back(EndOfFile, tokens.size(), end, end);
  }

  /// The token at `position`, or the end-of-file token.
  [[nodiscard]] const Token &last() const { return tokens.back(); }
  [[nodiscard]] const Token &at(size_t position) const {
    return tokens[position < tokens.size() ? position : tokens.size() - 1];
  }

  antlr4::Token *LT(ssize_t distance) override {
    if (distance < 0) {
      auto back = static_cast<size_t>(-distance);
      return back > cursor ? nullptr : &tokens[cursor - back];
    }
    size_t position = cursor + static_cast<size_t>(distance) - 1;
    return &tokens[position < tokens.size() ? position : tokens.size() - 1];
  }
  size_t LA(ssize_t distance) override {
    antlr4::Token *token = LT(distance);
    return token ? token->getType() : static_cast<size_t>(antlr4::Token::INVALID_TYPE);
  }
  void consume() override {
    if (cursor + 1 < tokens.size())
      ++cursor;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  size_t index() override { return cursor; }
  void seek(size_t position) override {
    cursor = position < tokens.size() ? position : tokens.size() - 1;
  }
  size_t size() override { return tokens.size(); }
  std::string getSourceName() const override { return {}; }
  antlr4::Token *get(size_t position) const override { return const_cast<Token *>(&at(position)); }
  antlr4::TokenSource *getTokenSource() const override { return nullptr; }
  std::string getText(const antlr4::misc::Interval &) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext *) override { return {}; }
  std::string getText(antlr4::Token *, antlr4::Token *) override { return {}; }

private:
  std::vector<Token> tokens;
  size_t cursor = 0;
};

} // namespace qdo::syntax
