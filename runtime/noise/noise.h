// SPDX-License-Identifier: Apache-2.0
// What a noisy device does to its qubits: one description for all simulators.
// In: the clauses of `noise`. Out: the channels after a gate, relaxation over time, readout errors.
// Why: density matrices, trajectories and live qubits must mean the same thing (decision 0020).
#pragma once

#include "runtime/base/context.h"
#include "runtime/gates/gates.h"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qdo::noise {

enum class Channel : uint8_t {
  /// rho -> (1 - p) rho + p I / 2^k on the k qubits of the gate: the parameter of Qiskit Aer's
  /// depolarizing_error.
  Depolarizing,
  /// Decay of |1> to |0> with probability p, on each qubit of the gate (Nielsen and Chuang,
  /// equation 8.108).
  AmplitudeDamping,
  /// Loss of phase with probability p: coherences times sqrt(1 - p), on each qubit of the gate (the
  /// same, equation 8.127).
  PhaseDamping,
};

/// P(read 1 | 0) and P(read 0 | 1) of every qubit.
struct Readout {
  double p01 = 0, p10 = 0;
  bool none() const { return p01 == 0 && p10 == 0; }
};

/// What a time does to a qubit: decay to |0> with probability `gamma`, and then a phase flip with
/// probability `flip`; together coherences are multiplied with e^(-t/T2).
struct Relaxation {
  double gamma = 0, flip = 0;
  bool none() const { return gamma == 0 && flip == 0; }
};

struct Noise final : base::Object {
  static constexpr int everyGate = -1;
  static constexpr double never = std::numeric_limits<double>::infinity();
  /// Gate times where nothing else is said, in seconds: one qubit, several qubits, readout.
  static constexpr double oneQubitTime = 50e-9, severalQubitsTime = 300e-9, readTime = 1e-6;

  explicit Noise(std::string name) : Object(base::ObjectKind::Noise), name(std::move(name)) {}
  /// `noise lab: t1 50us, t2 30us, depolarizing 0.01 on [cx], readout 0.02`.
  std::string format(std::string_view spec) const override;
  /// Of what it does; the same for the same numbers under another name.
  uint64_t hash() const;

  struct Rule {
    Channel channel;
    int gate; ///< row of gates.def, or everyGate
    double probability;
  };
  struct Time {
    int gate;
    double seconds;
  };

  /// The probability of a channel after a gate: what names the gate goes before everyGate.
  double probability(Channel channel, int gate) const;
  /// How long a gate takes, in seconds.
  double duration(int gate, int qubits) const;
  bool relaxes() const { return t1 != never || t2 != never; }
  Relaxation after(double seconds) const;

  const std::string name;
  double t1 = never, t2 = never; ///< seconds
  std::vector<Rule> rules;
  std::vector<Time> times;
  Readout readout;
  double readoutSeconds = readTime;
};

/// The row of gates.def that a call is known by: `ctrl x` is cx, `adj s` is sdg; -1 when no row is.
int nameOf(const gates::GateCall &call);
/// The same of a gate with so many controls in all.
int nameOf(int gate, bool inverse, int controls);
/// The row of a name, or -1.
int gateNamed(std::string_view name);

/// A channel after a gate.
struct AfterGate {
  Channel channel;
  double probability;
};
/// In the order in which they act: depolarising, amplitude damping, phase damping.
std::vector<AfterGate> channelsAfter(const Noise &noise, const gates::GateCall &call);
/// The same of a gate by its name.
std::vector<AfterGate> channelsAfter(const Noise &noise, int name);

// ---- pauli.cpp: noise as Pauli operators
/// Probabilities of X, Y and Z on a qubit.
struct PauliErrors {
  double x = 0, y = 0, z = 0;
};
/// Loss of phase with probability p is a Z with probability (1 - sqrt(1 - p)) / 2, exactly.
PauliErrors phaseErrors(double p);
/// The Pauli twirl of decay to |0> with probability gamma: what is left of it when it acts between
/// a random Pauli operator and the same again. Its bias towards |0> is lost.
PauliErrors twirledDecay(double gamma);
/// What of a noise is no mixture of Pauli operators: `t1 50us`, `amplitude_damping 0.1`; empty when
/// all of it is one. Readout is none of its business.
std::string notPauli(const Noise &noise);

// ---- readout.cpp: values that undo the confusion of reading
/// The estimator of |0..0><0..0| or of a Pauli string from bits read with errors, by the inverse of
/// the confusion matrix of each qubit: a product over qubits, bounded by `low` and `high`.
struct Corrected {
  double zero, one; ///< factor of a qubit read as 0 and as 1
  double low, high; ///< of the product
  /// Of an outcome in which `ones` of the `qubits` were read as 1.
  double value(int qubits, int ones) const;
};
/// All qubits are 0: without correction the factors are 1 and 0.
Corrected correctedZeros(const Readout &readout, int qubits);
/// The sign of a Pauli string of so many letters: without correction the factors are 1 and -1.
Corrected correctedSign(const Readout &readout, int qubits);

} // namespace qdo::noise
