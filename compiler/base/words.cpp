// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the nearest word by Damerau-Levenshtein distance.
// Why transpositions count once: `haedline` for `headline` is the commonest slip of the hand.
#include "compiler/base/source_map.h"

#include <algorithm>

namespace qdo::base {

namespace {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> beforeLast(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    beforeLast.swap(last);
    last.swap(row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitute = last[j - 1] + (a[i - 1] != b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substitute});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], beforeLast[j - 2] + 1);
    }
  }
  return row[b.size()];
}

} // namespace

std::optional<std::string_view> nearestWord(std::string_view word,
                                            const std::vector<std::string_view> &candidates) {
  const size_t threshold = std::max<size_t>(1, word.size() / 3);
  std::optional<std::string_view> best;
  size_t bestDistance = threshold + 1;
  for (const std::string_view candidate : candidates) {
    const size_t gap = candidate.size() > word.size() ? candidate.size() - word.size()
                                                      : word.size() - candidate.size();
    // A distance of the whole length means that nothing is alike: `x` is no misspelling of `h`.
    if (gap >= bestDistance || candidate == word)
      continue;
    const size_t distance = editDistance(word, candidate);
    if (distance < bestDistance && distance < std::max(word.size(), candidate.size())) {
      bestDistance = distance;
      best = candidate;
    }
  }
  return best;
}

} // namespace qdo::base
