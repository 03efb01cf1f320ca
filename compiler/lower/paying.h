// SPDX-License-Identifier: Apache-2.0
// What elaboration knows of who pays at a place of the program, of the device there, and of what a
// kernel costs.
// Why before the run: costs, E0209 and errors about devices are told when nothing is spent yet.
#pragma once

#include "compiler/lower/lower.h"
#include "compiler/lower/pauli_masks.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace qdo::lower {

/// A policy that pays at this place of the program.
struct Payer {
  bool exact = false;
  std::string name;
  std::string key;        ///< the same purse
  int64_t budget = -1;    ///< -1: none or not known
  int64_t low = 1;        ///< least shots a circuit
  int64_t high = -1;      ///< most shots a circuit; -1: none or not known
  int64_t highest = -1;   ///< the same under a rule that stops each circuit; -1: not known
  int64_t folds = 1;      ///< most circuits that `mitigate zne` makes of one on a noisy device
  double fold = 1;        ///< the largest of its factors; 0: not known
  std::string overlap;    ///< how fidelities are measured; empty: the cheapest way
  bool commuting = false; ///< `group commuting`
  bool spsa = false;      ///< `gradient spsa`
  bool wilson = false;    ///< its intervals are approximate
  std::optional<double> deadline = {}; ///< seconds of the device; absent: none or not known
  /// Seconds of a reset on a device with this T1; absent: the device's own.
  std::function<Seconds(double t1)> reset = {};
  base::Span span;
};

/// A device that is in force at a place of the program, as far as elaboration knows it.
struct DeviceFacts {
  std::string name;
  int64_t qubits = -1; ///< most; -1: not known, or as many as memory allows
  bool noisy = false;
  bool shotsOnly = false;                ///< nothing is exact on it
  bool tableau = false;                  ///< Clifford circuits only
  std::optional<DeviceTimes> times = {}; ///< absent: not known
  base::Span span;
};

/// What the body of a kernel measures, counted in circuits: of each row, of each pair of rows, and
/// whatever the rows are.
struct KernelCost {
  static constexpr const char *row[] = {"<row 0>", "<row 1>"}; ///< cost keys of the arguments
  struct Circuits {
    int64_t row = 0, pair = 0, once = 0;
    [[nodiscard]] std::optional<int64_t> of(int64_t rows, int64_t pairs) const;
  };
  struct Counts {
    Circuits most, least;
    std::map<std::string, pauli::Strings> clashing; ///< as of the elaborator
  };
  /// By `commuting` of the policy that pays, which is known where the kernel is used.
  Counts counts[2];
  bool bounded = true; ///< the most is known
  std::set<std::string> seen;

  [[nodiscard]] std::optional<int64_t> most(int64_t rows, int64_t pairs, bool commuting) const {
    return bounded ? counts[commuting].most.of(rows, pairs) : std::nullopt;
  }
  /// Shots that the payer spends on as many circuits at least.
  [[nodiscard]] int64_t least(int64_t rows, int64_t pairs, const Payer &payer) const;
};

} // namespace qdo::lower
