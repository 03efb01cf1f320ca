// SPDX-License-Identifier: Apache-2.0
// The circuit after which strings that commute are read qubit by qubit.
// In: Pauli strings that commute. Out: gates that turn each of them into a string, up to its sign,
// whose letters agree with one axis a qubit. Why qubit after qubit: a string that is turned into
// one letter frees its qubit of all others, for they commute with it; strings that agree from the
// beginning need no gate. Why CX, H and the inverse of S alone: what a device's noise says of a
// gate by name, it says of CX.
// Sources: Aaronson, Gottesman, Physical Review A 70, 052328 (2004), what gates make of strings;
// Gokhale et al., IEEE Transactions on Quantum Engineering 1, 3101524 (2020), commuting groups.
#ifndef QDO_RUNTIME_DIAGONAL_CIRCUIT_H
#define QDO_RUNTIME_DIAGONAL_CIRCUIT_H

#include "qdo/runtime/commuting_groups.h"

#include <array>
#include <optional>
#include <tuple>

namespace qdo::pauli {

struct Gate {
  enum class Kind : uint8_t { Cx, AdjointS, H } kind;
  int a, b = -1; ///< of Cx the control and the target
  bool operator==(const Gate &) const = default;
};

/// Makes of string i, P, the string G P G^-1 up to its sign; says whether that is -1.
inline bool turn(const Gate &gate, Strings &strings, size_t i) {
  auto word = [&](int qubit) { return i * strings.words + static_cast<size_t>(qubit) / 64; };
  const size_t a = word(gate.a);
  const int at = gate.a % 64;
  const uint64_t xa = strings.x[a] >> at & 1, za = strings.z[a] >> at & 1;
  switch (gate.kind) {
  case Gate::Kind::H:
    strings.x[a] ^= (xa ^ za) << at;
    strings.z[a] ^= (xa ^ za) << at;
    return (xa & za) != 0;
  case Gate::Kind::AdjointS: // X becomes -Y, Y becomes X
    strings.z[a] ^= xa << at;
    return xa != 0 && za == 0;
  case Gate::Kind::Cx:
    break;
  }
  const size_t b = word(gate.b);
  const int to = gate.b % 64;
  const uint64_t xb = strings.x[b] >> to & 1, zb = strings.z[b] >> to & 1;
  strings.x[b] ^= xa << to;
  strings.z[a] ^= zb << at;
  return (xa & zb & (xb ^ za ^ 1)) != 0;
}

/// The letters on a qubit, as bits: 1 for X, 2 for Z, 3 for Y.
inline unsigned letterOf(const Strings &strings, size_t i, int qubit) {
  const size_t word = i * strings.words + static_cast<size_t>(qubit) / 64;
  return static_cast<unsigned>(strings.x[word] >> (qubit % 64) & 1) |
         static_cast<unsigned>(strings.z[word] >> (qubit % 64) & 1) << 1;
}

inline size_t weightOf(const Strings &strings, size_t i) {
  size_t weight = 0;
  for (size_t w = i * strings.words; w < (i + 1) * strings.words; ++w)
    weight += static_cast<size_t>(std::popcount(strings.x[w] | strings.z[w]));
  return weight;
}

/// How strings are read: gates after the recipe, then every qubit along a letter of its own.
struct Reading {
  std::vector<Gate> gates;
  Strings axes; ///< one string; qubits without a letter may be read along any
};

/// String i as the circuit reads it: the product of what its qubits show, times the sign.
struct ReadAs {
  Strings string; ///< one
  bool negative = false;
};

inline ReadAs readAs(const Strings &strings, size_t i, std::span<const Gate> gates) {
  const auto first = static_cast<std::ptrdiff_t>(i * strings.words),
             last = static_cast<std::ptrdiff_t>((i + 1) * strings.words);
  ReadAs read{{strings.words,
               {strings.x.begin() + first, strings.x.begin() + last},
               {strings.z.begin() + first, strings.z.begin() + last}}};
  for (const Gate &gate : gates)
    read.negative ^= turn(gate, read.string, 0);
  return read;
}

/// Turns strings that commute until they agree on every qubit.
class Diagonaliser {
public:
  /// Nothing is done yet. `qubits`: of the strings.
  Diagonaliser(const Strings &strings, std::span<const size_t> members, int qubits)
      : words_(strings.words), open_(strings.words), busy_(static_cast<size_t>(qubits)) {
    for (int q = 0; q < qubits; ++q)
      open_[static_cast<size_t>(q) / 64] |= uint64_t{1} << q % 64;
    std::vector<size_t> order(members.begin(), members.end());
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return weightOf(strings, a) < weightOf(strings, b);
    });
    rows_.words = words_;
    for (size_t i : order) {
      const auto first = static_cast<std::ptrdiff_t>(i * words_),
                 last = static_cast<std::ptrdiff_t>((i + 1) * words_);
      rows_.x.insert(rows_.x.end(), strings.x.begin() + first, strings.x.begin() + last);
      rows_.z.insert(rows_.z.end(), strings.z.begin() + first, strings.z.begin() + last);
    }
  }

  std::vector<Gate> run() {
    for (settle(); rows_.size() > 0; settle())
      shorten(target());
    return std::move(gates_);
  }

private:
  /// What remains of a string where qubits are open.
  struct Rest {
    std::vector<uint64_t> x, z;
    size_t weight = 0;
  };

  /// Closes qubits on which all strings agree, and keeps strings that say more than others do.
  void settle() {
    std::vector<uint64_t> x(words_), z(words_), differ(words_);
    for (size_t i = 0; i < rows_.size(); ++i)
      for (size_t w = 0; w < words_; ++w) {
        const uint64_t rx = rows_.x[i * words_ + w], rz = rows_.z[i * words_ + w];
        differ[w] |= ((x[w] ^ rx) | (z[w] ^ rz)) & (x[w] | z[w]) & (rx | rz);
        x[w] |= rx;
        z[w] |= rz;
      }
    for (size_t w = 0; w < words_; ++w)
      open_[w] &= differ[w];
    Strings kept{words_, {}, {}};
    std::vector<Rest> reduced; // each without the lowest bits of those before
    for (size_t i = 0; i < rows_.size(); ++i) {
      Rest rest = restOf(i);
      for (const Rest &other : reduced)
        if (const auto [bits, mask] = lowest(other); (at(rest, bits) & mask) != 0)
          for (size_t w = 0; w < words_; ++w) {
            rest.x[w] ^= other.x[w];
            rest.z[w] ^= other.z[w];
          }
      if (weigh(rest) == 0)
        continue;
      reduced.push_back(std::move(rest));
      for (size_t w = i * words_; w < (i + 1) * words_; ++w) {
        kept.x.push_back(rows_.x[w] & open_[w - i * words_]);
        kept.z.push_back(rows_.z[w] & open_[w - i * words_]);
      }
    }
    rows_ = std::move(kept);
  }

  Rest restOf(size_t i) const {
    Rest rest{std::vector<uint64_t>(words_), std::vector<uint64_t>(words_)};
    for (size_t w = 0; w < words_; ++w) {
      rest.x[w] = rows_.x[i * words_ + w] & open_[w];
      rest.z[w] = rows_.z[i * words_ + w] & open_[w];
    }
    weigh(rest);
    return rest;
  }
  size_t weigh(Rest &rest) const {
    rest.weight = 0;
    for (size_t w = 0; w < words_; ++w)
      rest.weight += static_cast<size_t>(std::popcount(rest.x[w] | rest.z[w]));
    return rest.weight;
  }
  /// Which word holds the lowest bit, those of x first, and that bit.
  std::pair<size_t, uint64_t> lowest(const Rest &rest) const {
    for (size_t w = 0; w < 2 * words_; ++w)
      if (const uint64_t bits = at(rest, w); bits != 0)
        return {w, bits & -bits};
    return {0, 0};
  }
  uint64_t at(const Rest &rest, size_t word) const {
    return word < words_ ? rest.x[word] : rest.z[word - words_];
  }

  /// A string of few letters among those that remain and, while these are few, their products.
  Rest target() const {
    Rest best;
    auto offer = [&](Rest rest) {
      if (best.weight == 0 ||
          std::tie(rest.weight, rest.x, rest.z) < std::tie(best.weight, best.x, best.z))
        best = std::move(rest);
    };
    for (size_t i = 0; i < rows_.size(); ++i)
      offer(restOf(i));
    for (size_t i = 0; few() && i < rows_.size(); ++i)
      for (size_t j = 0; j < i; ++j) {
        Rest product = restOf(i);
        for (size_t w = 0; w < words_; ++w) {
          product.x[w] ^= rows_.x[j * words_ + w];
          product.z[w] ^= rows_.z[j * words_ + w];
        }
        weigh(product);
        offer(std::move(product));
      }
    return best;
  }
  bool few() const { return rows_.size() <= 64; }

  /// Takes one letter from the target, which has two at least, by the gates after which the strings
  /// have the fewest letters; of equal ones by those that are done first.
  void shorten(const Rest &target) {
    const Strings string{words_, target.x, target.z};
    std::vector<int> support;
    for (size_t q = 0; q < busy_.size(); ++q)
      if (letterOf(string, 0, static_cast<int>(q)) != 0)
        support.push_back(static_cast<int>(q));
    constexpr size_t short_ = 16; // of longer ones neighbours alone are paired
    std::optional<std::tuple<size_t, size_t, int, std::vector<Gate>>> best;
    for (size_t i = 0; i < support.size(); ++i)
      for (size_t j = i + 1;
           j < (support.size() <= short_ ? support.size() : std::min(i + 2, support.size())); ++j)
        for (std::vector<Gate> &gates : waysOf(string, support[i], support[j])) {
          Strings after = rows_;
          for (size_t row = 0; few() && row < rows_.size(); ++row)
            for (const Gate &gate : gates)
              turn(gate, after, row);
          size_t letters = 0;
          for (size_t row = 0; few() && row < rows_.size(); ++row)
            letters += weightOf(after, row);
          const int done = std::max(busy_[static_cast<size_t>(support[i])],
                                    busy_[static_cast<size_t>(support[j])]);
          std::tuple way(gates.size(), letters, done, std::move(gates));
          if (!best || std::tie(std::get<0>(way), std::get<1>(way), std::get<2>(way)) <
                           std::tie(std::get<0>(*best), std::get<1>(*best), std::get<2>(*best)))
            best = std::move(way);
        }
    for (const Gate &gate : std::get<3>(*best)) {
      for (size_t row = 0; row < rows_.size(); ++row)
        turn(gate, rows_, row);
      gates_.push_back(gate);
      int &a = busy_[static_cast<size_t>(gate.a)];
      if (gate.b >= 0) {
        int &b = busy_[static_cast<size_t>(gate.b)];
        a = b = std::max(a, b) + 1;
      }
    }
  }

  /// Gates that make one letter of those on two qubits, the fewest that there are.
  static std::vector<std::vector<Gate>> waysOf(const Strings &string, int a, int b) {
    constexpr unsigned x = 1, z = 2, y = 3;
    const unsigned on[] = {letterOf(string, 0, a), letterOf(string, 0, b)};
    const int qubits[] = {a, b};
    std::vector<std::vector<Gate>> ways;
    auto joined = [&](std::vector<Gate> before, unsigned first, unsigned second) {
      const unsigned letters[] = {first, second};
      for (int control : {0, 1}) {
        const unsigned c = letters[control], t = letters[1 - control];
        // X_t goes into a control that it flips, Z_c into a target whose phase it is.
        if ((c != z && t == x) || (c == z && t != x)) {
          ways.push_back(before);
          ways.back().push_back({Gate::Kind::Cx, qubits[control], qubits[1 - control]});
        }
      }
    };
    joined({}, on[0], on[1]);
    if (!ways.empty())
      return ways;
    for (int q : {0, 1}) { // Y Y, or X Z
      const bool both = on[0] == y;
      unsigned letters[] = {on[0], on[1]};
      letters[q] = both ? x : x + z - on[q];
      joined({{both ? Gate::Kind::AdjointS : Gate::Kind::H, qubits[q]}}, letters[0], letters[1]);
    }
    return ways;
  }

  size_t words_;
  Strings rows_;               ///< that are not done, without the qubits that are
  std::vector<uint64_t> open_; ///< qubits on which they differ
  std::vector<int> busy_;      ///< CX on each qubit, one after the other
  std::vector<Gate> gates_;
};

/// How some of the strings, which commute, are read by one circuit of so many qubits.
inline Reading readingOf(const Strings &strings, std::span<const size_t> members, int qubits) {
  Reading reading{
      Diagonaliser(strings, members, qubits).run(),
      {strings.words, std::vector<uint64_t>(strings.words), std::vector<uint64_t>(strings.words)}};
  for (size_t i : members) {
    const ReadAs read = readAs(strings, i, reading.gates);
    for (size_t w = 0; w < strings.words; ++w) {
      reading.axes.x[w] |= read.string.x[w];
      reading.axes.z[w] |= read.string.z[w];
    }
  }
  return reading;
}

/// How long the longest path of gates takes, when a gate on one qubit and one on two take so long.
inline double pathOf(std::span<const Gate> gates, int qubits, double one, double two) {
  std::vector<double> free(static_cast<size_t>(qubits));
  for (const Gate &gate : gates) {
    double &a = free[static_cast<size_t>(gate.a)];
    if (gate.b < 0) {
      a += one;
      continue;
    }
    double &b = free[static_cast<size_t>(gate.b)];
    a = b = std::max(a, b) + two;
  }
  return free.empty() ? 0 : *std::max_element(free.begin(), free.end());
}

/// At most, whichever strings they are: where m qubits are open, a string takes m - 1 times one
/// gate on one qubit and one CX, and then a qubit less is open.
inline double mostPath(int qubits, double one, double two) {
  return static_cast<double>(qubits) * (qubits - 1) / 2 * (one + two);
}

} // namespace qdo::pauli
#endif
