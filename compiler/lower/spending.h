// SPDX-License-Identifier: Apache-2.0
// What elaboration knows of a program's shots before the first one: `qdo cost` shows it.
// Why both bounds: a budget refuses by the least (E0209), and people plan by the most.
#pragma once

#include "compiler/base/source_map.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qdo::lower {

/// One place of the program that pays for circuits.
struct Measurement {
  std::string what; ///< "expectation value", "pairs of kernel `k`", ...
  base::Span span;
  std::vector<std::string> purses;     ///< that pay, from the outermost
  std::optional<int64_t> mostCircuits; ///< none: unknown until the program runs
  std::optional<int64_t> mostEach;     ///< shots of one circuit; none: only a budget bounds them
};

/// A policy with its budget.
struct Purse {
  std::string name;
  int64_t least = 0;
  std::optional<int64_t> budget;
};

struct Spending {
  std::vector<Measurement> measurements;
  std::map<std::string, Purse> purses; ///< by key
  int64_t least = 0;                   ///< shots of the whole program
};

} // namespace qdo::lower
