// SPDX-License-Identifier: Apache-2.0
// Exact fidelities of many rows: prepare each state once, then one complex matrix product.
// Why: states are prepared as the packed panels that the product reads, and only pairs that are not
// known are multiplied. Tiles have a fixed size, so no value depends on the number of threads.
#include "runtime/batch/overlaps.h"
#include "runtime/learn/gram.h"
#include "runtime/learn/kernel.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace qdo::learn {

namespace {

std::vector<std::span<const RowId>> cut(std::span<const RowId> ids, int64_t size) {
  std::vector<std::span<const RowId>> pieces;
  for (; !ids.empty(); ids = ids.subspan(pieces.back().size()))
    pieces.push_back(ids.first(std::min(ids.size(), static_cast<size_t>(size))));
  return pieces;
}

std::vector<RowId> marked(const std::vector<bool> &marks) {
  std::vector<RowId> ids;
  for (RowId id = 0; id < marks.size(); ++id)
    if (marks[id])
      ids.push_back(id);
  return ids;
}

std::vector<RowId> sortedUnique(std::vector<RowId> ids) {
  std::ranges::sort(ids);
  ids.erase(std::ranges::unique(ids).begin(), ids.end());
  return ids;
}

} // namespace

/// A panel and the rows in its lanes that are asked for.
struct Kernel::Lanes {
  const double *panel;
  std::vector<std::pair<int64_t, RowId>> rows; ///< lane and row
};

bool Kernel::prepare(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                     std::span<const RowId> columns) {
  if (rows.empty())
    return true;
  if (form_ == Form::Rbf) {
    for (auto ids : {rows, columns})
      for (RowId id : ids)
        if (!checkWidth(ctx, site, contents(id).size(), contents(rows[0]).size()))
          return false;
    return true;
  }
  if (!chooseWay(ctx, site))
    return false;
  if (device_ != 0)
    return prepareNoisy(ctx, site, rows, columns);
  // Of each unknown pair, the row that was seen later and the one before it.
  std::vector<RowId> newer, older;
  auto collect = [&](std::span<const RowId> wanted) {
    std::vector<bool> isNewer(places_.size()), isOlder(places_.size());
    for (RowId a : wanted)
      for (RowId b : columns)
        if (a != b && !known_.knows(a, b)) {
          isNewer[std::max(a, b)] = true;
          isOlder[std::min(a, b)] = true;
        }
    newer = marked(isNewer);
    older = marked(isOlder);
  };
  collect(rows);
  if (newer.empty())
    return true;

  std::vector<RowId> prospects;
  if (rows.size() == 1)
    for (auto row : ctx.part<Prospects>().rows)
      if (row.size() == static_cast<size_t>(circuit_.holeSize)) {
        auto id = intern(ctx, site, row);
        if (!id)
          return false;
        prospects.push_back(*id);
      }
  if (std::ranges::find(prospects, rows[0]) != prospects.end())
    collect(prospects);
  if (!plan_ && !(plan_ = sim::planOf(ctx, site, *circuit_.circuit)))
    return false;
  const auto group =
      static_cast<int64_t>(std::max(1.0, static_cast<double>(stateBudget) / (2 * bytesPerState())));
  for (auto high : cut(newer, group))
    for (auto low : cut(older, group)) {
      if (high.back() <= low.front())
        continue;
      std::vector<RowId> both(high.begin(), high.end());
      both.insert(both.end(), low.begin(), low.end());
      if (!holdStates(ctx, site, sortedUnique(std::move(both))) || !overlaps(ctx, site, high, low))
        return false;
    }
  return true;
}

bool Kernel::fill(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                  double *matrix) const {
  std::vector<double> numbers;
  numbers.reserve(rows.size() * static_cast<size_t>(circuit_.holeSize));
  for (RowId id : rows)
    numbers.insert(numbers.end(), contents(id).begin(), contents(id).end());
  return gramOf(ctx, site, circuit(), {numbers, std::ssize(rows)}, matrix);
}

double Kernel::bytesPerState() const {
  const auto qubits = static_cast<int>(circuit_.circuit->qubits);
  return plan_->product() ? 24.0 * qubits : std::ldexp(16, qubits);
}

bool Kernel::holdStates(base::Context &ctx, qdo_site site, std::span<const RowId> ids) {
  std::vector<RowId> missing;
  auto findMissing = [&] {
    missing.clear();
    for (RowId id : ids)
      if (places_[id].chunk < 0)
        missing.push_back(id);
  };
  findMissing();
  if (missing.empty())
    return true;
  const double needed = static_cast<double>(held_) + static_cast<double>(missing.size());
  if (needed * bytesPerState() > static_cast<double>(stateBudget)) {
    chunks_.clear();
    places_.assign(places_.size(), {});
    held_ = 0;
    findMissing();
  }
  std::vector<double> rows;
  for (RowId id : missing)
    rows.insert(rows.end(), contents(id).begin(), contents(id).end());
  batch::Panels states = sim::prepareRows(ctx, site, circuit(), *plan_, rows);
  if (!ctx.ok())
    return false;
  for (size_t i = 0; i < missing.size(); ++i)
    places_[missing[i]] = {static_cast<int32_t>(chunks_.size()), static_cast<int32_t>(i)};
  held_ += states.panels() * states.lanes();
  chunks_.push_back(std::move(states));
  return true;
}

std::vector<Kernel::Lanes> Kernel::panelsOf(std::span<const RowId> ids) const {
  std::vector<Lanes> panels;
  std::map<const double *, size_t> found;
  for (RowId id : ids) {
    const batch::Panels &chunk = chunks_[static_cast<size_t>(places_[id].chunk)];
    const int64_t row = places_[id].row, lanes = chunk.lanes();
    auto [place, fresh] = found.try_emplace(chunk.panel(row / lanes), panels.size());
    if (fresh)
      panels.push_back({place->first, {}});
    panels[place->second].rows.emplace_back(row % lanes, id);
  }
  return panels;
}

bool Kernel::overlaps(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                      std::span<const RowId> columns) {
  for (RowId row : rows)
    for (auto last = columns.rbegin(); last != columns.rend(); ++last)
      if (*last < row) {
        known_.reserve(row, *last);
        break;
      }
  // All lanes of a panel are multiplied: the longer list gives the panels, which it mostly fills.
  const bool exchanged = columns.size() > rows.size();
  const std::vector<Lanes> panels = panelsOf(exchanged ? columns : rows);
  const batch::Kernels &kernels = chunks_.front().kernels();
  const auto columnTiles = cut(exchanged ? rows : columns, batch::tileRows);
  const auto across = static_cast<int64_t>(columnTiles.size());
  const int64_t tilePanels = batch::tileRows / kernels.lanes;
  auto unknown = [&](RowId a, RowId b) { // a of the panels, b of the columns
    return (exchanged ? a < b : b < a) && !known_.knows(a, b);
  };
  auto tile = [&](std::span<const Lanes> left, std::span<const RowId> right) {
    std::vector<const double *> first, column;
    std::vector<int64_t> wanted;
    for (const Lanes &panel : left) {
      int64_t last = 0;
      for (auto [lane, a] : panel.rows)
        for (int64_t j = std::ssize(right); j > last; --j)
          if (unknown(a, right[static_cast<size_t>(j - 1)]))
            last = j;
      first.push_back(panel.panel);
      wanted.push_back(last);
    }
    if (ctx.interruptRequested() || std::ranges::count(wanted, 0) == std::ssize(wanted))
      return;
    for (RowId id : right)
      column.push_back(chunks_[static_cast<size_t>(places_[id].chunk)].row(places_[id].row));
    alignas(64) std::array<double, batch::tileRows * batch::tileRows> values;
    batch::squaredOverlaps(kernels, static_cast<int>(circuit_.circuit->qubits),
                           chunks_.front().form(), first, column, wanted, values.data());
    for (int64_t i = 0; i < std::ssize(left); ++i)
      for (auto [lane, a] : left[static_cast<size_t>(i)].rows)
        for (int64_t j = 0; j < wanted[static_cast<size_t>(i)]; ++j)
          if (RowId b = right[static_cast<size_t>(j)]; unknown(a, b))
            known_.set(
                std::max(a, b), std::min(a, b),
                values[static_cast<size_t>((i * std::ssize(right) + j) * kernels.lanes + lane)]);
  };
  const int64_t down = (std::ssize(panels) + tilePanels - 1) / tilePanels;
  ctx.pool().forTiles(down * across, 1, [&](int64_t i, int64_t) {
    const int64_t begin = i / across * tilePanels;
    tile(std::span(panels).subspan(
             static_cast<size_t>(begin),
             static_cast<size_t>(std::min(tilePanels, std::ssize(panels) - begin))),
         columnTiles[static_cast<size_t>(i % across)]);
  });
  return !ctx.stopHere(site);
}

} // namespace qdo::learn
