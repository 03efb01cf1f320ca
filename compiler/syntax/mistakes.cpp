// SPDX-License-Identifier: Apache-2.0
// Collecting syntax mistakes and handing them to the diagnostics engine in order of place.
#include "compiler/syntax/mistakes.h"

#include <algorithm>

namespace qdo::syntax {

Mistake &Mistakes::report(diag::Kind kind, base::Span span, std::string first, std::string second) {
  list.push_back({kind, span, {std::move(first), std::move(second)}, {}, {}, {}, {}});
  return list.back();
}

Mistake *Mistakes::within(uint32_t begin, uint32_t end) {
  for (Mistake &mistake : list)
    if (!mistake.weak && mistake.span.begin >= begin && mistake.span.begin <= end)
      return &mistake;
  return nullptr;
}

void Mistakes::forgiveCloserAfter(uint32_t offset) {
  auto closer = std::find_if(list.begin(), list.end(), [&](const Mistake &mistake) {
    return mistake.weak && mistake.span.begin >= offset;
  });
  if (closer != list.end())
    list.erase(closer);
}

void Mistakes::flush(diag::Engine &diagnostics) {
  std::stable_sort(list.begin(), list.end(), [](const Mistake &a, const Mistake &b) {
    return a.span.begin < b.span.begin;
  });
  for (Mistake &mistake : list) {
    diag::Diagnostic &made =
        diagnostics.report(mistake.kind, mistake.span, mistake.args[0], mistake.args[1]);
    made.primary.text = std::move(mistake.text);
    made.places = std::move(mistake.places);
    made.helps = std::move(mistake.helps);
    made.edits = std::move(mistake.edits);
  }
  list.clear();
}

} // namespace qdo::syntax
