// SPDX-License-Identifier: Apache-2.0
// Sorted uniform numbers as sums of exponential ones, merged with the sums of probabilities: no
// search, no table, one pass over the state. Source: Devroye, Non-Uniform Random Variate
// Generation (1986), V.3.
#include "bench/hand/shots.h"

#include "bench/hand/vectors.h"

namespace hand {

HAND_BEGIN
namespace {

/// SplitMix64.
class Engine {
public:
  explicit Engine(uint64_t seed) : state_(seed) {}
  /// In (0, 1].
  double uniform() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<double>(static_cast<int64_t>((z ^ (z >> 31)) >> 11) + 1) * 0x1p-53;
  }

private:
  uint64_t state_;
};

} // namespace

std::span<const uint32_t> Shots::draw(std::span<const std::complex<double>> state, uint64_t seed) {
  Engine engine(seed);
  for (size_t i = 0; i + 4 <= sums_.size(); i += 4) {
    const V exponential =
        -logarithm(V{engine.uniform(), engine.uniform(), engine.uniform(), engine.uniform()});
    __builtin_memcpy(&sums_[i], &exponential, sizeof exponential);
  }
  const size_t count = outcomes_.size();
  double total = 0;
  for (size_t i = 0; i < count; ++i)
    sums_[i] = total += sums_[i];
  total += sums_[count];
  double probability = 0;
  size_t shot = 0;
  for (size_t z = 0; z < state.size() && shot < count; ++z) {
    const double re = state[z].real(), im = state[z].imag();
    probability += re * re + im * im;
    for (const double limit = probability * total; shot < count && sums_[shot] < limit; ++shot)
      outcomes_[shot] = static_cast<uint32_t>(z);
  }
  for (; shot < count; ++shot) // what rounding has left above the sum of all
    outcomes_[shot] = static_cast<uint32_t>(state.size() - 1);
  return outcomes_;
}
HAND_END

Shots::Shots(int64_t count)
    : sums_(static_cast<size_t>(count / 4 + 1) * 4), outcomes_(static_cast<size_t>(count)) {}

} // namespace hand
