// SPDX-License-Identifier: Apache-2.0
// The pages of docs/errors as they were when the compiler was built: code to Markdown text.
#pragma once

#include <span>
#include <string_view>

namespace qdo::docs {

struct ErrorPage {
  std::string_view code; ///< "E0201"
  std::string_view text;
};

/// Every page, sorted by code.
std::span<const ErrorPage> errorPages();

} // namespace qdo::docs
