// SPDX-License-Identifier: Apache-2.0
// Random Clifford circuits that together do nothing, as recipes.
// In: a group, random numbers, perhaps a circuit to interleave. Out: recipes that the run keeps.
#pragma once

#include "runtime/base/philox.h"
#include "runtime/observe/clifford_group.h"
#include "runtime/sim/recipe.h"

#include <optional>
#include <vector>

namespace qdo::observe {

/// The group that these gates make, kept by the run. Null after a failure: they do not make it.
const CliffordGroup *cliffordGroup(base::Context &ctx, qdo_site site, int qubits,
                                   const std::vector<std::string> &gates);

class RandomCircuits {
public:
  RandomCircuits(base::Context &ctx, qdo_site site, const CliffordGroup &group)
      : ctx_(ctx), site_(site), group_(group) {}

  /// Puts a circuit after each operation. False after a failure: it is no Clifford circuit of this
  /// width.
  bool interleave(const sim::Recipe &recipe);

  /// No gates at all: what a survival is compared with.
  const sim::Recipe *nothing() { return leaf({}); }
  /// `length` random operations, each followed by what is interleaved, and the one that undoes them
  /// all. Null after a failure.
  const sim::Recipe *draw(base::RandomStream &random, int64_t length);

private:
  const sim::Recipe *leaf(const std::vector<gates::GateCall> &calls);
  const sim::Recipe *operation(size_t index);

  base::Context &ctx_;
  const qdo_site site_;
  const CliffordGroup &group_;
  const sim::Recipe *interleaved_ = nullptr;
  std::optional<CliffordGroup::Element> interleavedElement_;
  std::unordered_map<size_t, const sim::Recipe *> operations_;
};

} // namespace qdo::observe
