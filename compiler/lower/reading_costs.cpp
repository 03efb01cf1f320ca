// SPDX-License-Identifier: Apache-2.0
// What the expectation value of a Pauli sum costs: circuits that read several strings each.
// Why two counts: the run reads what an older circuit reads already, so the most are the groups of
// each sum by itself, and the least are strings that clash pair by pair, whichever sums they stand
// in.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qdo::lower {

/// A group by its letters.
static std::string named(const pauli::Strings &letters) {
  return fmt::format("{:x}|{:x}", fmt::join(letters.x, ","), fmt::join(letters.z, ","));
}

void Elaborator::chargeReadings(const std::string &recipe, const ReadStrings &read,
                                base::Span span) {
  for (const pauli::Group &group : pauli::groupsOf(read.strings))
    note(fmt::format("expect {} {}", recipe, named(group.letters)), 1, span, -1);
  if (uncertain > 0 || payer().exact)
    return;
  const pauli::Strings &strings = read.strings;
  pauli::Strings &known = collecting ? collecting->clashing[recipe]
                                     : clashing[fmt::format("{}|{}", payer().key, recipe)];
  known.words = strings.words;
  for (size_t i = 0; i < strings.size(); ++i) {
    if (!read.surely[i])
      continue;
    size_t clashes = 0;
    while (clashes < known.size() && pauli::clash(strings, i, known, clashes))
      ++clashes;
    if (clashes < known.size())
      continue; // one circuit may read both
    for (size_t w = i * strings.words; w < (i + 1) * strings.words; ++w) {
      known.x.push_back(strings.x[w]);
      known.z.push_back(strings.z[w]);
    }
    const std::string what = fmt::format("expect {} {}", recipe, clashes);
    if (collecting)
      collectCost(what, 1, -1, Bounds::Least);
    else
      chargeLeast(what, payer().low, span);
  }
}

} // namespace qdo::lower
