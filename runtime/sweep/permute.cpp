// SPDX-License-Identifier: Apache-2.0
// Bits of the index change places: what swaps leave to the end.
// Why: in tiles, like gates, so that a permutation of 24 places is two passes and no second state.
#include "runtime/sweep/run.h"
#include "runtime/sweep/tiles.h"

#include <atomic>
#include <bit>
#include <numeric>

namespace qdo::sweep {

namespace {
/// One pass: the local places, and where the bit at each of them goes (a place, too).
struct Pass {
  std::vector<int> local, to;
  int rowBits = 0;
};
} // namespace

/// Exchanges pairs of places as long as they fit into a tile. `from[p]` is the place whose bit
/// belongs to p; afterwards it is what is left to do.
static Pass nextPass(std::vector<int> &from, int tileBits, int rowBits) {
  const int qubits = static_cast<int>(from.size());
  uint64_t local = (uint64_t{1} << std::min(rowBits, qubits)) - 1;
  std::vector<int> at(from.size()); // bit that came from place p is now at at[p]
  std::iota(at.begin(), at.end(), 0);
  for (int p = 0; p < qubits; ++p) {
    const int q = from[static_cast<size_t>(p)];
    const uint64_t both = local | uint64_t{1} << p | uint64_t{1} << q;
    if (q == p || std::popcount(both) > tileBits)
      continue;
    local = both;
    // The bit at q goes to p, the one at p to q; who wanted p's bit finds it at q.
    for (int &place : at)
      place = place == p ? q : place == q ? p : place;
    for (int &source : from)
      source = source == p ? q : source == q ? p : source;
    p = -1; // a place that was passed over may fit now
  }
  Pass pass;
  for (int q = 0; q < qubits && std::popcount(local) < std::min(tileBits, qubits); ++q)
    local |= uint64_t{1} << q;
  for (int q = 0; q < qubits; ++q)
    if (local >> q & 1)
      pass.local.push_back(q);
  pass.rowBits = std::countr_one(local);
  for (int q : pass.local)
    pass.to.push_back(at[static_cast<size_t>(q)]);
  return pass;
}

template <class T>
void permute(base::ThreadPool &pool, std::complex<T> *state, std::vector<int> place,
             const std::function<bool()> &stop) {
  const int qubits = static_cast<int>(place.size());
  const Shape shape = shapeFor(qubits, sizeof(std::complex<T>));
  auto unchanged = [&] {
    for (int q = 0; q < qubits; ++q)
      if (place[static_cast<size_t>(q)] != q)
        return false;
    return true;
  };
  std::atomic<bool> stopped = false;
  while (!unchanged() && !stopped) {
    const Pass pass = nextPass(place, shape.tileBits, shape.rowBits);
    const Tiles tiles(qubits, pass.local, pass.rowBits);
    // Where the bits of an index in the tile go: tables for its lower and upper half.
    const int tileBits = static_cast<int>(pass.local.size());
    std::vector<int> goal(pass.local.size());
    for (size_t i = 0; i < goal.size(); ++i)
      goal[i] =
          static_cast<int>(std::ranges::lower_bound(pass.local, pass.to[i]) - pass.local.begin());
    const int rowBits = std::min(pass.rowBits, tileBits);
    std::vector<uint64_t> low(uint64_t{1} << rowBits), high(tiles.offsets().size());
    for (uint64_t i = 0; i < low.size(); ++i)
      low[i] = deposit(i, {goal.begin(), goal.begin() + rowBits});
    for (uint64_t i = 0; i < high.size(); ++i)
      high[i] = deposit(i, {goal.begin() + rowBits, goal.end()});
    const int64_t tile = std::max<int64_t>(1, (int64_t{1} << 16) >> tileBits);
    pool.forTiles(tiles.count(), tile, [&](int64_t begin, int64_t end) {
      auto *buffer = reinterpret_cast<std::complex<T> *>(tileBuffer<T>(uint64_t{2} << tileBits));
      for (int64_t i = begin; i < end; ++i) {
        if (stop && stop())
          stopped.store(true, std::memory_order_relaxed);
        if (stopped.load(std::memory_order_relaxed))
          return;
        std::complex<T> *first = state + tiles.index(i);
        for (size_t row = 0; row < high.size(); ++row) {
          const std::complex<T> *from = first + tiles.offsets()[row] / 2;
          for (size_t x = 0; x < low.size(); ++x)
            buffer[high[row] | low[x]] = from[x];
        }
        for (size_t row = 0; row < high.size(); ++row)
          std::copy_n(buffer + (row << rowBits), low.size(), first + tiles.offsets()[row] / 2);
      }
    });
  }
}

template void permute(base::ThreadPool &, std::complex<double> *, std::vector<int>,
                      const std::function<bool()> &);
template void permute(base::ThreadPool &, std::complex<float> *, std::vector<int>,
                      const std::function<bool()> &);

} // namespace qdo::sweep
