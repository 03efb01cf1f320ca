// SPDX-License-Identifier: Apache-2.0
// Exit statuses, and how qdo and built programs speak on stderr.
#pragma once

#include <string>

namespace qdo::launcher {

enum Status { Ok = 0, ProgramErrors = 1, Usage = 2, Internal = 70, InterruptedStatus = 130 };

/// To stderr, as it is.
void say(const std::string &text);

} // namespace qdo::launcher
