// SPDX-License-Identifier: Apache-2.0
// What a program costs before it runs: its circuits as they will be executed, and its shots.
// Why optionals: what only a run can know is said to be unknown, never guessed.
#pragma once

#include "compiler/lower/spending.h"

#include <optional>
#include <string>
#include <vector>

namespace mlir {
class Operation;
}

namespace qdo::driver {

struct CircuitCost {
  std::string name;
  int64_t qubits = 0;
  std::optional<int64_t> depth, gates, twoQubit, larger;
};

struct Cost {
  std::vector<CircuitCost> circuits; ///< recipes and blocks of live qubits
  lower::Spending spending;

  /// Bytes of a state vector.
  static std::optional<int64_t> bytes(int64_t qubits);
  /// At most what its measurements can spend, and never more than its budget.
  [[nodiscard]] std::optional<int64_t> most(const std::string &purse) const;
  [[nodiscard]] std::optional<int64_t> mostShots() const;    ///< of the program
  [[nodiscard]] std::optional<int64_t> mostCircuits() const; ///< that are measured
  /// Seconds of the device: of a purse, never more than its deadline, and of the program.
  [[nodiscard]] std::optional<double> mostSeconds(const std::string &purse) const;
  [[nodiscard]] std::optional<double> mostSeconds() const;
  /// Why the most time of a measurement by itself is not known; null when it is.
  [[nodiscard]] static const char *unknownTime(const lower::Measurement &m);
  /// Seconds of one shot at most, with reading and reset.
  [[nodiscard]] static std::optional<double> shotSeconds(const lower::Measurement &m);
};

/// The circuits of an optimised module, by name.
std::vector<CircuitCost> circuitCosts(mlir::Operation *module, const base::SourceMap &sources);

} // namespace qdo::driver
