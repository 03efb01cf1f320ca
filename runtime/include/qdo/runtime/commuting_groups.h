// SPDX-License-Identifier: Apache-2.0
// Which Pauli strings one circuit reads together after entangling gates: those that commute.
// In: strings as masks, and their weights in a sum. Out: groups of strings that commute pair by
// pair, and how many there may be where the weights are not known.
// Why by weight: strings of large weight meet in few groups, and the variance of the sum is small
// ("sorted insertion", Crawford et al., Quantum 5, 385 (2021)). Why here: elaboration counts the
// circuits that the run will pay.
#ifndef QDO_RUNTIME_COMMUTING_GROUPS_H
#define QDO_RUNTIME_COMMUTING_GROUPS_H

#include "qdo/runtime/pauli_groups.h"

#include <cmath>
#include <span>

namespace qdo::pauli {

/// Whether strings a of `s` and b of `t` anticommute. As many words each.
inline bool anticommute(const Strings &s, size_t a, const Strings &t, size_t b) {
  uint64_t odd = 0;
  for (size_t w = 0; w < s.words; ++w)
    odd ^= (s.x[a * s.words + w] & t.z[b * s.words + w]) ^
           (s.z[a * s.words + w] & t.x[b * s.words + w]);
  return std::popcount(odd) % 2 != 0;
}

/// So many strings at most have their pairs looked at.
constexpr size_t manyStrings = 8192;

/// With how many others each string anticommutes; zeros where there are more than manyStrings.
inline std::vector<size_t> anticommutersOf(const Strings &strings) {
  const size_t count = strings.size();
  std::vector<size_t> found(count);
  for (size_t i = 0; i < count && count <= manyStrings; ++i)
    for (size_t j = 0; j < i; ++j)
      if (anticommute(strings, i, strings, j))
        ++found[i], ++found[j];
  return found;
}

/// Groups of strings that commute: greedy colouring of the graph of anticommutation, strings of the
/// largest |weight| first; of equal ones those that the most groups refuse already (Brelaz,
/// Communications of the ACM 22, 251 (1979)), then those that anticommute with the most others.
/// Members ascend. The same for the same set of strings in any order; at most as many as strings.
inline std::vector<std::vector<size_t>> commutingGroupsOf(const Strings &strings,
                                                          std::span<const double> weights) {
  const size_t count = strings.size();
  const std::vector<size_t> against = anticommutersOf(strings);
  std::vector<size_t> order(count), refusing(count);
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (std::abs(weights[a]) != std::abs(weights[b]))
      return std::abs(weights[a]) > std::abs(weights[b]);
    if (against[a] != against[b])
      return against[a] > against[b];
    return namedBefore(strings, a, b);
  });
  std::vector<std::vector<bool>> refused(count); // by string and group
  std::vector<std::vector<size_t>> groups;
  for (size_t next = 0; next < count; ++next) {
    size_t chosen = next;
    for (size_t i = next + 1;
         i < count && std::abs(weights[order[i]]) == std::abs(weights[order[next]]); ++i)
      if (refusing[order[i]] > refusing[order[chosen]])
        chosen = i;
    std::rotate(order.begin() + static_cast<std::ptrdiff_t>(next),
                order.begin() + static_cast<std::ptrdiff_t>(chosen),
                order.begin() + static_cast<std::ptrdiff_t>(chosen + 1));
    const size_t string = order[next];
    size_t place = 0;
    while (place < refused[string].size() && refused[string][place])
      ++place;
    if (place == groups.size())
      groups.emplace_back();
    groups[place].push_back(string);
    for (size_t i = next + 1; i < count; ++i) {
      const size_t other = order[i];
      if (!anticommute(strings, string, strings, other))
        continue;
      if (refused[other].size() <= place)
        refused[other].resize(place + 1);
      refusing[other] += !refused[other][place];
      refused[other][place] = true;
    }
  }
  for (auto &group : groups)
    std::sort(group.begin(), group.end());
  return groups;
}

/// So many groups at most, whatever the weights are: greedy colouring in any order opens a group
/// for a string only when each of the others holds one that anticommutes with it.
inline size_t mostCommutingGroups(const Strings &strings) {
  if (strings.size() == 0 || strings.size() > manyStrings)
    return strings.size();
  const std::vector<size_t> against = anticommutersOf(strings);
  return *std::max_element(against.begin(), against.end()) + 1;
}

} // namespace qdo::pauli
#endif
