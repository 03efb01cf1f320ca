// SPDX-License-Identifier: Apache-2.0
// What commands on one program share: its file, the common options, its own parameters as options,
// and how its diagnostics are shown.
#pragma once

#include "compiler/driver/commands/command.h"
#include "compiler/driver/session.h"
#include "compiler/launcher/parameters.h"

namespace qdo::driver {

/// The options of one command on a program, filled while the command line is parsed.
struct ProgramArguments : launcher::RunArguments {
  Options session;
  CLI::App *command = nullptr;

  [[nodiscard]] Options options() const {
    Options all = session;
    all.seed = seed;
    all.threads = threads;
    all.exact = exact;
    all.single = single;
    return all;
  }
};

/// Adds FILE, --seed, --threads, --precision, --quiet, --json and --help to a command. What else
/// stands on its command line are values of the program's parameters.
void addProgramOptions(CLI::App *command, ProgramArguments &arguments);

/// What can be settled before a session: `--help`, a missing file. A status to leave with, or none.
std::optional<int> beforeSession(ProgramArguments &arguments);

/// Checks the program and the names of its parameters; a status to leave with, or none.
std::optional<int> checkProgram(Session &session, const ProgramArguments &arguments);

/// Shows what the session's engine has collected.
void report(const Session &session, const ProgramArguments &arguments);

} // namespace qdo::driver
