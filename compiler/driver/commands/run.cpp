// SPDX-License-Identifier: Apache-2.0
// `qdo run`: compile and run. Why two streams: the program's output goes to stdout alone, and
// everything that qdo says goes to stderr.
#include "compiler/driver/commands/interrupt.h"
#include "compiler/driver/commands/output.h"
#include "compiler/driver/commands/program.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qdo::driver {

namespace {

int run(ProgramArguments &arguments) {
  if (auto status = beforeSession(arguments))
    return *status;
  Session session(arguments.session);
  if (auto status = checkProgram(session, arguments))
    return *status;
  endOnInterrupt();
  Output output;
  const RunResult result = session.run([&](std::string_view text) {
    if (!arguments.json)
      return output.put(text);
    std::string_view line = text;
    if (line.ends_with('\n'))
      line.remove_suffix(1);
    return output.put(nlohmann::json{{"event", "print"}, {"text", line}}.dump() + "\n");
  });
  runEnded();
  int status = session.diagnostics.exitStatus();
  if (result.end == RunResult::End::Interrupted)
    status = InterruptedStatus;
  if (result.end == RunResult::End::ClosedPipe)
    return Ok;
  if (arguments.json)
    output.put(nlohmann::json{{"event", "result"},
                              {"status", status},
                              {"seed", arguments.session.seed},
                              {"spent", result.spent}}
                   .dump() +
               "\n");
  const bool open = output.put("", true);
  report(session, arguments);
  if (result.end == RunResult::End::Interrupted && !arguments.json)
    say(fmt::format("interrupted: {} spent\n", result.spent));
  else if (status != Ok && !result.spent.empty() && !arguments.quiet && !arguments.json)
    say(fmt::format("spent until then: {}\n", result.spent));
  return open ? status : Ok;
}

} // namespace

void addRun(Commands &commands) {
  auto arguments = std::make_shared<ProgramArguments>();
  addProgramOptions(
      commands.add("run", "compile a program and run it", [arguments] { return run(*arguments); }),
      *arguments);
}

} // namespace qdo::driver
