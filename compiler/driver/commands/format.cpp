// SPDX-License-Identifier: Apache-2.0
// `qdo fmt`: programs in the house style, in place. A file with mistakes is left as it is.
#include "compiler/syntax/format.h"
#include "compiler/driver/commands/program.h"
#include "compiler/driver/files.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace qdo::driver {

namespace {

struct FormatArguments {
  std::vector<std::string> files;
  bool check = false;
  bool input = false;
  bool json = false;
};

/// One file: the status it leads to. `output` takes stdin's result.
int formatOne(const std::string &name, const FormatArguments &arguments, bool input) {
  base::SourceMap sources;
  diag::Engine diagnostics;
  std::string problem;
  auto text = input ? readInput(problem) : readFile(name, problem);
  std::optional<std::string> result;
  if (text) {
    const std::string before = *text;
    result = syntax::format(sources.add(name, std::move(*text)), sources, diagnostics);
    if (result && !arguments.check && input)
      std::fwrite(result->data(), 1, result->size(), stdout);
    else if (result && *result != before && arguments.check)
      fmt::print("{}\n", name);
    else if (result && *result != before)
      if (auto failure = replaceFile(name, *result))
        diagnostics.reportUnlocated(diag::Kind::FileNotWritten, name, *failure);
    if (result && *result != before && arguments.check)
      return ProgramErrors;
  } else {
    diagnostics.reportUnlocated(diag::Kind::FileMissing, name, problem);
  }
  diagnostics.sortByPlace();
  launcher::show(diagnostics, sources, arguments.json, true);
  return diagnostics.exitStatus();
}

int format(const FormatArguments &arguments) {
  const bool input = arguments.input || (arguments.files.size() == 1 && arguments.files[0] == "-");
  if (arguments.files.empty() && !input)
    return usage("name a program, a folder of them, or `-` for stdin");
  if (arguments.input && !arguments.files.empty())
    return usage("`--stdin` and files exclude each other");
  if (input)
    return formatOne("<stdin>", arguments, true);
  int status = Ok;
  for (const std::string &file : programsOf(arguments.files))
    if (const int one = formatOne(file, arguments, false); status == Ok)
      status = one;
  return status;
}

} // namespace

void addFormat(Commands &commands) {
  auto arguments = std::make_shared<FormatArguments>();
  CLI::App *command = commands.add("fmt", "format programs in place; a file with mistakes is left",
                                   [arguments] { return format(*arguments); });
  command->add_option("files", arguments->files, "programs, folders of programs, or - for stdin");
  command->add_flag("--check", arguments->check,
                    "change nothing: name the files that would change, and end with status 1");
  command->add_flag("--stdin", arguments->input, "read stdin and write stdout");
  command->add_flag("--json", arguments->json, "diagnostics as one JSON object a line");
}

} // namespace qdo::driver
