// SPDX-License-Identifier: Apache-2.0
// What elaboration knows of the ways to measure a fidelity: estimate::overlapWays has the rest.
// In: a way by its name, empty for the cheapest. Out: the qubits it takes, whether it is the usual
// one. Why here: a device that is too small is refused before the first shot.
#pragma once

#include <cstdint>
#include <string_view>

namespace qdo::lower {

inline int64_t overlapQubits(std::string_view way, int64_t qubits) {
  return way == "swap"               ? 2 * qubits + 1
         : way == "destructive swap" ? 2 * qubits
         : way == "hadamard"         ? qubits + 1
                                     : qubits;
}

inline bool isOverlapWay(std::string_view way) {
  return way.empty() || way == "compute-uncompute" || way == "destructive swap" || way == "swap" ||
         way == "shadow" || way == "hadamard";
}

/// Its circuit is the one that is meant where nothing is said.
inline bool isUsualOverlap(std::string_view way) {
  return way.empty() || way == "compute-uncompute";
}

} // namespace qdo::lower
