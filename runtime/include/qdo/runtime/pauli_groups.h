// SPDX-License-Identifier: Apache-2.0
// Which Pauli strings one circuit reads together.
// In: strings as masks. Out: groups whose strings agree, qubit by qubit, on what to measure.
// Why here: elaboration counts the circuits that the run will pay. Why qubit by qubit: such a group
// needs no gates that the strings alone would not need; strings that only commute as a whole need
// entangling gates, and a device's errors of them.
#ifndef QDO_RUNTIME_PAULI_GROUPS_H
#define QDO_RUNTIME_PAULI_GROUPS_H

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

namespace qdo::pauli {

/// Strings of one width: string i is X on the bits of x[i * words ..], Z on those of z, Y on both.
struct Strings {
  size_t words = 1;
  std::vector<uint64_t> x, z;

  size_t size() const { return x.size() / words; }
};

/// Whether strings a of `s` and b of `t` have different letters on a qubit. As many words each.
inline bool clash(const Strings &s, size_t a, const Strings &t, size_t b) {
  for (size_t w = 0; w < s.words; ++w) {
    const uint64_t ax = s.x[a * s.words + w], az = s.z[a * s.words + w], bx = t.x[b * s.words + w],
                   bz = t.z[b * s.words + w];
    if ((((ax ^ bx) | (az ^ bz)) & (ax | az) & (bx | bz)) != 0)
      return true;
  }
  return false;
}

/// Whether string a comes before b by its letters, so that the order of a sum's terms is forgotten;
/// of equal ones the first.
inline bool namedBefore(const Strings &strings, size_t a, size_t b) {
  for (size_t w = 0; w < strings.words; ++w) {
    const size_t i = a * strings.words + w, j = b * strings.words + w;
    if (strings.x[i] != strings.x[j])
      return strings.x[i] < strings.x[j];
    if (strings.z[i] != strings.z[j])
      return strings.z[i] < strings.z[j];
  }
  return a < b;
}

struct Group {
  std::vector<size_t> members; ///< strings, ascending
  Strings letters;             ///< one string: the letters of all members
};

/// Groups of strings without clashes: largest first (Welsh and Powell, The Computer Journal 10, 85
/// (1967)) on the graph of clashes. The same for the same set of strings in any order; at most as
/// many as strings.
inline std::vector<Group> groupsOf(const Strings &strings) {
  const size_t count = strings.size(), words = strings.words;
  std::vector<size_t> clashes(count), order(count), weight(count);
  constexpr size_t many = 8192; // pairs of more are not looked at: the order is by weight then
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j < i && count <= many; ++j)
      if (clash(strings, i, strings, j))
        ++clashes[i], ++clashes[j];
    for (size_t w = i * words; w < (i + 1) * words; ++w)
      weight[i] += static_cast<size_t>(std::popcount(strings.x[w] | strings.z[w]));
  }
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    if (clashes[a] != clashes[b])
      return clashes[a] > clashes[b];
    if (weight[a] != weight[b])
      return weight[a] > weight[b];
    return namedBefore(strings, a, b);
  });
  std::vector<Group> groups;
  for (size_t i : order) {
    auto place = std::find_if(groups.begin(), groups.end(), [&](const Group &group) {
      return !clash(strings, i, group.letters, 0);
    });
    if (place == groups.end())
      place = groups.insert(
          groups.end(),
          Group{{}, {words, std::vector<uint64_t>(words), std::vector<uint64_t>(words)}});
    place->members.push_back(i);
    for (size_t w = 0; w < words; ++w) {
      place->letters.x[w] |= strings.x[i * words + w];
      place->letters.z[w] |= strings.z[i * words + w];
    }
  }
  for (Group &group : groups)
    std::sort(group.members.begin(), group.members.end());
  return groups;
}

} // namespace qdo::pauli
#endif
