// SPDX-License-Identifier: Apache-2.0
// Errors forwards, strings backwards.
// Why skips: errors are rare, so what is drawn is how many runs go by before the next one, over all
// places with one probability (Gidney, the same, section 3).
#include "runtime/stabilizer/frames.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::stabilizer {

void NoisyClifford::gate(const Clifford &gate, std::span<const int> wires) {
  NoisyOp op{.kind = NoisyOp::Kind::Gate,
             .count = static_cast<uint8_t>(gate.wires),
             .wires = {},
             .gate = &gate};
  std::copy_n(wires.begin(), gate.wires, op.wires.begin());
  ops_.push_back(op);
}

int NoisyClifford::rateOf(double probability) {
  const auto [known, isNew] =
      rateNumbers_.try_emplace(probability, static_cast<int>(rates_.size()));
  if (isNew)
    rates_.push_back({Skips(probability), 1, std::pow(1 - probability, runs)});
  Rate &rate = rates_[static_cast<size_t>(known->second)];
  rate.spared *= rate.once;
  return known->second;
}

void NoisyClifford::depolarizing(std::span<const int> wires, double p) {
  if (p <= 0)
    return;
  NoisyOp op{.kind = NoisyOp::Kind::Depolarizing,
             .count = static_cast<uint8_t>(wires.size()),
             .wires = {},
             .probability = p,
             .shrink = {1 - p, 1 - p, 1 - p},
             .rate = rateOf(p)};
  std::ranges::copy(wires, op.wires.begin());
  ops_.push_back(op);
}

void NoisyClifford::pauli(int wire, double x, double y, double z) {
  const double p = x + y + z;
  if (p <= 0)
    return;
  ops_.push_back({.kind = NoisyOp::Kind::Pauli,
                  .count = 1,
                  .wires = {wire},
                  .probability = p,
                  .y = y / p,
                  .z = z / p,
                  .shrink = {1 - 2 * (y + z), 1 - 2 * (x + z), 1 - 2 * (x + y)},
                  .rate = rateOf(p)});
}

void NoisyClifford::then(const NoisyClifford &other) {
  for (NoisyOp op : other.ops_) {
    if (op.kind != NoisyOp::Kind::Gate)
      op.rate = rateOf(op.probability);
    ops_.push_back(op);
  }
}

namespace {

constexpr size_t words = NoisyClifford::words;
using Words = std::array<uint64_t, words>;

uint64_t *at(std::vector<uint64_t> &bits, int qubit) {
  return bits.data() + static_cast<size_t>(qubit) * words;
}

/// X and Z bits of the wires of a gate.
struct Gathered {
  std::array<Words, 2 * Clifford::mostWires> bits; ///< x and z of wire 0, of wire 1, ..
  Gathered(const NoisyOp &op, NoisyClifford::Block &block) {
    for (size_t i = 0; i < op.count; ++i) {
      std::copy_n(at(block.x, op.wires[i]), words, bits[2 * i].begin());
      std::copy_n(at(block.z, op.wires[i]), words, bits[2 * i + 1].begin());
    }
  }
};

void add(uint64_t *to, const Words &from) {
  for (size_t w = 0; w < words; ++w)
    to[w] ^= from[w];
}

/// G E G^-1 has an X on a wire when it anticommutes with Z there: when E does with G^-1 Z G.
void forwards(const NoisyOp &op, NoisyClifford::Block &block) {
  const Gathered old(op, block);
  for (int row = 0; row < 2 * op.gate->wires; ++row) {
    const int wire = op.wires[static_cast<size_t>(row / 2)];
    uint64_t *out = row % 2 == 0 ? at(block.z, wire) : at(block.x, wire);
    const Image image = op.gate->images[static_cast<size_t>(row)];
    std::fill_n(out, words, 0);
    for (size_t i = 0; i < op.count; ++i) {
      if (image.z >> i & 1)
        add(out, old.bits[2 * i]);
      if (image.x >> i & 1)
        add(out, old.bits[2 * i + 1]);
    }
  }
}

/// A product of X and Z of wires becomes the product of their images.
void backwards(const NoisyOp &op, NoisyClifford::Block &block) {
  const Gathered old(op, block);
  for (size_t i = 0; i < op.count; ++i) {
    std::fill_n(at(block.x, op.wires[i]), words, 0);
    std::fill_n(at(block.z, op.wires[i]), words, 0);
  }
  for (size_t row = 0; row < 2 * size_t{op.count}; ++row) {
    const Image image = op.gate->images[row];
    for (size_t i = 0; i < op.count; ++i) {
      if (image.x >> i & 1)
        add(at(block.x, op.wires[i]), old.bits[row]);
      if (image.z >> i & 1)
        add(at(block.z, op.wires[i]), old.bits[row]);
    }
  }
}

template <class Visit> void eachBit(uint64_t bits, size_t word, Visit visit) {
  for (; bits != 0; bits &= bits - 1)
    visit(64 * word + static_cast<size_t>(std::countr_zero(bits)));
}

/// Multiplies the factors of strings by what the channel does to them.
void shrink(const NoisyOp &op, NoisyClifford::Block &strings, std::span<double> factors) {
  for (size_t w = 0; w < words; ++w) {
    if (op.kind == NoisyOp::Kind::Depolarizing) {
      uint64_t some = 0;
      for (size_t i = 0; i < op.count; ++i)
        some |= at(strings.x, op.wires[i])[w] | at(strings.z, op.wires[i])[w];
      eachBit(some, w, [&](size_t run) { factors[run] *= op.shrink[0]; });
      continue;
    }
    const uint64_t x = at(strings.x, op.wires[0])[w], z = at(strings.z, op.wires[0])[w];
    eachBit(x & ~z, w, [&](size_t run) { factors[run] *= op.shrink[0]; });
    eachBit(x & z, w, [&](size_t run) { factors[run] *= op.shrink[1]; });
    eachBit(z & ~x, w, [&](size_t run) { factors[run] *= op.shrink[2]; });
  }
}

} // namespace

Skips::Skips(double probability) : scale_(probability < 1 ? 1 / std::log1p(-probability) : 0) {}

int64_t Skips::at(double uniform) const {
  constexpr double most = 1e15; // nothing has as many places
  const double skip = std::log1p(-uniform) * scale_;
  return skip < most ? static_cast<int64_t>(skip) : static_cast<int64_t>(most);
}

void NoisyClifford::errors(base::RandomStream &random, Block &block) const {
  std::ranges::fill(block.x, 0);
  std::ranges::fill(block.z, 0);
  std::vector<int64_t> left; // runs until the next error of each rate
  left.reserve(rates_.size());
  for (const Rate &rate : rates_) {
    constexpr int64_t never = int64_t{1} << 60;
    // Of many rates most have no error at all, which a number tells without its logarithm.
    const double u = random.uniform();
    left.push_back(1 - u <= rate.spared ? never : rate.skips.at(u));
  }
  for (const NoisyOp &op : ops_) {
    if (op.kind == NoisyOp::Kind::Gate) {
      forwards(op, block);
      continue;
    }
    const auto rate = static_cast<size_t>(op.rate);
    int64_t run = left[rate];
    for (; run < runs; run += 1 + rates_[rate].skips.next(random)) {
      const size_t word = static_cast<size_t>(run) / 64;
      const uint64_t bit = uint64_t{1} << (run % 64);
      auto hit = [&](int wire, bool x, bool z) {
        at(block.x, wire)[word] ^= x ? bit : 0;
        at(block.z, wire)[word] ^= z ? bit : 0;
      };
      if (op.kind == NoisyOp::Kind::Depolarizing) {
        // One of the 4^k Pauli strings, the identity among them.
        uint64_t letters = random.below(uint64_t{1} << 2 * op.count);
        for (size_t i = 0; i < op.count; ++i, letters >>= 2)
          hit(op.wires[i], letters & 1, letters >> 1 & 1);
        continue;
      }
      const double which = op.z < 1 ? random.uniform() : 0;
      const bool isZ = which < op.z, isY = !isZ && which < op.z + op.y;
      hit(op.wires[0], !isZ, isZ || isY);
    }
    left[rate] = run - runs;
  }
}

void NoisyClifford::takeBack(Block &strings, std::span<double> factors) const {
  std::ranges::fill(factors, 1.0);
  for (auto op = ops_.rbegin(); op != ops_.rend(); ++op)
    if (op->kind == NoisyOp::Kind::Gate)
      backwards(*op, strings);
    else
      shrink(*op, strings, factors);
}

} // namespace qdo::stabilizer
