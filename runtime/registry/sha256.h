// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4): what names contents in the registry.
#pragma once

#include <string>
#include <string_view>

namespace qdo::registry {

/// 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

} // namespace qdo::registry
