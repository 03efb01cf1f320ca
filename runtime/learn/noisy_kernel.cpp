// SPDX-License-Identifier: Apache-2.0
// How pairs of a fidelity kernel are measured: in the policy's way, and on devices that are not
// ideal with their noise, corrected and extrapolated as the policy says.
// Why: the device keeps the evolved state and the evolved effect of a row, so that N rows are 2 N
// circuits by compute-uncompute; a row with itself is not measured and counts as 1 here as
// everywhere.
#include "runtime/base/hash.h"
#include "runtime/estimate/policy.h"
#include "runtime/learn/kernel.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/sign_circuits.h"

#include <algorithm>

namespace qdo::learn {

using estimate::OverlapKind;
using estimate::OverlapWay;

/// The policy in force, where it measures something.
static const estimate::Policy *measuring(base::Context &ctx) {
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  return policy && !ctx.exact() && policy->mode != estimate::Policy::Mode::Exact ? policy : nullptr;
}

PairTable &Kernel::tableOf(base::Context &ctx) {
  device_ = sim::backend(ctx).identity();
  return device_ == 0 ? known_ : knownOn_[device_].table;
}

/// Pairs are circuits of one structure, of which compute-uncompute is always the cheapest way
/// (decision 0046).
bool Kernel::chooseWay(base::Context &ctx, qdo_site site) {
  device_ = sim::backend(ctx).identity();
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  const OverlapKind kind = policy ? policy->overlap.value_or(OverlapKind::ComputeUncompute)
                                  : OverlapKind::ComputeUncompute;
  way_ = &estimate::overlapWay(kind);
  if (kind == OverlapKind::Hadamard || kind == OverlapKind::Shadow) {
    ctx.fail(site, base::Kind::BadValue, "`overlap` of the policy of a kernel",
             fmt::format("`{}`", way_->name),
             "`cheapest`, `compute_uncompute`, `destructive_swap` or `swap`")
        .help = "its pairs are circuits with two outcomes each: measure the pairs themselves, as "
                "`|<p|r>|^2`";
    return false;
  }
  if (kind != OverlapKind::ComputeUncompute && !estimate::runsHere(ctx, site, *way_, qubits()))
    return false;
  // From a fidelity F: 0..0 with probability F, or an odd outcome with probability (1 - F) / 2.
  const bool usual = kind == OverlapKind::ComputeUncompute;
  levels_.assign(1, {&known_, nullptr, usual ? 0.0 : 1.0, usual ? 1.0 : -2.0});
  return true;
}

const sim::Recipe *Kernel::recipeOf(base::Context &ctx, RowId id) const {
  std::vector<double> data(template_);
  std::ranges::copy(contents(id), data.begin() + circuit_.hole);
  return sim::makeLeaf(ctx, circuit_.circuit, data);
}

namespace {

/// Two recipes and how they are compared on the device in force.
struct Pair {
  const sim::Recipe *p, *r;
  OverlapKind kind;
  sim::Mitigation mitigation;

  std::shared_ptr<const sim::SignCircuit> circuit(base::Context &ctx) const {
    return kind == OverlapKind::Swap ? sim::SignCircuit::swapTest(ctx, *p, *r)
                                     : sim::SignCircuit::destructiveSwap(ctx, *p, *r);
  }
  std::optional<double> exact(base::Context &ctx, qdo_site site) const {
    return kind == OverlapKind::ComputeUncompute ? sim::backend(ctx).fidelity(ctx, site, *p, *r)
                                                 : circuit(ctx)->exact(ctx, site);
  }
  std::optional<sim::Coin> coin(base::Context &ctx, qdo_site site) const {
    return kind == OverlapKind::ComputeUncompute
               ? sim::backend(ctx).fidelityCoin(ctx, site, *p, *r, mitigation)
               : sim::coinOf(ctx, site, circuit(ctx), mitigation);
  }
};

/// Shots of a pair whose circuit is made again for each batch: all pairs of many rows would take
/// more memory than their states.
class PairShots final : public sim::ShotSource {
public:
  explicit PairShots(const Pair &pair) : pair_(pair) {}
  int64_t successes(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                    int64_t last) const override {
    const auto coin = pair_.coin(ctx, site);
    return coin && coin->shots ? coin->shots->successes(ctx, site, stream, first, last) : 0;
  }

private:
  const Pair pair_;
};

} // namespace

/// Makes every pair known at one noise level.
bool Kernel::prepareAt(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                       std::span<const RowId> columns, const sim::Mitigation &mitigation,
                       Known &known) {
  const bool exact = !measuring(ctx);
  for (RowId a : rows)
    for (RowId b : columns) {
      const auto key = std::minmax(a, b);
      if (a == b || known.table.knows(a, b) || known.sources.contains(key))
        continue;
      // In the order in which the run met the rows: (a, b) and (b, a) are one circuit.
      const Pair pair{recipeOf(ctx, key.first), recipeOf(ctx, key.second), way_->kind, mitigation};
      double value = 0;
      if (exact) {
        const auto number = pair.exact(ctx, site);
        if (!number)
          return false;
        value = *number;
        known.fold = 1;
      } else {
        const auto coin = pair.coin(ctx, site);
        if (!coin)
          return false;
        // The same for every pair: a matter of the device's readout and the number of qubits.
        known.offset = coin->offset;
        known.scale = coin->scale;
        known.fold = coin->fold;
        if (coin->shots) {
          known.sources[key] = std::make_shared<PairShots>(pair);
          continue;
        }
        value = coin->probability;
      }
      known.table.reserve(key.second, key.first);
      known.table.set(key.second, key.first, value);
    }
  return true;
}

bool Kernel::prepareNoisy(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                          std::span<const RowId> columns) {
  const estimate::Policy *policy = measuring(ctx);
  const double excited = sim::backend(ctx).excited(ctx);
  std::vector<Known *> asked;
  auto ask = [&](const sim::Mitigation &mitigation) -> std::optional<double> {
    const uint64_t key = base::Hasher("pairs")
                             .add(device_)
                             .add(static_cast<uint64_t>(way_->kind))
                             .add(uint64_t{policy == nullptr})
                             .add(excited)
                             .add(uint64_t{mitigation.readout})
                             .add(mitigation.fold)
                             .value();
    Known &known = *asked.emplace_back(&knownOn_[key]);
    if (!prepareAt(ctx, site, rows, columns, mitigation, known))
      return std::nullopt;
    return known.fold > 0 ? known.fold : mitigation.fold;
  };
  std::optional<std::vector<estimate::NoiseLevel>> noises;
  if (policy) {
    const sim::Recipe *const one[] = {recipeOf(ctx, rows[0])};
    noises = estimate::noiseLevels(ctx, site, *policy, one, estimate::Waits::Fold, ask);
  } else if (ask({})) {
    noises = {estimate::NoiseLevel{}};
  }
  if (!noises)
    return false;
  levels_.clear();
  for (const estimate::NoiseLevel &noise : *noises) {
    const Known &known = *asked[noise.asked];
    levels_.push_back({&known.table, &known, known.offset, known.scale, noise});
  }
  return true;
}

} // namespace qdo::learn
