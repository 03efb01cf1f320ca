// SPDX-License-Identifier: Apache-2.0
// Which gates are Clifford, by their matrices.
// In: a gate with its angles and the number of its controls. Out: what it makes of Pauli operators,
// or nothing. Why: rx(pi/2), cp(pi) and u(..) are Clifford for some angles only, and the matrices
// of gates.def decide, so that no list of cases can disagree with the record.
#pragma once

#include "runtime/gates/gates.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace qdo::stabilizer {

/// i^phase times the product over wires j, in order, of X_j (bit j of x) and then Z_j (bit j of z).
struct Image {
  uint8_t x, z, phase;
  bool operator==(const Image &) const = default;
};

/// A Clifford gate on up to three wires, up to its global phase.
struct Clifford {
  static constexpr int mostWires = 3;

  /// How a gate changes rows: the cheapest of these that is right.
  enum class Form : uint8_t { Signs, Products, General };

  int wires = 0;
  Form form = Form::General;
  /// G^-1 P G for X_0, Z_0, X_1, ... with wire 0 as bit 0.
  std::array<Image, 2 * mostWires> images{};
};

/// How far an entry of a gate's matrix may be from that of a Clifford gate: a million such gates
/// change no probability by more than about 1e-6.
constexpr double cliffordTolerance = 1e-12;

/// What was asked of Cliffords.
struct CliffordKey {
  int gate; ///< row of gates.def; -1: e^{i angle} on the controls alone
  bool inverse;
  int controls; ///< all of them; controls are the first wires, targets follow
  std::array<double, 4> angles;
  auto operator<=>(const CliffordKey &) const = default;
};

/// What a gate is. It may act on its last `dropped` wires as a number, and is then one of the
/// others; or do nothing at all.
struct Found {
  const Clifford *gate = nullptr; ///< null when it does nothing or is not Clifford
  bool nothing = false;
  int dropped = 0;
};

/// Remembers the answers of a run: most gates of a circuit are alike.
class Cliffords {
public:
  Found find(const CliffordKey &key);

private:
  struct Answer {
    Clifford gate;
    bool isClifford, nothing;
    int dropped;
  };
  std::map<CliffordKey, Answer> answers_;
};

} // namespace qdo::stabilizer
