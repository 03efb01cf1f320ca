// SPDX-License-Identifier: Apache-2.0
// What the sub-commands share: how one is added, exit statuses, and how qdo speaks.
// Why: a family of commands is one file that adds itself; main knows only the list of families.
// Must not: write to stdout anything but what a command was asked for.
#pragma once

#include "compiler/launcher/status.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace qdo::driver {

using launcher::Status, launcher::Ok, launcher::ProgramErrors, launcher::Usage, launcher::Internal,
    launcher::InterruptedStatus, launcher::say;

/// The sub-commands of the command line, each with what it does.
class Commands {
public:
  explicit Commands(CLI::App &app) : app(app) {}
  /// `action` runs when this command was chosen; its result is the exit status.
  CLI::App *add(const char *name, const char *help, std::function<int()> action);
  /// After parsing: does what was chosen.
  int run() const;

private:
  CLI::App &app;
  std::vector<std::pair<CLI::App *, std::function<int()>>> all;
};

/// "qdo: text" to stderr; the status of a usage error.
int usage(const std::string &text);

void addRun(Commands &commands);
void addBuild(Commands &commands);
void addCheck(Commands &commands);
void addEmit(Commands &commands);
void addTest(Commands &commands);
void addCost(Commands &commands);
void addFormat(Commands &commands);
void addDoc(Commands &commands);
void addNew(Commands &commands);
void addExplain(Commands &commands);
void addVersion(Commands &commands);

} // namespace qdo::driver
