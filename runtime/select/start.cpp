// SPDX-License-Identifier: Apache-2.0
// Which rows a selection starts with, and which scores win.
#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/data/split.h"
#include "runtime/select/selection.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qdo::select {

using base::Kind;

namespace {

/// The class of every row of the pool, or null after a failure.
std::optional<std::vector<uint32_t>> poolClasses(base::Context &ctx, const Selection &selection) {
  const data::Dataset &pool = *selection.pool;
  std::vector<uint32_t> classes(pool.rows.size(), 0);
  if (!selection.stratified)
    return classes;
  const data::Field *labels = pool.source->labels();
  if (!labels) {
    ctx.fail(selection.startSite, Kind::DataNoLabels, pool.name).help =
        "name the field of labels `y`: one column";
    return std::nullopt;
  }
  data::Classes all = pool.source->classesOf(*labels);
  for (size_t i = 0; i < classes.size(); ++i)
    classes[i] = all.ofRow[pool.rows[i]];
  return classes;
}

/// Swaps rows so that no class is left out, while the total allows it.
void giveEveryClassOne(std::vector<bool> &taken, const std::vector<uint32_t> &classes,
                       const std::vector<uint64_t> &words) {
  const uint32_t count = classes.empty() ? 0 : *std::ranges::max_element(classes) + 1;
  std::vector<size_t> have(count, 0);
  for (size_t i = 0; i < classes.size(); ++i)
    have[classes[i]] += taken[i];
  // The row of a class that the random words rank first (wanted) or last (given up).
  auto pick = [&](uint32_t which, bool from) {
    std::optional<size_t> found;
    for (size_t i = 0; i < classes.size(); ++i)
      if (classes[i] == which && taken[i] == from &&
          (!found || (from ? words[i] > words[*found] : words[i] < words[*found])))
        found = i;
    return found;
  };
  for (uint32_t which = 0; which < count; ++which) {
    auto wanted = have[which] == 0 ? pick(which, false) : std::nullopt;
    auto richest = static_cast<uint32_t>(std::ranges::max_element(have) - have.begin());
    if (!wanted || have[richest] < 2)
      continue;
    taken[*pick(richest, true)] = false;
    taken[*wanted] = true;
    --have[richest];
    ++have[which];
  }
}

} // namespace

std::vector<size_t> startRows(base::Context &ctx, const Selection &selection) {
  const size_t size = selection.pool->rows.size();
  if (selection.startCount < 1) {
    ctx.fail(selection.startSite, Kind::BadValue, "the number of rows to start with",
             selection.startCount, "1 or more");
    return {};
  }
  if (static_cast<uint64_t>(selection.startCount) > size) {
    ctx.fail(selection.startSite, Kind::DataTooFewRows, selection.pool->name, size,
             selection.startCount);
    return {};
  }
  auto classes = poolClasses(ctx, selection);
  if (!classes)
    return {};
  // Keyed by the row's number in the file: a pool that is a part gets the same words for its rows.
  const uint64_t stream = base::Hasher("start").add(std::string_view(selection.name)).value();
  std::vector<uint64_t> words;
  for (size_t row : selection.pool->rows)
    words.push_back(base::RandomStream(ctx.seed(), stream, row).next());
  const double share = static_cast<double>(selection.startCount) / static_cast<double>(size);
  auto partOf = data::splitRows(std::span(&share, 1), *classes, words);
  std::vector<bool> taken(size);
  for (size_t i = 0; i < size; ++i)
    taken[i] = partOf[i] == 0;
  if (selection.stratified)
    giveEveryClassOne(taken, *classes, words);
  std::vector<size_t> positions;
  for (size_t i = 0; i < size; ++i)
    if (taken[i])
      positions.push_back(i);
  return positions;
}

std::vector<size_t> best(std::span<const double> scores, size_t count) {
  std::vector<size_t> order;
  for (size_t i = 0; i < scores.size(); ++i)
    if (!std::isnan(scores[i]))
      order.push_back(i);
  std::ranges::stable_sort(order, [&](size_t a, size_t b) { return scores[a] > scores[b]; });
  order.resize(std::min(order.size(), count));
  return order;
}

} // namespace qdo::select
