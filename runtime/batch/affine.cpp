// SPDX-License-Identifier: Apache-2.0
// Changing frames, and tables of indices.
#include "runtime/batch/affine.h"

#include <algorithm>
#include <cassert>
#include <stdlib.h>

namespace qdo::batch {

Parity Frame::parity(Parity reference) const {
  Parity out{0, reference.flip};
  for (int j = 0; j < size(); ++j)
    if (odd(reference.mask & flips[j])) {
      out.mask |= uint64_t{1} << j;
      out.flip ^= bits[j].flip;
    }
  return out;
}

uint64_t Frame::difference(uint64_t reference) const {
  uint64_t out = 0;
  for (int j = 0; j < size(); ++j)
    out |= uint64_t{odd(bits[j].mask & reference)} << j;
  return out;
}

uint64_t Frame::index(uint64_t reference) const {
  uint64_t out = 0;
  for (int j = 0; j < size(); ++j)
    out |= uint64_t{bits[j].of(reference)} << j;
  return out;
}

uint64_t Frame::reference(uint64_t index) const {
  uint64_t out = 0;
  for (int j = 0; j < size(); ++j)
    if (((index >> j & 1) != 0) != bits[j].flip)
      out ^= flips[j];
  return out;
}

namespace {
/// A basis in reduced form, for asking whether a vector is new.
class Span {
public:
  /// Adds a vector; false when it was in the span already.
  bool add(uint64_t vector) {
    for (uint64_t v : vectors_)
      vector = std::min(vector, vector ^ v);
    if (vector != 0)
      vectors_.push_back(vector);
    return vector != 0;
  }

private:
  std::vector<uint64_t> vectors_;
};
} // namespace

/// The flips that belong to the bits: the inverse of their matrix.
static void invert(Frame &frame) {
  const int size = frame.size();
  std::vector<uint64_t> rows(size), inverse(size);
  for (int j = 0; j < size; ++j) {
    rows[j] = frame.bits[j].mask;
    inverse[j] = uint64_t{1} << j;
  }
  for (int column = 0; column < size; ++column) {
    int pivot = column;
    while (pivot < size && (rows[pivot] >> column & 1) == 0)
      ++pivot;
    assert(pivot < size && "the bits of a frame are independent");
    std::swap(rows[column], rows[pivot]);
    std::swap(inverse[column], inverse[pivot]);
    for (int j = 0; j < size; ++j)
      if (j != column && (rows[j] >> column & 1) != 0) {
        rows[j] ^= rows[column];
        inverse[j] ^= inverse[column];
      }
  }
  // inverse[i] says which bits make up reference bit i; a flip is a column of that.
  for (int j = 0; j < size; ++j) {
    frame.flips[j] = 0;
    for (int i = 0; i < size; ++i)
      frame.flips[j] |= (inverse[i] >> j & 1) << i;
  }
}

Frame aligned(const Frame &old, const std::vector<Axis> &axes, std::vector<int> &places) {
  const int size = old.size();
  const auto count = axes.size();
  places.assign(count, -1);
  std::vector<bool> taken(size);
  std::vector<Parity> bits(count);
  std::vector<uint64_t> flips(count);
  bool same = true;
  for (size_t i = 0; i < count; ++i) {
    bits[i] = old.parity(axes[i].bit);
    flips[i] = old.difference(axes[i].flip);
    same &= bits[i].mask == flips[i] && std::has_single_bit(flips[i]) && !bits[i].flip;
  }
  if (same) {
    for (size_t i = 0; i < count; ++i)
      places[i] = std::countr_zero(flips[i]);
    return old;
  }
  auto take = [&](size_t i, uint64_t candidates) {
    for (int j = 0; places[i] < 0 && j < size; ++j)
      if ((candidates >> j & 1) != 0 && !taken[j]) {
        places[i] = j;
        taken[j] = true;
      }
  };
  for (size_t i = 0; i < count; ++i)
    take(i, bits[i].mask & flips[i]);
  for (size_t i = 0; i < count; ++i)
    take(i, ~uint64_t{0});

  Frame out(size);
  Span span;
  for (size_t i = 0; i < count; ++i) {
    out.bits[places[i]] = axes[i].bit;
    span.add(bits[i].mask);
  }
  // The other bits must not change under any axis: e_j plus the axes that flip it.
  std::vector<int> free;
  for (int j = 0; j < size; ++j)
    if (!taken[j])
      free.push_back(j);
  auto candidate = [&](int j) {
    Parity kept = old.bits[j];
    uint64_t mask = uint64_t{1} << j;
    for (size_t i = 0; i < count; ++i)
      if ((flips[i] >> j & 1) != 0) {
        kept.mask ^= axes[i].bit.mask;
        kept.flip ^= axes[i].bit.flip;
        mask ^= bits[i].mask;
      }
    return std::pair(kept, mask);
  };
  std::vector<int> unfilled;
  for (int j : free) {
    auto [kept, mask] = candidate(j);
    if (span.add(mask))
      out.bits[j] = kept;
    else
      unfilled.push_back(j);
  }
  for (int j = 0; j < size && !unfilled.empty(); ++j) {
    auto [kept, mask] = candidate(j);
    if (span.add(mask)) {
      out.bits[unfilled.back()] = kept;
      unfilled.pop_back();
    }
  }
  assert(unfilled.empty());
  invert(out);
  return out;
}

IndexTable indexTable(const std::vector<uint64_t> &columns, uint64_t origin) {
  IndexTable table;
  auto doubled = [&](std::vector<uint32_t> &list, uint64_t first, size_t begin, size_t end) {
    list.push_back(static_cast<uint32_t>(first));
    for (size_t j = begin; j < end; ++j)
      for (size_t i = 0, size = list.size(); i < size; ++i)
        list.push_back(list[i] ^ static_cast<uint32_t>(columns[j]));
  };
  const size_t low = std::min<size_t>(columns.size(), IndexTable::lowBits);
  doubled(table.low, 0, 0, low);
  doubled(table.high, origin, low, columns.size());
  return table;
}

IndexTable gatherTable(const Frame &from, const Frame &to) {
  std::vector<uint64_t> columns;
  for (uint64_t flip : to.flips)
    columns.push_back(from.difference(flip));
  return indexTable(columns, from.index(to.reference(0)));
}

IndexTable subspaceTable(int size, const std::vector<Parity> &ones, uint64_t &count) {
  // Reduced rows with the highest bit as pivot, so that the free bits are as low as can be.
  std::vector<Parity> rows;
  uint64_t pivots = 0;
  count = 0;
  for (Parity row : ones) {
    row.flip = !row.flip; // the equation: parity of mask = flip
    for (const Parity &other : rows)
      if ((row.mask & std::bit_floor(other.mask)) != 0) {
        row.mask ^= other.mask;
        row.flip ^= other.flip;
      }
    if (row.mask == 0) {
      if (row.flip)
        return indexTable({}, 0);
      continue;
    }
    const uint64_t pivot = std::bit_floor(row.mask);
    for (Parity &other : rows)
      if ((other.mask & pivot) != 0) {
        other.mask ^= row.mask;
        other.flip ^= row.flip;
      }
    rows.push_back(row);
    pivots = 0;
    for (const Parity &r : rows)
      pivots |= std::bit_floor(r.mask);
  }
  uint64_t origin = 0;
  for (const Parity &row : rows)
    if (row.flip)
      origin |= std::bit_floor(row.mask);
  std::vector<uint64_t> columns;
  for (int j = 0; j < size; ++j) {
    const uint64_t bit = uint64_t{1} << j;
    if ((pivots & bit) != 0)
      continue;
    uint64_t column = bit;
    for (const Parity &row : rows)
      if ((row.mask & bit) != 0)
        column |= std::bit_floor(row.mask);
    columns.push_back(column);
  }
  count = uint64_t{1} << columns.size();
  return indexTable(columns, origin);
}

} // namespace qdo::batch
