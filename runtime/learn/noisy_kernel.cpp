// SPDX-License-Identifier: Apache-2.0
// Fidelity kernels on a device with noise: compute one row, uncompute the other, read 0..0.
// Why: the device keeps the evolved state and the evolved effect of a row, so that N rows are 2 N
// circuits; a row with itself is not measured and counts as 1 here as everywhere.
#include "runtime/base/hash.h"
#include "runtime/estimate/policy.h"
#include "runtime/learn/kernel.h"
#include "runtime/sim/backend.h"

#include <algorithm>

namespace qdo::learn {

/// What the policy in force does about errors; nothing where it measures nothing.
static estimate::Mitigation mitigation(base::Context &ctx) {
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  return policy && !ctx.exact() && policy->mode != estimate::Policy::Mode::Exact
             ? policy->mitigation
             : estimate::Mitigation();
}

PairTable &Kernel::tableOf(base::Context &ctx) {
  device_ = sim::backend(ctx).identity();
  corrected_ = device_ != 0 && mitigation(ctx).readout;
  const uint64_t key = corrected_ ? base::Hasher("readout").add(device_).value() : device_;
  reading_ = corrected_ ? readings_[key] : Reading();
  table_ = device_ == 0 ? &known_ : &knownOn_[key];
  return *table_;
}

bool Kernel::prepareNoisy(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                          std::span<const RowId> columns) {
  sim::Backend &device = sim::backend(ctx);
  if (mitigation(ctx).extrapolates()) {
    ctx.fail(site, base::Kind::BadValue, "`mitigate` of the policy of a kernel", "`zne`",
             "`readout` or absent")
        .help = "measure the pairs themselves, as `|<p|r>|^2`: each takes a circuit for each fold";
    return false;
  }
  const sim::RowCircuit circuit = this->circuit();
  std::vector<double> data(circuit.data.begin(), circuit.data.end());
  auto recipe = [&](RowId id) {
    std::ranges::copy(contents(id), data.begin() + circuit.hole);
    return sim::makeLeaf(ctx, circuit.circuit, data);
  };
  for (RowId a : rows)
    for (RowId b : columns) {
      if (a == b || table_->knows(a, b))
        continue;
      std::optional<double> value;
      if (corrected_) {
        auto coin = device.fidelityCoin(ctx, site, *recipe(a), *recipe(b), {.readout = true});
        if (!coin)
          return false;
        if (!coin->shots) {
          value = coin->probability;
          // The same for every pair: a matter of the device's readout and the number of qubits.
          reading_ =
              readings_[base::Hasher("readout").add(device_).value()] = {coin->offset, coin->scale};
        }
      }
      if (!value && !(value = device.fidelity(ctx, site, *recipe(a), *recipe(b))))
        return false; // without a probability there is no table of pairs
      const auto [low, high] = std::minmax(a, b);
      table_->reserve(high, low);
      table_->set(high, low, *value);
    }
  return true;
}

} // namespace qdo::learn
