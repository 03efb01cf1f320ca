// SPDX-License-Identifier: Apache-2.0
// `qdo doc`: documentation of a program or of a module of the standard library.
#include "compiler/base/source_map.h"
#include "compiler/driver/commands/program.h"
#include "compiler/driver/documentation.h"
#include "compiler/driver/files.h"
#include "compiler/sema/program.h"
#include "compiler/syntax/parse.h"
#include "stdlib/embedded.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace qdo::driver {

namespace {

struct DocArguments {
  std::string name, folder;
  bool html = false, check = false, json = false;
};

/// A module of the library and those it passes names on from, or every module below a name: `std`
/// is all of it.
std::vector<const stdlib::EmbeddedModule *> modulesNamed(const std::string &name) {
  std::string_view text;
  for (const stdlib::EmbeddedModule &m : stdlib::embeddedModules())
    if (m.name == name)
      text = m.text;
  std::vector<const stdlib::EmbeddedModule *> found;
  for (const stdlib::EmbeddedModule &m : stdlib::embeddedModules())
    if (m.name == name || m.name.starts_with(name + ".") ||
        text.find(fmt::format("\nuse {}.", m.name)) != std::string_view::npos)
      found.push_back(&m);
  return found;
}

/// Writes or prints one documentation, or says what it lacks. A status.
int finish(const Documentation &documentation, const base::SourceMap &sources,
           const DocArguments &arguments) {
  if (arguments.check) {
    int status = Ok;
    for (const auto &e : documentation.entries)
      if (e.text.empty()) {
        const base::Position at = sources.position(e.span.file, e.span.begin);
        fmt::print("{}:{}: {} `{}` is not documented\n", sources.name(e.span.file), at.line, e.kind,
                   e.name);
        status = ProgramErrors;
      }
    return status;
  }
  const std::string text = arguments.html ? toHtml(documentation) : toMarkdown(documentation);
  if (arguments.folder.empty()) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return Ok;
  }
  std::error_code error;
  std::filesystem::create_directories(arguments.folder, error);
  const std::string file = (std::filesystem::path(arguments.folder) /
                            (documentation.title + (arguments.html ? ".html" : ".md")))
                               .string();
  if (auto problem = replaceFile(file, text)) {
    diag::Engine diagnostics;
    diagnostics.reportUnlocated(diag::Kind::FileNotWritten, file, *problem);
    launcher::show(diagnostics, sources, arguments.json, false);
    return diagnostics.exitStatus();
  }
  return Ok;
}

int documentProgram(const DocArguments &arguments) {
  Options options;
  options.file = arguments.name;
  options.mayLackData = true;
  Session session(options);
  if (!session.check()) {
    session.diagnostics.sortByPlace();
    launcher::show(session.diagnostics, session.sources, arguments.json, false);
    return session.diagnostics.exitStatus();
  }
  const sema::Program &program = session.program();
  auto resultOf = [&](const syntax::FnStmt &fn) -> std::string {
    const auto &names = program.modules.front().names;
    auto found = names.find(fn.name.text);
    if (found == names.end())
      return "";
    auto effects = program.effects.find(found->second);
    return effects != program.effects.end() && effects->second.result
               ? program.show(effects->second.result)
               : "";
  };
  return finish(documentationOf(std::filesystem::path(arguments.name).stem().string(),
                                program.modules.front().ast, session.sources, resultOf),
                session.sources, arguments);
}

int document(const DocArguments &arguments) {
  if (arguments.name.ends_with(".qdo"))
    return documentProgram(arguments);
  const auto modules = modulesNamed(arguments.name);
  if (modules.empty()) {
    std::vector<std::string_view> known;
    for (const stdlib::EmbeddedModule &m : stdlib::embeddedModules())
      known.push_back(m.name);
    auto near = base::nearestWord(arguments.name, known);
    return usage(fmt::format("`{}` is neither a .qdo file nor a module{}", arguments.name,
                             near ? fmt::format("; did you mean `{}`?", *near) : ""));
  }
  int status = Ok;
  for (const stdlib::EmbeddedModule *m : modules) {
    base::SourceMap sources;
    diag::Engine diagnostics;
    const syntax::Ast ast = syntax::parse(sources.add(std::string(m->path), std::string(m->text)),
                                          sources, diagnostics);
    auto unknown = [](const syntax::FnStmt &) { return std::string(); };
    status = std::max(status, finish(documentationOf(std::string(m->name), ast, sources, unknown),
                                     sources, arguments));
  }
  return status;
}

} // namespace

void addDoc(Commands &commands) {
  auto arguments = std::make_shared<DocArguments>();
  CLI::App *command = commands.add("doc", "documentation of a program or of a library module",
                                   [arguments] { return document(*arguments); });
  command->add_option("name", arguments->name, "a .qdo file, or a module such as std.encodings")
      ->required();
  command->add_option("-o,--output", arguments->folder, "a folder to write a page a module into");
  command->add_flag("--html", arguments->html, "HTML instead of Markdown");
  command->add_flag("--check", arguments->check,
                    "write nothing: name what is not documented, and end with status 1");
  command->add_flag("--json", arguments->json, "diagnostics as one JSON object a line");
}

} // namespace qdo::driver
