// SPDX-License-Identifier: Apache-2.0
// The sub-commands, what they print where, and which status they end with.
// Why: the program's own output goes to stdout alone; everything qdo says goes to stderr.
#include "compiler/driver/command_line.h"

#include "compiler/diag/render.h"
#include "compiler/driver/session.h"
#include "docs/embedded_pages.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

namespace qdo::driver {

namespace {

enum Status { Ok = 0, ProgramErrors = 1, Usage = 2, Internal = 70, InterruptedStatus = 130 };

struct Arguments {
  Options session;
  bool quiet = false;
  bool json = false;
  std::string stage = "qdo";
  std::string code;
};

void say(const std::string &text) { std::fputs(text.c_str(), stderr); }

template <typename Number> bool wholeNumber(const std::string &text, Number &into) {
  const char *last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, into);
  return error == std::errc() && end == last && !text.starts_with('-');
}

int usage(const std::string &text) {
  say("qdo: " + text + "\n");
  return Usage;
}

/// Prints what the engine has collected since `from`; returns how many there are now.
void report(const Session &session, const Arguments &arguments) {
  const bool colour = isatty(STDERR_FILENO) && !std::getenv("NO_COLOR");
  unsigned errors = 0, warnings = 0;
  for (const diag::Diagnostic &d : session.diagnostics.all()) {
    const bool error = d.level() == diag::Level::Error;
    (error ? errors : warnings)++;
    if (!error && arguments.quiet)
      continue;
    say(arguments.json ? diag::renderJson(d, session.sources) + "\n"
                       : diag::renderText(d, session.sources, {colour}) + "\n");
  }
  if (!arguments.json && errors + warnings > 1 && !arguments.quiet) {
    auto count = [](unsigned n, const char *what) {
      return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    say(errors && warnings ? count(errors, "error") + ", " + count(warnings, "warning") + "\n"
                           : (errors ? count(errors, "error") : count(warnings, "warning")) + "\n");
  }
}

/// `--name value` and `--name=value` after the file set the program's parameters.
std::optional<std::string> takeParams(const std::vector<std::string> &extras,
                                      const std::vector<std::string> &known,
                                      std::map<std::string, std::string> &params) {
  for (size_t i = 0; i < extras.size(); ++i) {
    const std::string &word = extras[i];
    if (!word.starts_with("--"))
      return fmt::format("`{}` is one argument too many", word);
    std::string name = word.substr(2), value;
    const size_t equals = name.find('=');
    const bool inlineValue = equals != std::string::npos;
    if (inlineValue) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::vector<std::string_view> words(known.begin(), known.end());
      auto near = base::nearestWord(name, words);
      std::string text = fmt::format("the program has no parameter `{}`", name);
      if (near)
        text += fmt::format("; did you mean `--{}`?", *near);
      else if (!known.empty())
        text += fmt::format("; it has --{}", fmt::join(known, ", --"));
      return text;
    }
    if (!inlineValue) {
      if (i + 1 == extras.size())
        return fmt::format("`--{}` needs a value", name);
      value = extras[++i];
    }
    if (!params.emplace(name, value).second)
      return fmt::format("`--{}` is given twice", name);
  }
  return std::nullopt;
}

/// Checks the program and its parameters' names; a status to leave with, or none.
std::optional<int> prepare(Session &session, Arguments &arguments,
                           const std::vector<std::string> &extras,
                           std::map<std::string, std::string> &params) {
  const bool ok = session.check();
  if (!ok) {
    session.diagnostics.sortByPlace();
    report(session, arguments);
    return session.diagnostics.exitStatus();
  }
  if (auto problem = takeParams(extras, session.params(), params))
    return usage(*problem);
  return std::nullopt;
}

/// The program's output. People see each line at once; a pipe gets lines in bunches, at most 50 ms
/// late even when the program then computes for an hour.
class Output {
public:
  ~Output() {
    {
      std::lock_guard lock(mutex);
      ending = true;
    }
    wake.notify_one();
    flusher.join();
  }
  /// False once the reader is gone.
  bool put(std::string_view text, bool flush = false) {
    std::lock_guard lock(mutex);
    good = good && std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if (flush || terminal)
      good = good && std::fflush(stdout) == 0;
    else if (!pending) {
      pending = true;
      wake.notify_one();
    }
    return good;
  }

private:
  void flushLate() {
    std::unique_lock lock(mutex);
    while (!ending) {
      wake.wait(lock, [&] { return pending || ending; });
      wake.wait_for(lock, std::chrono::milliseconds(50), [&] { return ending; });
      pending = false;
      good = good && std::fflush(stdout) == 0;
    }
  }
  const bool terminal = isatty(STDOUT_FILENO);
  bool good = true, pending = false, ending = false;
  std::mutex mutex;
  std::condition_variable wake;
  std::thread flusher{[this] { flushLate(); }};
};

/// The run did not answer: it computes without measuring or printing, and what it spent cannot be
/// asked from here.
void leave(int) {
  static constexpr std::string_view text = "interrupted\n";
  [[maybe_unused]] auto written = write(STDERR_FILENO, text.data(), text.size());
  _exit(InterruptedStatus);
}

void onInterrupt(int) {
  Session::interrupt();
  std::signal(SIGINT, leave);
  std::signal(SIGALRM, leave);
  itimerval patience{};
  patience.it_value.tv_usec = 800'000;
  setitimer(ITIMER_REAL, &patience, nullptr);
}

int run(Arguments &arguments, const std::vector<std::string> &extras) {
  Session session(arguments.session);
  if (auto status = prepare(session, arguments, extras, session.parameterValues()))
    return *status;
  std::signal(SIGINT, onInterrupt);
  std::signal(SIGPIPE, SIG_IGN);
  Output output;
  const RunResult result = session.run([&](std::string_view text) {
    if (!arguments.json)
      return output.put(text);
    std::string_view line = text;
    if (line.ends_with('\n'))
      line.remove_suffix(1);
    return output.put(nlohmann::json{{"event", "print"}, {"text", line}}.dump() + "\n");
  });
  std::signal(SIGALRM, SIG_IGN);
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

int check(Arguments &arguments, const std::vector<std::string> &extras) {
  arguments.session.mayLackData = true;
  Session session(arguments.session);
  if (auto status = prepare(session, arguments, extras, session.parameterValues()))
    return *status;
  session.elaborate();
  session.diagnostics.sortByPlace();
  report(session, arguments);
  return session.diagnostics.exitStatus();
}

int emit(Arguments &arguments, const std::vector<std::string> &extras) {
  auto stage = stageNamed(arguments.stage);
  if (!stage) {
    if (arguments.stage == "qasm3" || arguments.stage == "qir" || arguments.stage == "asm")
      return usage(fmt::format(
          "stage `{}` does not run yet; stages are tokens, ast, typed, qdo, qdo-opt, llvm",
          arguments.stage));
    return usage(fmt::format("no stage `{}`; stages are tokens, ast, typed, qdo, qdo-opt, llvm",
                             arguments.stage));
  }
  arguments.session.mayLackData = true;
  Session session(arguments.session);
  if (*stage > Stage::Ast)
    if (auto status = prepare(session, arguments, extras, session.parameterValues()))
      return *status;
  auto text = session.emit(*stage);
  if (text)
    std::fwrite(text->data(), 1, text->size(), stdout);
  session.diagnostics.sortByPlace();
  report(session, arguments);
  return session.diagnostics.exitStatus();
}

int explain(const std::string &code) {
  std::string wanted = code;
  std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  std::vector<std::string_view> codes;
  for (const docs::ErrorPage &page : docs::errorPages()) {
    if (page.code == wanted) {
      std::fwrite(page.text.data(), 1, page.text.size(), stdout);
      return Ok;
    }
    codes.push_back(page.code);
  }
  if (code.empty()) {
    for (const diag::CodeInfo &info : diag::allCodes())
      fmt::print("{}  {}\n", info.name, info.title);
    return Ok;
  }
  auto near = base::nearestWord(wanted, codes);
  return usage(fmt::format("there is no code `{}`{}", code,
                           near ? fmt::format("; did you mean {}?", *near)
                                : "; `qdo explain` lists them all"));
}

} // namespace

int commandLine(int argc, char **argv) {
  CLI::App app{"qdo: the data layer of quantum machine learning"};
  app.require_subcommand(1);
  app.set_help_flag("-h,--help", "print this and exit");
  Arguments arguments;
  auto common = [&](CLI::App *command) {
    command->add_option("file", arguments.session.file, "the program, a .qdo file")->required();
    // Read strictly: a library's conversion would take -1 for a large seed.
    auto number = [&](const char *name, auto &into, uint64_t most, const char *help) {
      auto take = [&into, name, most](const std::string &text) {
        if (!wholeNumber(text, into) || static_cast<uint64_t>(into) > most)
          throw CLI::ValidationError(
              name, fmt::format("`{}` is no whole number from 0 to {}", text, most));
      };
      command->add_option_function<std::string>(name, take, help)->type_name("UINT");
    };
    number("--seed", arguments.session.seed, UINT64_MAX, "seed of every random number (default 0)");
    number("--threads", arguments.session.threads, 1024,
           "threads, 0 for all cores; results do not depend on it");
    command->add_flag("-q,--quiet", arguments.quiet, "no warnings and no summaries");
    command->add_flag(
        "--json", arguments.json,
        "diagnostics as one JSON object a line on stderr, a run's output as events on stdout");
    command->allow_extras();
    command->footer("Other options set the program's own parameters: `param rounds: int = 12` "
                    "becomes --rounds.");
  };
  CLI::App *runCommand = app.add_subcommand("run", "compile a program and run it");
  CLI::App *checkCommand = app.add_subcommand("check", "find mistakes without running");
  CLI::App *emitCommand = app.add_subcommand("emit", "show a stage of the compilation");
  for (CLI::App *command : {runCommand, checkCommand, emitCommand})
    common(command);
  emitCommand->add_option("--stage", arguments.stage, "tokens, ast, typed, qdo, qdo-opt or llvm")
      ->required();
  CLI::App *explainCommand = app.add_subcommand(
      "explain", "explain a code such as E0201, with a wrong and a right program");
  explainCommand->add_option("code", arguments.code, "the code; without one, all codes are listed");
  CLI::App *versionCommand = app.add_subcommand("version", "print the version");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    if (error.get_exit_code() == 0) // --help
      return app.exit(error);
    const auto commands = app.get_subcommands();
    if (commands.empty() && argc > 1 && argv[1][0] != '-')
      return usage(
          fmt::format("there is no command `{}`\nrun `qdo --help` for what can be said", argv[1]));
    return usage(fmt::format("{}\nrun `qdo{} --help` for what can be said", error.what(),
                             commands.empty() ? "" : " " + commands[0]->get_name()));
  }
  try {
    if (*runCommand)
      return run(arguments, runCommand->remaining());
    if (*checkCommand)
      return check(arguments, checkCommand->remaining());
    if (*emitCommand)
      return emit(arguments, emitCommand->remaining());
    if (*explainCommand)
      return explain(arguments.code);
    if (*versionCommand)
      fmt::print("qdo {} (LLVM {})\n", QDO_VERSION, QDO_LLVM_VERSION);
    return Ok;
  } catch (const std::exception &error) {
    say(fmt::format("qdo made a mistake: {}\nplease report it with the program that shows it\n",
                    error.what()));
    return Internal;
  }
}

} // namespace qdo::driver
