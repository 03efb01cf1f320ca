// SPDX-License-Identifier: Apache-2.0
// How a circuit's states are prepared for many rows at once.
// In: a compiled circuit, without data. Out: sweeps over panels of rows, made once and used for any
// data, any number of rows, from any thread.
// Why: the shape of a circuit never depends on data, so all thinking about it is done here.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/batch/affine.h"
#include "runtime/batch/program.h"

#include <memory>

namespace qdo::batch {

class PlanBuilder;

class Plan {
public:
  /// Throws std::invalid_argument for a gate that is no row of gates.def or names a wire twice.
  explicit Plan(const qdo_circuit &circuit);
  ~Plan();
  Plan(Plan &&) noexcept;

  const Program &program() const { return program_; }
  int qubits() const { return program_.qubits; }
  /// Where the amplitude of every basis state is in a panel. Inner products need no such table:
  /// they are sums over all amplitudes, in any order.
  const IndexTable &places() const { return places_; }
  /// Above so many qubits a plan only tells whether the states are products.
  static constexpr int mostQubits = 20;
  /// Whether all states of the circuit are products of one-qubit states, up to relabelling: inner
  /// products then need no states (Panels::Form::Vectors).
  bool product() const { return product_; }
  /// Sweeps over the amplitudes, roughly: how the plan is compared with others in tests.
  int sweeps() const;

private:
  std::unique_ptr<PlanBuilder> tables_;
  Program program_;
  IndexTable places_;
  bool product_ = false;
};

} // namespace qdo::batch
