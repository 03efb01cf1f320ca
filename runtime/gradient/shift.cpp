// SPDX-License-Identifier: Apache-2.0
// Which angles move, and what that costs.
// Why by gate: a number may stand in many gates, each of which is one term of the product rule.
#include "runtime/gradient/shift.h"

#include "runtime/estimate/quantities.h"
#include "runtime/gradient/generators.h"
#include "runtime/shadow/overlap.h"
#include "runtime/sim/backend.h"

#include <algorithm>
#include <map>

namespace qdo::gradient {

using estimate::Estimate;

/// What infinitely many shots would give, on the device in force.
static std::optional<double> exactly(base::Context &ctx, const Node &node, const sim::Recipe &ket,
                                     const sim::Recipe *bra) {
  sim::Backend &device = sim::backend(ctx);
  if (node.quantity != Quantity::Expect)
    return device.fidelity(ctx, node.site, *bra, ket);
  std::vector<sim::PauliString> strings;
  std::vector<double> weights;
  double value = 0;
  for (const auto &term : node.observable->terms) {
    if (term.identity()) {
      value += term.weight;
    } else if (term.weight != 0) {
      strings.push_back({term.x, term.z, term.more});
      weights.push_back(term.weight);
    }
  }
  const auto means = device.means(ctx, node.site, ket, strings);
  if (!means)
    return std::nullopt;
  for (size_t i = 0; i < strings.size(); ++i)
    value += weights[i] * (*means)[i];
  return value;
}

const Estimate *measure(base::Context &ctx, const Node &node, const sim::Recipe &ket,
                        const sim::Recipe *bra, const estimate::Policy &policy) {
  if (policy.mode == estimate::Policy::Mode::Exact) {
    const auto value = exactly(ctx, node, ket, bra);
    return value ? estimate::number(ctx, *value) : nullptr;
  }
  if (node.quantity == Quantity::Expect)
    return estimate::estimateExpect(ctx, node.site, ket, *node.observable, policy);
  return shadow::fidelityUnder(ctx, node.site, *bra, ket, policy);
}

namespace {

/// What an angle's slot means to the numbers under differentiation.
using Weights = std::vector<std::pair<Node *, double>>;

/// Row by row of the Jacobian from data to slots; rows that nobody asks for are not computed.
class Jacobian {
public:
  Jacobian(base::Context &ctx, qdo_site site, const Sequence &sequence)
      : ctx_(ctx), site_(site), sequence_(sequence) {}

  /// Null after a failure.
  const Weights *row(const SourcedGate::Source &source) {
    auto [place, isNew] = rows_.try_emplace({source.leaf, source.slot});
    if (!isNew)
      return &place->second;
    const Sequence::Leaf &leaf = sequence_.leaves[static_cast<size_t>(source.leaf)];
    if (leaf.recipe->inputs.empty())
      return &place->second;
    std::vector<double> unit(leaf.slots.size()), data;
    unit[static_cast<size_t>(source.slot)] = 1;
    if (!pullBack(ctx_, site_, *leaf.recipe, unit, data))
      return nullptr;
    for (size_t k = 0; k < data.size(); ++k)
      if (auto *input = static_cast<Node *>(leaf.recipe->inputs[k]);
          input && input->active && data[k] != 0)
        place->second.emplace_back(input, data[k]);
    return &place->second;
  }

private:
  base::Context &ctx_;
  qdo_site site_;
  const Sequence &sequence_;
  std::map<std::pair<int32_t, int32_t>, Weights> rows_;
};

/// The parameters that a set of numbers depends on, by their order.
std::vector<size_t> parametersOf(const Weights &weights) {
  std::vector<size_t> found;
  std::vector<const Node *> open;
  for (const auto &[node, weight] : weights)
    open.push_back(node);
  std::vector<const Node *> seen;
  while (!open.empty()) {
    const Node *node = open.back();
    open.pop_back();
    if (!node || !node->active || std::ranges::find(seen, node) != seen.end())
      continue;
    seen.push_back(node);
    if (node->step == Node::Step::Parameter)
      found.push_back(node->place);
    open.push_back(node->left);
    open.push_back(node->right);
  }
  std::ranges::sort(found);
  return found;
}

} // namespace

bool shiftParameters(base::Context &ctx, Node &node, const estimate::Policy &policy,
                     const PolicyOf &policyOf) {
  std::map<size_t, const Estimate *> slopes; // by place, so that sums have one order
  std::map<size_t, Node *> nodes;
  auto side = [&](const sim::Recipe &recipe, auto measureMoved) {
    const Sequence sequence = sequenceOf(recipe);
    if (sim::refuses(ctx, node.site, sequence.refused))
      return false;
    Jacobian jacobian(ctx, node.site, sequence);
    for (size_t g = 0; g < sequence.gates.size(); ++g)
      for (int angle = 0; angle < 4; ++angle) {
        const SourcedGate &gate = sequence.gates[g];
        if (gate.angles[angle].slot < 0)
          continue;
        const Weights *weights = jacobian.row(gate.angles[angle]);
        if (!weights)
          return false;
        if (weights->empty())
          continue;
        const estimate::Policy *own = policyOf ? policyOf(parametersOf(*weights)) : nullptr;
        const Estimate *slope = nullptr;
        for (const Shift &term : shiftRule(gate.call, angle)) {
          const auto moved = sim::makeMoved(recipe, g, angle, term.shift);
          const Estimate *value = measureMoved(*moved, own ? *own : policy);
          if (!value)
            return false;
          slope = slope ? estimate::sum(ctx, *slope, *value, term.factor)
                        : estimate::affine(ctx, *value, term.factor, 0);
        }
        if (!slope)
          continue;
        for (const auto &[input, weight] : *weights) {
          const double factor = weight * gate.angles[angle].factor;
          const Estimate *&sum = slopes[input->place];
          nodes[input->place] = input;
          sum = sum ? estimate::sum(ctx, *sum, *slope, factor)
                    : estimate::affine(ctx, *slope, factor, 0);
        }
      }
    return true;
  };
  if (node.ket->traced && !side(*node.ket, [&](const sim::Recipe &moved, const auto &payer) {
        return measure(ctx, node, moved, node.bra, payer);
      }))
    return false;
  if (node.bra && node.bra->traced &&
      !side(*node.bra, [&](const sim::Recipe &moved, const auto &payer) {
        return measure(ctx, node, *node.ket, &moved, payer);
      }))
    return false;
  for (const auto &[place, slope] : slopes)
    node.measuredSlopes.emplace_back(nodes[place], slope);
  return true;
}

} // namespace qdo::gradient
