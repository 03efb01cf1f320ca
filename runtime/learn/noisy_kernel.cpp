// SPDX-License-Identifier: Apache-2.0
// Fidelity kernels on a device with noise: compute one row, uncompute the other, read 0..0.
// Why: the device keeps the evolved state and the evolved effect of a row, so that N rows are 2 N
// circuits; a row with itself is not measured and counts as 1 here as everywhere.
#include "runtime/estimate/policy.h"
#include "runtime/learn/kernel.h"
#include "runtime/sim/backend.h"

#include <algorithm>

namespace qdo::learn {

PairTable &Kernel::tableOf(base::Context &ctx) {
  device_ = sim::backend(ctx).identity();
  table_ = device_ == 0 ? &known_ : &knownOn_[device_];
  return *table_;
}

bool Kernel::prepareNoisy(base::Context &ctx, qdo_site site, std::span<const RowId> rows,
                          std::span<const RowId> columns) {
  sim::Backend &device = sim::backend(ctx);
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  if (policy && !ctx.exact() && policy->mode != estimate::Policy::Mode::Exact &&
      !policy->mitigation.none()) {
    ctx.fail(site, base::Kind::BadValue, "`mitigate` of the policy of a kernel", "given", "absent")
        .help = "measure the pairs themselves, as `|<p|r>|^2`, or leave `mitigate` out";
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
      auto value = device.fidelity(ctx, site, *recipe(a), *recipe(b));
      if (!value)
        return false;
      const auto [low, high] = std::minmax(a, b);
      table_->reserve(high, low);
      table_->set(high, low, *value);
    }
  return true;
}

} // namespace qdo::learn
