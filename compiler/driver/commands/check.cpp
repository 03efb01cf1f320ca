// SPDX-License-Identifier: Apache-2.0
// `qdo check` and `qdo emit`: a program read as far as was asked, and never run.
#include "compiler/driver/commands/program.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace qdo::driver {

namespace {

constexpr const char *Stages = "tokens, ast, typed, qdo, qdo-opt, basis, llvm";

int check(ProgramArguments &arguments) {
  if (auto status = beforeSession(arguments))
    return *status;
  arguments.session.mayLackData = true;
  Session session(arguments.options());
  if (auto status = checkProgram(session, arguments))
    return *status;
  if (session.elaborate() && arguments.session.checkEach)
    session.optimise();
  session.diagnostics.sortByPlace();
  report(session, arguments);
  return session.diagnostics.exitStatus();
}

struct EmitArguments : ProgramArguments {
  std::string stage;
};

int emit(EmitArguments &arguments) {
  if (auto status = beforeSession(arguments))
    return *status;
  if (arguments.stage.empty())
    return usage("--stage is required\nrun `qdo emit --help` for what can be said");
  auto stage = stageNamed(arguments.stage);
  if (!stage) {
    const bool later = arguments.stage == "qasm3" || arguments.stage == "qir";
    return usage(
        arguments.stage == "asm" ? "`qdo build --emit asm` writes assembly"
        : later ? fmt::format("stage `{}` does not run yet; stages are {}", arguments.stage, Stages)
                : fmt::format("no stage `{}`; stages are {}", arguments.stage, Stages));
  }
  arguments.session.mayLackData = true;
  Session session(arguments.options());
  if (*stage > Stage::Ast)
    if (auto status = checkProgram(session, arguments))
      return *status;
  auto text = session.emit(*stage);
  if (text)
    std::fwrite(text->data(), 1, text->size(), stdout);
  session.diagnostics.sortByPlace();
  report(session, arguments);
  return session.diagnostics.exitStatus();
}

} // namespace

void addCheck(Commands &commands) {
  auto arguments = std::make_shared<ProgramArguments>();
  addProgramOptions(commands.add("check", "find mistakes without running",
                                 [arguments] { return check(*arguments); }),
                    *arguments);
}

void addEmit(Commands &commands) {
  auto arguments = std::make_shared<EmitArguments>();
  CLI::App *command = commands.add("emit", "show a stage of the compilation",
                                   [arguments] { return emit(*arguments); });
  addProgramOptions(command, *arguments);
  command->add_option(
      "--stage", arguments->stage,
      "tokens, ast, typed, qdo, qdo-opt, basis (circuits in rz, sx, x, cx) or llvm");
}

} // namespace qdo::driver
