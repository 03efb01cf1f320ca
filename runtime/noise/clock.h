// SPDX-License-Identifier: Apache-2.0
// When each qubit is free: gates start as soon as their qubits are, and the others wait.
// In: gates in order. Out: how long each qubit waits before and works during a gate.
// Why: idle time is noise, and the time of a circuit is what `spent.time` counts.
#pragma once

#include "runtime/noise/noise.h"

#include <functional>
#include <vector>

namespace qdo::noise {

class Clock {
public:
  /// Told of a qubit that lets some seconds pass.
  using Passed = std::function<void(int qubit, double seconds)>;

  Clock(const Noise &noise, int qubits) : noise_(noise), free_(static_cast<size_t>(qubits), 0.0) {}

  /// The qubits of a gate wait for the last of them; call before the gate acts.
  void start(std::span<const int> qubits, const Passed &passed);
  /// They work for the time of the gate of this name; call after the gate and its channels.
  void finish(int name, std::span<const int> qubits, const Passed &passed);
  /// All qubits wait for the last one, and then so many seconds more.
  void all(double seconds, const Passed &passed);
  /// Seconds until the last qubit is free.
  double now() const;

  // ---- live qubits come and go
  void add(double since) { free_.push_back(since); }
  void remove(int qubit) { free_.erase(free_.begin() + qubit); }

private:
  const Noise &noise_;
  std::vector<double> free_;
};

/// The qubits of a gate, rising.
std::vector<int> qubitsOf(const gates::GateCall &call);

} // namespace qdo::noise
