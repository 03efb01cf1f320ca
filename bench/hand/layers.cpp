// SPDX-License-Identifier: Apache-2.0
// The plan of layers, and its passes over memory: even ones over contiguous tiles of the low bits,
// odd ones over gathered tiles of the high bits.
#include "bench/hand/layers.h"

#include "bench/hand/turns.h"

#include <algorithm>
#include <atomic>
#include <cmath>

namespace hand {

/// Bits of a block that stays in a first-level cache: 16 KiB.
static constexpr int blockBits = 10;

/// The phases, and scales, of a qubit's 0 and 1.
struct Phases {
  std::complex<double> zero{1}, one{1};
};

/// By doubling: each bit brings its phases, and CZ with the bit before.
static Diagonal::Table tableOf(std::span<const Phases> bits) {
  Diagonal::Table table(size_t{1} << bits.size());
  table[0] = 1;
  for (size_t k = 0; k < bits.size(); ++k) {
    const size_t half = size_t{1} << k;
    for (size_t z = 0; z < half; ++z) {
      const double sign = k > 0 && (z >> (k - 1)) != 0 ? -1 : 1;
      table[z + half] = sign * table[z] * bits[k].one;
      table[z] *= bits[k].zero;
    }
  }
  return table;
}

static double *placeOf(double *state, uint64_t z) { return state + z / 4 * 8 + z % 4; }

/// Bits of a contiguous tile: it stays in a second-level cache, as do gathered tiles of the rest.
static int lowBitsOf(int qubits) {
  if (qubits > 24)
    return 14;
  return qubits == 24 ? 13 : std::max(11, qubits - 11);
}

RandomLayers::RandomLayers(int qubits, std::span<const std::array<double, 3>> angles)
    : qubits_(qubits), low_(lowBitsOf(qubits)), high_(qubits - low_),
      rowBits_(std::clamp(14 - high_, 2, 5)), state_(size_t{2} << qubits) {
  for (int q = 0; q < qubits; ++q)
    first_ *= std::polar(1.0, -angles[static_cast<size_t>(q)][0] / 2);
  const size_t layers = angles.size() / static_cast<size_t>(qubits);
  for (size_t layer = 0; layer < layers; ++layer)
    planLayer(layer, angles);
}

/// Turns of `angles` on bits from `bit` on.
static Turns turnsOf(std::span<const std::array<double, 3>> angles, int bit) {
  Turns turns;
  turns.lowest = bit == 0;
  for (const auto &angle : angles) {
    const double c = std::cos(angle[1] / 2), s = std::sin(angle[1] / 2);
    const bool swapped = std::abs(c) < std::abs(s);
    (bit < blockBits ? turns.inside : turns.across)
        .push_back({bit, swapped, swapped ? c / s : s / c});
    ++bit;
  }
  return turns;
}

void RandomLayers::planLayer(size_t layer, std::span<const std::array<double, 3>> angles) {
  const auto n = static_cast<size_t>(qubits_), low = static_cast<size_t>(low_);
  const auto own = angles.subspan(layer * n, n), later = angles.subspan((layer + 1) * n);
  lowTurns_.push_back(turnsOf(own.first(low), 0));
  highTurns_.push_back(turnsOf(own.subspan(low), rowBits_));

  std::vector<Phases> phases{{}}; // one that does nothing, before and after all qubits
  for (size_t q = 0; q < n; ++q) {
    const double c = std::cos(own[q][1] / 2), s = std::sin(own[q][1] / 2);
    const double scale = std::abs(c) < std::abs(s) ? s : c;
    const double half = (own[q][2] + (later.empty() ? 0 : later[q][0])) / 2;
    const std::complex<double> phase(std::cos(half), std::sin(half));
    phases.push_back({scale * std::conj(phase), scale * phase});
  }
  // Qubits [begin, end), with one beside them that only takes part in CZ.
  const auto table = [&](size_t begin, size_t end, bool below, bool above) {
    std::vector<Phases> bits(phases.begin() + 1 + static_cast<int64_t>(begin),
                             phases.begin() + 1 + static_cast<int64_t>(end));
    if (below)
      bits.insert(bits.begin(), phases[0]);
    if (above)
      bits.push_back(phases[0]);
    return tableOf(bits);
  };
  const auto row = static_cast<size_t>(rowBits_), block = static_cast<size_t>(blockBits);
  Diagonal diagonal;
  const Diagonal::Table lowest = table(0, block, false, true);
  diagonal.low = machine::Memory<double>(2 * lowest.size());
  for (size_t z = 0; z < lowest.size(); ++z) {
    double *place = placeOf(diagonal.low.data(), z);
    place[0] = lowest[z].real();
    place[4] = lowest[z].imag();
  }
  diagonal.aboveLow = table(block, n, false, false);
  diagonal.row = table(0, row, false, true);
  diagonal.middle = table(row, low, false, false);
  diagonal.column = table(low, n, true, false);
  diagonals_.push_back(std::move(diagonal));
}

void RandomLayers::run(qdo::base::ThreadPool &pool) {
  machine::setZero(pool, state_.data(), state_.size());
  state_.data()[0] = first_.real();
  state_.data()[4] = first_.imag();
  for (size_t sweep = 0; sweep <= diagonals_.size(); ++sweep)
    sweep % 2 == 0 ? contiguousTiles(pool, sweep) : gatheredTiles(pool, sweep);
}

HAND_BEGIN
/// The rest of layer sweep - 1, its diagonal, and the beginning of layer `sweep`.
void RandomLayers::contiguousTiles(qdo::base::ThreadPool &pool, size_t sweep) {
  constexpr int64_t block = int64_t{1} << blockBits;
  const int64_t tile = int64_t{1} << low_;
  pool.forTiles(int64_t{1} << qubits_, tile, [&](int64_t begin, int64_t end) {
    double *at = state_.data() + 2 * begin;
    if (sweep > 0) {
      for (int64_t i = 0; i < tile; i += block)
        applyInside(at + 2 * i, block, lowTurns_[sweep - 1]);
      apply(at, tile, lowTurns_[sweep - 1].across);
    }
    for (int64_t i = 0; i < tile; i += block) {
      if (sweep > 0) {
        const Diagonal &diagonal = diagonals_[sweep - 1];
        const auto above = static_cast<size_t>((begin + i) >> blockBits);
        multiply(at + 2 * i, block, diagonal.low.data() + (above % 2 != 0 ? 2 * block : 0),
                 diagonal.aboveLow[above]);
      }
      if (sweep < lowTurns_.size())
        applyInside(at + 2 * i, block, lowTurns_[sweep]);
    }
    if (sweep < lowTurns_.size())
      apply(at, tile, lowTurns_[sweep].across);
  });
}

/// Rows of a gathered tile, `size` doubles each, from the state; later ones are asked for early.
static void gather(const double *from, int64_t stride, double *to, int64_t size, int64_t begin,
                   int64_t end, int64_t rows) {
  constexpr int64_t ahead = 24;
  for (int64_t row = begin; row < end; ++row) {
    const double *place = from + row * stride;
    for (int64_t i = 0; i < size; i += 4)
      store(to + row * size + i, load(place + i));
    for (int64_t i = 0; row + ahead < rows && i < size; i += 8)
      __builtin_prefetch(place + ahead * stride + i);
  }
}

/// Back, past the caches: the tile is not needed again in this pass.
static void scatter(const double *from, int64_t size, double *to, int64_t stride, int64_t rows) {
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t i = 0; i < size; i += 4)
      __builtin_nontemporal_store(load(from + row * size + i),
                                  reinterpret_cast<V *>(to + row * stride + i));
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

/// The same as contiguousTiles on the high bits. A tile has a row of low bits for each of their
/// values.
void RandomLayers::gatheredTiles(qdo::base::ThreadPool &pool, size_t sweep) {
  const int64_t rows = int64_t{1} << high_, row = int64_t{1} << rowBits_;
  const int64_t stride = int64_t{2} << low_, size = rows * row;
  const int64_t block = std::min(size, int64_t{1} << blockBits);
  const Diagonal &diagonal = diagonals_[sweep - 1];
  pool.forTiles(int64_t{1} << (low_ - rowBits_), 1, [&](int64_t tile, int64_t) {
    static thread_local machine::Memory<double> memory;
    if (memory.size() < static_cast<size_t>(2 * size))
      memory = machine::Memory<double>(static_cast<size_t>(2 * size));
    double *at = memory.data(), *state = state_.data() + tile * row * 2;
    for (int64_t i = 0; i < size; i += block) {
      gather(state, stride, at, 2 * row, i / row, (i + block) / row, rows);
      applyInside(at + 2 * i, block, highTurns_[sweep - 1]);
    }
    apply(at, size, highTurns_[sweep - 1].across);
    alignas(32) double factors[2 << 5];
    for (int64_t z = 0; z < row; ++z) {
      const auto factor = diagonal.row[static_cast<size_t>(z + tile % 2 * row)] *
                          diagonal.middle[static_cast<size_t>(tile)];
      double *place = placeOf(factors, static_cast<uint64_t>(z));
      place[0] = factor.real();
      place[4] = factor.imag();
    }
    const int64_t below =
        tile >> (low_ - rowBits_ - 1); // the bit that CZ joins to the rows' lowest
    for (int64_t i = 0; i < size; i += block) {
      for (int64_t r = i / row; r < (i + block) / row; ++r)
        multiply(at + 2 * r * row, row, factors,
                 diagonal.column[static_cast<size_t>(2 * r + below)]);
      if (sweep < highTurns_.size())
        applyInside(at + 2 * i, block, highTurns_[sweep]);
    }
    if (sweep < highTurns_.size())
      apply(at, size, highTurns_[sweep].across);
    scatter(at, 2 * row, state, stride, rows);
  });
}
HAND_END

std::complex<double> RandomLayers::amplitude(uint64_t z) const {
  const double *place = placeOf(state_.data(), z);
  return {place[0], place[4]};
}

} // namespace hand
