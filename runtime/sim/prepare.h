// SPDX-License-Identifier: Apache-2.0
// From recipes to state vectors.
// In: a recipe, or one circuit with many rows of data. Out: states; single ones are kept for reuse.
// Why: a kernel over N points is N preparations; the same recipe is never prepared twice in a row.
#pragma once

#include "runtime/batch/states.h"
#include "runtime/sim/recipe.h"
#include "runtime/sim/state.h"

#include <memory>

namespace qdo::sim {

/// Records why a circuit has no angles for its data; null when it has.
base::Failure *refuses(base::Context &ctx, qdo_site site, const angles::Verdict &verdict);

/// The state of a recipe. Kept in the run by hash, least recently used first out, within a share of
/// the machine's memory. Null after a failure: OutOfMemory, RuntimeAlias or an interrupt.
std::shared_ptr<const State> prepare(base::Context &ctx, qdo_site site, const Recipe &recipe);

/// Keeps the state of a recipe for others that start with it, where it is a state vector of a size
/// that is kept. False after a failure: those of prepare.
bool keepState(base::Context &ctx, qdo_site site, const Recipe &recipe);

/// One circuit with a hole for a row of data: `data[hole .. hole + holeSize)` is replaced by each
/// row.
struct RowCircuit {
  const qdo_circuit *circuit;
  std::span<const double> data;
  int64_t hole, holeSize;
};

/// The hash a recipe of this circuit with this row would have (so memos and streams are shared).
uint64_t rowHash(const RowCircuit &circuit, std::span<const double> row);

/// How the states of a circuit are prepared for many rows; made once in a run. Null after a
/// failure: RuntimeAlias.
std::shared_ptr<const batch::Plan> planOf(base::Context &ctx, qdo_site site,
                                          const qdo_circuit &circuit);

/// One state for every row of `rows` (row-major, holeSize numbers each), in parallel, by the plan
/// of the circuit. Empty (0 rows) after a failure. Of product states only what inner products need
/// is prepared, unless their amplitudes are asked for.
batch::Panels prepareRows(base::Context &ctx, qdo_site site, const RowCircuit &circuit,
                          const batch::Plan &plan, std::span<const double> rows,
                          bool amplitudes = false);

/// The states of rows into memory of the caller: 2^qubits amplitudes a row, in their natural order.
/// False after a failure, such as those of prepareRows.
bool statesOf(base::Context &ctx, qdo_site site, const RowCircuit &circuit,
              std::span<const double> rows, Amplitude *amplitudes);

} // namespace qdo::sim
