// SPDX-License-Identifier: Apache-2.0
// Statements of other languages, by their first words.
// In: a line that could not be read. Out: what is written instead. Why: only a broken line is
// looked at, so every one of these words stays a good name. Must not: mend (spelling.cpp does).
#pragma once

#include <string_view>

namespace qdo::syntax {

struct StatementHabit {
  std::string_view own; ///< what is written instead; empty when there is no such thing
  std::string_view help;
};

/// What a line that starts with `word` means in Python, Q#, OpenQASM, C or Rust; null if nothing.
const StatementHabit *statementHabit(std::string_view word);

} // namespace qdo::syntax
