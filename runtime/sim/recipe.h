// SPDX-License-Identifier: Apache-2.0
// Recipes of states: which circuit with which data, composed.
// In: compiled circuit functions and their data. Out: a tree with a content hash that can be run.
// Why: a state cannot be copied but its recipe can; the hash keys caches, memos and random streams.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/base/context.h"
#include "runtime/sim/sink.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace qdo::sim {

/// The hash of a circuit with data on |0..0>.
uint64_t leafHash(const qdo_circuit &circuit, std::span<const double> data);

struct Recipe final : base::Object {
  enum class Form : uint8_t { Leaf, Then, Tensor, Adjoint, Power, Control, Idle, Moved };

  /// Use the make functions below: they keep the hash in step with the contents.
  Recipe(Form form, int64_t qubits, uint64_t hash)
      : Object(base::ObjectKind::Recipe), form(form), qubits(qubits), hash(hash) {}
  /// `cat: 3 qubits, unmeasured`; `zz(0.1, 0.2) then adj ring(0.3): 2 qubits, unmeasured`.
  std::string format(std::string_view spec) const override;

  const Form form;
  const int64_t qubits;
  const uint64_t hash;
  const qdo_circuit *circuit = nullptr; ///< Leaf
  std::vector<double> data = {};        ///< Leaf; Idle: the seconds
  const Recipe *left = nullptr;         ///< Then: applied first; Tensor: lower qubits; the operand
  const Recipe *right = nullptr;        ///< Then, Tensor
  int64_t exponent = 1; ///< Power, 0 or more; Control: how many controls; Moved: which gate
  int angle = 0;        ///< Moved: which angle of the gate
  double shift = 0;     ///< Moved: what is added to that angle
  /// Leaf: the value that each number of `data` is, where that is one under differentiation; or
  /// empty.
  std::vector<base::Object *> inputs = {};
  bool traced = false; ///< it or a part of it has inputs
};

/// Recipes whose data are under differentiation. They belong to one evaluation and end with it.
class Traced {
public:
  Recipe *keep(std::unique_ptr<Recipe> recipe) {
    recipes_.push_back(std::move(recipe));
    return recipes_.back().get();
  }
  void clear() { recipes_.clear(); }

private:
  std::vector<std::unique_ptr<Recipe>> recipes_;
};

/// A leaf with the values its numbers are; null where a number is just one.
Recipe *makeTraced(base::Context &ctx, const qdo_circuit *circuit, std::span<const double> data,
                   std::vector<base::Object *> inputs);

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

/// The recipe, and then every qubit waits. What cannot be turned back or controlled stands on the
/// left of `then` or alone. Fails with BadValue unless seconds are finite and 0 or more.
Recipe *makeIdle(base::Context &ctx, qdo_site site, const Recipe *recipe, double seconds);
/// A recipe of the same form with another left and right part, for nobody but the caller: not kept
/// by the run.
std::unique_ptr<Recipe> composed(Recipe::Form form, const Recipe *left, const Recipe *right,
                                 int64_t exponent);
/// The recipe with one angle of its gate number `gate` (as emit() counts) moved by `shift`; not
/// kept by the run.
std::unique_ptr<Recipe> makeMoved(const Recipe &recipe, size_t gate, int angle, double shift);

/// Whether the circuits of a recipe have angles for their data; the first reason why not.
angles::Verdict verdictOf(const Recipe &recipe);

/// Sends the gates of a recipe of at most QDO_MASK_QUBITS qubits to a sink.
void emit(const Recipe &recipe, qdo_sink &sink);

} // namespace qdo::sim
