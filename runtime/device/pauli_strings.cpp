// SPDX-License-Identifier: Apache-2.0
// Blocks of strings on their way back.
#include "runtime/device/pauli_strings.h"

#include <algorithm>
#include <bit>

namespace qdo::device {

using stabilizer::NoisyClifford;
using stabilizer::PauliView;

constexpr size_t runs = NoisyClifford::runs;

void PauliStrings::add(const sim::PauliString &string) {
  const sim::WideBasis masks(string, words);
  x.insert(x.end(), masks.x.begin(), masks.x.end());
  z.insert(z.end(), masks.z.begin(), masks.z.end());
}

int weightOf(const PauliView &string) {
  int weight = 0;
  for (size_t w = 0; w < string.x.size(); ++w)
    weight += std::popcount(string.x[w] | string.z[w]);
  return weight;
}

/// Puts a string into a place of a block.
static void put(NoisyClifford::Block &block, size_t place, const PauliView &string) {
  auto spread = [&](std::span<const uint64_t> mask, std::vector<uint64_t> &bits) {
    for (size_t w = 0; w < mask.size(); ++w)
      for (uint64_t rest = mask[w]; rest != 0; rest &= rest - 1) {
        const size_t qubit = 64 * w + static_cast<size_t>(std::countr_zero(rest));
        bits[qubit * NoisyClifford::words + place / 64] |= uint64_t{1} << (place % 64);
      }
  };
  spread(string.x, block.x);
  spread(string.z, block.z);
}

std::optional<std::vector<double>> noisyMeans(base::Context &ctx, qdo_site site,
                                              const NoisyClifford &circuit,
                                              const stabilizer::Tableau &ideal,
                                              const PauliStrings &strings) {
  std::vector<double> means(strings.size());
  ctx.pool().forTiles(std::ssize(means), 64, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end && !ctx.interruptRequested(); ++i)
      means[static_cast<size_t>(i)] = ideal.mean(strings[static_cast<size_t>(i)]);
  });
  std::vector<size_t> left; // what errors can shrink
  for (size_t i = 0; circuit.noisy() && i < means.size(); ++i)
    if (means[i] != 0)
      left.push_back(i);
  ctx.pool().forTiles(std::ssize(left), runs, [&](int64_t begin, int64_t end) {
    if (ctx.interruptRequested())
      return;
    NoisyClifford::Block block(circuit.qubits());
    const std::span some =
        std::span(left).subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin));
    for (size_t place = 0; place < some.size(); ++place)
      put(block, place, strings[some[place]]);
    std::array<double, runs> factors;
    circuit.takeBack(block, factors);
    for (size_t place = 0; place < some.size(); ++place)
      means[some[place]] *= factors[place];
  });
  return ctx.stopHere(site) ? std::nullopt : std::optional(std::move(means));
}

std::optional<double> sumOverGroup(base::Context &ctx, qdo_site site, const NoisyClifford &circuit,
                                   const PauliStrings &generators,
                                   const std::function<double(const PauliView &, double)> &term) {
  const auto count = int64_t{1} << generators.size();
  std::vector<double> sums(static_cast<size_t>((count - 1) / static_cast<int64_t>(runs) + 1));
  ctx.pool().forTiles(count, runs, [&](int64_t begin, int64_t end) {
    if (ctx.interruptRequested())
      return;
    NoisyClifford::Block block(circuit.qubits());
    // In the order of Gray's code, where one string is multiplied at each step.
    PauliStrings products(generators.words);
    std::vector<uint64_t> x(generators.words), z(generators.words);
    auto multiply = [&](size_t generator) {
      const PauliView by = generators[generator];
      for (size_t w = 0; w < x.size(); ++w) {
        x[w] ^= by.x[w];
        z[w] ^= by.z[w];
      }
    };
    for (auto rest = static_cast<uint64_t>(begin ^ begin >> 1); rest != 0; rest &= rest - 1)
      multiply(static_cast<size_t>(std::countr_zero(rest)));
    for (int64_t i = begin; i < end; ++i) {
      if (i > begin)
        multiply(static_cast<size_t>(std::countr_zero(static_cast<uint64_t>(i))));
      products.x.insert(products.x.end(), x.begin(), x.end());
      products.z.insert(products.z.end(), z.begin(), z.end());
      put(block, static_cast<size_t>(i - begin), {x, z});
    }
    std::array<double, runs> factors;
    circuit.takeBack(block, factors);
    double sum = 0;
    for (size_t i = 0; i < products.size(); ++i)
      sum += term(products[i], factors[i]);
    sums[static_cast<size_t>(begin) / runs] = sum;
  });
  double total = 0;
  for (double sum : sums)
    total += sum;
  return ctx.stopHere(site) ? std::nullopt : std::optional(total);
}

PauliStrings stabilisersOn(const stabilizer::Tableau &state, uint64_t qubits) {
  const size_t words = state.words();
  PauliStrings found(words);
  struct Pivot {
    std::vector<uint64_t> bits; ///< x, then z
    size_t word;
    uint64_t bit;
  };
  std::vector<Pivot> pivots;
  auto outside = [&](size_t word) { return word % words == 0 ? ~qubits : ~uint64_t{0}; };
  for (int i = 0; i < state.qubits(); ++i) {
    // U Z_i U^-1 has an X on k when it anticommutes with Z_k, a Z when it does with X_k.
    std::vector<uint64_t> bits(2 * words);
    for (int k = 0; k < state.qubits(); ++k) {
      const size_t word = static_cast<size_t>(k) / 64;
      bits[word] |= uint64_t{stabilizer::bitOf(state.xOfZ(k), i)} << (k % 64);
      bits[words + word] |= uint64_t{stabilizer::bitOf(state.xOfX(k), i)} << (k % 64);
    }
    for (const Pivot &pivot : pivots)
      if (bits[pivot.word] & pivot.bit)
        for (size_t w = 0; w < bits.size(); ++w)
          bits[w] ^= pivot.bits[w];
    size_t word = 0;
    while (word < bits.size() && (bits[word] & outside(word)) == 0)
      ++word;
    if (word < bits.size()) {
      const uint64_t some = bits[word] & outside(word);
      pivots.push_back({std::move(bits), word, some & -some});
      continue;
    }
    const auto half = bits.begin() + static_cast<std::ptrdiff_t>(words);
    found.x.insert(found.x.end(), bits.begin(), half);
    found.z.insert(found.z.end(), half, bits.end());
  }
  return found;
}

} // namespace qdo::device
