// SPDX-License-Identifier: Apache-2.0
// `qdo test`: every `test` block of a program, or of the programs of a folder, each from a fresh
// start. Results go to stdout; what a failed test printed follows its line, why it failed goes to
// stderr.
#include "compiler/driver/commands/program.h"
#include "compiler/driver/files.h"
#include "compiler/launcher/interrupt.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace qdo::driver {

namespace {

struct TestArguments : ProgramArguments {
  std::string filter;
};

struct Counts {
  size_t passed = 0, failed = 0, skipped = 0, broken = 0;
  bool interrupted = false;
  bool usage = false; ///< a parameter that the program does not have
};

void put(const std::string &text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout); // before stderr says why
}

void runTest(Session &session, const TestCase &test, const TestArguments &arguments,
             const std::string &file, Counts &counts) {
  std::string printed;
  const RunResult result = session.run(test, [&](std::string_view text) {
    printed += text;
    return true;
  });
  launcher::runEnded();
  counts.interrupted = result.end == RunResult::End::Interrupted;
  const bool passed = result.end == RunResult::End::Done && !session.diagnostics.hasErrors();
  (passed ? counts.passed : counts.failed)++;
  if (arguments.json) {
    const base::Position at = session.sources.position(test.span.file, test.span.begin);
    put(nlohmann::json{{"event", "test"},
                       {"file", file},
                       {"name", test.name},
                       {"line", at.line},
                       {"passed", passed},
                       {"spent", result.spent},
                       {"output", printed}}
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) +
        "\n");
  } else {
    put(fmt::format("  {}  {}\n", passed ? "ok  " : "FAIL", test.name));
    if (!passed && !printed.empty())
      put(printed.ends_with('\n') ? printed : printed + "\n");
  }
  report(session, arguments);
}

void testFile(const std::string &file, TestArguments &arguments, Counts &counts) {
  Options options = arguments.options();
  options.file = file;
  Session session(std::move(options));
  if (auto status = checkProgram(session, arguments)) {
    counts.usage = counts.usage || *status == Usage;
    counts.broken++;
    return;
  }
  const std::vector<TestCase> tests = session.tests();
  auto wanted = [&](const TestCase &t) { return t.name.find(arguments.filter) != t.name.npos; };
  const auto chosen = static_cast<size_t>(std::count_if(tests.begin(), tests.end(), wanted));
  counts.skipped += tests.size() - chosen;
  if (chosen == 0)
    return;
  report(session, arguments); // warnings of the program as a whole
  if (!arguments.json)
    put(file + "\n");
  for (const TestCase &test : tests)
    if (wanted(test) && !counts.interrupted)
      runTest(session, test, arguments, file, counts);
}

int test(TestArguments &arguments) {
  if (auto status = beforeSession(arguments))
    return *status;
  const std::string &name = arguments.session.file;
  std::error_code error;
  const bool folder = std::filesystem::is_directory(name, error);
  if (folder && !arguments.command->remaining().empty())
    return usage("parameters are given to one program, not to a folder of them");
  launcher::endOnInterrupt();
  Counts counts;
  for (const std::string &file : programsOf({name}))
    if (!counts.interrupted)
      testFile(file, arguments, counts);
  if (counts.usage)
    return Usage;
  const int status = counts.interrupted                  ? InterruptedStatus
                     : counts.failed + counts.broken > 0 ? ProgramErrors
                                                         : Ok;
  if (arguments.json) {
    put(nlohmann::json{{"event", "result"},
                       {"status", status},
                       {"seed", arguments.seed},
                       {"passed", counts.passed},
                       {"failed", counts.failed},
                       {"skipped", counts.skipped},
                       {"broken", counts.broken}}
            .dump() +
        "\n");
    return status;
  }
  if (counts.passed + counts.failed + counts.broken == 0)
    return arguments.filter.empty()
               ? usage(fmt::format("`{}` has no `test` blocks", name))
               : usage(fmt::format("no test has `{}` in its name", arguments.filter));
  std::string text = fmt::format("{} passed, {} failed", counts.passed, counts.failed);
  if (counts.skipped > 0)
    text += fmt::format(", {} not chosen", counts.skipped);
  if (counts.broken > 0)
    text += fmt::format(", {} program{} with errors", counts.broken, counts.broken == 1 ? "" : "s");
  put(text + "\n");
  return status;
}

} // namespace

void addTest(Commands &commands) {
  auto arguments = std::make_shared<TestArguments>();
  CLI::App *command = commands.add("test", "run the `test` blocks of a program or a folder",
                                   [arguments] { return test(*arguments); });
  addProgramOptions(command, *arguments);
  command->get_option("file")->description("a program, or a folder of programs");
  command->add_option("--filter", arguments->filter, "only tests with this text in their name");
}

} // namespace qdo::driver
