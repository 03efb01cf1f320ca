// SPDX-License-Identifier: Apache-2.0
// What is read off a vector of Pauli coefficients.
#include "runtime/density/state.h"

#include <cassert>

namespace qdo::density {

/// The index of the string with Z on the bits of z.
static uint64_t indexOfZ(uint64_t z) {
  uint64_t index = 0;
  for (int q = 0; z != 0; ++q, z >>= 1)
    index |= (z & 1 ? uint64_t{3} : 0) << 2 * q;
  return index;
}

State::State(int qubits) : qubits_(qubits), coefficients_(size_t{1} << 2 * qubits) {
  assert(qubits >= 1 && qubits <= 16);
  for (uint64_t z = 0; z < uint64_t{1} << qubits; ++z)
    coefficients_[indexOfZ(z)] = 1;
}

double expectPauli(const State &state, uint64_t x, uint64_t z) {
  uint64_t index = 0;
  for (int q = 0; q < state.qubits(); ++q) {
    const bool flips = x >> q & 1, signs = z >> q & 1;
    index |= uint64_t{flips ? (signs ? 2u : 1u) : (signs ? 3u : 0u)} << 2 * q;
  }
  return state.coefficients()[index];
}

std::vector<double> probabilities(const State &state, uint64_t x, uint64_t z) {
  const size_t size = size_t{1} << state.qubits();
  std::vector<double> out(size);
  for (size_t on = 0; on < size; ++on) // the string with its axes on these qubits
    out[on] = expectPauli(state, x & on, (z | ~x) & on) / static_cast<double>(size);
  for (size_t half = 1; half < size; half *= 2)
    for (size_t b = 0; b < size; b += 2 * half)
      for (size_t k = b; k < b + half; ++k) {
        const double i = out[k], z = out[k + half];
        out[k] = i + z;
        out[k + half] = i - z;
      }
  return out;
}

double overlap(const State &a, const State &b) {
  assert(a.qubits() == b.qubits());
  // Partial sums, so that the error grows with their number only.
  double sum = 0;
  const auto x = a.coefficients(), y = b.coefficients();
  constexpr size_t tile = 1024;
  for (size_t begin = 0; begin < x.size(); begin += tile) {
    double part = 0;
    for (size_t i = begin; i < std::min(x.size(), begin + tile); ++i)
      part += x[i] * y[i];
    sum += part;
  }
  return sum / static_cast<double>(size_t{1} << a.qubits());
}

} // namespace qdo::density
