// SPDX-License-Identifier: Apache-2.0
// `qdo run`: compile and run.
#include "compiler/driver/commands/program.h"
#include "compiler/launcher/execute.h"

#include <CLI/CLI.hpp>

namespace qdo::driver {

namespace {

int run(ProgramArguments &arguments) {
  if (auto status = beforeSession(arguments))
    return *status;
  Options options = arguments.options();
  options.cacheCode = true;
  Session session(std::move(options));
  if (!session.recall(arguments.command->remaining()))
    if (auto status = checkProgram(session, arguments))
      return *status;
  return launcher::execute([&](const launcher::Write &write) { return session.run(write); },
                           session.diagnostics, session.sources,
                           {arguments.seed, arguments.quiet, arguments.json});
}

} // namespace

void addRun(Commands &commands) {
  auto arguments = std::make_shared<ProgramArguments>();
  CLI::App *command =
      commands.add("run", "compile a program and run it", [arguments] { return run(*arguments); });
  addProgramOptions(command, *arguments);
  launcher::addExact(*command, *arguments);
}

} // namespace qdo::driver
