// SPDX-License-Identifier: Apache-2.0
// A plan as plain tables: what the kernels of every instruction set execute.
// Why: kernels are compiled for instruction sets this machine may lack, so they must not
// instantiate library templates that the linker could hand to other code. Must not: own memory; a
// Plan does.
#pragma once

#include <cstdint>

namespace qdo::batch {

/// constant + sum of factor * value[slot] over terms[first .. first + count).
struct Sum {
  double constant;
  int32_t first, count;
};
struct Term {
  double factor;
  int32_t slot;
};

/// A fused rotation: its sums are turn and phase by turns, phases outermost.
struct FusionSums {
  int32_t first, count, into;
};

/// 2^(-hadamards / 2) times the cosines of some turns: what butterflies leave out.
struct Scale {
  int32_t first, count, hadamards;
};

/// area[0] = e^{i phasor} * scale.
struct Seed {
  int32_t area, phasor, scale;
};

/// One doubling of a diagonal: bit `bit` and everything on lower bits that depends on it. Of a
/// diagonal only those z are written whose bits are `among` the ones that it depends on.
///   f[z + 2^bit] = f[z] * factor * tan(turn) * e^{i constant} * product of its weights' phasors
/// where the weight of bit j counts if bit j of z is 1; then, with `twin` >= 0, f[z] *= g[z] and
/// f[z + 2^bit] *= conj(g[z]) for the diagonal g in area `twin`.
struct Extend {
  int32_t area, bit, constant, turn;
  double factor;
  int32_t firstWeight, weights, twin;
  int64_t among;
};
struct Weight {
  int32_t bit, phasor;
};

/// Butterflies on one to three bits: sums and differences, or rotations by (1, -t; t, 1).
struct Pass {
  int32_t bits;
  int32_t bit[3];
  int32_t turn[3];
  int32_t rotates;
};

/// A layer of mixings: from one area into another (or the same), maybe through an index table, and
/// then times a diagonal or a scale. Passes [0, blocked) touch blocks of 2^blockBits only.
struct Sweep {
  int32_t from, to, table;
  int32_t firstPass, passes, blocked, blockBits;
  int32_t before;                   ///< area of a diagonal that is multiplied first; -1: none
  int32_t diagonal, scale;          ///< an area, a scale, multiplied last; -1: none
  int64_t beforeBits, diagonalBits; ///< that these diagonals depend on
};

/// area[z] *= diagonal[z & bits].
struct Multiply {
  int32_t area, diagonal;
  int64_t bits;
};

/// A 2x2 matrix on pairs of amplitudes, or a phase on single ones.
struct Pairs {
  enum Kind : int32_t { Real, Complex, Exchange, PhaseOnly } kind;
  int32_t area, table;
  uint64_t count, flip;
  int32_t half, phase, before, after; ///< phasors; half: of half the turn
  double signs[4];                    ///< Real: of cos, -sin, sin, cos
};

struct Table {
  const uint32_t *high, *low;
};

struct Step {
  enum Kind : int32_t { Seeds, Extends, Sweeps, Multiplies, PairSteps } kind;
  int32_t index;
};

struct Program {
  int32_t qubits;
  int32_t slots, values; ///< of the circuit; with those of fusions
  const Term *terms;
  const Sum *fusionSums;
  const FusionSums *fusions;
  int32_t fusionCount;
  const Sum *phasors;
  int32_t phasorCount;
  const Sum *turns; ///< half angles
  int32_t turnCount;
  double smallestCosine; ///< tangents are capped, so that a layer's product cannot overflow
  const int32_t *scaleTurns;
  const Scale *scales;
  int32_t scaleCount;
  const Seed *seeds;
  const Extend *extends;
  const Weight *weights;
  const Pass *passes;
  const Sweep *sweeps;
  const Multiply *multiplies;
  const Pairs *pairs;
  const Table *tables;
  const Step *steps;
  int32_t stepCount;
  /// Where areas begin, in amplitudes from the start of the scratch memory. Area 0 is the result.
  const int64_t *areas;
  int64_t scratchAmplitudes; ///< of all areas but the result, and one for building factors
  int64_t factorArea;
};

} // namespace qdo::batch
