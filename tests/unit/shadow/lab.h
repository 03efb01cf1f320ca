// SPDX-License-Identifier: Apache-2.0
// A run with a recipe and a policy, for tests of shadows.
#pragma once

#include "runtime/estimate/policy.h"
#include "runtime/shadow/record.h"
#include "tests/unit/sim/circuits.h"

#include <memory>
#include <vector>

namespace shadows {

using namespace qdo;

/// zz on n qubits with two repetitions: an entangled state without symmetries.
template <int n> struct Lab {
  explicit Lab(uint64_t seed, int threads = 1) {
    qdo_options options{};
    options.seed = seed;
    options.threads = threads;
    ctx = std::make_unique<base::Context>(options);
    std::vector<double> data;
    for (int i = 0; i < n; ++i)
      data.push_back(0.15 + 0.4 * i);
    recipe = sim::makeLeaf(*ctx, circuits::zz<n, 2>, data);
    policy = ctx->make<estimate::Policy>(estimate::Policy::Mode::Sequential, "p");
    ctx->part<estimate::Policies>().push(policy);
  }
  const sim::Observable *pauli(uint64_t x, uint64_t z, double weight = 1) {
    auto *observable = ctx->make<sim::Observable>();
    observable->add(weight, x, z);
    return observable;
  }
  shadow::Record *record(int64_t snapshots) {
    return shadow::acquire(*ctx, 0, *recipe, {.snapshots = snapshots}, *policy);
  }

  std::unique_ptr<base::Context> ctx;
  const sim::Recipe *recipe;
  estimate::Policy *policy;
};

/// All strings on two of n qubits.
inline std::vector<std::pair<uint64_t, uint64_t>> twoLocal(int n) {
  std::vector<std::pair<uint64_t, uint64_t>> strings;
  for (int i = 0; i < n; ++i)
    for (int j = i + 1; j < n; ++j)
      for (int a = 0; a < 9; ++a) {
        const uint64_t x = uint64_t{a % 3 != 2} << i | uint64_t{a / 3 != 2} << j;
        const uint64_t z = uint64_t{a % 3 != 0} << i | uint64_t{a / 3 != 0} << j;
        strings.emplace_back(x, z);
      }
  return strings;
}

} // namespace shadows
