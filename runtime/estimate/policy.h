// SPDX-License-Identifier: Apache-2.0
// Shot policies, their purses, and which of them is in force.
// In: the clauses of a policy. Out: how many shots, when to look, and who pays.
// Why: language.md section 7; a purse belongs to the policy, not to the place where it is used.
#pragma once

#include "qdo/runtime/policy_defaults.h"
#include "runtime/base/context.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace qdo::estimate {

enum class Allocation : uint8_t { Uniform, Neyman, Decision };

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
  Allocation allocation = Allocation::Uniform;
  UntilFn until = nullptr;
  void *untilEnv = nullptr;
};

/// The looks of one circuit: at how many shots its interval is computed. Their number shares the
/// error probability, so it is fixed before the first shot.
///   no `until`:  one look, at HIGH if there is one, else at LOW; with `allocate decision` also LOW
///   `until`:     ceil(LOW * 1.5^k), or LOW + k * batch, up to HIGH and at HIGH
/// HIGH is that of `each`, else the budget, else a million shots.
struct LookPlan {
  explicit LookPlan(const Policy &policy);
  /// The first look after `shots` shots, or 0 when `shots` was the last.
  int64_t next(int64_t shots) const;
  /// Number of looks from the first to the last.
  int64_t count() const { return count_; }
  int64_t first() const { return first_; }
  int64_t last() const { return last_; }

private:
  enum class Step : uint8_t { Straight, Growth, Batch };
  Step step_;
  int64_t first_, last_, batch_ = 0, count_ = 1;
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

  /// What every purse on the stack and that of `policy` can still pay.
  int64_t remaining(const Policy &policy);
  /// Takes `shots` from all of them, and counts `circuits` new circuits. False, with nothing taken
  /// and BudgetExhausted in the context, when one of them cannot pay.
  bool pay(base::Context &ctx, qdo_site site, const Policy &policy, int64_t shots,
           int64_t circuits);
  /// Shots taken from the purse of a policy so far.
  int64_t spentFrom(const Policy &policy);

private:
  struct Purse {
    std::string name;
    int64_t budget, spent = 0;
  };
  Purse *purseOf(const Policy &policy);
  std::vector<Purse *> payers(const Policy &policy);

  std::vector<Policy *> stack_;
  std::deque<Purse> purses_; ///< one per name and budget; few, so searched in order
};

/// The policy in force, or null with a failure when there is none or it is `exact`.
Policy *requirePolicy(base::Context &ctx, qdo_site site);

} // namespace qdo::estimate
