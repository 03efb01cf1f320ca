// SPDX-License-Identifier: Apache-2.0
// What is done to one tile of amplitudes, as plain data, and the kernels that do it.
// In: a tile (2^bits amplitudes, real and imaginary parts in turn). Out: the same, in place.
// Why: the kernels are compiled once for each instruction set, so they share nothing but this.
#pragma once

#include <cstdint>
#include <vector>

namespace qdo::sweep {

/// A complex number without the operators of std::complex, which would be compiled several times.
struct Cx {
  double re, im;
};

/// Multiplies a block of 2^blockBits amplitudes by a phase that is a product of a number for each
/// value of its high bits and a row of numbers for its low bits (and of `cross` if there is one).
template <class T> struct Diagonal {
  int blockBits = 0, lowBits = 0;
  /// Which of the rows of `low` goes with a value of the high bits.
  std::vector<uint8_t> rowOf;
  std::vector<Cx> low;  ///< [row][low value]
  std::vector<Cx> high; ///< [high value]
  /// For each value of the tile's bits above the block: a number, and a factor for each block bit.
  std::vector<Cx> upper;       ///< [upper]
  std::vector<Cx> upperFactor; ///< [upper][block bit], empty when all are 1
  /// Real parts and imaginary parts of one more factor for each amplitude, or empty.
  std::vector<T> cross;
  bool plain = false; ///< low, high and all linear factors are 1: only a number for each block
};

enum class StepKind : uint8_t {
  Turns,    ///< up to three places above a vector's lanes, in one pass
  Lane,     ///< a turn of a place inside a vector
  Diagonal, ///< a whole diagonal
  Phase,    ///< one factor where some bits are 1
  Flip,     ///< X where some bits are 1
};

template <class T> struct Step {
  StepKind kind;
  int count = 0;         ///< Turns
  int bits[3] = {};      ///< Turns, Lane and Flip: places in the tile
  uint8_t modes[3] = {}; ///< Turns: see turn() in kernels.inc
  T ratios[3] = {};      ///< Turns
  T matrix[4] = {};      ///< Lane: real, row-major
  uint64_t outside = 0;  ///< Phase and Flip: bits of the tile's own index that must be 1
  uint64_t mask = 0;     ///< the same in the tile
  Cx factor = {1, 0};    ///< Phase
  int diagonal = -1;     ///< Diagonal: which
};

/// Steps that are done block by block (2^blockBits amplitudes, first-level cache) or on the tile.
template <class T> struct Segment {
  bool wholeTile = false;
  std::vector<Step<T>> steps;
};

/// What the index of a tile says about one diagonal: a number, and a factor for each local bit.
struct TilePhase {
  Cx scalar;
  Cx factors[32];
};

template <class T> struct TileProgram {
  int tileBits = 0, blockBits = 0;
  std::vector<Diagonal<T>> diagonals;
  std::vector<Segment<T>> segments;
};

/// The kernels of one instruction set.
template <class T> struct Kernels {
  /// log2 of the amplitudes in a vector: bits below are lanes.
  int laneBits;
  /// Runs a program on a tile; `index` is the tile's own, `phases` has one entry a diagonal.
  void (*run)(T *tile, const TileProgram<T> &program, uint64_t index, const TilePhase *phases);
  /// Moves `rows` rows of `reals` numbers from base + offsets[i] to a buffer, and back.
  void (*gather)(T *buffer, const T *base, const uint64_t *offsets, uint64_t rows, uint64_t reals);
  void (*scatter)(T *base, const T *buffer, const uint64_t *offsets, uint64_t rows, uint64_t reals);
};

/// Instruction sets in rising order.
enum class Isa : uint8_t { Baseline, Avx2, Avx512 };

/// The best that this machine has.
Isa bestIsa();
/// The kernels of an instruction set that the machine has, for states of at least 2^bits.
template <class T> const Kernels<T> &kernelsFor(Isa isa, int bits);

} // namespace qdo::sweep
