// SPDX-License-Identifier: Apache-2.0
// `qdo new NAME`: a folder with a program, data and tests that pass, to change step by step.
// Must not: touch anything that is there already.
#include "compiler/diag/diagnostic.h"
#include "compiler/driver/commands/program.h"
#include "compiler/driver/files.h"
#include "compiler/driver/project_template.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace qdo::driver {

namespace {

int create(const std::string &path) {
  const std::filesystem::path folder = std::filesystem::path(path).lexically_normal();
  const std::string name =
      folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string();
  const bool good = !name.empty() && name != "." && name != ".." &&
                    std::all_of(name.begin(), name.end(), [](unsigned char c) {
                      return std::isalnum(c) || c == '_' || c == '-' || c >= 0x80;
                    });
  if (!good)
    return usage(fmt::format("`{}` is no name for a project: letters, digits, `_` and `-`", name));
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(folder, error)))
    return usage(fmt::format("`{}` exists already, and `qdo new` overwrites nothing", path));
  for (const ProjectFile &file : projectTemplate(name)) {
    const std::filesystem::path target = folder / file.path;
    std::filesystem::create_directories(target.parent_path(), error);
    if (auto problem = replaceFile(target.string(), file.text)) {
      base::SourceMap sources;
      diag::Engine diagnostics;
      diagnostics.reportUnlocated(diag::Kind::FileNotWritten, target.string(), *problem);
      launcher::show(diagnostics, sources, false, false);
      return diagnostics.exitStatus();
    }
  }
  fmt::print("made {0}; next:\n  cd {0}\n  qdo run main.qdo\n  qdo test main.qdo\n", path);
  return Ok;
}

} // namespace

void addNew(Commands &commands) {
  auto name = std::make_shared<std::string>();
  commands
      .add("new", "a project with a program, data and tests that pass",
           [name] { return create(*name); })
      ->add_option("name", *name, "the folder to make")
      ->required();
}

} // namespace qdo::driver
