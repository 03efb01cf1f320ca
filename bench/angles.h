// SPDX-License-Identifier: Apache-2.0
// Angles of random layers: the same in every run, and for qdo and the programs by hand.
#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <vector>

namespace bench {

/// Three angles in radians for each qubit of each layer, layer by layer.
inline std::vector<std::array<double, 3>> anglesOf(int qubits, int depth) {
  std::mt19937_64 engine(1234);
  std::uniform_real_distribution<double> angle(0, 6.28);
  std::vector<std::array<double, 3>> angles(static_cast<size_t>(qubits * depth));
  for (auto &three : angles)
    for (double &one : three)
      one = angle(engine);
  return angles;
}

} // namespace bench
