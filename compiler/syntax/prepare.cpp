// SPDX-License-Identifier: Apache-2.0
// From bytes to the tokens that the parser sees: the lexer and the token passes in their order.
#include "compiler/syntax/token_passes.h"

namespace qdo::syntax {

std::optional<Scanned> prepareTokens(std::string_view text, Mistakes &mistakes) {
  if (std::optional<uint32_t> bad = base::firstInvalidUtf8(text)) {
    mistakes.report(diag::Kind::NotUtf8, mistakes.span(*bad, *bad + 1), std::to_string(*bad))
        .help("save the file as UTF-8");
    return std::nullopt;
  }
  Scanned scanned = scan(text);
  TokenText tokens{text, std::move(scanned.lexemes), mistakes};
  mendStrings(tokens);
  mendSpelling(tokens);
  mendBrackets(tokens);
  layOut(tokens);
  if (!withinLimits(tokens))
    return std::nullopt;
  scanned.lexemes = std::move(tokens.lexemes);
  return scanned;
}

} // namespace qdo::syntax
