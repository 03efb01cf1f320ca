// SPDX-License-Identifier: Apache-2.0
// Maps in sweeps over tiles of coefficients.
// Why: a tile of up to seven qubits stays in the caches while every map that is due there is done.
#include "runtime/density/kernels.h"
#include "runtime/density/state.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>

namespace qdo::density {

namespace {

/// Local qubits of a tile: 4^7 reals are a quarter of a second-level cache, 4^5 fit the first. A
/// row of two qubits is two cache lines.
constexpr int tileQubits = 7, blockQubits = 5, rowQubits = 2;

struct Sweep {
  std::vector<int> local; ///< rising
  std::vector<TileMap> maps;
};

uint64_t bit(int q) { return uint64_t{1} << q; }

TileMap oneQubit(const Map &map, int at) {
  const auto &m = map.matrix;
  const bool row = m[0] != 1 || m[1] != 0 || m[2] != 0 || m[3] != 0;
  const bool column = m[4] != 0 || m[8] != 0 || m[12] != 0;
  return {.kind = row      ? TileMap::Kind::Full
                  : column ? TileMap::Kind::Affine
                           : TileMap::Kind::Unital,
          .low = at,
          .matrix = m};
}

/// Notes where a map of two qubits has one entry in each row and column.
void findPermutation(const Map &map, TileMap &out) {
  uint32_t sources = 0;
  for (size_t row = 0; row < 16; ++row) {
    int entries = 0;
    for (size_t column = 0; column < 16; ++column)
      if (const double x = map.matrix[row * 16 + column]; x != 0) {
        ++entries;
        out.source[row] = static_cast<int>(column);
        out.factor[row] = x;
        sources |= 1u << column;
      }
    if (entries != 1)
      return;
  }
  out.permutes = sources == 0xFFFF;
}

/// A map of the lowest qubit (and another): products with the lanes crossed in four ways.
TileMap onLanes(const Map &map, int other) {
  TileMap out{.kind = TileMap::Kind::Lane, .high = other};
  const int size = static_cast<int>(map.size()), vectors = size / 4;
  for (int to = 0; to < vectors; ++to)
    for (int from = 0; from < vectors; ++from)
      for (int cross = 0; cross < 4; ++cross) {
        LaneTerm term{to, from, cross, {}};
        bool used = false;
        for (int i = 0; i < 4; ++i) {
          term.factor[i] =
              map.matrix[static_cast<size_t>((4 * to + i) * size + 4 * from + (i ^ cross))];
          used |= term.factor[i] != 0;
        }
        if (used)
          out.terms.push_back(term);
      }
  if (size == 16)
    findPermutation(map, out);
  return out;
}

TileMap twoQubits(const Map &map, int low, int high) {
  TileMap out{.kind = TileMap::Kind::Dense, .low = low, .high = high, .matrix = map.matrix};
  findPermutation(map, out);
  if (out.permutes)
    out.kind = TileMap::Kind::Permutation;
  return out;
}

TileMap tileMap(const Map &map, const std::vector<int> &local) {
  std::vector<int> at;
  for (int wire : map.wires)
    at.push_back(static_cast<int>(std::ranges::lower_bound(local, wire) - local.begin()));
  if (at.size() > 2)
    return {.kind = TileMap::Kind::Any, .low = at.back(), .matrix = map.matrix, .wires = at};
  if (at[0] == 0)
    return onLanes(map, at.size() == 2 ? at[1] : 0);
  return at.size() == 1 ? oneQubit(map, at[0]) : twoQubits(map, at[0], at[1]);
}

/// Takes as many maps off the list as can be done on tiles of few qubits.
Sweep nextSweep(std::vector<const Map *> &left, int qubits) {
  uint64_t local = bit(std::min(rowQubits, qubits)) - 1, blocked = 0;
  const int most = std::min(tileQubits, qubits);
  std::vector<const Map *> rest, done;
  size_t at = 0;
  for (; at < left.size() && blocked != bit(qubits) - 1; ++at) {
    uint64_t wires = 0;
    for (int wire : left[at]->wires)
      wires |= bit(wire);
    if ((wires & blocked) != 0 || std::popcount(local | wires) > most) {
      blocked |= wires;
      rest.push_back(left[at]);
    } else {
      local |= wires;
      done.push_back(left[at]);
    }
  }
  rest.insert(rest.end(), left.begin() + static_cast<std::ptrdiff_t>(at), left.end());
  left = std::move(rest);
  Sweep sweep;
  for (int q = 0; q < qubits && std::popcount(local) < std::min(most, 5); ++q)
    local |= bit(q);
  for (int q = 0; q < qubits; ++q)
    if (local & bit(q))
      sweep.local.push_back(q);
  for (const Map *map : done)
    sweep.maps.push_back(tileMap(*map, sweep.local));
  return sweep;
}

/// All maps on one tile: those of low qubits block by block.
void runTile(double *tile, const Sweep &sweep, Apply apply) {
  const int qubits = static_cast<int>(sweep.local.size()), block = std::min(blockQubits, qubits);
  auto isLow = [&](const TileMap &map) { return std::max(map.low, map.high) < block; };
  for (size_t i = 0; i < sweep.maps.size();) {
    if (!isLow(sweep.maps[i])) {
      apply(tile, qubits, sweep.maps[i++]);
      continue;
    }
    size_t end = i;
    while (end < sweep.maps.size() && isLow(sweep.maps[end]))
      ++end;
    for (uint64_t b = 0; b < uint64_t{1} << 2 * (qubits - block); ++b)
      for (size_t k = i; k < end; ++k)
        apply(tile + (b << 2 * block), block, sweep.maps[k]);
    i = end;
  }
}

/// Rows from where they are in the state to a buffer, or back. They are whole pairs of qubits, so
/// the compiler may copy 16 numbers at a time.
template <bool back>
void moveRows(double *state, double *buffer, const std::vector<uint64_t> &offsets,
              uint64_t rowSize) {
  constexpr size_t unit = 16, ahead = 12;
  for (size_t row = 0; row < offsets.size(); ++row, buffer += rowSize) {
    double *place = state + offsets[row];
    if (!back && row + ahead < offsets.size()) {
      __builtin_prefetch(state + offsets[row + ahead], 1);
      __builtin_prefetch(state + offsets[row + ahead] + unit / 2, 1);
    }
    for (uint64_t x = 0; x < rowSize; x += unit)
      std::memcpy(back ? place + x : buffer + x, back ? buffer + x : place + x,
                  unit * sizeof(double));
  }
}

uint64_t deposit(uint64_t value, const std::vector<int> &qubits) {
  uint64_t out = 0;
  for (size_t i = 0; i < qubits.size(); ++i)
    out |= (value >> 2 * i & 3) << 2 * qubits[i];
  return out;
}

} // namespace

namespace baseline {
extern const Apply kernel;
}
#if defined(__x86_64__)
namespace avx2 {
extern const Apply kernel;
}
#endif

Apply applyFor([[maybe_unused]] bool wide) {
#if defined(__x86_64__)
  if (wide && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return avx2::kernel;
#endif
  return baseline::kernel;
}

void run(base::ThreadPool &pool, const Maps &maps, State &state, const std::function<bool()> &stop,
         bool wide) {
  const Apply apply = applyFor(wide);
  const int qubits = state.qubits();
  std::vector<const Map *> left;
  for (const Map &map : maps.list())
    left.push_back(&map);
  std::atomic<bool> stopped = false;
  while (!left.empty() && !stopped) {
    const Sweep sweep = nextSweep(left, qubits);
    const int localQubits = static_cast<int>(sweep.local.size());
    int rows = 0; // qubits whose coefficients are neighbours in memory
    while (rows < localQubits && sweep.local[static_cast<size_t>(rows)] == rows)
      ++rows;
    std::vector<int> outside, upper(sweep.local.begin() + rows, sweep.local.end());
    for (int q = 0; q < qubits; ++q)
      if (!std::ranges::binary_search(sweep.local, q))
        outside.push_back(q);
    const uint64_t rowSize = uint64_t{1} << 2 * rows;
    std::vector<uint64_t> offsets(uint64_t{1} << 2 * upper.size());
    for (uint64_t row = 0; row < offsets.size(); ++row)
      offsets[row] = deposit(row, upper);
    const int64_t tiles = int64_t{1} << 2 * outside.size();
    double *all = state.coefficients().data();
    pool.forTiles(tiles, std::max<int64_t>(1, tiles / 64), [&](int64_t begin, int64_t end) {
      thread_local std::vector<double> buffer;
      if (!upper.empty())
        buffer.resize(uint64_t{1} << 2 * tileQubits);
      for (int64_t i = begin; i < end; ++i) {
        if (stop && stop())
          stopped.store(true, std::memory_order_relaxed);
        if (stopped.load(std::memory_order_relaxed))
          return;
        double *first = all + deposit(static_cast<uint64_t>(i), outside);
        if (upper.empty()) {
          runTile(first, sweep, apply);
          continue;
        }
        moveRows<false>(first, buffer.data(), offsets, rowSize);
        runTile(buffer.data(), sweep, apply);
        moveRows<true>(first, buffer.data(), offsets, rowSize);
      }
    });
  }
}

} // namespace qdo::density
