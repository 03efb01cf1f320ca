// SPDX-License-Identifier: Apache-2.0
// Records of one evaluation each, and what is kept of them.
#include "runtime/gradient/objective.h"

#include "runtime/gradient/perturbation.h"

#include <cmath>

namespace qdo::gradient {

using base::Kind;
using estimate::Estimate;

Objective::Objective(base::Context &ctx, qdo_site site, Function function)
    : ctx_(ctx), site_(site), function_(function),
      policy_(ctx.part<estimate::Policies>().innermost()) {}

bool Objective::perturbs() const {
  return policy_ && policy_->gradient.kind == estimate::Gradient::Kind::Spsa;
}

std::unique_ptr<Estimate> copyOf(const Estimate &e, int64_t among) {
  Estimate::Claim claim = e.claim;
  claim.joint *= among;
  return e.bracket ? std::make_unique<Estimate>(e.offset, e.terms, claim, e.bracket)
                   : std::make_unique<Estimate>(e.offset, e.terms, claim, e.form);
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
        policies_(ctx.part<estimate::Policies>().depth()),
        devices_(ctx.part<sim::Devices>().depth()) {
    ctx.part<Recording>().tape = tape;
  }
  ~Recorded() {
    ctx_.part<Recording>().tape = outer_;
    ctx_.part<estimate::Policies>().unwindTo(policies_); // code that failed never popped
    ctx_.part<sim::Devices>().unwindTo(devices_);
    if (!outer_)
      ctx_.part<sim::Traced>().clear();
    ctx_.releaseValuesSince(objects_);
  }
  Recorded(const Recorded &) = delete;
  Recorded &operator=(const Recorded &) = delete;

private:
  base::Context &ctx_;
  Tape *outer_;
  size_t objects_, policies_, devices_;
};

} // namespace

bool Objective::record(std::span<const double> at, bool active,
                       const std::function<bool(Tape &, Node *)> &use) {
  if (ctx_.stopHere(site_))
    return false;
  Tape tape(ctx_);
  const Recorded recorded(ctx_, &tape);
  auto *list = ctx_.make<base::List>();
  for (double number : at) {
    list->slots.push_back({.object = base::handle(tape.parameter(number, active))});
    ++list->size;
  }
  qdo_estimate result = function_.fn(&ctx_, function_.env, base::handle(list));
  if (!ctx_.ok())
    return false;
  Node *root = tape.lift(base::as<base::Object>(result));
  sampled_ = tape.sampled();
  if (!use(tape, root))
    return false;
  return ctx_.ok();
}

std::optional<Result> Objective::value(std::span<const double> at) {
  std::optional<Result> result;
  ++values_;
  record(at, false, [&](Tape &tape, Node *root) {
    if (!tape.value(root))
      return false;
    result = kept(*root);
    return true;
  });
  return result;
}

/// A step along a slope that is no number leads nowhere. Of a value that is none the optimiser says
/// more.
static bool checkFinite(base::Context &ctx, qdo_site site, const Evaluation &evaluation) {
  if (!std::isfinite(evaluation.value.value))
    return true;
  for (size_t i = 0; i < evaluation.slopes.size(); ++i) {
    if (std::isfinite(evaluation.slopes[i].value))
      continue;
    const std::string which =
        evaluation.slopes.size() == 1 ? "the slope" : fmt::format("slope {} of the gradient", i);
    const double seen = evaluation.slopes[i].value;
    ctx.fail(site, Kind::BadValue, which,
             std::isnan(seen) ? "not a number" : fmt::format("{}", seen), "a finite number")
        .help =
        "roots, logarithms and quotients have none where they end: move the start, or what they "
        "are taken of";
    return false;
  }
  return true;
}

std::optional<Evaluation> Objective::gradient(std::span<const double> at, bool wantsValue,
                                              const PolicyOf &policyOf) {
  if (perturbs()) { // what is exact all the same has slopes of its own
    if (!record(at, false, [](Tape &, Node *) { return true; }))
      return std::nullopt;
    if (sampled_ && policyOf) {
      ctx_.fail(
          site_, Kind::BadValue, "the clause `gradient` of `" + policy_->name + "`", "`spsa`",
          "`parameter_shift`: `icans` and `gcans` choose the shots of circuits that it moves");
      return std::nullopt;
    }
    if (sampled_)
      return wantsValue ? perturbed(at, policy_->gradient.step)
                        : perturbedSlopes(at, policy_->gradient.step);
  }
  Evaluation evaluation;
  values_ += wantsValue;
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
  return done && checkFinite(ctx_, site_, evaluation) ? std::optional(std::move(evaluation))
                                                      : std::nullopt;
}

std::optional<Evaluation> Objective::perturbed(std::span<const double> at, double size) {
  const Direction direction = directionsOf(ctx_.seed(), at, directions_++, 1).front();
  auto sides = sidesOf(*this, at, size, direction);
  auto here = sides ? value(at) : std::nullopt;
  if (!here)
    return std::nullopt;
  Evaluation evaluation{std::move(*here), {}};
  for (double sign : direction)
    evaluation.slopes.push_back(kept(sign * (sides->high.value - sides->low.value) / (2 * size)));
  return evaluation;
}

std::optional<Evaluation> Objective::perturbedSlopes(std::span<const double> at, double size) {
  const auto directions = directionsOf(ctx_.seed(), at, directions_++, QdoSpsaDirections);
  std::vector<Sides> sides;
  for (const Direction &direction : directions) {
    auto both = sidesOf(*this, at, size, direction);
    if (!both)
      return std::nullopt;
    sides.push_back(std::move(*both));
  }
  const size_t objects = ctx_.objectCount();
  Evaluation evaluation;
  for (const Estimate *slope : slopesOf(ctx_, policy_, at, size, directions, sides))
    evaluation.slopes.push_back(kept(slope));
  ctx_.releaseValuesSince(objects);
  return evaluation;
}

} // namespace qdo::gradient
