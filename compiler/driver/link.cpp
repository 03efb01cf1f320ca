// SPDX-License-Identifier: Apache-2.0
// From an object file to a program: one call of the system's linker through a compiler driver.
// Why not a linker of our own: where libc and its start files are is the system's business.
#include "compiler/driver/build.h"
#include "compiler/driver/files.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <vector>

extern char **environ;

namespace qdo::driver {

namespace {

namespace fs = std::filesystem;

/// The folder of this executable: what programs are linked with lies in ../lib beside it.
fs::path ownFolder() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

/// Starts `words[0]`, found on the PATH, without a shell; its exit status, or -1 when it is not
/// there.
int runCommand(const std::vector<std::string> &words) {
  std::vector<char *> arguments;
  for (const std::string &word : words)
    arguments.push_back(const_cast<char *>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawnp(&child, arguments[0], nullptr, nullptr, arguments.data(), environ) != 0)
    return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

} // namespace

std::optional<std::string> linkObject(BuildKind kind, const std::string &object,
                                      const std::string &output) {
  const bool library = kind == BuildKind::Library;
  const fs::path archive =
      ownFolder() / ".." / "lib" / (library ? "libqdo_runtime.a" : "libqdo_program.a");
  if (!fs::exists(archive))
    return fmt::format("`{}` is missing: it is what is linked with",
                       archive.lexically_normal().string());
  std::vector<std::string> words = {"", object, "-o", output};
  if (library)
    words.insert(words.end(), {"-shared", "-Wl,--whole-archive", archive.string(),
                               "-Wl,--no-whole-archive", "-lsvm", "-lsqlite3", "-lm", "-pthread"});
  else
    words.insert(words.end(), {archive.string(), "-static", "-Wl,--gc-sections"});
  const std::vector<std::string> drivers = {"clang++-22", "clang++", "g++", "c++"};
  for (const std::string &driver : drivers) {
    words[0] = driver;
    const int status = runCommand(words);
    if (status == 0)
      return std::nullopt;
    if (status > 0)
      return fmt::format("`{}` could not link `{}`", driver, output);
  }
  return fmt::format("no compiler driver to link with: install one of {}",
                     fmt::join(drivers, ", "));
}

} // namespace qdo::driver
