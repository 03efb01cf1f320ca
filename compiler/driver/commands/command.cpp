// SPDX-License-Identifier: Apache-2.0
// Adding and running sub-commands.
#include "compiler/driver/commands/command.h"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace qdo::driver {

CLI::App *Commands::add(const char *name, const char *help, std::function<int()> action) {
  CLI::App *command = app.add_subcommand(name, help);
  all.emplace_back(command, std::move(action));
  return command;
}

int Commands::run() const {
  for (const auto &[command, action] : all)
    if (command->parsed())
      return action();
  return Ok;
}

int usage(const std::string &text) {
  say("qdo: " + text + "\n");
  return Usage;
}

} // namespace qdo::driver
