// SPDX-License-Identifier: Apache-2.0
// Recording steps, evaluating them, and one pass back over the record.
#include "runtime/gradient/tape.h"

#include "runtime/base/format.h"
#include "runtime/gradient/algebra.h"
#include "runtime/gradient/shift.h"
#include "runtime/sim/backend.h"

#include <algorithm>
#include <cmath>

namespace qdo::gradient {

using estimate::Estimate;
using Step = Node::Step;

std::string Node::format(std::string_view spec) const {
  return known ? base::formatReal(spec, number) : "a number under differentiation";
}

Node *Tape::add(Step step, qdo_site site, Node *left, Node *right) {
  Node &node = nodes_.emplace_back(step, site, nodes_.size());
  node.left = left;
  node.right = right;
  node.active = (left && left->active) || (right && right->active);
  return &node;
}

Node *Tape::parameter(double value, bool active) {
  Node *node = add(Step::Parameter, 0);
  node->active = active;
  node->known = true;
  node->number = value;
  parameters_ = nodes_.size();
  return node;
}

Node *Tape::constant(double value) {
  Node *node = add(Step::Constant, 0);
  node->known = true;
  node->number = value;
  return node;
}

Node *Tape::lift(base::Object *value) {
  if (value->kind == base::ObjectKind::Traced)
    return static_cast<Node *>(value);
  const auto *known = static_cast<const Estimate *>(value);
  Node *node = constant(known->value);
  node->estimate = known;
  sampled_ |= !known->terms.empty();
  return node;
}

Node *Tape::affine(Node *e, double factor, double offset) {
  Node *node = add(Step::Affine, 0, e);
  node->x = factor;
  node->y = offset;
  return node;
}

Node *Tape::sum(Node *a, Node *b, double factor) {
  Node *node = add(Step::Sum, 0, a, b);
  node->x = factor;
  return node;
}

Node *Tape::product(Node *a, Node *b) { return add(Step::Product, 0, a, b); }

Node *Tape::quotient(qdo_site site, Node *a, Node *b) { return add(Step::Quotient, site, a, b); }

Node *Tape::power(qdo_site site, Node *e, double exponent) {
  Node *node = add(Step::Power, site, e);
  node->x = exponent;
  return node;
}

Node *Tape::apply(qdo_site site, Node *e, estimate::Function f) {
  Node *node = add(Step::Function, site, e);
  node->function = f;
  return node;
}

Node *Tape::extreme(Node *a, Node *b, bool most) {
  Node *node = add(Step::Extreme, 0, a, b);
  node->x = most ? 1 : -1;
  return node;
}

static void inputsOf(const sim::Recipe &recipe, std::vector<Node *> &out) {
  for (base::Object *input : recipe.inputs)
    if (input)
      out.push_back(static_cast<Node *>(input));
  for (const sim::Recipe *part : {recipe.left, recipe.right})
    if (part && part->traced)
      inputsOf(*part, out);
}

/// What a measured node depends on.
static std::vector<Node *> inputsOf(const Node &node) {
  std::vector<Node *> inputs;
  for (const sim::Recipe *recipe : {node.ket, node.bra})
    if (recipe && recipe->traced)
      inputsOf(*recipe, inputs);
  return inputs;
}

Node *Tape::measured(qdo_site site, Quantity quantity, const sim::Recipe *ket,
                     const sim::Recipe *bra, const sim::Observable *observable) {
  Node *node = add(Step::Measured, site);
  node->quantity = quantity;
  node->ket = ket;
  node->bra = bra;
  node->observable = observable;
  node->active = std::ranges::any_of(inputsOf(*node), &Node::active);
  const auto stack = ctx_.part<estimate::Policies>().inForce();
  const auto own = stack.subspan(std::min(around_, stack.size()));
  node->inForce.inside.assign(own.begin(), own.end());
  node->inForce.policy = stack.empty() ? nullptr : stack.back();
  node->inForce.device = &sim::backend(ctx_);
  sampled_ |= node->inForce.sampled();
  return node;
}

/// body() under what was in force where the node was recorded: a `with` of the function has ended
/// by now, or another one has begun.
template <class Body> auto Tape::under(const Node &node, Body body) {
  auto &policies = ctx_.part<estimate::Policies>();
  auto &devices = ctx_.part<sim::Devices>();
  const auto stack = policies.inForce();
  const std::vector<estimate::Policy *> now(stack.begin(), stack.end());
  policies.unwindTo(around_);
  for (estimate::Policy *policy : node.inForce.inside)
    policies.push(policy);
  devices.push(node.inForce.device);
  auto result = body();
  devices.pop();
  policies.unwindTo(0);
  for (estimate::Policy *policy : now)
    policies.push(policy);
  return result;
}

std::vector<bool> Tape::ancestors(const Node *root, bool onlyActive) const {
  std::vector<bool> reached(nodes_.size());
  reached[root->place] = true;
  for (size_t i = root->place + 1; i-- > 0;) {
    if (!reached[i])
      continue;
    const Node &node = nodes_[i];
    auto reach = [&](const Node *input) {
      if (input && (input->active || !onlyActive))
        reached[input->place] = true;
    };
    reach(node.left);
    reach(node.right);
    if (node.step == Step::Measured)
      for (const Node *input : inputsOf(node))
        reach(input);
  }
  return reached;
}

bool Tape::value(Node *node) { return node->known || evaluate(ancestors(node, false)); }

/// Values of the wanted nodes whose inputs are wanted, too. The data of a recipe were known when it
/// was made, so nothing measured waits for anything.
bool Tape::evaluate(const std::vector<bool> &wanted) {
  std::vector<bool> exactly(nodes_.size());
  for (Node &node : nodes_) {
    if (!wanted[node.place] || node.known || node.step != Step::Measured)
      continue;
    if (!node.inForce.sampled()) {
      exactly[node.place] = true;
      continue;
    }
    const Estimate *value =
        under(node, [&] { return measure(ctx_, node, *node.ket, node.bra, *node.inForce.policy); });
    if (!value)
      return false;
    Algebra<const Estimate *>::set(node, value);
    node.known = true;
  }
  return differentiateExactly(exactly) && computeWanted(wanted);
}

bool Tape::computeWanted(const std::vector<bool> &wanted) {
  for (Node &node : nodes_) {
    if (wanted[node.place] && !node.known &&
        !(sampled_ ? compute<const Estimate *>(node) : compute<double>(node)))
      return false;
    if (sampled_ && node.known && !node.estimate)
      node.estimate = estimate::number(ctx_, node.number);
  }
  return true;
}

template <class Number> bool Tape::compute(Node &node) {
  const Algebra<Number> a{ctx_, node.site};
  auto of = [](const Node *n) { return Algebra<Number>::of(*n); };
  Number value{};
  switch (node.step) {
  case Step::Affine:
    value = a.affine(of(node.left), node.x, node.y);
    break;
  case Step::Sum:
    value = a.sum(of(node.left), of(node.right), node.x);
    break;
  case Step::Product:
    value = a.product(of(node.left), of(node.right));
    break;
  case Step::Quotient:
    value = a.quotient(of(node.left), of(node.right));
    break;
  case Step::Power:
    value = a.power(of(node.left), node.x);
    break;
  case Step::Function:
    value = a.apply(of(node.left), node.function);
    break;
  case Step::Extreme:
    value = of((node.left->number - node.right->number) * node.x >= 0 ? node.left : node.right);
    break;
  default:
    return true;
  }
  if (!ctx_.ok())
    return false;
  Algebra<Number>::set(node, value);
  node.known = true;
  return true;
}

bool pullBack(base::Context &ctx, qdo_site site, const sim::Recipe &leaf,
              std::span<const double> slots, std::vector<double> &data) {
  if (!leaf.circuit->pull_back) {
    ctx.fail(site, base::Kind::BadValue,
             fmt::format("the derivative of an angle of `{}`", leaf.circuit->name), "not known",
             "one of a smooth step");
    return false;
  }
  data.assign(leaf.data.size(), 0);
  leaf.circuit->pull_back(leaf.data.data(), slots.data(), data.data());
  return true;
}

/// Noise is no unitary that could be undone, so nothing can be swept back over it: circuits are
/// moved, and each answers without sampling error. Errors that follow gates do not depend on their
/// angles.
bool Tape::differentiateOnDevice(Node &node) {
  const estimate::Policy policy(estimate::Policy::Mode::Exact, "exact");
  if (node.quantity == Quantity::OverlapRe || node.quantity == Quantity::OverlapIm) {
    sim::backend(ctx_).state(ctx_, node.site, *node.ket); // fails: a noisy device has none
    return false;
  }
  const Estimate *value = measure(ctx_, node, *node.ket, node.bra, policy);
  if (!value || (node.active && !shiftParameters(ctx_, node, policy, {})))
    return false;
  node.number = value->value;
  node.known = node.differentiated = true;
  for (const auto &[input, slope] : node.measuredSlopes)
    node.slopes.emplace_back(input, slope->value);
  return true;
}

bool Tape::differentiateExactly(const std::vector<bool> &reached) {
  std::vector<Node *> nodes;
  std::vector<Task> tasks;
  for (Node &node : nodes_) {
    if (!reached[node.place] || node.step != Step::Measured || node.differentiated ||
        node.inForce.sampled())
      continue;
    if (node.observable && !sim::checkFits(ctx_, node.site, *node.observable, node.ket->qubits))
      return false;
    if (!node.inForce.device->ideal()) {
      if (!under(node, [&] { return differentiateOnDevice(node); }))
        return false;
      continue;
    }
    Task task{node.quantity, sequenceOf(*node.ket), {}, node.observable, 0, {}, {}};
    if (node.bra)
      task.bra = sequenceOf(*node.bra);
    if (sim::refuses(ctx_, node.site, task.ket.refused) ||
        sim::refuses(ctx_, node.site, task.bra.refused))
      return false;
    nodes.push_back(&node);
    tasks.push_back(std::move(task));
  }
  if (tasks.empty())
    return true;
  if (!differentiate(ctx_, nodes[0]->site, tasks))
    return false;
  std::vector<double> data;
  for (size_t i = 0; i < nodes.size(); ++i) {
    Node &node = *nodes[i];
    node.number = tasks[i].value;
    node.known = node.differentiated = true;
    if (!std::isfinite(node.number)) {
      ctx_.fail(node.site, base::Kind::AngleNotFinite, "`" + node.ket->format("") + "`");
      return false;
    }
    auto pull = [&](const Sequence &sequence, const std::vector<std::vector<double>> &slots) {
      for (size_t leaf = 0; leaf < slots.size(); ++leaf) {
        const sim::Recipe &recipe = *sequence.leaves[leaf].recipe;
        if (recipe.inputs.empty())
          continue;
        if (!pullBack(ctx_, node.site, recipe, slots[leaf], data))
          return false;
        for (size_t k = 0; k < data.size(); ++k)
          if (auto *input = static_cast<Node *>(recipe.inputs[k]); input && input->active)
            node.slopes.emplace_back(input, data[k]);
      }
      return true;
    };
    if (!pull(tasks[i].ket, tasks[i].ketSlots) || !pull(tasks[i].bra, tasks[i].braSlots))
      return false;
  }
  return true;
}

bool Tape::shift(Node &node, const PolicyOf &policyOf) {
  const estimate::Policy &policy = *node.inForce.policy;
  const bool inside = !node.inForce.inside.empty();
  auto fail = [&](std::string_view what, std::string_view is, std::string_view must,
                  std::string_view help) {
    ctx_.fail(node.site, base::Kind::BadValue, what, is, must).help = help;
    return false;
  };
  if (inside && policyOf)
    return fail("the policy of this measurement", "`" + policy.name + "`",
                "the one around `minimize`, whose rule chooses the shots itself",
                "take the `with` out of the function, or another optimiser: `adam(..)`");
  if (inside && policy.gradient.kind == estimate::Gradient::Kind::Spsa)
    return fail("the clause `gradient` of `" + policy.name + "`", "`spsa`",
                "that of the policy around `grad` or `minimize`: it moves all numbers together",
                "take the `with` out of the function, or `gradient parameter_shift`");
  return under(node, [&] { return shiftParameters(ctx_, node, policy, policyOf); });
}

bool Tape::differentiateMeasured(const std::vector<bool> &reached, const PolicyOf &policyOf) {
  for (Node &node : nodes_) {
    if (!reached[node.place] || !node.active || node.step != Step::Measured ||
        node.differentiated || !node.inForce.sampled())
      continue;
    if (!shift(node, policyOf))
      return false;
    node.differentiated = true;
  }
  return true;
}

template <class Number> bool Tape::reverse(Node *root, std::vector<Number> &slopes) {
  std::vector<Number> back(nodes_.size(), Number{});
  back[root->place] = Algebra<Number>{ctx_, 0}.number(1);
  for (size_t i = root->place + 1; i-- > parameters_;) {
    Node &node = nodes_[i];
    if (!node.active || Algebra<Number>::isZero(back[i]))
      continue;
    const Algebra<Number> a{ctx_, node.site};
    auto give = [&](Node *input, const Number &slope, double factor) {
      if (input->active)
        back[input->place] = a.sum(back[input->place], slope, factor);
    };
    auto of = [](const Node *n) { return Algebra<Number>::of(*n); };
    switch (node.step) {
    case Step::Affine:
      give(node.left, back[i], node.x);
      break;
    case Step::Sum:
      give(node.left, back[i], 1);
      give(node.right, back[i], node.x);
      break;
    case Step::Product:
      if (node.left->active)
        give(node.left, a.product(back[i], of(node.right)), 1);
      if (node.right->active)
        give(node.right, a.product(back[i], of(node.left)), 1);
      break;
    case Step::Quotient: {
      const Number share = a.quotient(back[i], of(node.right));
      give(node.left, share, 1);
      if (node.right->active)
        give(node.right, a.product(share, a.quotient(of(node.left), of(node.right))), -1);
      break;
    }
    case Step::Power:
      if (node.x != 0)
        give(node.left, a.product(back[i], a.power(of(node.left), node.x - 1)), node.x);
      break;
    case Step::Function:
      give(node.left, a.product(back[i], slopeOf(a, node.function, of(node.left), of(&node))), 1);
      break;
    case Step::Extreme:
      give((node.left->number - node.right->number) * node.x >= 0 ? node.left : node.right, back[i],
           1);
      break;
    case Step::Measured:
      if (!node.inForce.sampled())
        for (const auto &[input, slope] : node.slopes)
          give(input, back[i], slope);
      else if constexpr (std::is_same_v<Number, const Estimate *>)
        for (const auto &[input, slope] : node.measuredSlopes)
          give(input, a.product(back[i], slope), 1);
      break;
    default:
      break;
    }
    if (!ctx_.ok())
      return false;
  }
  slopes.assign(back.begin(), back.begin() + static_cast<std::ptrdiff_t>(parameters_));
  return true;
}

/// The nodes whose values a gradient is made of.
static void want(const Node &node, std::vector<bool> &wanted) {
  auto add = [&](const Node *input) { wanted[input->place] = true; };
  switch (node.step) {
  case Step::Product:
    if (node.left->active)
      add(node.right);
    if (node.right->active)
      add(node.left);
    break;
  case Step::Quotient:
    add(node.right);
    if (node.right->active)
      add(node.left);
    break;
  case Step::Power:
    if (node.x != 1)
      add(node.left);
    break;
  case Step::Function:
    add(node.left);
    wanted[node.place] = true;
    break;
  case Step::Extreme:
    add(node.left);
    add(node.right);
    break;
  default:
    break;
  }
}

bool Tape::gradient(Node *root, bool wantsValue, std::vector<double> &exactSlopes,
                    std::vector<const Estimate *> &measuredSlopes, const PolicyOf &policyOf) {
  const std::vector<bool> reached = ancestors(root, true);
  std::vector<bool> wanted(nodes_.size());
  wanted[root->place] = wantsValue;
  for (const Node &node : nodes_)
    if (reached[node.place] && node.active)
      want(node, wanted);
  // A value needs those it is made of.
  for (size_t i = nodes_.size(); i-- > 0;)
    if (wanted[i]) {
      const Node &node = nodes_[i];
      if (node.left)
        wanted[node.left->place] = true;
      if (node.right)
        wanted[node.right->place] = true;
    }
  // Where nothing is sampled, values and slopes of circuits come together.
  if (!differentiateExactly(reached) || !evaluate(wanted))
    return false;
  if (!sampled_)
    return reverse(root, exactSlopes);
  return differentiateMeasured(reached, policyOf) && reverse(root, measuredSlopes);
}

} // namespace qdo::gradient
