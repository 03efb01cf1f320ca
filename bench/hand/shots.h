// SPDX-License-Identifier: Apache-2.0
// Shots of a state, by a program written for them alone.
// In: amplitudes. Out: outcomes, sorted.
#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

namespace hand {

class Shots {
public:
  explicit Shots(int64_t count);
  /// Other numbers with each seed.
  std::span<const uint32_t> draw(std::span<const std::complex<double>> state, uint64_t seed);

private:
  std::vector<double> sums_;
  std::vector<uint32_t> outcomes_;
};

} // namespace hand
