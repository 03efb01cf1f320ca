// SPDX-License-Identifier: Apache-2.0
// Drawing stabiliser bases.
// Why direct: bases with k pivots are [n over k]_2 subspaces times 2^(k(k+1)/2) symmetric matrices,
// so that drawing k, then a subspace, then a matrix is uniform without any rejection to speak of.
#include "runtime/stabilizer/bases.h"

#include "runtime/stabilizer/tableau.h"

#include <algorithm>
#include <cmath>

namespace qdo::stabilizer {

namespace {
/// Calls visit(qubit) for each bit, rising.
template <class Visit> void eachBit(std::span<const uint64_t> mask, const Visit &visit) {
  for (size_t word = 0; word < mask.size(); ++word)
    for (uint64_t rest = mask[word]; rest != 0; rest &= rest - 1)
      visit(static_cast<int>(64 * word) + std::countr_zero(rest));
}

void flipBit(std::span<uint64_t> mask, int q) {
  mask[static_cast<size_t>(q / 64)] ^= uint64_t{1} << q % 64;
}

void add(std::span<uint64_t> to, std::span<const uint64_t> from) {
  for (size_t word = 0; word < to.size(); ++word)
    to[word] ^= from[word];
}

size_t wordsOf(int qubits) { return static_cast<size_t>(qubits + 63) / 64; }

/// Random bits for each qubit.
void fill(std::span<uint64_t> mask, int qubits, base::RandomStream &random) {
  for (uint64_t &word : mask)
    word = random.next();
  if (qubits % 64 != 0)
    mask.back() &= (uint64_t{1} << qubits % 64) - 1;
}

/// Rows of a matrix of bits.
struct Rows {
  explicit Rows(int qubits) : words(wordsOf(qubits)) {}
  std::span<uint64_t> operator[](int i) {
    return std::span(bits).subspan(static_cast<size_t>(i) * words, words);
  }
  int size() const { return static_cast<int>(bits.size() / words); }
  void insert(int at, std::span<const uint64_t> row) {
    bits.insert(bits.begin() + at * static_cast<std::ptrdiff_t>(words), row.begin(), row.end());
  }

  size_t words;
  std::vector<uint64_t> bits;
};
} // namespace

std::optional<bool> Basis::negative(std::span<const uint64_t> x, std::span<const uint64_t> z,
                                    std::span<const uint64_t> outcome) const {
  // What X on pivots does to the index, and to phases; the pivots seen so far.
  constexpr size_t room = 64;
  uint64_t shift[room], flips[room], earlier[room];
  const size_t n = words();
  for (size_t w = 0; w < n; ++w)
    shift[w] = flips[w] = earlier[w] = 0;
  unsigned phase = 0;
  const uint64_t *row = rows_.data();
  eachBit(pivots_, [&](int q) {
    const auto at = static_cast<size_t>(q / 64);
    const uint64_t pivot = uint64_t{1} << q % 64;
    // Z on the index flips the sign with this bit of a.
    uint64_t seen = z[at] & pivot;
    for (size_t w = 0; w < n; ++w)
      seen ^= z[w] & row[w] & ~pivots_[w];
    if (std::popcount(seen) % 2 != 0)
      flips[at] ^= pivot;
    if (x[at] & pivot) {
      unsigned crossed = 0;
      for (size_t w = 0; w < n; ++w) {
        shift[w] ^= row[w] & ~pivots_[w];
        flips[w] ^= row[w] & pivots_[w];
        crossed += static_cast<unsigned>(std::popcount(row[w] & earlier[w]));
      }
      shift[at] ^= pivot;
      phase += ((row[at] & pivot) != 0) + 2 * crossed;
      earlier[at] |= pivot;
    }
    row += n;
  });
  // The string takes the term 0 to the term of its pivots, whose phase this is.
  unsigned own = 0;
  uint64_t parity = 0;
  for (size_t w = 0; w < n; ++w) {
    if (shift[w] != x[w] || flips[w] != 0)
      return std::nullopt;
    own += static_cast<unsigned>(std::popcount(x[w] & z[w]));
    parity ^= outcome[w] & ((x[w] & pivots_[w]) | (z[w] & ~pivots_[w]));
  }
  return (std::popcount(parity) % 2 != 0) != (((own - phase) & 3) == 2);
}

std::vector<Basis::Gate> Basis::circuit() const {
  std::vector<Gate> gates;
  std::vector<uint64_t> some(words());
  auto each = [&](auto visit) {
    size_t i = 0;
    eachBit(pivots_,
            [&](int pivot) { visit(pivot, std::span(rows_).subspan(words() * i++, words())); });
  };
  each([&](int pivot, std::span<const uint64_t> row) {
    for (size_t w = 0; w < words(); ++w)
      some[w] = row[w] & ~pivots_[w];
    eachBit(some, [&](int q) { gates.push_back({Gate::Kind::Cx, pivot, q}); });
  });
  each([&](int pivot, std::span<const uint64_t> row) {
    if (bitOf(row, pivot))
      gates.push_back({Gate::Kind::AdjointS, pivot});
    for (size_t w = 0; w < words(); ++w)
      some[w] = row[w] & pivots_[w];
    eachBit(some, [&](int q) {
      if (q < pivot)
        gates.push_back({Gate::Kind::Cz, pivot, q});
    });
  });
  each([&](int pivot, auto) { gates.push_back({Gate::Kind::H, pivot}); });
  return gates;
}

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

  // A subspace of k dimensions: k random rows, again while they depend on each other.
  Rows rows(qubits);
  std::vector<int> pivots;
  std::vector<uint64_t> row(rows.words);
  while (k < qubits && rows.size() < k) {
    rows.bits.clear();
    pivots.clear();
    for (int i = 0; i < k; ++i) {
      fill(row, qubits, random);
      for (int r = 0; r < rows.size(); ++r)
        if (bitOf(row, pivots[static_cast<size_t>(r)]))
          add(row, rows[r]);
      if (!any(row))
        break;
      // Rows stay ordered by pivot, and no row has another's.
      int pivot = 0;
      while (!bitOf(row, pivot))
        ++pivot;
      for (int r = 0; r < rows.size(); ++r)
        if (bitOf(rows[r], pivot))
          add(rows[r], row);
      const auto at = std::ranges::lower_bound(pivots, pivot);
      rows.insert(static_cast<int>(at - pivots.begin()), row);
      pivots.insert(at, pivot);
    }
  }
  if (k == qubits) {
    for (int q = 0; q < qubits; ++q)
      pivots.push_back(q);
    rows.bits.assign(static_cast<size_t>(qubits) * rows.words, 0);
  }
  std::vector<uint64_t> mask(rows.words);
  for (int pivot : pivots)
    flipBit(mask, pivot);

  // A symmetric matrix on the pivots.
  for (int i = 0; i < k; ++i)
    for (size_t w = 0; w < mask.size(); ++w)
      rows[i][w] &= ~mask[w];
  for (int i = 0; i < k; ++i) {
    uint64_t bits = 0;
    for (int j = 0; j <= i; ++j) {
      bits = j % 64 == 0 ? random.next() : bits >> 1;
      if ((bits & 1) == 0)
        continue;
      flipBit(rows[i], pivots[static_cast<size_t>(j)]);
      if (j < i)
        flipBit(rows[j], pivots[static_cast<size_t>(i)]);
    }
  }
  return {std::move(mask), std::move(rows.bits)};
}

void Scramble::undo(std::span<uint64_t> read) const {
  for (size_t i = gates.size(); i-- > 0;) {
    const Basis::Gate &gate = gates[i];
    if (gate.kind == Basis::Gate::Kind::X)
      flipBit(read, gate.a);
    else if (bitOf(read, gate.a))
      flipBit(read, gate.b);
  }
}

Scramble randomScramble(int qubits, base::RandomStream &random) {
  // A random matrix, again while it is singular; what makes it the identity, backwards, makes it.
  using Kind = Basis::Gate::Kind;
  std::vector<Basis::Gate> gates;
  for (bool singular = true; singular;) {
    gates.clear();
    Rows rows(qubits);
    rows.bits.resize(static_cast<size_t>(qubits) * rows.words);
    for (int i = 0; i < qubits; ++i)
      fill(rows[i], qubits, random);
    auto addRow = [&](int from, int to) {
      add(rows[to], rows[from]);
      gates.push_back({Kind::Cx, from, to});
    };
    singular = false;
    for (int column = 0; column < qubits && !singular; ++column) {
      int row = column;
      while (row < qubits && !bitOf(rows[row], column))
        ++row;
      singular = row == qubits;
      if (singular)
        break;
      if (row != column)
        addRow(row, column);
      for (int other = 0; other < qubits; ++other)
        if (other != column && bitOf(rows[other], column))
          addRow(column, other);
    }
  }
  Scramble scramble{{gates.rbegin(), gates.rend()}};
  std::vector<uint64_t> flips(wordsOf(qubits));
  fill(flips, qubits, random);
  eachBit(flips, [&](int q) { scramble.gates.push_back({Kind::X, q}); });
  return scramble;
}

} // namespace qdo::stabilizer
