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

void Engine::silence(base::Span span) {
  auto next = silent.upper_bound({span.file, span.begin});
  if (next != silent.begin())
    if (auto before = std::prev(next);
        before->first.first == span.file && before->second >= span.begin) {
      before->second = std::max(before->second, span.end);
      return;
    }
  silent.emplace(std::pair(span.file, span.begin), span.end);
}

bool Engine::isSilent(base::Span span) const {
  const auto next = silent.upper_bound({span.file, span.begin});
  if (next == silent.begin())
    return false;
  const auto &[begin, end] = *std::prev(next);
  return begin.first == span.file && span.end <= end;
}

bool Engine::hasErrorIn(base::Span span) const {
  const auto last = places.upper_bound({span.file, span.end});
  return std::any_of(places.lower_bound({span.file, span.begin}), last, [&](const auto &place) {
    const Diagnostic &old = diagnostics[place.second];
    return old.level() == Level::Error && old.primary.span.end <= span.end;
  });
}

bool Engine::wasSaid(Kind kind, base::Span span, const std::string &message) const {
  const auto [first, last] = places.equal_range({span.file, span.begin});
  return std::any_of(first, last, [&](const auto &place) {
    const Diagnostic &old = diagnostics[place.second];
    return old.kind == kind && old.primary.span.end == span.end && old.message == message;
  });
}

bool Engine::isFull(Kind kind) {
  const bool full = (info(kind).level == Level::Error ? keptErrors : keptWarnings) >= mostKept;
  unkept += full;
  return full;
}

Diagnostic &Engine::forget(Kind kind) {
  if (info(kind).level == Level::Error)
    ++errors;
  unheard = {};
  unheard.kind = kind;
  return unheard;
}

Diagnostic &Engine::add(Kind kind, base::Span span, std::string message) {
  Diagnostic diagnostic;
  diagnostic.kind = kind;
  diagnostic.message = std::move(message);
  diagnostic.primary.span = span;
  places.emplace(std::pair(span.file, span.begin), diagnostics.size());
  diagnostics.push_back(std::move(diagnostic));
  ++(info(kind).level == Level::Error ? keptErrors : keptWarnings);
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
  places.clear();
  for (size_t i = 0; i < diagnostics.size(); ++i)
    places.emplace(std::pair(diagnostics[i].primary.span.file, diagnostics[i].primary.span.begin),
                   i);
}

} // namespace qdo::diag
