// SPDX-License-Identifier: Apache-2.0
// Shot policies, their purses, and which of them is in force.
// In: the clauses of a policy. Out: how many shots, when to look, and who pays.
// Why: language.md section 7; a purse belongs to the policy, not to the place where it is used.
#pragma once

#include "qdo/runtime/policy_defaults.h"
#include "runtime/base/context.h"
#include "runtime/estimate/confidence.h"

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qdo::estimate {

enum class Allocation : uint8_t {
  Uniform,
  Neyman,
  Decision, ///< by the weights of the model that uses the results
  Race      ///< stops on what is decided
};

/// How a qubit gets back to 0 between shots.
struct Reset {
  enum class Kind : uint8_t { Device, Passive, Active, Cheapest };
  Kind kind = Kind::Device; ///< as the device does by itself
  double seconds = 0;       ///< passive: waited; active: one round of measuring and flipping
  double t1s = 0;           ///< so many T1 of the device more
  double bias = 0;          ///< cheapest: a qubit may stay excited with this probability
};

/// What a reset takes and what it leaves: a qubit that was excited before is so with this
/// probability.
struct ResetDone {
  double seconds, excited;
};

/// Until an excited qubit is left so with probability `bias` at most, whichever way is shorter.
/// Passive: T1 ln(1 / bias). Active: rounds of `round` seconds; each leaves an excited qubit with
/// `missed`, the probability of reading 0 of a 1, and excites one with `wrong`, that of the other
/// error, so no number of rounds gets below wrong / (1 - missed + wrong), and where that is not
/// enough the wait remains.
ResetDone cheapestReset(double bias, double t1, double round, double missed, double wrong);

/// How the batches of one circuit become one number.
struct Combine {
  int64_t groups = 1; ///< 1: the mean; more: the median of the means of that many groups
};

/// What is done about the errors of a device.
struct Mitigation {
  bool readout = false; ///< what was read is corrected
  /// Of the noise, ascending from 1, for zero-noise extrapolation.
  std::vector<double> factors = {};
  bool extrapolates() const { return !factors.empty(); }
  bool none() const { return !readout && !extrapolates(); }
};

/// How fidelities are measured; overlaps.h has what each takes.
enum class OverlapKind : uint8_t { ComputeUncompute, DestructiveSwap, Swap, Hadamard, Shadow };

/// Which strings of an observable one circuit reads.
enum class Grouping : uint8_t {
  Qubitwise, ///< that agree on every qubit
  Commuting  ///< that commute as a whole, after entangling gates
};

/// How `grad` and `minimize` differentiate what is measured.
struct Gradient {
  enum class Kind : uint8_t { ParameterShift, Spsa, Adjoint };
  Kind kind = Kind::ParameterShift;
  double step = 0; ///< `c` of spsa
};

/// `until` as generated code: true when a circuit has enough shots.
using UntilFn = bool (*)(qdo_ctx *ctx, void *env, double value, double standardError,
                         double halfWidth, double low, double high, int64_t shots, int64_t batches);

/// A policy. Clauses that are absent have the defaults below.
struct Policy final : base::Object {
  enum class Mode : uint8_t {
    Exact,     ///< no sampling: estimates may not be asked for
    Fixed,     ///< `shots(N)`: every circuit gets exactly `low`
    Sequential ///< clauses
  };

  Policy(Mode mode, std::string name)
      : Object(base::ObjectKind::Policy), mode(mode), name(std::move(name)) {}
  std::string format(std::string_view spec) const override;
  /// The same policy, paid from the same purse, with another rule.
  std::unique_ptr<Policy> withUntil(UntilFn rule, void *env) const;
  /// Hash of name and numbers, the same in every run: part of the random streams, so that measuring
  /// again under another policy is an independent measurement.
  uint64_t streamKey() const;
  /// Equal for policies that mean the same in this run; differs when a captured value of `until`
  /// differs.
  uint64_t identity(const base::Context &ctx) const;

  const Mode mode;
  const std::string name;
  std::optional<int64_t> budget = {}; ///< shots; absent: no cap of its own
  int64_t low = QdoDefaultPilotShots; ///< pilot and first look, of every circuit
  std::optional<int64_t> high = {};   ///< most of one circuit; absent: see LookPlan
  std::optional<int64_t> batch = {};  ///< shots between looks; absent: growth by half
  double confidence = 0.95;
  Method method = Method::Sequential;
  int64_t joint = 1; ///< this many intervals hold together with that confidence
  Allocation allocation = Allocation::Uniform;
  Reset reset = {};
  Combine combine = {};
  Mitigation mitigation = {};
  std::optional<OverlapKind> overlap = {}; ///< of fidelities; absent: the cheapest
  Grouping grouping = Grouping::Qubitwise;
  Gradient gradient = {};
  std::optional<double> deadline = {}; ///< seconds of the device's time
  UntilFn until = nullptr;
  void *untilEnv = nullptr;
};

/// The looks of one circuit: at how many shots its interval is computed. Their number shares the
/// error probability, so it is fixed before the first shot.
///   no `until`:  one look, at HIGH if there is one, else at LOW; with `allocate decision` also LOW
///   `until`:     ceil(LOW * 1.5^k), or LOW + k * batch, up to HIGH and at HIGH
///   `allocate race` without `until`: the same
/// HIGH is that of `each`, else the budget, else a million shots.
struct LookPlan {
  /// `cap`: no look beyond so many shots is taken for now; it does not change what is planned.
  explicit LookPlan(const Policy &policy, int64_t cap = INT64_MAX);
  /// The first look after `shots` shots, or 0 when `shots` was the last.
  int64_t next(int64_t shots) const;
  /// Number of looks from the first to the last.
  int64_t count() const { return count_; }
  int64_t first() const { return first_; }
  int64_t last() const { return last_; }

private:
  enum class Step : uint8_t { Straight, Growth, Batch };
  Step step_;
  int64_t cap_, first_, last_, batch_ = 0, count_ = 1;
};

/// How far `allocate race` lets circuits go for now: whoever compares results raises the cap look
/// by look, and asks again only for what is not decided.
struct RaceLevel {
  int64_t cap = INT64_MAX;
};

/// The policies in force. The innermost decides; every purse on the stack pays.
class Policies {
public:
  void push(Policy *policy) { stack_.push_back(policy); }
  void pop() {
    if (!stack_.empty())
      stack_.pop_back();
  }
  size_t depth() const { return stack_.size(); }
  /// Back to an earlier depth: code that failed never popped.
  void unwindTo(size_t depth) { stack_.resize(std::min(depth, stack_.size())); }
  Policy *innermost() const { return stack_.empty() ? nullptr : stack_.back(); }
  /// All of them, the innermost last.
  std::span<Policy *const> inForce() const { return stack_; }

  /// What every purse on the stack and that of `policy` can still pay.
  int64_t remaining(const Policy &policy);
  /// Takes `shots` and `seconds` of the device from all of them, and counts `circuits` new
  /// circuits. False, with nothing taken and BudgetExhausted in the context, when
  /// one of them cannot pay.
  bool pay(base::Context &ctx, qdo_site site, const Policy &policy, int64_t shots, int64_t circuits,
           double seconds);
  /// Gives back what `pay` took for shots that failed before the first of them ran. After an
  /// interrupt nothing: some of them may have run.
  void giveBack(base::Context &ctx, const Policy &policy, int64_t shots, int64_t circuits,
                double seconds);
  /// Whether it was a deadline that ended the newest payment that failed, and not a budget.
  bool deadlinePassed() const { return deadlinePassed_; }
  /// Shots taken from the purse of a policy so far.
  int64_t spentFrom(const Policy &policy);

private:
  struct Purse {
    std::string name;
    std::optional<int64_t> budget;  ///< shots
    std::optional<double> deadline; ///< seconds
    int64_t spent = 0;
    double seconds = 0;
  };
  Purse *purseOf(const Policy &policy);
  std::vector<Purse *> payers(const Policy &policy);
  void count(base::Context &ctx, const Policy &policy, int64_t shots, int64_t circuits,
             double seconds);

  bool deadlinePassed_ = false;
  std::vector<Policy *> stack_;
  std::deque<Purse> purses_; ///< one per name, budget and deadline; few, so searched in order
};

/// The reset of a policy on the device in force. What the device does by itself leaves nothing.
ResetDone resetOf(base::Context &ctx, const Policy &policy);

/// Seconds of one shot of a circuit that takes `circuit` of them, with measurement and reset.
double shotSeconds(base::Context &ctx, const Policy &policy, double circuit);

/// The policy in force, or null with a failure when there is none or it is `exact`.
Policy *requirePolicy(base::Context &ctx, qdo_site site);

} // namespace qdo::estimate
