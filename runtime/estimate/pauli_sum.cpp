// SPDX-License-Identifier: Apache-2.0
// Observables as masks and weights, in groups.
#include "runtime/estimate/pauli_sum.h"

#include "qdo/runtime/commuting_groups.h"

#include <algorithm>

namespace qdo::estimate {

namespace {
/// Masks for all qubits of the recipe: a record has a letter on each.
pauli::Strings widened(const pauli::Strings &strings, int64_t qubits) {
  pauli::Strings wide{static_cast<size_t>(qubits + 63) / 64, {}, {}};
  wide.x.resize(strings.size() * wide.words);
  wide.z.resize(wide.x.size());
  for (size_t i = 0; i < strings.size(); ++i)
    for (size_t w = 0; w < std::min(strings.words, wide.words); ++w) {
      wide.x[i * wide.words + w] = strings.x[i * strings.words + w];
      wide.z[i * wide.words + w] = strings.z[i * strings.words + w];
    }
  return wide;
}

/// Some of the strings.
pauli::Strings chosen(const pauli::Strings &strings, const std::vector<size_t> &members) {
  pauli::Strings some{strings.words, {}, {}};
  for (size_t i : members)
    for (size_t w = i * strings.words; w < (i + 1) * strings.words; ++w) {
      some.x.push_back(strings.x[w]);
      some.z.push_back(strings.z[w]);
    }
  return some;
}
} // namespace

Sum sumOf(const sim::Observable &observable, int64_t qubits) {
  Sum sum;
  for (const auto &term : observable.terms)
    sum.strings.words = std::max(sum.strings.words, 1 + term.more.size());
  for (const auto &term : observable.terms) {
    if (term.identity()) {
      sum.offset += term.weight;
      continue;
    }
    auto add = [&](uint64_t x, uint64_t z) {
      sum.strings.x.push_back(x);
      sum.strings.z.push_back(z);
    };
    add(term.x, term.z);
    for (size_t w = 0; w + 1 < sum.strings.words; ++w)
      w < term.more.size() ? add(term.more[w].first, term.more[w].second) : add(0, 0);
    sum.weights.push_back(term.weight);
  }
  sum.strings = widened(sum.strings, qubits);
  return sum;
}

std::vector<Group> groupsOf(const Sum &sum, Grouping grouping) {
  std::vector<Group> groups;
  if (grouping == Grouping::Qubitwise) {
    // By the strings alone: weights of the run do not change the circuits.
    for (pauli::Group &group : pauli::groupsOf(sum.strings)) {
      std::erase_if(group.members, [&](size_t i) { return sum.weights[i] == 0; });
      if (!group.members.empty())
        groups.push_back({std::move(group.members), std::move(group.letters)});
    }
    return groups;
  }
  std::vector<size_t> some;
  std::vector<double> weights;
  for (size_t i = 0; i < sum.weights.size(); ++i)
    if (sum.weights[i] != 0) {
      some.push_back(i);
      weights.push_back(sum.weights[i]);
    }
  for (std::vector<size_t> &members :
       pauli::commutingGroupsOf(chosen(sum.strings, some), weights)) {
    for (size_t &i : members)
      i = some[i];
    pauli::Strings read = chosen(sum.strings, members);
    groups.push_back({std::move(members), std::move(read)});
  }
  return groups;
}

} // namespace qdo::estimate
