// SPDX-License-Identifier: Apache-2.0
// What elaboration knows of a program's shots before the first one: `qdo cost` shows it.
// Why both bounds: a budget refuses by the least (E0209), and people plan by the most.
#pragma once

#include "compiler/base/source_map.h"
#include "qdo/runtime/policy_defaults.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qdo::lower {

/// A time of a device, as far as it is known; `most` absent: not at all.
struct Seconds {
  double least = 0;
  std::optional<double> most = {};
};

/// The times of a device, in seconds, as far as they are known before it runs; see sim::DeviceTime.
struct DeviceTimes {
  std::optional<double> t1 = QdoDefaultT1Seconds, measurement = QdoDefaultMeasurementSeconds;
  /// By row of gates.def, -1 for all others: seconds; absent ones have the usual time.
  std::map<int64_t, double> gates = {};
  bool gatesKnown = true;
};

/// The op's entries in Spending::measurements, as an array of numbers.
inline constexpr const char *measuredAttr = "qdo.measured";

/// One place of the program that pays for circuits.
struct Measurement {
  std::string what; ///< "expectation value", "pairs of kernel `k`", ...
  base::Span span;
  std::vector<std::string> purses;      ///< that pay, from the outermost
  std::optional<int64_t> mostCircuits;  ///< none: unknown until the program runs
  std::optional<int64_t> mostEach;      ///< shots of one circuit; none: only a budget bounds them
  int64_t leastEach = 0;                ///< shots of one circuit
  int64_t folds = 1;                    ///< circuits of `zne` for each
  double fold = 1;                      ///< how many times as long the longest of them is
  Seconds shot = {};                    ///< measurement and reset of one shot
  std::optional<double> mostGates = {}; ///< seconds of the gates of one shot; none: not known
  const char *gatesUnknown = nullptr;   ///< why not
  DeviceTimes device = {};              ///< that it runs on
  std::string overlap = {};             ///< of fidelities: the way, empty for the cheapest
  bool commuting = false;               ///< `group commuting`
  bool spsa = false;                    ///< `gradient spsa`
  bool sure = true;                     ///< it is paid whenever the program runs
  // Of a gradient, whose circuits are known when they are optimised:
  std::optional<int64_t> times = {};      ///< how often the place is reached at most
  std::optional<int64_t> parameters = {}; ///< numbers that it is differentiated by
};

/// A policy with its budget.
struct Purse {
  std::string name;
  int64_t least = 0;
  double leastSeconds = 0;
  std::optional<int64_t> budget;
  std::optional<double> deadline = {}; ///< seconds of the device
  bool approximate = false;            ///< its intervals promise less than they say: `wilson`
  base::Span span = {};
};

struct Spending {
  std::vector<Measurement> measurements;
  std::map<std::string, Purse> purses; ///< by key
  int64_t least = 0;                   ///< shots of the whole program
  double leastSeconds = 0;             ///< of the device
};

} // namespace qdo::lower
