// SPDX-License-Identifier: Apache-2.0
// A circuit as few layers: diagonals, mixings of independent bits, controlled gates.
// In: elementary operations in the order of the circuit. Out: each in the earliest layer it can
// join. Why: a layer is one or two sweeps over the amplitudes, however many gates it has.
#pragma once

#include "runtime/batch/affine.h"
#include "runtime/batch/angle.h"

#include <map>
#include <optional>

namespace qdo::batch {

/// The product over all masks of diag(e^{i angle * parity}), times e^{i constant}.
struct Phases {
  Angle constant;
  std::map<uint64_t, Angle> masks; ///< by mask, of parities that are not flipped

  void add(Parity parity, Angle angle);
  bool operator==(const Phases &) const = default;
};

/// A Hadamard gate, or a rotation e^{-i angle Y / 2}, about an axis.
struct Mixer {
  Axis axis;
  std::optional<Angle> turn; ///< none: Hadamard
};

/// e^{i phase} P(after) RY(turn) P(before) about an axis, where all controls are 1.
struct Controlled {
  enum class Form : uint8_t { Rotation, Exchange, PhaseOnly };
  Form form;
  std::vector<Parity> controls;
  Axis axis; ///< not for PhaseOnly
  Angle phase, before, turn, after;
};

struct Layer {
  enum class Kind : uint8_t { Diagonal, Mixing, Controls } kind;
  Phases phases;                      ///< Diagonal
  std::vector<Mixer> mixers;          ///< Mixing: they commute
  std::vector<Controlled> operations; ///< Controls: in order
};

class Layers {
public:
  void phase(Parity parity, const Angle &angle);
  /// e^{i angle} on everything.
  void phase(const Angle &angle) { constant_ += angle; }
  void mix(const Mixer &mixer);
  void controlled(Controlled operation);
  std::vector<Layer> take() { return std::move(layers_); }
  const Angle &constant() const { return constant_; }

private:
  /// What decides whether two operations commute: which parities they read, what they flip.
  struct Footprint {
    std::vector<uint64_t> reads, flips;
  };
  /// The earliest layer of this kind that an operation can move back to; a new one if there is
  /// none.
  Layer &place(Layer::Kind kind, const Footprint &footprint);

  std::vector<Layer> layers_;
  Angle constant_; ///< phase of the whole, which commutes with every layer
};

} // namespace qdo::batch
