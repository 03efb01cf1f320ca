// SPDX-License-Identifier: Apache-2.0
// Circuits on large state vectors.
// In: gates with known angles, a state. Out: the state after them.
// Why: planning merges gates and does many in one pass over memory; tiles do not depend on the
// number of threads, so neither do the bits of the result.
// Must not: take memory of the size of the state.
#pragma once

#include "runtime/base/parallel.h"
#include "runtime/sweep/plan.h"
#include "runtime/sweep/program.h"

#include <functional>

namespace qdo::sweep {

struct RunOptions {
  Isa isa = bestIsa();
  /// The state is |0..0> before the first gate: what is still 0 is not computed with.
  bool fromZero = false;
  /// Asked once a tile, from any thread; true ends the run early and leaves the state half-way.
  std::function<bool()> stop = {};
};

/// Applies gates to 2^qubits amplitudes (qubit 0 is the least significant bit of the index), in
/// double or single precision. 1 <= qubits <= 40; the wires of each gate differ and are below
/// `qubits`.
template <class T>
void run(base::ThreadPool &pool, std::span<const GateCall> calls, std::complex<T> *state,
         int qubits, const RunOptions &options = {});

/// The same for a plan that exists.
template <class T>
void run(base::ThreadPool &pool, const Plan &plan, std::complex<T> *state,
         const RunOptions &options = {});

/// Moves the amplitude at index sum_q z_q 2^place[q] to index sum_q z_q 2^q, in place.
template <class T>
void permute(base::ThreadPool &pool, std::complex<T> *state, std::vector<int> place,
             const std::function<bool()> &stop);

} // namespace qdo::sweep
