// SPDX-License-Identifier: Apache-2.0
// What everything that measures asks for physics: one narrow interface, and a stack of who answers.
// In: recipes. Out: exact numbers where the physics has them, draws of shots, two-outcome circuits.
// Why: state vectors, density matrices, trajectories and tableaus differ in how they answer and in
// nothing else; `exact` means no sampling error, so exact numbers of a noisy device are noisy.
// Must not: spend shots; estimate/ does.
#pragma once

#include "runtime/noise/noise.h"
#include "runtime/sim/joint.h"
#include "runtime/sim/outcomes.h"
#include "runtime/sim/prepare.h"

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qdo::sim {

/// X on the bits of x, Z on those of z, Y on both.
struct PauliString {
  uint64_t x = 0, z = 0;
  /// Masks of the qubits 64 and above, 64 in each.
  std::vector<std::pair<uint64_t, uint64_t>> more = {};
  bool identity() const { return (x | z) == 0 && more.empty(); }
};

/// Shots that can be drawn but whose probability nobody knows (quantum trajectories).
class ShotSource {
public:
  virtual ~ShotSource();
  /// Successes among the shots first..last (half open) of a stream; shot i depends on (seed,
  /// stream, i) alone. Called on the thread of the run; may use its pool.
  virtual int64_t successes(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                            int64_t last) const = 0;
};

/// One circuit with two outcomes: the quantity is offset + scale * (fraction of successes).
struct Coin {
  double probability = std::numeric_limits<double>::quiet_NaN(); ///< exact; NaN with `shots`
  double offset = 0, scale = 1;
  std::shared_ptr<const ShotSource> shots = nullptr; ///< null: drawn from the probability
  double fold = 1; ///< how many times as many gates it has as the recipe
};

/// How what was read is corrected.
struct Mitigation {
  bool readout = false; ///< by the inverse of the confusion matrices of the device
  double fold = 1;      ///< gates are repeated as G, its inverse, G: about so many times as many
  bool waits = true;    ///< waiting takes so many times as long, too
};

/// A device of a program. Methods that return nothing (nullopt, null) have failed in the context.
class Backend : public base::Object {
public:
  explicit Backend(std::string name) : Object(base::ObjectKind::Device), name(std::move(name)) {}
  ~Backend() override;
  /// "device dm".
  std::string format(std::string_view spec) const override;

  /// Names the physics: part of the streams and memos of whatever was measured on it. 0 is the
  /// ideal state vector; equal numbers are the same device.
  virtual uint64_t identity() const = 0;
  bool ideal() const { return identity() == 0; }
  /// What the device does to its qubits; null for none.
  virtual const noise::Noise *noise() const { return nullptr; }
  /// How long its gates and readings take: also of one that does nothing wrong. Null: the usual.
  virtual const noise::Noise *times() const { return noise(); }
  /// With which probability a qubit is 1 when a shot begins: what the reset of the policy in force
  /// leaves (decision 0048).
  virtual double excited(base::Context &) const { return 0; }
  /// Whether it runs Clifford circuits only, with Pauli errors.
  virtual bool tableau() const { return false; }
  /// Whether a recipe has room; otherwise fails, naming the device.
  virtual bool fits(base::Context &ctx, qdo_site site, int64_t qubits) const = 0;
  /// The most qubits of a recipe; 0: as many as memory holds.
  virtual int64_t capacity() const { return 0; }

  // ---- without sampling error. Readout errors are in: it is what infinitely many shots would give
  /// |<p|r>|^2; with noise the probability of 0..0 after p and adj r.
  virtual std::optional<double> fidelity(base::Context &ctx, qdo_site site, const Recipe &p,
                                         const Recipe &r) = 0;
  virtual std::optional<std::vector<double>> means(base::Context &ctx, qdo_site site,
                                                   const Recipe &recipe,
                                                   std::span<const PauliString> strings) = 0;
  /// Of every outcome of measuring all qubits.
  virtual std::optional<std::vector<double>> probabilities(base::Context &ctx, qdo_site site,
                                                           const Recipe &recipe) = 0;
  /// Tr(rho^2) of the qubits of a mask, the others traced out; readout is not part of it.
  virtual std::optional<double> purity(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                       uint64_t qubits) = 0;
  /// The state vector; a noisy device has none.
  virtual std::shared_ptr<const State> state(base::Context &ctx, qdo_site site,
                                             const Recipe &recipe) = 0;

  /// How long one run of the recipe takes, reading included; 0 where nobody knows.
  virtual double seconds(base::Context &, qdo_site, const Recipe &) { return 0; }

  // ---- draws
  /// All qubits, `shots` times, by outcome.
  virtual std::optional<Sampled> sample(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                        uint64_t stream, int64_t shots) = 0;
  /// One shot for each basis: qubit q is measured along the letter that the basis has on it (Z
  /// where it has none). Shot i depends on (seed, stream, first + i) alone. As many words for each
  /// as its qubits take.
  std::optional<std::vector<uint64_t>> snapshots(base::Context &ctx, qdo_site site,
                                                 const Recipe &recipe,
                                                 std::span<const PauliString> bases,
                                                 uint64_t stream, uint64_t first) {
    return flippedSnapshots(ctx, site, recipe, bases, {}, stream, first);
  }
  /// The same with qubits of `flips` (as many words for each shot, or none at all) turned over
  /// before they are read, and turned back in the outcomes: errors of reading are then as likely
  /// for 0 as for 1. Where nothing errs they change nothing.
  virtual std::optional<std::vector<uint64_t>>
  flippedSnapshots(base::Context &ctx, qdo_site site, const Recipe &recipe,
                   std::span<const PauliString> bases, std::span<const uint64_t> flips,
                   uint64_t stream, uint64_t first) = 0;

  /// Shots that read every qubit along the letter that `axes` has on it (Z where it has none). Null
  /// after a failure.
  virtual std::shared_ptr<const JointShots> joint(base::Context &ctx, qdo_site site,
                                                  const Recipe &recipe, const PauliString &axes,
                                                  const Mitigation &mitigation) = 0;
  /// A circuit with two outcomes whose quantity is the fidelity; made of `fidelity` by default.
  virtual std::optional<Coin> fidelityCoin(base::Context &ctx, qdo_site site, const Recipe &p,
                                           const Recipe &r, const Mitigation &mitigation);

  std::string name;
};

/// The devices in force. The innermost answers; without one it is the ideal state vector.
class Devices {
public:
  void push(Backend *device) { stack_.push_back(device); }
  void pop() {
    if (!stack_.empty())
      stack_.pop_back();
  }
  size_t depth() const { return stack_.size(); }
  /// Back to an earlier depth: code that failed never popped.
  void unwindTo(size_t depth) { stack_.resize(std::min(depth, stack_.size())); }
  Backend *innermost() const { return stack_.empty() ? nullptr : stack_.back(); }

private:
  std::vector<Backend *> stack_;
};

/// The device in force.
Backend &backend(base::Context &ctx);
/// The same stream for the ideal state vector, another one for each other device.
uint64_t streamOn(const Backend &device, uint64_t stream);
uint64_t streamOn(uint64_t identity, uint64_t stream);

} // namespace qdo::sim
