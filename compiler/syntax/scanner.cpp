// SPDX-License-Identifier: Apache-2.0
// Running the generated lexer and turning code points into bytes.
#include "compiler/syntax/scanner.h"

namespace qdo::syntax {

namespace {

/// A character stream over decoded text. ANTLR's own would drop a byte-order mark and shift every
/// place.
class CodePoints : public antlr4::ANTLRInputStream {
public:
  explicit CodePoints(std::string_view text) {
    _data.reserve(text.size());
    for (size_t i = 0; i < text.size();) {
      auto lead = static_cast<unsigned char>(text[i]);
      size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
      for (size_t k = 1; k < length; ++k)
        point = point << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
      _data.push_back(point);
      i += length;
    }
  }

  /// Byte offset of each code point and of the end; empty when they are the same numbers.
  [[nodiscard]] std::vector<uint32_t> byteOffsets(size_t bytes) const {
    std::vector<uint32_t> offsets;
    if (_data.size() == bytes)
      return offsets;
    offsets.reserve(_data.size() + 1);
    uint32_t offset = 0;
    for (auto point : _data) {
      offsets.push_back(offset);
      offset += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
    offsets.push_back(offset);
    return offsets;
  }
};

} // namespace

Scanned scan(std::string_view text) {
  CodePoints input(text);
  std::vector<uint32_t> offsets = input.byteOffsets(text.size());
  auto byteOf = [&](size_t point) {
    return offsets.empty() ? static_cast<uint32_t>(point) : offsets[point];
  };
  grammar::QdoLexer lexer(&input);
  lexer.removeErrorListeners();
  Scanned result;
  while (true) {
    std::unique_ptr<antlr4::Token> token = lexer.nextToken();
    size_t type = token->getType();
    if (type == EndOfFile)
      return result;
    uint32_t begin = byteOf(token->getStartIndex());
    uint32_t end = byteOf(token->getStopIndex() + 1);
    if (type == T::DOC || type == T::COMMENT) {
      bool ownLine = result.lexemes.empty() || result.lexemes.back().type == T::NL;
      result.comments.push_back({begin, end, ownLine});
      if (type == T::DOC)
        result.docs.push_back(result.comments.back());
    } else if (token->getChannel() == antlr4::Token::DEFAULT_CHANNEL) {
      // `<p|q>==1`: a bra-ket that ends, then a comparison. A predicate in the grammar would say
      // the same, but makes the lexer slower and ANTLR's runtime leak.
      if (type == T::ASSIGN && !result.lexemes.empty() && result.lexemes.back().type == T::GE &&
          result.lexemes.back().end == begin) {
        result.lexemes.back().type = T::GT;
        --result.lexemes.back().end;
        --begin;
        type = T::EQ;
      }
      result.lexemes.push_back({type, begin, end});
    }
  }
}

} // namespace qdo::syntax
