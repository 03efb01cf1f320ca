// SPDX-License-Identifier: Apache-2.0
// Exact fidelities of many rows: prepare each state once, then one complex matrix product.
// Why: tiles have a fixed size and each is one single-threaded BLAS call, so the bits of a value do
// not
//      depend on the number of threads.
#include "runtime/learn/kernel.h"

#include <cblas.h>

#include <algorithm>
#include <cstring>
#include <mutex>

namespace qdo::learn {

namespace {

/// Rows of a tile: enough to keep BLAS busy, few enough to be packed in about 4 MiB.
int64_t tileEdge(int64_t qubits) {
  return std::clamp<int64_t>((int64_t{4} << 20) / (int64_t{16} << qubits), 8, 64);
}

void useOneBlasThread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

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

/// States as the rows of a matrix.
struct Kernel::Block {
  const sim::Amplitude *first;
  int64_t stride;
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
  const int64_t group =
      std::max<int64_t>(1, stateBudget / (int64_t{32} << circuit_.circuit->qubits));
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
  const auto bytes = [&](size_t states) {
    return static_cast<int64_t>(states) * (int64_t{16} << circuit_.circuit->qubits);
  };
  if (bytes(static_cast<size_t>(held_) + missing.size()) > stateBudget) {
    chunks_.clear();
    places_.assign(places_.size(), {});
    held_ = 0;
    findMissing();
  }
  std::vector<double> rows;
  for (RowId id : missing)
    rows.insert(rows.end(), contents(id).begin(), contents(id).end());
  sim::StateRows states = sim::prepareRows(ctx, site, circuit(), rows);
  if (!ctx.ok())
    return false;
  for (size_t i = 0; i < missing.size(); ++i)
    places_[missing[i]] = {static_cast<int32_t>(chunks_.size()), static_cast<int32_t>(i)};
  chunks_.push_back(std::move(states));
  held_ += static_cast<int64_t>(missing.size());
  return true;
}

Kernel::Block Kernel::gather(std::span<const RowId> ids, sim::Buffer &scratch) const {
  auto at = [&](RowId id) -> const sim::Amplitude * {
    return chunks_[static_cast<size_t>(places_[id].chunk)].row(places_[id].row).amplitudes;
  };
  const Place first = places_[ids[0]];
  const int64_t stride = chunks_[static_cast<size_t>(first.chunk)].stride();
  bool together = true;
  for (size_t i = 0; i < ids.size(); ++i)
    together &= places_[ids[i]].chunk == first.chunk &&
                places_[ids[i]].row == first.row + static_cast<int32_t>(i);
  if (together)
    return {at(ids[0]), stride};
  const size_t size = size_t{1} << circuit_.circuit->qubits;
  scratch = sim::Buffer(ids.size() * size);
  for (size_t i = 0; i < ids.size(); ++i)
    std::copy_n(at(ids[i]), size, scratch.data() + i * size);
  return {scratch.data(), static_cast<int64_t>(size)};
}

bool Kernel::overlaps(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                      std::span<const RowId> columns) {
  useOneBlasThread();
  for (RowId row : rows)
    for (auto last = columns.rbegin(); last != columns.rend(); ++last)
      if (*last < row) {
        known_.reserve(row, *last);
        break;
      }
  const int64_t edge = tileEdge(circuit_.circuit->qubits);
  auto rowTiles = cut(rows, edge), columnTiles = cut(columns, edge);
  const auto across = static_cast<int64_t>(columnTiles.size());
  const auto size = static_cast<int>(int64_t{1} << circuit_.circuit->qubits);
  auto tile = [&](std::span<const RowId> high, std::span<const RowId> low) {
    bool wanted = false;
    for (RowId a : high)
      for (RowId b : low)
        wanted |= b < a && !known_.knows(a, b);
    if (!wanted || ctx.interruptRequested())
      return;
    sim::Buffer scratchHigh, scratchLow;
    Block left = gather(high, scratchHigh), right = gather(low, scratchLow);
    std::vector<sim::Amplitude> product(high.size() * low.size());
    const sim::Amplitude one = 1, zero = 0;
    cblas_zgemm(CblasRowMajor, CblasNoTrans, CblasConjTrans, static_cast<int>(high.size()),
                static_cast<int>(low.size()), size, &one, left.first, static_cast<int>(left.stride),
                right.first, static_cast<int>(right.stride), &zero, product.data(),
                static_cast<int>(low.size()));
    for (size_t i = 0; i < high.size(); ++i)
      for (size_t j = 0; j < low.size(); ++j)
        if (low[j] < high[i] && !known_.knows(high[i], low[j]))
          known_.set(high[i], low[j], std::min(1.0, std::norm(product[i * low.size() + j])));
  };
  ctx.pool().forTiles(static_cast<int64_t>(rowTiles.size()) * across, 1,
                      [&](int64_t begin, int64_t end) {
                        for (int64_t i = begin; i < end; ++i)
                          tile(rowTiles[static_cast<size_t>(i / across)],
                               columnTiles[static_cast<size_t>(i % across)]);
                      });
  return !ctx.stopHere(site);
}

} // namespace qdo::learn
