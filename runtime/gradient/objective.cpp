// SPDX-License-Identifier: Apache-2.0
// Records of one evaluation each, and what is kept of them.
#include "runtime/gradient/objective.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <algorithm>
#include <cmath>

namespace qdo::gradient {

using base::Kind;
using estimate::Estimate;

Objective::Objective(base::Context &ctx, qdo_site site, Function function)
    : ctx_(ctx), site_(site), function_(function),
      policy_(ctx.part<estimate::Policies>().innermost()) {}

bool Objective::exact() const { return !policy_ || policy_->mode == estimate::Policy::Mode::Exact; }

std::unique_ptr<Estimate> copyOf(const Estimate &e) {
  return std::make_unique<Estimate>(e.offset, e.terms, e.claim, e.form);
}

namespace {

Result kept(double value) { return {value, 0, nullptr}; }

Result kept(const Estimate *e) {
  if (!e)
    return {0, 0,
            std::make_unique<Estimate>(0.0, std::vector<Estimate::Term>(), Estimate::Claim())};
  return {e->value, e->standardError, copyOf(*e)};
}

Result kept(const Node &node) { return node.estimate ? kept(node.estimate) : kept(node.number); }

/// While it lives, calls of generated code go to this record.
class Recorded {
public:
  Recorded(base::Context &ctx, Tape *tape)
      : ctx_(ctx), outer_(ctx.part<Recording>().tape), objects_(ctx.objectCount()),
        depth_(ctx.part<estimate::Policies>().depth()) {
    ctx.part<Recording>().tape = tape;
  }
  ~Recorded() {
    ctx_.part<Recording>().tape = outer_;
    ctx_.part<estimate::Policies>().unwindTo(depth_); // code that failed never popped
    if (!outer_)
      ctx_.part<sim::Traced>().clear();
    ctx_.releaseValuesSince(objects_);
  }
  Recorded(const Recorded &) = delete;
  Recorded &operator=(const Recorded &) = delete;

private:
  base::Context &ctx_;
  Tape *outer_;
  size_t objects_, depth_;
};

} // namespace

bool Objective::record(std::span<const double> at, bool active,
                       const std::function<bool(Tape &, Node *)> &use) {
  if (ctx_.stopHere(site_))
    return false;
  Tape tape(ctx_, exact() ? nullptr : policy_);
  const Recorded recorded(ctx_, &tape);
  auto *list = ctx_.make<base::List>();
  for (double number : at) {
    list->slots.push_back({.object = base::handle(tape.parameter(number, active))});
    ++list->size;
  }
  qdo_estimate result = function_.fn(&ctx_, function_.env, base::handle(list));
  if (!ctx_.ok() || !use(tape, tape.lift(base::as<base::Object>(result))))
    return false;
  return ctx_.ok();
}

std::optional<Result> Objective::value(std::span<const double> at) {
  std::optional<Result> result;
  record(at, false, [&](Tape &tape, Node *root) {
    if (!tape.value(root))
      return false;
    result = kept(*root);
    return true;
  });
  return result;
}

std::optional<Evaluation> Objective::gradient(std::span<const double> at, bool wantsValue,
                                              const PolicyOf &policyOf) {
  if (!exact() && policy_->gradient.kind == estimate::Gradient::Kind::Spsa)
    return perturbed(at, policy_->gradient.step, wantsValue);
  Evaluation evaluation;
  const bool done = record(at, true, [&](Tape &tape, Node *root) {
    std::vector<double> exact;
    std::vector<const Estimate *> measured;
    if (!tape.gradient(root, wantsValue, exact, measured, policyOf))
      return false;
    for (double slope : exact)
      evaluation.slopes.push_back(kept(slope));
    for (const Estimate *slope : measured)
      evaluation.slopes.push_back(kept(slope));
    if (wantsValue)
      evaluation.value = kept(*root);
    return true;
  });
  return done ? std::optional(std::move(evaluation)) : std::nullopt;
}

std::optional<Evaluation> Objective::perturbed(std::span<const double> at, double size,
                                               bool wantsValue) {
  base::RandomStream random(ctx_.seed(), base::Hasher("spsa").add(at).add(directions_++).value());
  std::vector<double> sides[2], signs;
  for (double number : at) {
    signs.push_back(random.next() >> 63 ? 1.0 : -1.0);
    sides[0].push_back(number + size * signs.back());
    sides[1].push_back(number - size * signs.back());
  }
  auto high = value(sides[0]);
  auto low = high ? value(sides[1]) : std::nullopt;
  if (!low)
    return std::nullopt;
  Evaluation evaluation;
  if (wantsValue) {
    auto here = value(at);
    if (!here)
      return std::nullopt;
    evaluation.value = std::move(*here);
  }
  const size_t objects = ctx_.objectCount();
  for (double sign : signs) {
    const double factor = sign / (2 * size);
    if (!high->estimate) {
      evaluation.slopes.push_back(kept(factor * (high->value - low->value)));
      continue;
    }
    const Estimate *difference = estimate::sum(ctx_, *high->estimate, *low->estimate, -1);
    evaluation.slopes.push_back(kept(estimate::affine(ctx_, *difference, factor, 0)));
  }
  ctx_.releaseValuesSince(objects);
  return evaluation;
}

} // namespace qdo::gradient
