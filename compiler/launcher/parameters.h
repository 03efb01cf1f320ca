// SPDX-License-Identifier: Apache-2.0
// A program's own parameters as options of its command line, and the options every run has.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace qdo::launcher {

/// A `param` of the program, as its text says it.
struct ProgramParameter {
  std::string name, type, defaultText, doc;
};

/// What every run can be told.
struct RunArguments {
  uint64_t seed = 0;
  int threads = 0;     ///< 0: all cores
  bool single = false; ///< large states in single precision
  bool quiet = false;
  bool json = false;
  bool help = false;
  bool exact = false; ///< estimates without sampling error, whatever their policy
};

/// Adds --seed, --threads, --precision, --quiet, --json and --help. What else stands on the command
/// line are values of the program's parameters.
void addRunOptions(CLI::App &command, RunArguments &arguments);
/// Adds --exact to a command that runs a program.
void addExact(CLI::App &command, RunArguments &arguments);

/// `--name value` and `--name=value` set the program's parameters. Returns what is wrong.
std::optional<std::string> takeParameters(const std::vector<std::string> &words,
                                          const std::vector<ProgramParameter> &known,
                                          std::map<std::string, std::string> &values);

/// What `text` should be to be a value of a parameter of this type (`int`, `real`, `bool`; a string
/// is anything), when it is none: "an int".
std::optional<std::string> mismatch(const std::string &type, const std::string &text);

/// The program's own options, as the help of other commands shows theirs.
std::string parameterHelp(const std::vector<ProgramParameter> &parameters, const std::string &file);

} // namespace qdo::launcher
