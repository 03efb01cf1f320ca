// SPDX-License-Identifier: Apache-2.0
// Random numbers that are a pure function of (seed, stream, index).
// In: the run's seed, a 64-bit stream (a content hash), a position. Out: bits, uniforms, coin
// tosses. Why: a shot has the same outcome for any number of threads, any order, and after a
// resume. Source: Philox4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC
// 2011.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace qdo::base {

/// One block of Philox4x32 with ten rounds.
std::array<uint32_t, 4> philox(std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key);

/// A sequence of random numbers; copies continue independently from the same place.
class RandomStream {
public:
  RandomStream(uint64_t seed, uint64_t stream, uint64_t index = 0)
      : seed_(seed), stream_(stream), index_(index) {}

  /// The next 64 bits.
  uint64_t next();
  /// Uniform in [0, 1) with 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// Uniform in 0..bound without bias (Lemire 2019); bound > 0.
  uint64_t below(uint64_t bound);
  /// Position of the next 64 bits: RandomStream(seed, stream, position()) continues here.
  uint64_t position() const { return index_; }

private:
  uint64_t seed_, stream_, index_;
  std::array<uint32_t, 4> block_{}; ///< of the last number: two numbers share a block
  bool kept_ = false;
};

/// The numbers first, first + 1, .. of RandomStream::uniform() of a stream, many at a time.
void fillUniform(uint64_t seed, uint64_t stream, uint64_t first, std::span<double> out);

/// Successes among the shots first..last (half open) of a stream of coin tosses with this
/// probability. Toss i depends on (seed, stream, i, probability) alone, so counts of adjoining
/// ranges add up, and a toss that succeeds at one probability succeeds at every higher one.
/// The probability is honoured to 2^-64.
int64_t countSuccesses(uint64_t seed, uint64_t stream, int64_t first, int64_t last,
                       double probability);

} // namespace qdo::base
