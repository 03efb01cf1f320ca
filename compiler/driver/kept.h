// SPDX-License-Identifier: Apache-2.0
// The bytes of what runs leave for later ones.
// In: bytes of the cache, which are whole and one's own. Out: records; nothing when they are not
// what this compiler wrote. Why bytes by hand: reading them is most of what a later run does.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/driver/inputs.h"
#include "compiler/driver/session_state.h"

namespace qdo::driver {

/// This very compiler (its version, and which file it is) and the machine that it compiles for:
/// part of every name.
std::string makerName();

/// The code of an elaborated program: parameters that are open, sites, the object file.
std::string codeEntry(const Code &code, std::string_view object);
/// Loads it.
std::optional<Code> loadCode(std::string_view entry);

/// What can be known of a program from its text alone.
struct KnownText {
  std::vector<ProgramParameter> parameters;
  std::vector<Input> inputs; ///< as the last run that was kept asked for them
};
std::string bytesOf(const KnownText &known);
std::optional<KnownText> knownText(std::string_view bytes);

/// What elaboration and compilation of a text with its inputs lead to.
struct Ready {
  std::string code;                               ///< the name of its entry
  std::vector<std::string> sources;               ///< files in the order of their numbers
  std::map<std::string, std::string> fixedParams; ///< as in the session's state
  std::vector<diag::Diagnostic> warnings;
};
std::string bytesOf(const Ready &ready);
std::optional<Ready> readyOf(std::string_view bytes);

} // namespace qdo::driver
