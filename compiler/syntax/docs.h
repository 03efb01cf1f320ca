// SPDX-License-Identifier: Apache-2.0
// Which `///` lines belong to a statement: those right above it, and the one on its line.
#pragma once

#include "compiler/syntax/scanner.h"

#include <string>
#include <string_view>
#include <vector>

namespace qdo::syntax {

class Docs {
public:
  Docs(std::string_view text, std::vector<DocComment> comments)
      : text(text), comments(std::move(comments)) {}

  /// The text for a statement at [begin, end); `previousEnd` is where the token before it ended.
  [[nodiscard]] std::string of(uint32_t previousEnd, uint32_t begin, uint32_t end) const;

private:
  std::string_view text;
  std::vector<DocComment> comments; ///< in order of place

  [[nodiscard]] std::string_view content(const DocComment &comment) const;
  [[nodiscard]] size_t firstAt(uint32_t offset) const;
};

} // namespace qdo::syntax
