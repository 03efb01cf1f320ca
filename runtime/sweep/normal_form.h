// SPDX-License-Identifier: Apache-2.0
// Circuits as words in three letters: phases, real one-qubit turns and flips.
// In: gate calls with known angles. Out: a word with the same unitary, global phase included.
// Why: every gate of the record is phases around one real matrix (ZYZ), and phases merge and move;
// what is left costs one multiply-add for a real number.
#pragma once

#include "runtime/gates/gates.h"

#include <cstdint>
#include <span>
#include <vector>

namespace qdo::sweep {

using gates::Amplitude;
using gates::GateCall;

/// One letter, on places in memory (bits of the amplitude's index).
struct Letter {
  enum class Kind : uint8_t {
    Phase, ///< multiplies by `factor` where all bits of `mask` are 1 (everywhere if it is 0)
    Turn,  ///< [c -s; s c] on `target`, or [c s; s -c] if `mirror`
    Flip,  ///< X on `target` where all bits of `mask` are 1
  };
  Kind kind;
  bool mirror = false;
  int target = -1;
  uint64_t mask = 0;
  Amplitude factor = 1;
  double cosine = 1, sine = 0;

  /// Every place that the letter looks at or changes.
  uint64_t places() const { return target < 0 ? mask : mask | uint64_t{1} << target; }
};

struct NormalForm {
  std::vector<Letter> letters;
  /// Qubit q ends at bit `place[q]`: swaps only relabel.
  std::vector<int> place;
};

/// Wires of each call differ and are below `qubits`.
NormalForm normalForm(std::span<const GateCall> calls, int qubits);

} // namespace qdo::sweep
