// SPDX-License-Identifier: Apache-2.0
// Recipes as Clifford circuits.
// In: a recipe of any width. Out: its gates as Clifford operations on wires, or which gate is none.
// Why: masks of 64 bits end at 62 qubits; this walk over a recipe has no masks, so that tableaus
// take thousands of qubits.
#pragma once

#include "runtime/sim/recipe.h"
#include "runtime/stabilizer/clifford.h"

#include <memory>

namespace qdo::sim {

/// From this many qubits on a Clifford circuit goes to the tableau by itself: a state vector of 20
/// qubits is 16 MB and takes milliseconds a gate, a tableau of 20 qubits less than a microsecond.
constexpr int64_t tableauQubits = 20;

struct CliffordOp {
  const stabilizer::Clifford *gate;
  int wires[stabilizer::Clifford::mostWires];
};

/// A recipe read gate by gate.
struct CliffordCircuit {
  std::vector<CliffordOp> ops;
  /// How a gate that is not Clifford is called, with its angles; empty: all of them are.
  std::string notClifford;
  /// What else is wrong: the recipe has no state at all.
  bool aliased = false, infinite = false;
  angles::Verdict refused;

  bool clifford() const {
    return notClifford.empty() && !aliased && !infinite && refused.problem == angles::Problem::None;
  }
};

/// The gates of a recipe, or those of its adjoint. Kept in the run by the recipe's hash. Reading
/// ends at the first gate that is not Clifford.
std::shared_ptr<const CliffordCircuit> cliffordCircuit(base::Context &ctx, const Recipe &recipe,
                                                       bool inverse = false);

/// For those who have no memory for a state vector: why the recipe needs one.
std::string whyAmplitudes(base::Context &ctx, const Recipe &recipe);

/// Records what is wrong with a recipe that is no Clifford circuit for another reason than a gate;
/// true when something is.
bool failsAnyway(base::Context &ctx, qdo_site site, const Recipe &recipe,
                 const CliffordCircuit &circuit);

/// `rx(0.3)`, `ctrl t`: a gate as it is shown in messages.
std::string shownGate(int gate, bool inverse, int controls, std::span<const double> angles);

/// How a gate of a wide circuit is called that has more controls than its table names.
constexpr const char *manyControlsShown = "a gate with more than four controls";

/// Remembers what gates are, for the whole run.
stabilizer::Cliffords &cliffords(base::Context &ctx);

} // namespace qdo::sim
