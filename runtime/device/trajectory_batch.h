// SPDX-License-Identifier: Apache-2.0
// Many runs of one noisy circuit side by side: each lane is a state vector with noise of its own.
// In: steps, the numbers of the shots. Out: an outcome for each shot.
// Why: gates are the same for all lanes, as they are for data points; only the noise differs.
// Source: quantum trajectories, Dalibard, Castin, Molmer, PRL 68, 580 (1992).
#pragma once

#include "runtime/base/philox.h"
#include "runtime/device/noisy_circuit.h"
#include "runtime/sim/backend.h"

#include <functional>

namespace qdo::device {

/// Told of each shot: its place 0..count, what was read, and its random numbers, which go on.
using SeenShot = std::function<void(int64_t place, uint64_t outcome, base::RandomStream &random)>;
/// The basis of a shot by its place.
using BasisOf = std::function<sim::PauliString(int64_t place)>;

/// Runs shots first .. first + count of a stream. Shot i depends on (seed, stream, i) alone, so
/// neither threads nor lanes change an outcome. `seen` is called from several threads, once for
/// each place. Qubits of `flips`, a mask for each place or nothing, are read turned over. False
/// after a failure: OutOfMemory, Interrupted.
bool runShots(base::Context &ctx, qdo_site site, const NoisyCircuit &circuit,
              const noise::Readout &readout, uint64_t stream, int64_t first, int64_t count,
              const BasisOf &basis, const SeenShot &seen, std::span<const uint64_t> flips = {});

} // namespace qdo::device
