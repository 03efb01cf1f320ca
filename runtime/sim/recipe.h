// SPDX-License-Identifier: Apache-2.0
// Recipes of states: which circuit with which data, composed.
// In: compiled circuit functions and their data. Out: a tree with a content hash that can be run.
// Why: a state cannot be copied but its recipe can; the hash keys caches, memos and random streams.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/base/context.h"
#include "runtime/sim/sink.h"

#include <span>
#include <string>
#include <vector>

namespace qdo::sim {

/// The hash of a circuit with data on |0..0>.
uint64_t leafHash(const qdo_circuit &circuit, std::span<const double> data);

struct Recipe final : base::Object {
  enum class Form : uint8_t { Leaf, Then, Tensor, Adjoint, Power, Control };

  /// Use the make functions below: they keep the hash in step with the contents.
  Recipe(Form form, int64_t qubits, uint64_t hash)
      : Object(base::ObjectKind::Recipe), form(form), qubits(qubits), hash(hash) {}
  /// `cat: 3 qubits, unmeasured`; `zz(0.1, 0.2) then adj ring(0.3): 2 qubits, unmeasured`.
  std::string format(std::string_view spec) const override;

  const Form form;
  const int64_t qubits;
  const uint64_t hash;
  const qdo_circuit *circuit = nullptr; ///< Leaf
  std::vector<double> data = {};        ///< Leaf
  const Recipe *left = nullptr;         ///< Then: applied first; Tensor: lower qubits; the operand
  const Recipe *right = nullptr;        ///< Then, Tensor
  int64_t exponent = 1;                 ///< Power, 0 or more; Control: how many controls
};

// Equal recipes of a run are one object, so a shot that makes its recipes again takes no memory.
Recipe *makeLeaf(base::Context &ctx, const qdo_circuit *circuit, std::span<const double> data);
/// Fails with BadValue when the qubits of the two differ.
Recipe *makeThen(base::Context &ctx, qdo_site site, const Recipe *first, const Recipe *second);
Recipe *makeTensor(base::Context &ctx, const Recipe *lower, const Recipe *upper);
Recipe *makeAdjoint(base::Context &ctx, const Recipe *recipe);
/// A negative exponent is a power of the adjoint.
Recipe *makePower(base::Context &ctx, const Recipe *recipe, int64_t exponent);

/// The recipe applied where `controls` new qubits, the lowest ones, are all 1.
Recipe *makeControl(base::Context &ctx, const Recipe *recipe, int64_t controls);

/// Whether the circuits of a recipe have angles for their data; the first reason why not.
angles::Verdict verdictOf(const Recipe &recipe);

/// Sends the gates of a recipe of at most QDO_MASK_QUBITS qubits to a sink.
void emit(const Recipe &recipe, qdo_sink &sink);

} // namespace qdo::sim
