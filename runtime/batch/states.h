// SPDX-License-Identifier: Apache-2.0
// Panels of states: many rows of data, prepared by one plan.
// In: a plan and a function that gives the angles of a row. Out: states, a vector's lanes each.
// Why: rows lie beside one another so that every gate is plain vertical arithmetic.
#pragma once

#include "runtime/base/parallel.h"
#include "runtime/batch/kernels.h"
#include "runtime/batch/plan.h"

#include <complex>
#include <cstdlib>
#include <functional>
#include <memory>
#include <span>

namespace qdo::batch {

/// Doubles aligned to 64 bytes, not initialised. Large ones ask for huge pages.
class Memory {
public:
  Memory() = default;
  /// Throws std::bad_alloc.
  explicit Memory(int64_t doubles);
  double *data() const { return data_.get(); }

private:
  struct Free {
    void operator()(double *p) const { std::free(p); }
  };
  std::unique_ptr<double[], Free> data_;
};

/// States of `rows` rows. A panel has `lanes` of them; amplitude z of lane l is at
/// panel[(2 z) lanes + l] (real part) and panel[(2 z + 1) lanes + l], z as the plan orders them.
///
/// Where only inner products are asked of product states, a panel has Bloch vectors instead: x, y
/// and z of each bit, `lanes` of each.
class Panels {
public:
  enum class Form : uint8_t { States, Vectors };

  Panels() = default;
  Panels(int64_t rows, int qubits, const Kernels &kernels, Form form = Form::States);

  int64_t rows() const { return rows_; }
  int qubits() const { return qubits_; }
  Form form() const { return form_; }
  const Kernels &kernels() const { return *kernels_; }
  int lanes() const { return kernels_->lanes; }
  int64_t panels() const { return (rows_ + lanes() - 1) / lanes(); }
  double *panel(int64_t i) const { return memory_.data() + i * stride_; }
  /// The first real part of a row.
  const double *row(int64_t i) const { return panel(i / lanes()) + i % lanes(); }
  /// A row's state with the amplitudes in their natural order (wire 0 is the lowest bit).
  void copy(int64_t row, const Plan &plan, std::span<std::complex<double>> state) const;

private:
  const Kernels *kernels_ = nullptr;
  Memory memory_;
  int64_t rows_ = 0, stride_ = 0;
  int qubits_ = 0;
  Form form_ = Form::States;
};

/// Writes the angles of a row into all slots of the circuit, the constants' too. Called from
/// several threads at once.
using SlotsOfRow = std::function<void(int64_t row, double *slots)>;

/// Prepares the states of all rows of `panels`, in parallel. A state's bits depend on its own
/// angles only. `stop` is asked before each panel; once it is true the rest stays as it was.
void prepare(base::ThreadPool &pool, const Plan &plan, const SlotsOfRow &slots, Panels &panels,
             const std::function<bool()> &stop = {});

/// Prepares `rows` states straight into memory of the caller: 2^qubits amplitudes a row, in their
/// natural order. A panel is handed over while it is in the caches.
void prepareInto(base::ThreadPool &pool, const Plan &plan, const SlotsOfRow &slots, int64_t rows,
                 const Kernels &kernels, std::complex<double> *states,
                 const std::function<bool()> &stop = {});

} // namespace qdo::batch
