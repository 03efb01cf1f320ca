// SPDX-License-Identifier: Apache-2.0
// Live qubits: the quantum memory of one shot.
// In: preparations, gates, measurements by qubit id. Out: outcomes.
// Why: one joint state that grows with `prepare` and shrinks with `measure`, as entanglement
// demands: a tableau while all gates are Clifford, a state vector from the first that is not. A
// device that is a tableau refuses that one.
// Must not: outlive its shot; random numbers are keyed by the shot, so a shot can be run
// again.
#pragma once

#include "runtime/base/philox.h"
#include "runtime/noise/noise.h"
#include "runtime/sim/live_tableau.h"
#include "runtime/sim/prepare.h"
#include "runtime/sim/wide.h"

#include <span>
#include <vector>

namespace qdo::sim {

class LiveQubits {
public:
  // On a noisy device every gate, wait and reading has the errors of its noise, drawn from the
  // random numbers of the shot (live_noise.cpp).
  /// Id of qubit 0 of the recipe; the others follow. -1 after a failure.
  int64_t prepare(base::Context &ctx, qdo_site site, const Recipe &recipe);
  /// `wires` are ids, controls first. Fails with RuntimeAlias when one is named twice.
  void gate(base::Context &ctx, qdo_site site, int gate, bool inverse,
            std::span<const int64_t> wires, std::span<const double, 4> angles);
  /// Draws an outcome, keeps the state that goes with it, and removes the qubit.
  bool measure(base::Context &ctx, qdo_site site, int64_t id);

  bool empty() const { return size() == 0; }
  /// Starts a shot with its own random numbers. Shots do not nest.
  void beginShot(uint64_t seed, uint64_t stream);
  /// Ends it; qubits that are left (after a failure) are discarded.
  void endShot();
  bool insideShot() const { return insideShot_; }
  /// Whether the shot has made a qubit yet.
  bool begun() const { return nextId_ != firstId_; }
  /// What the gates of the shot took so far, one after the other as the program has them.
  double seconds() const { return seconds_; }
  /// Forgets all qubits: an abort discards.
  void clear();

private:
  double draw(base::Context &ctx);
  // ---- live_noise.cpp
  bool prepareNoisy(base::Context &ctx, qdo_site site, const Recipe &recipe,
                    const noise::Noise &noise);
  void noisyGate(base::Context &ctx, const GateCall &call, const noise::Noise &noise);
  void relax(base::Context &ctx, int wire, const noise::Relaxation &relaxation);
  // ---- live_pauli.cpp: the same on a tableau
  bool prepareOnTableau(base::Context &ctx, qdo_site site, const Recipe &recipe,
                        const noise::Noise &noise);
  void noisyClifford(base::Context &ctx, const WideGate &gate, const noise::Noise &noise);
  void passOnTableau(base::Context &ctx, int place, const noise::Noise &noise, double seconds);
  void errors(base::Context &ctx, int place, const noise::PauliErrors &errors);
  void pauli(int wire, int letter);
  void damp(base::Context &ctx, int wire, double gamma);

  /// Wire of a qubit, or -1 with a failure in the context.
  int64_t size() const { return vector_ ? std::ssize(ids_) : tableau_.size(); }
  /// Wire of a qubit or its place on the tableau, or -1 with a failure in the context.
  int wireOf(base::Context &ctx, qdo_site site, int64_t id) const;
  /// Goes on with a state vector that has room for `more` qubits, because of what is not Clifford.
  bool toVector(base::Context &ctx, qdo_site site, int64_t more, const std::string &notClifford);

  LiveTableau tableau_;
  bool vector_ = false; ///< whether the amplitudes are the state
  std::vector<Amplitude> amplitudes_;
  std::vector<int64_t> ids_; ///< by wire
  /// By wire, or by place on the tableau: when its last gate is done, in seconds.
  std::vector<double> free_;
  std::string notClifford_; ///< what made the state a vector
  int64_t nextId_ = 0, firstId_ = 0;
  bool insideShot_ = false;
  double seconds_ = 0;
  base::RandomStream shotRandom_{0, 0};
  uint64_t outsideDraws_ = 0; ///< measurements outside shots so far
};

} // namespace qdo::sim
