// SPDX-License-Identifier: Apache-2.0
// Failures as diagnostics; diagnostics on stderr.
#include "compiler/launcher/failure.h"

#include "compiler/diag/render.h"
#include "compiler/launcher/status.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <unistd.h>

namespace qdo::launcher {

void say(const std::string &text) { std::fputs(text.c_str(), stderr); }

void reportFailure(const qdo_failure &failure, std::optional<base::Span> span,
                   diag::Engine &diagnostics, const std::string &note) {
  auto kind = diag::kindNamed(failure.kind);
  auto text = [](const char *s) { return std::string(s ? s : ""); };
  if (!kind) {
    diagnostics.reportUnlocated(diag::Kind::InternalError,
                                text(failure.kind) + ": " + text(failure.message));
    return;
  }
  auto &d = diagnostics.reportFinished(*kind, span, text(failure.message));
  if (!text(failure.place).empty())
    d.note("in the data: " + text(failure.place));
  if (!text(failure.note).empty())
    d.note(text(failure.note));
  if (!note.empty())
    d.note(note);
  if (!text(failure.help).empty())
    d.help(text(failure.help));
}

void show(const diag::Engine &diagnostics, const base::SourceMap &sources, bool json, bool quiet) {
  const bool colour = isatty(STDERR_FILENO) && !std::getenv("NO_COLOR");
  unsigned errors = 0, warnings = 0;
  for (const diag::Diagnostic &d : diagnostics.all()) {
    const bool error = d.level() == diag::Level::Error;
    (error ? errors : warnings)++;
    if (!error && quiet)
      continue;
    say(json ? diag::renderJson(d, sources) + "\n" : diag::renderText(d, sources, {colour}) + "\n");
  }
  if (!json && errors + warnings > 1 && !quiet) {
    auto count = [](unsigned n, const char *what) {
      return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
    };
    std::string total = errors ? count(errors, "error") : "";
    if (warnings)
      total += (errors ? ", " : "") + count(warnings, "warning");
    if (diagnostics.leftOut())
      total += fmt::format("; {} more are not shown", diagnostics.leftOut());
    say(total + "\n");
  }
}

} // namespace qdo::launcher
