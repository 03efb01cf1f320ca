// SPDX-License-Identifier: Apache-2.0
// What tests want to know of the generated lexer and parser.
// Why apart: the grammar has a token TEST, which GoogleTest's macro would eat.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qdo::syntax::test {

/// Ambiguities and retreats to full context while parsing, or "".
std::string grammarDoubts(std::string_view text);

/// The bytes [begin, end) of every token.
std::vector<std::pair<uint32_t, uint32_t>> tokenBytes(std::string_view text);

} // namespace qdo::syntax::test
