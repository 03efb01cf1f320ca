// SPDX-License-Identifier: Apache-2.0
// What the expectation value of a Pauli sum costs: circuits that read several strings each.
// Why two counts: the run reads what an older circuit reads already, so the most are the groups of
// each sum that none before has for sure, and the least are strings that clash pair by pair,
// whichever sums they stand in.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace qdo::lower {

/// A group by its letters.
static std::string named(const pauli::Strings &letters) {
  return fmt::format("{:x}|{:x}", fmt::join(letters.x, ","), fmt::join(letters.z, ","));
}

/// Whether a circuit that reads some letters reads these.
static bool covers(const pauli::Strings &read, const pauli::Strings &letters) {
  for (size_t w = 0; w < read.words; ++w)
    if ((letters.x[w] | letters.z[w]) & ~(read.x[w] | read.z[w]))
      return false;
  return !pauli::clash(read, 0, letters, 0);
}

void Elaborator::chargeReadings(const std::string &recipe, const ReadStrings &read,
                                base::Span span) {
  // What surely ran before under this policy has read its own letters; what else it read depends on
  // what ran before it.
  const bool known = !collecting && freshDepth == 0 && recipe.find('?') == recipe.npos;
  const std::string key =
      fmt::format("{}|{}|{}", payer().key, devices.empty() ? "" : devices.back().name, recipe);
  for (const pauli::Group &group : pauli::groupsOf(read.strings)) {
    if (known && std::ranges::any_of(readBefore[key], [&](const pauli::Strings &before) {
          return covers(before, group.letters);
        }))
      continue;
    note(fmt::format("expect {} {}", recipe, named(group.letters)), 1, span, -1);
    if (known && uncertain == 0)
      readBefore[key].push_back(group.letters);
  }
  if (uncertain > 0 || payer().exact)
    return;
  const pauli::Strings &strings = read.strings;
  pauli::Strings &clashers = collecting ? collecting->clashing[recipe] : clashing[key];
  clashers.words = strings.words;
  for (size_t i = 0; i < strings.size(); ++i) {
    if (!read.surely[i])
      continue;
    size_t clashes = 0;
    while (clashes < clashers.size() && pauli::clash(strings, i, clashers, clashes))
      ++clashes;
    if (clashes < clashers.size())
      continue; // one circuit may read both
    for (size_t w = i * strings.words; w < (i + 1) * strings.words; ++w) {
      clashers.x.push_back(strings.x[w]);
      clashers.z.push_back(strings.z[w]);
    }
    const std::string what = fmt::format("expect {} {}", recipe, clashes);
    if (collecting)
      collectCost(what, 1, -1, Bounds::Least);
    else
      chargeLeast(what, payer().low, span);
  }
}

} // namespace qdo::lower
