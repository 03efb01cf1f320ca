// SPDX-License-Identifier: Apache-2.0
// Why strict: a number that a library would bend into range is another seed than the one that was
// asked for.
#include "compiler/launcher/parameters.h"

#include "compiler/base/source_map.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qdo::launcher {

template <typename Number> static bool wholeNumber(const std::string &text, Number &into) {
  const char *last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, into);
  return error == std::errc() && end == last && !text.starts_with('-');
}

void addRunOptions(CLI::App &command, RunArguments &arguments) {
  auto number = [&](const char *name, auto &into, uint64_t most, const char *help) {
    auto take = [&into, name, most](const std::string &text) {
      if (!wholeNumber(text, into) || static_cast<uint64_t>(into) > most)
        throw CLI::ValidationError(name,
                                   fmt::format("`{}` is no whole number from 0 to {}", text, most));
    };
    command.add_option_function<std::string>(name, take, help)->type_name("UINT");
  };
  number("--seed", arguments.seed, UINT64_MAX, "seed of every random number (default 0)");
  number("--threads", arguments.threads, 1024,
         "threads, 0 for all cores; results do not depend on it");
  command
      .add_option_function<std::string>(
          "--precision",
          [&](const std::string &text) {
            if (text != "single" && text != "double")
              throw CLI::ValidationError("--precision",
                                         fmt::format("`{}` is neither double nor single", text));
            arguments.single = text == "single";
          },
          "double (default), or single: states above 16 qubits take half the memory and time, and "
          "are right to about 6 digits")
      ->type_name("TEXT");
  command.add_flag("-q,--quiet", arguments.quiet, "no warnings and no summaries");
  command.add_flag("--json", arguments.json,
                   "diagnostics as one JSON object a line on stderr, output as events on stdout");
  command.set_help_flag();
  command.add_flag("-h,--help", arguments.help, "print this, with the program's own parameters");
  command.allow_extras();
}

void addExact(CLI::App &command, RunArguments &arguments) {
  command.add_flag("--exact", arguments.exact,
                   "to compare: estimates have no sampling error and spend no shots; samples, "
                   "records and live qubits are still drawn");
}

std::optional<std::string> takeParameters(const std::vector<std::string> &words,
                                          const std::vector<ProgramParameter> &known,
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
    if (std::ranges::find(known, name, &ProgramParameter::name) == known.end()) {
      std::vector<std::string_view> candidates;
      for (const ProgramParameter &p : known)
        candidates.push_back(p.name);
      auto near = base::nearestWord(name, candidates);
      std::string text = fmt::format("the program has no parameter `{}`", name);
      if (near)
        text += fmt::format("; did you mean `--{}`?", *near);
      else if (!candidates.empty())
        text += fmt::format("; it has --{}", fmt::join(candidates, ", --"));
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

std::optional<std::string> mismatch(const std::string &type, const std::string &text) {
  const char *last = text.data() + text.size();
  auto is = [&](auto number) {
    auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc() && end == last && std::isfinite(static_cast<double>(number));
  };
  if (type == "int")
    return is(int64_t{}) ? std::nullopt : std::optional("an int");
  if (type == "real")
    return is(double{}) ? std::nullopt : std::optional("a real number");
  if (type == "bool")
    return text == "true" || text == "false" ? std::nullopt : std::optional("`true` or `false`");
  return std::nullopt;
}

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

} // namespace qdo::launcher
