// SPDX-License-Identifier: Apache-2.0
// A run that need not read its program: an earlier one with the same text, inputs and values has.
// Why two steps: which files belong to a program is known only after reading it, so the text leads
// to their names, and these with what they hold now to the code. A list of names that has become
// wrong leads nowhere (docs/decisions/0042).
#include "compiler/codegen/jit.h"
#include "compiler/driver/code_cache.h"
#include "compiler/driver/files.h"
#include "compiler/driver/kept.h"
#include "compiler/sema/program.h"
#include "stdlib/embedded.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sys/stat.h>

namespace qdo::driver {

std::string makerName() {
  struct stat own{};
  stat("/proc/self/exe", &own);
  return fmt::format("qdo {} {} {} {}\n{}", QDO_VERSION, own.st_size, own.st_mtim.tv_sec,
                     own.st_mtim.tv_nsec, codegen::hostName());
}

/// A module of the standard library by the name that diagnostics use.
static std::optional<std::string> embeddedText(std::string_view path) {
  for (const stdlib::EmbeddedModule &module : stdlib::embeddedModules())
    if (module.path == path)
      return std::string(module.text);
  return std::nullopt;
}

std::optional<CodeCache> Session::codeCache() const {
  // Comparing circuits before and after each pass needs the passes.
  return options.cacheCode && !options.checkEach ? CodeCache::ofEnvironment() : std::nullopt;
}

/// The name under which it is known what a text reads. The folder is that of the file: modules and
/// data are looked for beside it.
std::string Session::textKey() const {
  return CodeCache::nameOf(fmt::format("text\n{}\n{} {} {}{}\n{}", makerName(), options.file.size(),
                                       options.file, options.text ? 't' : 'f',
                                       options.mayLackData ? 'm' : '-', *state->text));
}

/// The name under which it is known what comes of a text and its inputs. What else a run is told
/// (threads, precision, exactness) it tells the runtime, not the code.
std::string Session::readyKey(std::string_view text, std::string_view inputs,
                              const std::map<std::string, std::string> &values) const {
  std::string content = fmt::format("ready\n{}\n{}", text, inputs);
  for (const auto &[name, value] : values)
    content += fmt::format("{} {} {}\n", name, value.size(), value);
  return CodeCache::nameOf(content);
}

/// So that the next run need not read the program. Only what was said is kept with it, so a program
/// with mistakes is read each time.
void Session::remember(const CodeCache &cache, const std::string &code) const {
  std::vector<std::string> names;
  for (uint32_t f = 0; f < sources.fileCount(); ++f)
    names.emplace_back(sources.name(static_cast<base::FileId>(f)));
  const std::set<std::string> different(names.begin(), names.end());
  if (state->test || diagnostics.hasErrors() || diagnostics.leftOut() > 0 ||
      different.size() < names.size() || !state->inputs.areAsRead())
    return;
  const auto inputs = Inputs::contentOf(state->inputs.list(), options.seed);
  if (!inputs)
    return;
  const std::string text = textKey();
  cache.keep(CodeCache::Kind::Inputs, text, bytesOf(KnownText{params(), state->inputs.list()}));
  cache.keep(CodeCache::Kind::Ready, readyKey(text, *inputs, options.params),
             bytesOf(Ready{code, std::move(names), state->fixedParams, diagnostics.all()}));
}

bool Session::recall(const std::vector<std::string> &words) {
  const auto cache = codeCache();
  std::string problem;
  if (!cache || state->file || state->code || !readText(problem))
    return false;
  const std::string text = textKey();
  const auto bytes = cache->find(CodeCache::Kind::Inputs, text);
  const auto known = bytes ? knownText(*bytes) : std::nullopt;
  auto values = options.params;
  if (!known || launcher::takeParameters(words, known->parameters, values))
    return false;
  const auto inputs = Inputs::contentOf(known->inputs, options.seed);
  const auto said =
      inputs ? cache->find(CodeCache::Kind::Ready, readyKey(text, *inputs, values)) : std::nullopt;
  const auto ready = said ? readyOf(*said) : std::nullopt;
  const auto entry = ready ? cache->find(CodeCache::Kind::Code, ready->code) : std::nullopt;
  auto code = entry ? loadCode(*entry) : std::nullopt;
  if (!code)
    return false;
  std::vector<std::string> texts;
  for (const std::string &name : ready->sources) {
    auto found =
        name == options.file ? state->text
        : std::ranges::find(known->inputs, Input{Input::Kind::Module, name}) != known->inputs.end()
            ? readFile(name, problem)
            : embeddedText(name);
    if (!found)
      return false;
    texts.push_back(std::move(*found));
  }
  for (size_t i = 0; i < texts.size(); ++i)
    sources.add(ready->sources[i], std::move(texts[i]));
  for (const diag::Diagnostic &d : ready->warnings)
    diagnostics.reportFinished(d.kind, d.primary.span, d.message) = d;
  options.params = std::move(values);
  state->fixedParams = ready->fixedParams;
  state->code = std::move(code);
  return true;
}

} // namespace qdo::driver
