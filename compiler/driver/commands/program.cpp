// SPDX-License-Identifier: Apache-2.0
// Options of commands on a program. Why strict: a number that a library would bend into range is
// another seed than the one that was asked for.
#include "compiler/driver/commands/program.h"

#include "compiler/diag/render.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <unistd.h>

namespace qdo::driver {

namespace {

template <typename Number> bool wholeNumber(const std::string &text, Number &into) {
  const char *last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, into);
  return error == std::errc() && end == last && !text.starts_with('-');
}

/// `--name value` and `--name=value` set the program's parameters.
std::optional<std::string> takeParameters(const std::vector<std::string> &words,
                                          const std::vector<std::string> &known,
                                          std::map<std::string, std::string> &values) {
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string &word = words[i];
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
      std::vector<std::string_view> candidates(known.begin(), known.end());
      auto near = base::nearestWord(name, candidates);
      std::string text = fmt::format("the program has no parameter `{}`", name);
      if (near)
        text += fmt::format("; did you mean `--{}`?", *near);
      else if (!known.empty())
        text += fmt::format("; it has --{}", fmt::join(known, ", --"));
      return text;
    }
    if (!inlineValue) {
      if (i + 1 == words.size())
        return fmt::format("`--{}` needs a value", name);
      value = words[++i];
    }
    if (!values.emplace(name, value).second)
      return fmt::format("`--{}` is given twice", name);
  }
  return std::nullopt;
}

/// The program's own options, as the help of other commands shows theirs.
std::string parameterHelp(const std::vector<ProgramParameter> &parameters,
                          const std::string &file) {
  if (parameters.empty())
    return fmt::format("\n{} has no parameters of its own.\n", file);
  std::string text = fmt::format("\nParameters of {}:\n", file);
  for (const ProgramParameter &p : parameters) {
    std::string left = fmt::format("  --{} {}", p.name, p.type);
    left.resize(std::max<size_t>(left.size() + 1, 30), ' ');
    std::string right = p.doc;
    for (size_t at = 0; (at = right.find('\n', at)) != std::string::npos; at += 31)
      right.replace(at, 1, "\n" + std::string(30, ' '));
    right += fmt::format("{}{}", right.empty() ? "" : " ",
                         p.defaultText.empty() ? "(must be given)"
                                               : fmt::format("(default {})", p.defaultText));
    text += left + right + "\n";
  }
  return text;
}

} // namespace

void addProgramOptions(CLI::App *command, ProgramArguments &arguments) {
  arguments.command = command;
  command->add_option("file", arguments.session.file, "the program, a .qdo file");
  auto number = [&](const char *name, auto &into, uint64_t most, const char *help) {
    auto take = [&into, name, most](const std::string &text) {
      if (!wholeNumber(text, into) || static_cast<uint64_t>(into) > most)
        throw CLI::ValidationError(name,
                                   fmt::format("`{}` is no whole number from 0 to {}", text, most));
    };
    command->add_option_function<std::string>(name, take, help)->type_name("UINT");
  };
  number("--seed", arguments.session.seed, UINT64_MAX, "seed of every random number (default 0)");
  number("--threads", arguments.session.threads, 1024,
         "threads, 0 for all cores; results do not depend on it");
  command->add_flag("--check-each", arguments.session.checkEach,
                    "compare every circuit of up to 10 qubits before and after each pass");
  command->add_flag("-q,--quiet", arguments.quiet, "no warnings and no summaries");
  command->add_flag("--json", arguments.json,
                    "diagnostics as one JSON object a line on stderr, output as events on stdout");
  // Its own help shows the program's parameters too, so it waits until the program is read.
  command->set_help_flag();
  command->add_flag("-h,--help", arguments.help, "print this, with the parameters of FILE");
  command->allow_extras();
  command->footer("Other options set the program's own parameters: `param rounds: int = 12` "
                  "becomes --rounds.");
}

std::optional<int> beforeSession(ProgramArguments &arguments) {
  const std::string &file = arguments.session.file;
  if (arguments.help) {
    std::string text = arguments.command->help();
    if (!file.empty()) {
      Session session(arguments.session);
      if (!session.read()) {
        report(session, arguments);
        return session.diagnostics.exitStatus();
      }
      text += parameterHelp(session.params(), file);
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
  std::vector<std::string> names;
  for (const ProgramParameter &p : session.params())
    names.push_back(p.name);
  if (auto problem =
          takeParameters(arguments.command->remaining(), names, session.parameterValues()))
    return usage(*problem);
  return std::nullopt;
}

void report(const Session &session, const ProgramArguments &arguments) {
  show(session.diagnostics, session.sources, arguments.json, arguments.quiet);
}

void show(const diag::Engine &diagnostics, const base::SourceMap &sources, bool json, bool quiet) {
  const bool colour = isatty(STDERR_FILENO) && !std::getenv("NO_COLOR");
  unsigned errors = 0, warnings = 0;
  for (const diag::Diagnostic &d : diagnostics.all()) {
    const bool error = d.level() == diag::Level::Error;
    (error ? errors : warnings)++;
    if (!error && quiet)
      continue;
    say(json ? diag::renderJson(d, sources) + "\n" : diag::renderText(d, sources, {colour}) + "\n");
  }
  if (!json && errors + warnings > 1 && !quiet) {
    auto count = [](unsigned n, const char *what) {
      return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    std::string total = errors ? count(errors, "error") : "";
    if (warnings)
      total += (errors ? ", " : "") + count(warnings, "warning");
    if (diagnostics.leftOut())
      total += fmt::format("; {} more are not shown", diagnostics.leftOut());
    say(total + "\n");
  }
}

} // namespace qdo::driver
