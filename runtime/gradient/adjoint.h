// SPDX-License-Identifier: Apache-2.0
// Adjoint differentiation: the value of a circuit and its derivative by every angle in one sweep
// forward and one back.
// In: recipes taken apart, an observable or a second recipe. Out: values, derivatives by slot.
// Why: the cost does not grow with the number of angles. Circuits of one shape with other angles
//      (the rows of a data set) run side by side in the lanes of vector registers.
// Source: Jones and Gacon, arXiv:2009.02823 (2020).
#pragma once

#include "runtime/gradient/sequence.h"
#include "runtime/sim/observable.h"

#include <span>
#include <vector>

namespace qdo::gradient {

enum class Quantity : uint8_t { Expect, Fidelity, OverlapRe, OverlapIm };

/// What is differentiated: <ket|observable|ket>, or |<bra|ket>|^2, Re <bra|ket>, Im <bra|ket>.
struct Task {
  Quantity quantity;
  Sequence ket, bra;                                   ///< bra: not of an expectation value
  const sim::Observable *observable = nullptr;         ///< of an expectation value
  double value = 0;                                    ///< result
  std::vector<std::vector<double>> ketSlots, braSlots; ///< results: by leaf and slot
};

/// Fills the results of every task. The threads of the run are used; false after an interrupt or
/// when the states do not fit in memory.
bool differentiate(base::Context &ctx, qdo_site site, std::span<Task> tasks);

} // namespace qdo::gradient
