// SPDX-License-Identifier: Apache-2.0
// A recipe as a noisy device runs it: gates, what happens after them, and waiting.
// In: a recipe, the noise, a fold. Out: steps in order.
// Why: density matrices and trajectories must take the same steps.
#pragma once

#include "runtime/noise/clock.h"
#include "runtime/sim/recipe.h"

#include <array>
#include <optional>
#include <vector>

namespace qdo::device {

/// Qubits of a gate of a noisy device at most, controls included.
constexpr int mostGateQubits = 5;

struct Step {
  enum class Kind : uint8_t { Gate, Channel, Relax, Flip };
  Kind kind;
  /// Gate; Channel: the gate before. Its mask of controls holds up to QDO_MASK_QUBITS qubits.
  gates::GateCall call{};
  uint8_t controls = 0, wireCount = 0;
  std::array<int, mostGateQubits> wires{}; ///< of the gate, controls first
  noise::Channel channel{};
  double probability = 0;            ///< Channel; Flip: of an X
  int qubit = 0;                     ///< Relax, Flip
  noise::Relaxation relaxation = {}; ///< Relax

  std::span<const int> gateWires() const { return {wires.data(), wireCount}; }
};

struct NoisyCircuit {
  int qubits = 0;
  std::vector<Step> steps;
  double seconds = 0; ///< from the first gate to the last
  double fold = 1;    ///< how many times as many gates there are as in the recipe
};

/// The steps of a recipe; at the end all qubits wait for the last one. `fold` (1 or more) repeats
/// gates as G, G's inverse, G, evenly among the gates of each name and place, until there are about
/// `fold` times as many (Giurgica-Tiron et al., "Digital zero noise extrapolation",
/// arXiv:2005.10921, section II); with `waits`, idle() takes as many times as long. `excited`: each
/// qubit begins in 1 with this probability. Null after a failure: RuntimeAlias, data without
/// angles, DeviceGateTooWide.
std::optional<NoisyCircuit> noisyCircuit(base::Context &ctx, qdo_site site,
                                         const sim::Recipe &recipe, const noise::Noise &noise,
                                         double fold = 1, bool waits = true, double excited = 0);

/// p, then all qubits wait for each other, then the inverse of r: |<p|r>|^2 is the probability of
/// 0..0. Which of the two comes first does not depend on the order of the arguments.
struct Uncompute {
  const sim::Recipe *compute, *uncompute;
};
Uncompute uncompute(base::Context &ctx, const sim::Recipe &p, const sim::Recipe &r);

} // namespace qdo::device
