// SPDX-License-Identifier: Apache-2.0
// The catalogue as tables, and the engine that collects diagnostics.
#include "compiler/diag/diagnostic.h"

#include <algorithm>
#include <tuple>

namespace qdo::diag {

const std::vector<CodeInfo> &allCodes() {
  static const std::vector<CodeInfo> codes = {
#define QDO_CODE(code, exitClass, title, law) CodeInfo{#code, ExitClass::exitClass, title, law},
#include "compiler/diag/catalogue.def"
  };
  return codes;
}

const CodeInfo &info(Code code) { return allCodes()[static_cast<size_t>(code)]; }

const KindInfo &info(Kind kind) {
  static const std::vector<KindInfo> kinds = {
#define QDO_DIAG(kind, code, level, text) KindInfo{Code::code, Level::level, text},
#include "compiler/diag/catalogue.def"
  };
  return kinds[static_cast<size_t>(kind)];
}

std::optional<Kind> kindNamed(std::string_view name) {
  static constexpr std::string_view names[] = {
#define QDO_DIAG(kind, code, level, text) #kind,
#include "compiler/diag/catalogue.def"
  };
  for (size_t i = 0; i < std::size(names); ++i)
    if (names[i] == name)
      return static_cast<Kind>(i);
  return std::nullopt;
}

Diagnostic &Engine::add(Kind kind, base::Span span, std::string message) {
  Diagnostic diagnostic;
  diagnostic.kind = kind;
  diagnostic.message = std::move(message);
  diagnostic.primary.span = span;
  diagnostics.push_back(std::move(diagnostic));
  if (info(kind).level == Level::Error)
    ++errors;
  return diagnostics.back();
}

int Engine::exitStatus() const {
  for (const Diagnostic &diagnostic : diagnostics)
    if (diagnostic.level() == Level::Error)
      return static_cast<int>(info(diagnostic.code()).exitClass);
  return 0;
}

void Engine::sortByPlace() {
  // Diagnostics about no place come first: they are about the run as a whole.
  const auto key = [](const Diagnostic &diagnostic) {
    const base::Span span = diagnostic.primary.span;
    return std::tuple(diagnostic.located, span.file, span.begin, span.end);
  };
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [&](const Diagnostic &a, const Diagnostic &b) { return key(a) < key(b); });
}

} // namespace qdo::diag
