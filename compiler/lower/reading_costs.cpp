// SPDX-License-Identifier: Apache-2.0
// What the expectation value of a Pauli sum costs: circuits that read several strings each.
// Why two counts: the run reads what an older circuit reads already, so the most are the groups of
// each sum that none before has for sure, and the least are strings no two of which one circuit
// reads, whichever sums they stand in.
#include "compiler/lower/elaborator.h"
#include "qdo/runtime/diagonal_circuit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace qdo::lower {

/// A group by its letters.
static std::string named(const pauli::Strings &letters) {
  return fmt::format("{:x}|{:x}", fmt::join(letters.x, ","), fmt::join(letters.z, ","));
}

/// Whether one circuit does not read both.
static bool apart(bool commuting, const pauli::Strings &s, size_t a, const pauli::Strings &t,
                  size_t b) {
  return commuting ? pauli::anticommute(s, a, t, b) : pauli::clash(s, a, t, b);
}

/// Whether a circuit that reads some letters reads these.
static bool covers(const pauli::Strings &read, const pauli::Strings &letters) {
  for (size_t w = 0; w < read.words; ++w)
    if ((letters.x[w] | letters.z[w]) & ~(read.x[w] | read.z[w]))
      return false;
  return !pauli::clash(read, 0, letters, 0);
}

/// Whether a circuit that reads some strings reads these: they are products of those.
static bool spans(const pauli::Strings &read, const pauli::Strings &strings) {
  // Masks of x and z as one; each of `basis` has a bit that none after it has.
  const size_t words = read.words;
  std::vector<std::pair<size_t, std::vector<uint64_t>>> basis; // with the word of its bit
  auto rest = [&](const pauli::Strings &of, size_t i) {
    std::vector<uint64_t> bits(of.x.begin() + static_cast<std::ptrdiff_t>(i * words),
                               of.x.begin() + static_cast<std::ptrdiff_t>((i + 1) * words));
    bits.insert(bits.end(), of.z.begin() + static_cast<std::ptrdiff_t>(i * words),
                of.z.begin() + static_cast<std::ptrdiff_t>((i + 1) * words));
    for (const auto &[word, other] : basis)
      if (bits[word] & (other[word] & -other[word]))
        for (size_t w = 0; w < bits.size(); ++w)
          bits[w] ^= other[w];
    return bits;
  };
  for (size_t i = 0; i < read.size(); ++i) {
    auto bits = rest(read, i);
    const auto word = std::ranges::find_if(bits, [](uint64_t mask) { return mask != 0; });
    if (word != bits.end())
      basis.emplace_back(static_cast<size_t>(word - bits.begin()), std::move(bits));
  }
  for (size_t i = 0; i < strings.size(); ++i)
    if (std::ranges::any_of(rest(strings, i), [](uint64_t mask) { return mask != 0; }))
      return false;
  return true;
}

/// What each circuit of a sum reads: letters, or strings that commute.
static std::vector<pauli::Strings> groupsOf(const ReadStrings &read, bool commuting) {
  std::vector<pauli::Strings> groups;
  if (!commuting) {
    for (pauli::Group &group : pauli::groupsOf(read.strings))
      groups.push_back(std::move(group.letters));
    return groups;
  }
  for (const auto &members : pauli::commutingGroupsOf(read.strings, read.weights)) {
    pauli::Strings &group = groups.emplace_back(pauli::Strings{read.strings.words, {}, {}});
    for (size_t i : members) {
      const pauli::ReadAs string = pauli::readAs(read.strings, i, {});
      group.x.insert(group.x.end(), string.string.x.begin(), string.string.x.end());
      group.z.insert(group.z.end(), string.string.z.begin(), string.string.z.end());
    }
  }
  return groups;
}

void Elaborator::chargeReadings(const std::string &recipe, const ReadStrings &read,
                                base::Span span) {
  // The body of a kernel is counted before a policy is in force.
  for (bool commuting : {false, true})
    if (collecting || commuting == payer().commuting)
      chargeReadings(recipe, read, commuting, span);
}

void Elaborator::chargeReadings(const std::string &recipe, const ReadStrings &read, bool commuting,
                                base::Span span) {
  const std::string key =
      fmt::format("{}|{}|{}", payer().key, devices.empty() ? "" : devices.back().name, recipe);
  auto atMost = [&](const std::string &what, int64_t circuits) {
    if (!collecting)
      return note(what, circuits, span, -1);
    measurements += payer().exact ? 0 : 1;
    collectCost(what, circuits, -1, Bounds::Most, commuting);
  };
  // What surely ran before under this policy has read its own strings; what else it read depends on
  // what ran before it.
  const bool known = !collecting && freshDepth == 0 && recipe.find('?') == recipe.npos;
  auto wasRead = [&](const pauli::Strings &group) {
    return known && std::ranges::any_of(readBefore[key], [&](const pauli::Strings &before) {
             return commuting ? spans(before, group) : covers(before, group);
           });
  };
  const bool weighed = std::ranges::all_of(read.surely, [](bool sure) { return sure; });
  if (commuting && !weighed) // weights order the strings: the run may find others another time
    atMost(fmt::format("expect ? {}", recipe),
           static_cast<int64_t>(pauli::mostCommutingGroups(read.strings)));
  else
    for (const pauli::Strings &group : groupsOf(read, commuting)) {
      if (wasRead(group))
        continue;
      atMost(fmt::format("expect {} {}", recipe, named(group)), 1);
      if (known && uncertain == 0)
        readBefore[key].push_back(group);
    }
  if (uncertain > 0 || payer().exact)
    return;
  const pauli::Strings &strings = read.strings;
  pauli::Strings &apartSoFar =
      collecting ? collecting->counts[commuting].clashing[recipe] : clashing[key];
  apartSoFar.words = strings.words;
  for (size_t i = 0; i < strings.size(); ++i) {
    if (!read.surely[i])
      continue;
    size_t clashes = 0;
    while (clashes < apartSoFar.size() && apart(commuting, strings, i, apartSoFar, clashes))
      ++clashes;
    if (clashes < apartSoFar.size())
      continue; // one circuit may read both
    for (size_t w = i * strings.words; w < (i + 1) * strings.words; ++w) {
      apartSoFar.x.push_back(strings.x[w]);
      apartSoFar.z.push_back(strings.z[w]);
    }
    const std::string what = fmt::format("expect {} {}", recipe, clashes);
    if (collecting)
      collectCost(what, 1, -1, Bounds::Least, commuting);
    else
      chargeLeast(what, payer().low, span);
  }
}

} // namespace qdo::lower
