// SPDX-License-Identifier: Apache-2.0
// Which bracket closes which. Out: partners by index, and the braces that have none.
#pragma once

#include "compiler/syntax/scanner.h"

#include <cstddef>
#include <vector>

namespace qdo::syntax {

inline constexpr size_t NoPartner = static_cast<size_t>(-1);

struct Pairing {
  std::vector<size_t> partner;    ///< by lexeme index; NoPartner for what is no bracket or has none
  std::vector<size_t> openBraces; ///< `{` without `}`, outermost first
  std::vector<size_t> strayBraces; ///< `}` without `{`
};

bool isOpener(size_t type);
bool isCloser(size_t type);
/// The closer of an opener.
size_t closerOf(size_t opener);

Pairing pairBrackets(const std::vector<Lexeme> &lexemes);

} // namespace qdo::syntax
