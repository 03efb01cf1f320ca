// SPDX-License-Identifier: Apache-2.0
// Places and states of the linearity checker: what is left of a live value at one point of a
// program. In: ranges of element indices as symbolic sizes. Out: which ranges surely (do not) meet,
// what is left. Why: `q[0]`, `q[1..n]` and a loop's `q[i]` are all half-open ranges, so one algebra
// serves them all. Must not: know the syntax tree or report anything.
#pragma once

#include "compiler/sema/program.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qdo::sema::linear {

/// Elements low .. high-1 of a register.
struct Range {
  Size low;
  Size high;

  static Range element(const Size &index) { return {index, index + Size::constant(1)}; }
  bool operator==(const Range &) const = default;
};

/// What is known about the loop variables in sight: low <= variable < high.
class Bounds {
public:
  void push(SymbolId variable, Size low, Size high) { known.push_back({variable, low, high}); }
  void pop() { known.pop_back(); }
  [[nodiscard]] const Range *of(uint32_t variable) const;

  /// True only if a <= b whatever the sizes and loop variables are.
  [[nodiscard]] bool surelyLessEqual(const Size &a, const Size &b) const {
    return lessEqual(a, b, 4);
  }
  [[nodiscard]] bool surelyDisjoint(const Range &a, const Range &b) const;
  [[nodiscard]] bool surelyMeet(const Range &a, const Range &b) const;
  /// Every value that `range` takes while the loop variables in it run.
  [[nodiscard]] Range hull(Range range) const;

private:
  struct Known {
    SymbolId variable;
    Size low, high;
    Range range{low, high};
  };
  std::vector<Known> known;
  [[nodiscard]] bool lessEqual(const Size &a, const Size &b, int depth) const;
};

/// A condition on the way to a place, and the arm that was taken.
struct Step {
  base::Span condition;
  bool taken = true;
  bool operator==(const Step &) const = default;
};
using Path = std::vector<Step>;

/// How a live value, or a part of it, ended.
struct Event {
  base::Span span;
  std::string what; ///< a participle: "measured", "moved into `r`", "passed to `teleport`"
  Path path;
};

struct Part {
  Range range;
  Event event;
};

/// Where a live value came from, for the way out of an error.
struct Origin {
  enum class Kind : uint8_t { Unknown, Recipe, Call, Parameter };
  Kind kind = Kind::Unknown;
  base::Span source; ///< of the recipe, or of the call
};

/// What is left of one variable.
struct State {
  enum class Kind : uint8_t {
    Live, ///< whole, or without the `ended` parts
    Gone,
    Broken, ///< an error about it was reported; silent from here on
  };
  Kind kind = Kind::Live;
  base::Span since; ///< where it got the value it has
  Origin origin;
  Event end;                    ///< if Gone
  std::vector<Event> alsoEnded; ///< if Gone: on the other ways to here
  std::vector<Part> ended;      ///< if Live: elements that were consumed one by one

  [[nodiscard]] bool isWhole() const { return kind == Kind::Live && ended.empty(); }
  /// The last thing that happened to it, if it is not whole.
  [[nodiscard]] const Event *lastEvent() const;
};

/// Neighbours joined, so that equal sets of elements compare equal whatever pieces they came in.
std::vector<Range> joined(const std::vector<Part> &parts);
/// Whether the parts are exactly the elements 0 .. size-1.
bool coverAll(const std::vector<Part> &parts, const Size &size);
/// Whether the same elements are left; Broken equals everything.
bool sameLeft(const State &a, const State &b);

/// The elements that one iteration consumes (found by comparing its end with its start), summed
/// over a loop variable that runs from low to high: `q[i]` becomes q[low..high]. Nullopt unless
/// every iteration takes the elements right after those of the one before.
struct Sweep {
  Range each; ///< in one iteration
  Part all;
};
std::optional<Sweep> overAllIterations(const State &before, const State &after, SymbolId variable,
                                       const Range &run);

/// What is live at one point of a program.
struct Flow {
  bool reachable = true;
  std::map<SymbolId, State> places;
};

} // namespace qdo::sema::linear
