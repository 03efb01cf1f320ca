// SPDX-License-Identifier: Apache-2.0
// Numbers and string text from source bytes to values.
// In: the spelling and its place. Out: the value, or nothing when the spelling is wrong (then
// reported).
#pragma once

#include "compiler/syntax/ast.h"
#include "compiler/syntax/mistakes.h"

#include <string>
#include <string_view>

namespace qdo::syntax {

class Literals {
public:
  explicit Literals(Mistakes &mistakes) : mistakes(mistakes) {}

  std::optional<int64_t> integer(std::string_view spelling, base::Span span);
  std::optional<double> real(std::string_view spelling, base::Span span);
  /// `95%` is 0.95.
  std::optional<double> percent(std::string_view spelling, base::Span span);
  /// Reports a suffix that is not known. Apart from `suffixed`, because it is a matter of spelling
  /// that must be known before the parser is surprised.
  void checkSuffix(std::string_view spelling, base::Span span);
  /// A DurationExpr or ImaginaryExpr without id and span; null when the suffix is not known.
  ExprPtr suffixed(std::string_view spelling, base::Span span);
  /// Resolves `\n \t \" \\ \{ \}` and `{{ }}`.
  std::string unescape(std::string_view spelling, base::Span span);

private:
  Mistakes &mistakes;
};

} // namespace qdo::syntax
