// SPDX-License-Identifier: Apache-2.0
// Elimination among the rows of Z, and shots by tables.
// Why: products of Z whose row has no X are certain, all others are fair coins. Going down from the
// highest qubit, a qubit either is such a coin or follows from those above it.
#include "runtime/stabilizer/outcomes.h"

#include <algorithm>
#include <bit>

namespace qdo::stabilizer {

Outcomes::Outcomes(const Tableau &tableau)
    : qubits_(tableau.qubits()), words_(tableau.words()), first_(words_) {
  // A reduced row: x and z bits, then which coins its product of Zs has.
  struct Row {
    std::vector<uint64_t> bits;
    unsigned phase;
    int pivot;
  };
  std::vector<Row> pivots;
  std::vector<int> coins; ///< qubits, falling
  struct Follows {
    int qubit;
    std::vector<uint64_t> coins;
  };
  std::vector<Follows> followers;
  std::vector<uint64_t> now(3 * words_);
  for (int k = qubits_ - 1; k >= 0; --k) {
    std::ranges::copy(tableau.xOfZ(k), now.begin());
    std::ranges::copy(tableau.zOfZ(k), now.begin() + static_cast<std::ptrdiff_t>(words_));
    std::fill(now.begin() + static_cast<std::ptrdiff_t>(2 * words_), now.end(), 0);
    unsigned phase = tableau.phaseOfZ(k);
    for (const Row &row : pivots)
      if (bitOf({now.data(), words_}, row.pivot)) {
        phase += row.phase + multiply(now.data(), row.bits.data(), words_);
        for (size_t w = 2 * words_; w < 3 * words_; ++w)
          now[w] ^= row.bits[w];
      }
    size_t at = 0;
    while (at < words_ && now[at] == 0)
      ++at;
    if (at < words_) {
      const size_t coin = coins.size();
      coins.push_back(k);
      now[2 * words_ + coin / 64] |= uint64_t{1} << (coin % 64);
      pivots.push_back({now, phase & 3, static_cast<int>(at) * 64 + std::countr_zero(now[at])});
      continue;
    }
    // With every coin 0, all products so far are +1, and this one is what it is.
    if ((phase & 3) == 2)
      first_[static_cast<size_t>(k) / 64] |= uint64_t{1} << (k % 64);
    followers.push_back({k, {now.begin() + static_cast<std::ptrdiff_t>(2 * words_), now.end()}});
  }
  rank_ = static_cast<int>(coins.size());
  basis_.resize(static_cast<size_t>(rank_) * words_);
  auto set = [&](int coin, int qubit) { // the last coin is the lowest qubit
    basis_[static_cast<size_t>(rank_ - 1 - coin) * words_ + static_cast<size_t>(qubit) / 64] |=
        uint64_t{1} << (qubit % 64);
  };
  for (int coin = 0; coin < rank_; ++coin)
    set(coin, coins[static_cast<size_t>(coin)]);
  for (const Follows &f : followers)
    for (int coin = 0; coin < rank_; ++coin)
      if (bitOf(f.coins, coin))
        set(coin, f.qubit);
}

void Outcomes::outcome(std::span<const uint64_t> bits, std::span<uint64_t> out) const {
  std::ranges::copy(first_, out.begin());
  for (int b = 0; b < rank_; ++b)
    if (bitOf(bits, b))
      for (size_t w = 0; w < words_; ++w)
        out[w] ^= basis_[static_cast<size_t>(b) * words_ + w];
}

void Outcomes::outcomes(int64_t count, const uint64_t *bits, uint64_t *out) const {
  // "Four Russians": eight bits at a time from tables of all their sums.
  constexpr int64_t worthTables = 64;
  const size_t bitWords = this->bitWords();
  if (count < worthTables) {
    for (int64_t shot = 0; shot < count; ++shot)
      outcome({bits + static_cast<size_t>(shot) * bitWords, bitWords},
              {out + static_cast<size_t>(shot) * words_, words_});
    return;
  }
  // A block of shots stays in the caches while table after table is added to it.
  constexpr int64_t block = 2048;
  std::vector<uint64_t> table(256 * words_);
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t end = std::min(count, begin + block);
    for (int64_t shot = begin; shot < end; ++shot)
      std::ranges::copy(first_, out + static_cast<size_t>(shot) * words_);
    for (int low = 0; low < rank_; low += 8) {
      makeTable(low, table);
      const size_t word = static_cast<size_t>(low) / 64;
      const int shift = low % 64;
      for (int64_t shot = begin; shot < end; ++shot) {
        const uint64_t sum = bits[static_cast<size_t>(shot) * bitWords + word] >> shift & 0xFF;
        const uint64_t *from = &table[sum * words_];
        uint64_t *to = out + static_cast<size_t>(shot) * words_;
        for (size_t w = 0; w < words_; ++w)
          to[w] ^= from[w];
      }
    }
  }
}

int Outcomes::qubitOf(int bit) const {
  // What follows from a coin is below it.
  size_t word = words_ - 1;
  const uint64_t *const row = &basis_[static_cast<size_t>(bit) * words_];
  while (row[word] == 0)
    --word;
  return static_cast<int>(word) * 64 + 63 - std::countl_zero(row[word]);
}

std::vector<std::vector<uint64_t>> Outcomes::certainParities() const {
  auto set = [](std::vector<uint64_t> &bits, int qubit) {
    bits[static_cast<size_t>(qubit) / 64] |= uint64_t{1} << (qubit % 64);
  };
  std::vector<uint64_t> coins(words_);
  for (int bit = 0; bit < rank_; ++bit)
    set(coins, qubitOf(bit));
  std::vector<std::vector<uint64_t>> parities;
  for (int qubit = 0; qubit < qubits_; ++qubit) {
    if (bitOf(coins, qubit))
      continue;
    auto &parity = parities.emplace_back(words_);
    set(parity, qubit);
    for (int bit = 0; bit < rank_; ++bit)
      if (bitOf({&basis_[static_cast<size_t>(bit) * words_], words_}, qubit))
        set(parity, qubitOf(bit));
  }
  return parities;
}

void Outcomes::makeTable(int low, std::vector<uint64_t> &table) const {
  const int some = std::min(8, rank_ - low);
  for (size_t sum = 1; sum < size_t{1} << some; ++sum) {
    const uint64_t *rest = &table[(sum & (sum - 1)) * words_];
    const auto b = static_cast<size_t>(low + std::countr_zero(sum));
    for (size_t w = 0; w < words_; ++w)
      table[sum * words_ + w] = rest[w] ^ basis_[b * words_ + w];
  }
}

} // namespace qdo::stabilizer
