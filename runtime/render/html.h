// SPDX-License-Identifier: Apache-2.0
// HTML text.
#pragma once

#include <string>
#include <string_view>

namespace qdo::render {

/// Text as content of an element or of a quoted attribute: & < > " ' and control characters are
/// written so that they stay text.
std::string escaped(std::string_view text);

/// A whole page around `body`, with its style inside: nothing is loaded from anywhere.
std::string page(std::string_view title, std::string_view body);

} // namespace qdo::render
