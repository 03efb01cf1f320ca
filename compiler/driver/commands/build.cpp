// SPDX-License-Identifier: Apache-2.0
// `qdo build`: a program as an executable of its own, or as object, assembly or LLVM IR.
#include "compiler/driver/build.h"
#include "compiler/driver/commands/program.h"
#include "compiler/driver/files.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>

namespace qdo::driver {

namespace {

struct BuildArguments : ProgramArguments {
  std::string output, emit = "program";
};

/// What each kind is called, and the ending of its file.
struct Kind {
  BuildKind kind;
  std::string_view name, ending;
};
constexpr Kind kinds[] = {{BuildKind::Program, "program", ""},
                          {BuildKind::Library, "lib", ".so"},
                          {BuildKind::Object, "obj", ".o"},
                          {BuildKind::Assembly, "asm", ".s"},
                          {BuildKind::Llvm, "llvm", ".ll"}};

/// Why a file cannot be made where somebody wants it, before anything is compiled.
std::optional<std::string> whyNot(const std::string &output) {
  std::error_code error;
  const std::filesystem::path path(output), folder = path.parent_path();
  if (!folder.empty() && !std::filesystem::is_directory(folder, error))
    return fmt::format("there is no folder `{}` to write `{}` to", folder.string(), output);
  if (std::filesystem::is_directory(path, error))
    return fmt::format("`{}` is a folder; name a file with -o", output);
  if (access(folder.empty() ? "." : folder.c_str(), W_OK) != 0)
    return fmt::format("cannot write `{}`: {}", output, std::strerror(errno));
  return std::nullopt;
}

/// Links through a temporary object beside the output, so that a failed link leaves no program.
std::optional<std::string> linked(BuildKind kind, const std::string &object,
                                  const std::string &output) {
  const std::string temporary = fmt::format("{}.{}.o", output, getpid());
  const std::string made = fmt::format("{}.{}", output, getpid());
  std::optional<std::string> problem = replaceFile(temporary, object);
  if (!problem)
    problem = linkObject(kind, temporary, made);
  std::error_code error;
  std::filesystem::remove(temporary, error);
  if (!problem) {
    std::filesystem::rename(made, output, error);
    if (error)
      problem = fmt::format("cannot write `{}`: {}", output, error.message());
  }
  std::filesystem::remove(made, error);
  return problem;
}

int build(BuildArguments &arguments) {
  if (auto status = beforeSession(arguments))
    return *status;
  const auto *kind = std::ranges::find(kinds, arguments.emit, &Kind::name);
  if (kind == std::end(kinds))
    return usage(fmt::format("nothing is called `{}` to emit; it is program, lib, obj, asm or llvm",
                             arguments.emit));
  if (arguments.single)
    return usage("a built program takes --precision itself, each time it runs");
  std::string output = arguments.output;
  if (output.empty())
    output =
        std::filesystem::path(arguments.session.file).stem().string() + std::string(kind->ending);
  std::error_code error;
  if (std::filesystem::equivalent(output, arguments.session.file, error))
    return usage(fmt::format("`{}` is the program itself; give another name with -o", output));
  if (const auto problem = whyNot(output))
    return usage(*problem);
  Session session(arguments.options());
  if (auto status = checkProgram(session, arguments))
    return *status;
  const auto code = session.build(kind->kind);
  session.diagnostics.sortByPlace();
  report(session, arguments);
  if (!code)
    return session.diagnostics.exitStatus();
  if (!arguments.quiet && !arguments.json)
    for (const std::string &note : code->notes)
      say(fmt::format("note: {}\n", note));
  const bool links = kind->kind == BuildKind::Program || kind->kind == BuildKind::Library;
  auto problem = links ? linked(kind->kind, code->bytes, output) : replaceFile(output, code->bytes);
  if (!problem && !code->header.empty())
    problem =
        replaceFile(std::filesystem::path(output).replace_extension(".h").string(), code->header);
  if (problem) {
    say(fmt::format("qdo: {}\n", *problem));
    return Internal;
  }
  return Ok;
}

} // namespace

void addBuild(Commands &commands) {
  auto arguments = std::make_shared<BuildArguments>();
  CLI::App *command = commands.add("build", "compile a program into an executable of its own",
                                   [arguments] { return build(*arguments); });
  addProgramOptions(command, *arguments);
  command->add_option("-o,--output", arguments->output,
                      "the file to write (default: the program's name)");
  command->add_option("--emit", arguments->emit,
                      "program (default), lib (a shared library), obj, asm or llvm; all but a "
                      "program come with a C header beside them");
}

} // namespace qdo::driver
