// SPDX-License-Identifier: Apache-2.0
// Rows of Pauli strings, and their products.
// Why: with the phase kept as a power of i in front of X^x Z^z, a product is two exclusive ors and
// one parity: (X^x Z^z)(X^x' Z^z') = (-1)^{z.x'} X^{x+x'} Z^{z+z'}.
#include "runtime/stabilizer/tableau.h"

#include <algorithm>
#include <bit>

namespace qdo::stabilizer {

bool any(std::span<const uint64_t> words) {
  return std::ranges::any_of(words, [](uint64_t word) { return word != 0; });
}

uint8_t multiply(uint64_t *a, const uint64_t *b, size_t words) {
  uint64_t crossed = 0;
  for (size_t w = 0; w < words; ++w)
    crossed ^= a[words + w] & b[w];
  for (size_t w = 0; w < 2 * words; ++w)
    a[w] ^= b[w];
  return static_cast<uint8_t>(2 * (std::popcount(crossed) & 1));
}

/// Whether two rows anticommute.
static bool anticommute(const uint64_t *a, const uint64_t *b, size_t words) {
  uint64_t crossed = 0;
  for (size_t w = 0; w < words; ++w)
    crossed ^= (a[words + w] & b[w]) ^ (a[w] & b[words + w]);
  return (std::popcount(crossed) & 1) != 0;
}

void Tableau::setIdentity(int from) {
  for (int k = from; k < qubits_; ++k) {
    const uint64_t bit = uint64_t{1} << (k % 64);
    row(2 * k)[static_cast<size_t>(k) / 64] |= bit;
    row(2 * k + 1)[words_ + static_cast<size_t>(k) / 64] |= bit;
  }
}

void Tableau::grow(int qubits) {
  if (qubits <= qubits_)
    return;
  const size_t words = (static_cast<size_t>(qubits) + 63) / 64, old = words_;
  if (words != old) {
    std::vector<uint64_t> rows(static_cast<size_t>(qubits) * 4 * words);
    for (size_t r = 0; r < static_cast<size_t>(qubits_) * 2; ++r)
      for (size_t half = 0; half < 2; ++half)
        std::copy_n(rows_.begin() + static_cast<std::ptrdiff_t>((2 * r + half) * old), old,
                    rows.begin() + static_cast<std::ptrdiff_t>((2 * r + half) * words));
    rows_ = std::move(rows);
    words_ = words;
  } else {
    rows_.resize(static_cast<size_t>(qubits) * 4 * words);
  }
  phases_.resize(static_cast<size_t>(qubits) * 2);
  const int from = qubits_;
  qubits_ = qubits;
  setIdentity(from);
}

void Tableau::reset() {
  std::ranges::fill(rows_, 0);
  std::ranges::fill(phases_, uint8_t{0});
  setIdentity(0);
}

void Tableau::apply(const Clifford &gate, const int *wires) {
  auto rowOf = [&](int local) { return 2 * wires[local / 2] + local % 2; };
  const int rows = 2 * gate.wires;
  auto has = [&](const Image &image, int local) {
    return ((local % 2 == 0 ? image.x : image.z) >> local / 2 & 1) != 0;
  };
  if (gate.form != Clifford::Form::General) {
    for (int local = 0; local < rows; ++local) {
      const Image &image = gate.images[static_cast<size_t>(local)];
      const int r = rowOf(local);
      uint8_t phase = image.phase;
      if (gate.form == Clifford::Form::Products)
        for (int other = 0; other < rows; ++other)
          if (other != local && has(image, other)) {
            phase = static_cast<uint8_t>(phase + phases_[static_cast<size_t>(rowOf(other))] +
                                         multiply(row(r), row(rowOf(other)), words_));
            // The X of a wire stands before its Z, and anticommutes with it.
            if (other == local - 1 && local % 2 == 1)
              phase += 2;
          }
      phases_[static_cast<size_t>(r)] = (phases_[static_cast<size_t>(r)] + phase) & 3;
    }
    return;
  }
  made_.assign(static_cast<size_t>(rows) * 2 * words_, 0);
  std::array<uint8_t, 2 * Clifford::mostWires> phases{};
  for (int local = 0; local < rows; ++local) {
    const Image &image = gate.images[static_cast<size_t>(local)];
    uint64_t *out = made_.data() + static_cast<size_t>(local) * 2 * words_;
    unsigned phase = image.phase;
    for (int other = 0; other < rows; ++other)
      if (has(image, other))
        phase +=
            phases_[static_cast<size_t>(rowOf(other))] + multiply(out, row(rowOf(other)), words_);
    phases[static_cast<size_t>(local)] = phase & 3;
  }
  for (int local = 0; local < rows; ++local) {
    std::copy_n(made_.data() + static_cast<size_t>(local) * 2 * words_, 2 * words_,
                row(rowOf(local)));
    phases_[static_cast<size_t>(rowOf(local))] = phases[static_cast<size_t>(local)];
  }
}

std::optional<bool> Tableau::certain(int qubit) const {
  if (any(xOfZ(qubit)))
    return std::nullopt;
  return phaseOfZ(qubit) == 2;
}

bool Tableau::measure(int qubit, bool coin) {
  if (auto outcome = certain(qubit))
    return *outcome;
  // A = U^-1 Z U has an X or Y on some qubit p, so it anticommutes with Z_p. The state becomes
  // U (1 + s A)/sqrt(2) |0> = U V |0> with the sign s of the outcome and the Clifford gate
  // V = (Z_p + s A)/sqrt(2). Rows become V R V: R where R commutes with both, -R where with none;
  // s R Z_p A and -s R Z_p A where it anticommutes with A alone and with Z_p alone.
  const std::span<const uint64_t> x = xOfZ(qubit);
  size_t at = 0;
  while (x[at] == 0)
    ++at;
  const int p = static_cast<int>(at) * 64 + std::countr_zero(x[at]);
  const uint64_t bit = uint64_t{1} << (p % 64);
  // A, and Z_p A: the Z stands before the X of A.
  made_.assign(row(2 * qubit + 1), row(2 * qubit + 1) + 2 * words_);
  std::vector<uint64_t> both = made_;
  both[words_ + at] ^= bit;
  const unsigned phase = phaseOfZ(qubit) + 2u; // of Z_p A, because A has an X on p
  const unsigned sign = coin ? 2 : 0;
  for (int r = 0; r < 2 * qubits_; ++r) {
    uint64_t *const now = row(r);
    const bool againstZ = (now[at] & bit) != 0;
    const bool againstA = anticommute(now, made_.data(), words_);
    auto &i = phases_[static_cast<size_t>(r)];
    if (againstZ && againstA)
      i ^= 2;
    else if (againstZ || againstA)
      i = (i + multiply(now, both.data(), words_) + phase + sign + (againstZ ? 2u : 0u)) & 3;
  }
  return coin;
}

int Tableau::mean(const PauliView &pauli) const {
  std::vector<uint64_t> product(2 * words_);
  unsigned phase = 0;
  for (size_t w = 0; w < std::min(words_, pauli.x.size()); ++w)
    for (uint64_t rest = pauli.x[w] | pauli.z[w]; rest != 0; rest &= rest - 1) {
      const int k = static_cast<int>(w) * 64 + std::countr_zero(rest);
      const bool x = bitOf(pauli.x, k), z = bitOf(pauli.z, k);
      for (int r = 2 * k + !x; r <= 2 * k + z; ++r)
        phase += phases_[static_cast<size_t>(r)] + multiply(product.data(), row(r), words_);
      phase += x && z; // Y = i X Z
    }
  if (any({product.data(), words_}))
    return 0;
  return (phase & 3) == 0 ? 1 : -1;
}

} // namespace qdo::stabilizer
