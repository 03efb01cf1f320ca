// SPDX-License-Identifier: Apache-2.0
// Looks, purses and the stack of policies.
#include "runtime/estimate/policy.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"
#include "runtime/sim/device_time.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

using base::Kind;

std::string Policy::format(std::string_view spec) const { return base::formatText(spec, name); }

std::unique_ptr<Policy> Policy::withUntil(UntilFn rule, void *env) const {
  auto made = std::make_unique<Policy>(mode, name);
  made->budget = budget;
  made->low = low;
  made->high = high;
  made->batch = batch;
  made->confidence = confidence;
  made->method = method;
  made->joint = joint;
  made->allocation = allocation;
  made->reset = reset;
  made->combine = combine;
  made->mitigation = mitigation;
  made->overlap = overlap;
  made->grouping = grouping;
  made->gradient = gradient;
  made->deadline = deadline;
  made->until = rule;
  made->untilEnv = env;
  return made;
}

uint64_t Policy::streamKey() const {
  base::Hasher hasher("policy");
  hasher.add(name)
      .add(static_cast<uint64_t>(mode))
      .add(static_cast<uint64_t>(budget.value_or(-1)))
      .add(static_cast<uint64_t>(low))
      .add(static_cast<uint64_t>(high.value_or(-1)))
      .add(static_cast<uint64_t>(batch.value_or(-1)))
      .add(confidence)
      .add(static_cast<uint64_t>(allocation));
  // Clauses that most policies leave out count only when they are there.
  auto clause = [&](bool given, std::string_view word, auto... values) {
    if (given)
      (hasher.add(word).add(values), ...);
  };
  clause(method != Method::Sequential, "method", static_cast<uint64_t>(method));
  clause(joint != 1, "joint", static_cast<uint64_t>(joint));
  clause(reset.kind != Reset::Kind::Device, "reset", static_cast<uint64_t>(reset.kind),
         reset.seconds, reset.t1s);
  clause(reset.bias != 0, "bias", reset.bias);
  clause(combine.groups != 1, "combine", static_cast<uint64_t>(combine.groups));
  clause(!mitigation.none(), "mitigate",
         uint64_t{mitigation.readout} + 2 * uint64_t{mitigation.extrapolates()});
  for (double factor : mitigation.factors)
    clause(true, "factor", factor);
  clause(overlap.has_value(), "overlap",
         static_cast<uint64_t>(overlap.value_or(OverlapKind::ComputeUncompute)));
  clause(grouping != Grouping::Qubitwise, "group", static_cast<uint64_t>(grouping));
  clause(gradient.kind != Gradient::Kind::ParameterShift, "gradient",
         static_cast<uint64_t>(gradient.kind), gradient.step);
  clause(deadline.has_value(), "deadline", deadline.value_or(0));
  return hasher.value();
}

uint64_t Policy::identity(const base::Context &ctx) const {
  base::Hasher hasher("identity");
  hasher.add(streamKey());
  if (until)
    hasher.add(static_cast<uint64_t>(reinterpret_cast<uintptr_t>(until)))
        .add(ctx.envHash(untilEnv));
  return hasher.value();
}

static int64_t growthLook(int64_t low, int k) {
  return static_cast<int64_t>(std::ceil(static_cast<double>(low) * std::pow(1.5, k)));
}

LookPlan::LookPlan(const Policy &policy, int64_t cap)
    : step_(Step::Straight), cap_(cap), first_(policy.low) {
  last_ = policy.high.value_or(first_);
  if (policy.mode == Policy::Mode::Fixed) {
    last_ = first_;
    return;
  }
  if (!policy.until && policy.allocation != Allocation::Race) {
    if (policy.allocation != Allocation::Decision)
      first_ = last_;
    count_ = first_ == last_ ? 1 : 2;
    return;
  }
  last_ = std::max(first_, policy.high.value_or(policy.budget.value_or(QdoDefaultMostShots)));
  if (policy.batch) {
    step_ = Step::Batch;
    batch_ = *policy.batch;
    count_ = 1 + (last_ - first_) / batch_ + ((last_ - first_) % batch_ != 0);
    return;
  }
  step_ = Step::Growth;
  cap_ = INT64_MAX; // all looks are planned
  for (int64_t look = first_; (look = next(look)) != 0;)
    ++count_;
  cap_ = cap;
}

int64_t LookPlan::next(int64_t shots) const {
  if (shots < first_)
    return first_;
  if (shots >= last_ || shots >= cap_)
    return 0;
  switch (step_) {
  case Step::Straight:
    return last_;
  case Step::Batch:
    return std::min(last_, first_ + ((shots - first_) / batch_ + 1) * batch_);
  case Step::Growth:
    break;
  }
  for (int k = 1;; ++k) {
    const int64_t look = growthLook(first_, k);
    if (look >= last_)
      return last_;
    if (look > shots)
      return look;
  }
}

Policies::Purse *Policies::purseOf(const Policy &policy) {
  if (!policy.budget && !policy.deadline)
    return nullptr;
  for (Purse &purse : purses_)
    if (purse.name == policy.name && purse.budget == policy.budget &&
        purse.deadline == policy.deadline)
      return &purse;
  purses_.push_back({policy.name, policy.budget, policy.deadline});
  return &purses_.back();
}

std::vector<Policies::Purse *> Policies::payers(const Policy &policy) {
  std::vector<Purse *> payers;
  auto add = [&](Purse *purse) {
    if (purse && std::ranges::find(payers, purse) == payers.end())
      payers.push_back(purse);
  };
  add(purseOf(policy));
  for (Policy *outer : stack_)
    add(purseOf(*outer));
  return payers;
}

int64_t Policies::remaining(const Policy &policy) {
  int64_t least = INT64_MAX;
  for (Purse *purse : payers(policy))
    if (purse->budget)
      least = std::min(least, *purse->budget - purse->spent);
  return least;
}

bool Policies::pay(base::Context &ctx, qdo_site site, const Policy &policy, int64_t shots,
                   int64_t circuits, double seconds) {
  for (Purse *purse : payers(policy)) {
    if (purse->budget && shots > *purse->budget - purse->spent) {
      ctx.fail(site, Kind::BudgetExhausted, purse->name, base::grouped(purse->spent),
               base::grouped(*purse->budget), base::grouped(shots))
          .help = "raise `budget` of `" + purse->name + "`, ask for fewer shots with `each`, or " +
                  "loosen `until`";
      deadlinePassed_ = false;
      return false;
    }
    if (purse->deadline && seconds > *purse->deadline - purse->seconds) {
      auto &failure = ctx.fail(site, Kind::BudgetExhausted, purse->name, purse->seconds,
                               *purse->deadline, seconds);
      failure.message = fmt::format(
          "the deadline of `{}` passed: {} of {} are spent and the next measurement needs {}",
          purse->name, base::formatDuration(".6g", purse->seconds),
          base::formatDuration(".6g", *purse->deadline), base::formatDuration(".3g", seconds));
      deadlinePassed_ = true;
      failure.help = "give `" + purse->name + "` a later `deadline`, ask for fewer shots with " +
                     "`each`, or let qubits reset faster with `reset active(..)`";
      return false;
    }
  }
  count(ctx, policy, shots, circuits, seconds);
  return true;
}

void Policies::count(base::Context &ctx, const Policy &policy, int64_t shots, int64_t circuits,
                     double seconds) {
  for (Purse *purse : payers(policy)) {
    purse->spent += shots;
    purse->seconds += seconds;
  }
  ctx.spent.shots += shots;
  ctx.spent.circuits += circuits;
  ctx.spent.seconds += seconds;
}

void Policies::giveBack(base::Context &ctx, const Policy &policy, int64_t shots, int64_t circuits,
                        double seconds) {
  if (!ctx.failure() || ctx.failure()->kind != Kind::Interrupted)
    count(ctx, policy, -shots, -circuits, -seconds);
}

int64_t Policies::spentFrom(const Policy &policy) {
  Purse *purse = purseOf(policy);
  return purse ? purse->spent : 0;
}

ResetDone cheapestReset(double bias, double t1, double round, double missed, double wrong) {
  const double wait = t1 * std::log(1 / bias);
  double excited = 1;
  for (double active = round; active < wait; active += round) {
    const double before = excited;
    excited = excited * missed + (1 - excited) * wrong;
    if (excited <= bias)
      return {active, excited};
    if (!(excited < before))
      break; // more rounds do not help
  }
  return {wait, bias};
}

ResetDone resetOf(base::Context &ctx, const Policy &policy) {
  const auto device = sim::deviceTime(ctx);
  const double seconds = policy.reset.seconds + policy.reset.t1s * device.t1;
  switch (policy.reset.kind) {
  case Reset::Kind::Device:
    return {device.reset, 0};
  case Reset::Kind::Passive:
    return {seconds, std::exp(-seconds / device.t1)};
  case Reset::Kind::Active:
    return {seconds, device.oneAsZero};
  case Reset::Kind::Cheapest:
    return cheapestReset(policy.reset.bias, device.t1, policy.reset.seconds, device.oneAsZero,
                         device.zeroAsOne);
  }
  return {device.reset, 0};
}

double shotSeconds(base::Context &ctx, const Policy &policy, double circuit) {
  return circuit + sim::deviceTime(ctx).measurement + resetOf(ctx, policy).seconds;
}

Policy *requirePolicy(base::Context &ctx, qdo_site site) {
  Policy *policy = ctx.part<Policies>().innermost();
  if (policy && policy->mode != Policy::Mode::Exact)
    return policy;
  ctx.fail(site, Kind::BadValue, "the policy of this measurement", policy ? "`exact`" : "missing",
           "one that spends shots");
  return nullptr;
}

} // namespace qdo::estimate
