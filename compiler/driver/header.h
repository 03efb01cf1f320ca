// SPDX-License-Identifier: Apache-2.0
// The C header of a compiled library.
#pragma once

#include "compiler/lower/lower.h"

namespace qdo::driver {

/// The C symbol of an export of a program.
std::string symbolOf(const std::string &program, const lower::Export &exported);

/// Declarations of everything exported, with what each takes and gives, and reasons for the rest.
std::string headerText(const std::string &program, const std::vector<lower::Export> &exports);

} // namespace qdo::driver
