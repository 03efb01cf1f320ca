// SPDX-License-Identifier: Apache-2.0
// Collecting syntax mistakes and handing them to the diagnostics engine in order of place.
#include "compiler/syntax/mistakes.h"

namespace qdo::syntax {

Mistake &Mistakes::report(diag::Kind kind, base::Span span, std::string first, std::string second) {
  Mistake mistake{kind, span, {std::move(first), std::move(second)}, {}, {}, {}, {}};
  return byPlace.emplace(span.begin, std::move(mistake))->second;
}

Mistake *Mistakes::within(uint32_t begin, uint32_t end) {
  for (auto it = byPlace.lower_bound(begin); it != byPlace.end() && it->first <= end; ++it)
    if (!it->second.weak)
      return &it->second;
  return nullptr;
}

void Mistakes::forgiveCloser(uint32_t begin, uint32_t end) {
  for (auto it = byPlace.lower_bound(begin); it != byPlace.end() && it->first <= end; ++it) {
    if (it->second.weak) {
      byPlace.erase(it);
      return;
    }
  }
}

void Mistakes::flush(diag::Engine &diagnostics) {
  for (auto &[place, mistake] : byPlace) {
    diag::Diagnostic &made =
        diagnostics.report(mistake.kind, mistake.span, mistake.args[0], mistake.args[1]);
    made.primary.text = std::move(mistake.text);
    made.places = std::move(mistake.places);
    made.helps = std::move(mistake.helps);
    made.edits = std::move(mistake.edits);
  }
  byPlace.clear();
}

} // namespace qdo::syntax
