// SPDX-License-Identifier: Apache-2.0
// Drawing stabiliser bases.
// Why direct: bases with k pivots are [n over k]_2 subspaces times 2^(k(k+1)/2) symmetric matrices,
// so that drawing k, then a subspace, then a matrix is uniform without any rejection to speak of.
#include "runtime/stabilizer/bases.h"

#include <cmath>

namespace qdo::stabilizer {

std::optional<Basis::Sign> Basis::measures(uint64_t x, uint64_t z) const {
  uint64_t shift = 0, flips = 0; // what X on these pivots does to the index, and to phases
  unsigned phase = 0;
  uint64_t earlier = 0;
  size_t i = 0;
  for (uint64_t rest = pivots_; rest != 0; rest &= rest - 1, ++i) {
    const uint64_t pivot = rest & -rest, row = rows_[i];
    // Z on the index flips the sign with bit i of a.
    const bool z_i = (std::popcount(z & (pivot | (row & ~pivots_))) & 1) != 0;
    flips ^= z_i ? pivot : 0;
    if (!(x & pivot))
      continue;
    shift ^= pivot | (row & ~pivots_);
    flips ^= row & pivots_;
    phase += ((row & pivot) != 0) + 2 * static_cast<unsigned>(std::popcount(row & earlier));
    earlier |= pivot;
  }
  if (shift != x || flips != 0)
    return std::nullopt;
  // The string takes the term 0 to the term of its pivots, whose phase this is.
  const unsigned own = static_cast<unsigned>(std::popcount(x & z));
  return Sign{(x & pivots_) | (z & ~pivots_), ((own - phase) & 3) == 2};
}

std::vector<Basis::Gate> Basis::circuit() const {
  std::vector<Gate> gates;
  auto each = [&](auto visit) {
    size_t i = 0;
    for (uint64_t rest = pivots_; rest != 0; rest &= rest - 1, ++i)
      visit(std::countr_zero(rest), rows_[i]);
  };
  each([&](int pivot, uint64_t row) {
    for (uint64_t rest = row & ~pivots_; rest != 0; rest &= rest - 1)
      gates.push_back({Gate::Kind::Cx, pivot, std::countr_zero(rest)});
  });
  each([&](int pivot, uint64_t row) {
    if (row >> pivot & 1)
      gates.push_back({Gate::Kind::AdjointS, pivot});
    for (uint64_t rest = row & pivots_ & ((uint64_t{1} << pivot) - 1); rest != 0; rest &= rest - 1)
      gates.push_back({Gate::Kind::Cz, pivot, std::countr_zero(rest)});
  });
  each([&](int pivot, uint64_t) { gates.push_back({Gate::Kind::H, pivot}); });
  return gates;
}

static uint64_t maskOf(int qubits) { return (uint64_t{1} << qubits) - 1; }

Basis randomBasis(int qubits, base::RandomStream &random) {
  // How many pivots: w(k - 1) / w(k) = (2^k - 1) / (2^k (2^(n - k + 1) - 1)), from all of them
  // down.
  std::vector<double> weights(static_cast<size_t>(qubits) + 1);
  double weight = 1, total = 0;
  for (int k = qubits; k >= 0; --k) {
    weights[static_cast<size_t>(k)] = weight;
    total += weight;
    weight *= (1 - std::exp2(-k)) / (std::exp2(qubits - k + 1) - 1);
  }
  double place = random.uniform() * total;
  int k = qubits;
  while (k > 0 && place >= weights[static_cast<size_t>(k)])
    place -= weights[static_cast<size_t>(k--)];

  // A subspace of k dimensions: k random words, again while they depend on each other.
  uint64_t pivots = 0;
  std::vector<uint64_t> rows;
  while (k < qubits && std::ssize(rows) < k) {
    rows.clear();
    pivots = 0;
    for (int i = 0; i < k; ++i) {
      uint64_t row = random.next() & maskOf(qubits);
      uint64_t rest = pivots;
      for (uint64_t r : rows) {
        if (row & (rest & -rest))
          row ^= r;
        rest &= rest - 1;
      }
      if (row == 0)
        break;
      // Rows stay ordered by pivot, and no row has another's.
      const uint64_t pivot = row & -row;
      for (uint64_t &r : rows)
        if (r & pivot)
          r ^= row;
      rows.insert(rows.begin() + std::popcount(pivots & (pivot - 1)), row);
      pivots |= pivot;
    }
  }
  if (k == qubits) {
    pivots = maskOf(qubits);
    rows.assign(static_cast<size_t>(qubits), 0);
  }

  // A symmetric matrix on the pivots.
  std::vector<uint64_t> places;
  for (uint64_t rest = pivots; rest != 0; rest &= rest - 1)
    places.push_back(rest & -rest);
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] &= ~pivots;
  for (size_t i = 0; i < rows.size(); ++i) {
    const uint64_t bits = random.next();
    for (size_t j = 0; j <= i; ++j)
      if (bits >> j & 1) {
        rows[i] |= places[j];
        rows[j] |= places[i];
      }
  }
  return {pivots, std::move(rows)};
}

uint64_t Scramble::undone(uint64_t read) const {
  for (size_t i = gates.size(); i-- > 0;) {
    const Basis::Gate &gate = gates[i];
    if (gate.kind == Basis::Gate::Kind::X)
      read ^= uint64_t{1} << gate.a;
    else
      read ^= (read >> gate.a & 1) << gate.b;
  }
  return read;
}

Scramble randomScramble(int qubits, base::RandomStream &random) {
  // A random matrix, again while it is singular; what makes it the identity, backwards, makes it.
  using Kind = Basis::Gate::Kind;
  std::vector<Basis::Gate> gates;
  for (bool singular = true; singular;) {
    gates.clear();
    std::vector<uint64_t> rows;
    for (int i = 0; i < qubits; ++i)
      rows.push_back(random.next() & maskOf(qubits));
    auto add = [&](int from, int to) {
      rows[static_cast<size_t>(to)] ^= rows[static_cast<size_t>(from)];
      gates.push_back({Kind::Cx, from, to});
    };
    singular = false;
    for (int column = 0; column < qubits && !singular; ++column) {
      auto has = [&](int row) { return (rows[static_cast<size_t>(row)] >> column & 1) != 0; };
      int row = column;
      while (row < qubits && !has(row))
        ++row;
      singular = row == qubits;
      if (singular)
        break;
      if (row != column)
        add(row, column);
      for (int other = 0; other < qubits; ++other)
        if (other != column && has(other))
          add(column, other);
    }
  }
  Scramble scramble{{gates.rbegin(), gates.rend()}};
  const uint64_t flips = random.next();
  for (int q = 0; q < qubits; ++q)
    if (flips >> q & 1)
      scramble.gates.push_back({Kind::X, q});
  return scramble;
}

} // namespace qdo::stabilizer
