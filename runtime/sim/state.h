// SPDX-License-Identifier: Apache-2.0
// State vectors: memory, gates, inner products, Pauli expectations.
// In: amplitudes with qubit 0 as the least significant bit of the index. Out: the same.
// Why: views separate the arithmetic from who owns the memory, so rows of a batch are states too.
// Must not: take memory without checkMemory().
#pragma once

#include "runtime/base/context.h"
#include "runtime/gates/gates.h"

#include <cstdlib>
#include <memory>
#include <span>

namespace qdo::sim {

using gates::Amplitude;
using gates::GateCall;

/// Amplitudes of `qubits` qubits somewhere in memory.
struct StateView {
  Amplitude *amplitudes;
  int qubits;

  uint64_t size() const { return uint64_t{1} << qubits; }
  std::span<Amplitude> span() const { return {amplitudes, size()}; }
};

/// Memory aligned to 64 bytes (large ones to huge pages), not initialised.
class Buffer {
public:
  Buffer() = default;
  /// Throws std::bad_alloc.
  explicit Buffer(size_t amplitudes);
  Amplitude *data() const { return data_.get(); }

private:
  struct Free {
    void operator()(Amplitude *p) const { std::free(p); }
  };
  std::unique_ptr<Amplitude[], Free> data_;
};

/// A state that owns its amplitudes.
class State {
public:
  State() = default;
  explicit State(int qubits) : buffer_(size_t{1} << qubits), qubits_(qubits) {}

  StateView view() const { return {buffer_.data(), qubits_}; }
  int qubits() const { return qubits_; }
  uint64_t size() const { return uint64_t{1} << qubits_; }
  size_t bytes() const { return size() * sizeof(Amplitude); }
  std::span<const Amplitude> amplitudes() const { return {buffer_.data(), size()}; }

private:
  Buffer buffer_;
  int qubits_ = 0;
};

/// Whether so many bytes are left; otherwise fails with OutOfMemory: "`what` qubits need ...".
bool checkBytes(base::Context &ctx, qdo_site site, const std::string &what, double bytes);
/// Whether `states` state vectors of `qubits` qubits fit into this machine's memory right now;
/// otherwise fails with OutOfMemory, which names the bytes and says `note`.
bool checkMemory(base::Context &ctx, qdo_site site, int64_t qubits, int64_t states = 1,
                 std::string_view note = {});

/// |0...0>.
void setZero(StateView state);
/// Applies a gate in place. The wires are different and below state.qubits.
void apply(StateView state, const GateCall &call);
/// <a|b>, summed in a fixed order with an error near one rounding.
Amplitude innerProduct(StateView a, StateView b);
/// <state|P|state> for the Pauli string with X on the bits of x, Z on those of z, Y on both.
double expectPauli(StateView state, uint64_t x, uint64_t z);
/// Sum of squared moduli.
double squaredNorm(StateView state);

} // namespace qdo::sim
