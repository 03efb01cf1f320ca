// SPDX-License-Identifier: Apache-2.0
// Diagnostics: what they are, and the engine that collects them.
// In: kinds from catalogue.def, spans, arguments. Out: a list of finished diagnostics, in order of
// report. Why: emitting and rendering are separate, so text, JSON and editors read the same record.
// Must not: print, or know where a diagnostic comes from.
#pragma once

#include "compiler/base/source_map.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::diag {

enum class Level : uint8_t { Error, Warning };

/// The process exit status that an error of this class leads to (docs: "exit codes").
enum class ExitClass : uint8_t {
  Program = 1,
  Usage = 2,
  Data = 3,
  Runtime = 4,
  Budget = 5,
  Internal = 70
};

/// One stable code such as E0201: its law or subject, and its sentence.
enum class Code : uint16_t {
#define QDO_CODE(code, exitClass, title, law) code,
#include "compiler/diag/catalogue.def"
};

/// One situation with its wording; several situations may share a code.
enum class Kind : uint16_t {
#define QDO_DIAG(kind, code, level, text) kind,
#include "compiler/diag/catalogue.def"
};

struct CodeInfo {
  std::string_view name; ///< "E0201"
  ExitClass exitClass;
  std::string_view title; ///< "no cloning"
  std::string_view law;   ///< one sentence, or empty when the code is not a law
};
struct KindInfo {
  Code code;
  Level level;
  std::string_view text; ///< fmt format string
};

const CodeInfo &info(Code code);
const KindInfo &info(Kind kind);
const std::vector<CodeInfo> &allCodes();
/// The kind of a row by its name, as the runtime names its failures.
std::optional<Kind> kindNamed(std::string_view name);

/// A labelled place: the primary place of a diagnostic, or another place that is involved.
struct Label {
  base::Span span;
  std::string text;
};

/// A replacement that an editor can apply.
struct Edit {
  base::Span span;
  std::string replacement;
  std::string label;
};

struct Diagnostic {
  Kind kind;
  std::string message;
  Label primary; ///< `primary.text` may be empty
  std::vector<Label> places;
  std::vector<std::string> notes; ///< "= note: ..." lines without a place
  std::vector<std::string> helps; ///< "= help: ..." lines: the way out
  std::vector<Edit> edits;
  bool located = true; ///< false for errors about no place in a program (a missing program file)

  [[nodiscard]] Code code() const { return info(kind).code; }
  [[nodiscard]] Level level() const { return info(kind).level; }

  Diagnostic &label(std::string text) {
    primary.text = std::move(text);
    return *this;
  }
  Diagnostic &place(base::Span span, std::string text) {
    places.push_back({span, std::move(text)});
    return *this;
  }
  Diagnostic &note(std::string text) {
    notes.push_back(std::move(text));
    return *this;
  }
  Diagnostic &help(std::string text) {
    helps.push_back(std::move(text));
    return *this;
  }
  Diagnostic &edit(base::Span span, std::string replacement, std::string label) {
    edits.push_back({span, std::move(replacement), std::move(label)});
    return *this;
  }
};

class Engine {
public:
  /// Starts a diagnostic; the reference is valid until the next report. What was said of a place is
  /// not said again: a function is elaborated for each of its calls, its mistakes are one.
  template <typename... Args> Diagnostic &report(Kind kind, base::Span span, const Args &...args) {
    std::string message = fmt::vformat(info(kind).text, fmt::make_format_args(args...));
    if (isFull(kind) || isSilent(span) || wasSaid(kind, span, message))
      return forget(kind);
    return add(kind, span, std::move(message));
  }
  /// A diagnostic whose sentence is finished already, such as one of the runtime's.
  Diagnostic &reportFinished(Kind kind, std::optional<base::Span> span, std::string message) {
    Diagnostic &d = add(kind, span.value_or(base::Span{}), std::move(message));
    d.located = span.has_value();
    return d;
  }
  /// A diagnostic about no place in a program.
  template <typename... Args> Diagnostic &reportUnlocated(Kind kind, const Args &...args) {
    Diagnostic &d = add(kind, {}, fmt::vformat(info(kind).text, fmt::make_format_args(args...)));
    d.located = false;
    return d;
  }

  [[nodiscard]] const std::vector<Diagnostic> &all() const { return diagnostics; }
  /// So many errors, and so many warnings, are kept: nobody reads more, and a file of nothing but
  /// mistakes is still answered at once. What is left out counts in `leftOut`.
  static constexpr unsigned mostKept = 500;
  [[nodiscard]] unsigned leftOut() const { return unkept; }
  /// Whether what `report` gave is kept: then a search for its way out is worth the time.
  [[nodiscard]] bool keeps(const Diagnostic &reported) const { return &reported != &unheard; }
  [[nodiscard]] bool hasErrors() const { return errors != 0; }
  /// How often an error was reported, those included that are not kept: it grows with every one.
  [[nodiscard]] unsigned errorCount() const { return errors; }
  /// The exit status the errors so far lead to: 0 without errors, else that of the first error.
  [[nodiscard]] int exitStatus() const;
  /// What is reported from now on within `span` is not kept: the place has its mistake already.
  void silence(base::Span span);
  [[nodiscard]] bool isSilent(base::Span span) const;
  /// Whether an error was reported at a place within `span`.
  [[nodiscard]] bool hasErrorIn(base::Span span) const;
  /// Sorts by place (stable), so that output does not depend on the order of phases.
  void sortByPlace();

private:
  Diagnostic &add(Kind kind, base::Span span, std::string message);
  Diagnostic &forget(Kind kind);
  bool isFull(Kind kind);
  [[nodiscard]] bool wasSaid(Kind kind, base::Span span, const std::string &message) const;
  std::vector<Diagnostic> diagnostics;
  std::map<std::pair<base::FileId, uint32_t>, uint32_t> silent;    ///< disjoint: begin -> end
  std::multimap<std::pair<base::FileId, uint32_t>, size_t> places; ///< begin -> index
  Diagnostic unheard{}; ///< what a forgotten report fills
  unsigned errors = 0;
  unsigned keptErrors = 0, keptWarnings = 0, unkept = 0;
};

} // namespace qdo::diag
