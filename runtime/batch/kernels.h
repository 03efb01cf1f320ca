// SPDX-License-Identifier: Apache-2.0
// The kernels of one instruction set as a table of functions.
// In: a program and the slots of some rows; panels. Out: the panel of their states; inner products.
// Why: which table is used is decided once, when the program runs on a machine.
#pragma once

#include "runtime/batch/program.h"

namespace qdo::batch {

/// Inner products of every row of some panels with some columns, each a row of some panel.
struct OverlapTile {
  const double *const *panels;
  int64_t panelCount;
  const double *const *columns; ///< where a column's first real part is
  int64_t columnCount;
  const int64_t *wanted; ///< of each panel: its first so many columns
  int64_t amplitudes;
  double *sums;    ///< room for 2 L numbers for every panel and column
  double *squares; ///< |<panel row|column>|^2, at most 1: L for every panel and column
};

/// The first rows of a panel, to be written one after another in their natural order.
struct HandOver {
  const double *panel;
  Table places; ///< where in the panel an amplitude of the natural order is
  int64_t size; ///< amplitudes of a row
  int64_t rows;
  double *states;
  /// Past the caches: nobody reads them soon. Others see them after a fence only.
  bool past;
};

/// A panel holds `lanes` rows: amplitude z has their real parts at 2 * lanes * z, then the
/// imaginary.
struct Kernels {
  const char *name;
  int lanes;
  /// Doubles of scratch memory that `states` needs.
  int64_t (*scratch)(const Program &);
  /// `slots` has `lanes` values for every slot of the circuit; memory is aligned to 64 bytes.
  void (*states)(const Program &, const double *slots, double *panel, double *scratch);
  void (*overlaps)(const OverlapTile &);
  /// For plans of product states: the Bloch vectors x, y, z of every bit, `lanes` of each.
  void (*vectors)(const Program &, const double *slots, double *panel, double *scratch);
  /// The same from them, the product of (1 + a.b) / 2 over all bits; `amplitudes` is the number of
  /// bits, and `sums` is not used.
  void (*fidelities)(const OverlapTile &);
  void (*handOver)(const HandOver &);
};

/// The tables that were compiled in and that this machine can run, narrowest first.
int64_t availableKernels(const Kernels **tables, int64_t room);
/// The fastest for states of so many qubits.
const Kernels &kernelsFor(int qubits);

const Kernels &baselineKernels();
const Kernels &avx2Kernels();
const Kernels &avx512Kernels(int lanes);

} // namespace qdo::batch
