// SPDX-License-Identifier: Apache-2.0
// What the formatter works on: tokens and comments in order, with what the grammar says of spaces.
// Why not the tree: it has forgotten comments, `;` and lines. Must not: decide about lines.
#pragma once

#include "compiler/syntax/token_passes.h"

#include <limits>
#include <string_view>
#include <vector>

namespace qdo::syntax {

enum class Bracket : uint8_t { None, Open, Close, OpenBlock, CloseBlock };

/// Where a line may be broken; smaller is better.
enum class Break : uint8_t { Comma, Word, Sum, Compare, Product, Opener, Never };

/// A token, a whole string, or a comment.
struct Piece {
  std::string_view text;
  uint32_t begin = 0; ///< byte offset in the source
  bool comment = false;
  bool isElse = false;
  bool glueBefore = false; ///< no space before it
  bool glueAfter = false;
  bool dot = false;            ///< may lead a line although nothing stands before it
  bool startsStatement = true; ///< a separator, or nothing, stands before it
  bool semicolon = false;      ///< that separator is `;`
  bool clauseStart = false;    ///< the first word of a clause
  bool clausePayload = false;  ///< what follows the words of a clause
  bool defines = false;        ///< the `=` of a declaration: its value may take a line of its own
  bool binds = false;          ///< the `=` of `let` and `var`: the same if nothing else helps
  Bracket bracket = Bracket::None;
  Break breakBefore = Break::Never;
  Break breakAfter = Break::Never;
  size_t partner = 0;    ///< of a bracket: the index of the other one
  unsigned newlines = 0; ///< line ends before it in the source
};

/// The pieces of a text that parses. `scanned` is what prepareTokens gave for it.
std::vector<Piece> piecesOf(std::string_view text, const Scanned &scanned);

/// Width of `text` in columns: code points.
size_t columnsOf(std::string_view text);

} // namespace qdo::syntax
