// SPDX-License-Identifier: Apache-2.0
// Options of commands on a program.
#include "compiler/driver/commands/program.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace qdo::driver {

void addProgramOptions(CLI::App *command, ProgramArguments &arguments) {
  arguments.command = command;
  command->add_option("file", arguments.session.file, "the program, a .qdo file");
  launcher::addRunOptions(*command, arguments);
  command->add_flag("--check-each", arguments.session.checkEach,
                    "compare every circuit of up to 10 qubits before and after each pass");
  command->footer("Other options set the program's own parameters: `param rounds: int = 12` "
                  "becomes --rounds.");
}

std::optional<int> beforeSession(ProgramArguments &arguments) {
  const std::string &file = arguments.session.file;
  if (arguments.help) {
    std::string text = arguments.command->help();
    if (!file.empty()) {
      Session session(arguments.options());
      if (!session.read()) {
        report(session, arguments);
        return session.diagnostics.exitStatus();
      }
      text += launcher::parameterHelp(session.params(), file);
    }
    std::fputs(text.c_str(), stdout);
    return Ok;
  }
  if (file.empty())
    return usage(fmt::format("file is required\nrun `qdo {} --help` for what can be said",
                             arguments.command->get_name()));
  return std::nullopt;
}

std::optional<int> checkProgram(Session &session, const ProgramArguments &arguments) {
  if (!session.check()) {
    session.diagnostics.sortByPlace();
    report(session, arguments);
    return session.diagnostics.exitStatus();
  }
  if (auto problem = launcher::takeParameters(arguments.command->remaining(), session.params(),
                                              session.parameterValues()))
    return usage(*problem);
  return std::nullopt;
}

void report(const Session &session, const ProgramArguments &arguments) {
  launcher::show(session.diagnostics, session.sources, arguments.json, arguments.quiet);
}

} // namespace qdo::driver
