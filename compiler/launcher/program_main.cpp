// SPDX-License-Identifier: Apache-2.0
// The main function of built programs: options, the run, failures at their places.
#include "compiler/launcher/execute.h"
#include "compiler/launcher/host.h"
#include "compiler/launcher/parameters.h"
#include "compiler/launcher/program.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <span>

using namespace qdo;
using namespace qdo::launcher;

namespace {

std::span<const qdo_program_parameter> parameters() {
  return {qdo_built_program.parameters, static_cast<size_t>(qdo_built_program.parameter_count)};
}

std::vector<ProgramParameter> openParameters() {
  std::vector<ProgramParameter> open;
  for (const qdo_program_parameter &p : parameters())
    if (p.open)
      open.push_back({p.name, p.type, p.value, p.doc});
  return open;
}

std::string settled() {
  std::string text;
  for (const qdo_program_parameter &p : parameters())
    if (!p.open)
      text += fmt::format("{} {} = {}", text.empty() ? "" : ",", p.name, p.value);
  return text.empty() ? text : "\nSettled when it was built:" + text + "\n";
}

/// What is wrong with options for parameters that became part of the code, such as the number of
/// gates.
std::optional<std::string> setSettled(const std::vector<std::string> &words) {
  for (const qdo_program_parameter &p : parameters()) {
    const std::string option = fmt::format("--{}", p.name);
    const bool given = std::ranges::any_of(words, [&](const std::string &word) {
      return word == option || word.starts_with(option + "=");
    });
    if (!p.open && given)
      return fmt::format("`{0}` was settled when the program was built: it is {1}; for another "
                         "value build it again: `qdo build {2} {0} VALUE -o {3}`",
                         option, p.value, qdo_built_program.files[0].name, qdo_built_program.name);
  }
  return std::nullopt;
}

/// Which parameters have other values than those that the program was built with.
std::string changed(const std::map<std::string, std::string> &values) {
  std::string text;
  for (const qdo_program_parameter &p : parameters())
    if (auto given = values.find(p.name); given != values.end() && given->second != p.value)
      text += fmt::format("{}`--{} {}` (it was {} when the program was built)",
                          text.empty() ? "this run has " : ", ", p.name, given->second, p.value);
  return text;
}

/// What is wrong with the values given for parameters.
std::optional<std::string> wrongValue(const std::map<std::string, std::string> &values) {
  for (const qdo_program_parameter &p : parameters())
    if (auto given = values.find(p.name); given != values.end())
      if (auto expected = mismatch(p.type, given->second))
        return fmt::format("`{}` is not {} for parameter `{}`", given->second, *expected, p.name);
  return std::nullopt;
}

int usageError(const std::string &text) {
  say(fmt::format("{}: {}\n", qdo_built_program.name, text));
  return Usage;
}

int runProgram(const RunArguments &arguments, const std::map<std::string, std::string> &values) {
  base::SourceMap sources;
  std::vector<base::FileId> files;
  for (const qdo_program_file &file :
       std::span(qdo_built_program.files, static_cast<size_t>(qdo_built_program.file_count)))
    files.push_back(sources.add(file.name, file.text));
  diag::Engine diagnostics;
  Runnable program;
  program.seed = arguments.seed;
  program.threads = arguments.threads;
  program.exact = arguments.exact;
  program.single = arguments.single;
  program.changed = changed(values);
  ProgramHost host(qdo_built_program.name, sources,
                   [&](qdo_site site) { return program.spanOf(site); });
  program.entry = [&](qdo_ctx *context) {
    host.tell(context);
    for (const qdo_program_parameter &p : parameters())
      if (p.open) {
        auto given = values.find(p.name);
        qdo_rt_set_param(context, p.name, given == values.end() ? p.value : given->second.c_str());
      }
    qdo_built_program.entry(context);
  };
  program.spanOf = [&](qdo_site site) -> std::optional<base::Span> {
    if (static_cast<int64_t>(site) >= qdo_built_program.site_count)
      return std::nullopt;
    const qdo_program_site &place = qdo_built_program.sites[site];
    if (place.file < 0)
      return std::nullopt;
    return base::Span{files[static_cast<size_t>(place.file)], place.begin, place.end};
  };
  return execute([&](const Write &write) { return run(program, diagnostics, write); }, diagnostics,
                 sources, {arguments.seed, arguments.quiet, arguments.json});
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app;
  app.name(qdo_built_program.name);
  RunArguments arguments;
  addRunOptions(app, arguments);
  addExact(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return usageError(error.what());
  }
  if (arguments.help) {
    const std::string text =
        app.help() + parameterHelp(openParameters(), qdo_built_program.name) + settled();
    std::fputs(text.c_str(), stdout);
    return Ok;
  }
  std::map<std::string, std::string> values;
  auto problem = setSettled(app.remaining());
  if (!problem)
    problem = takeParameters(app.remaining(), openParameters(), values);
  if (!problem)
    problem = wrongValue(values);
  return problem ? usageError(*problem) : runProgram(arguments, values);
}
