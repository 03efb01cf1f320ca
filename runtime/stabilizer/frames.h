// SPDX-License-Identifier: Apache-2.0
// Pauli errors in Clifford circuits: many runs at once, a bit for each.
// In: Clifford gates with Pauli channels between them. Out: what errors become at the end of the
// circuit, run by run; by what factor they shrink the mean of a Pauli string.
// Why: a Clifford gate takes a Pauli error to a Pauli error, so a run is two bits a qubit, and 256
// runs are four words; the means are exact, because a string that is taken back through the
// circuit meets each channel as a string, and a Pauli channel multiplies strings by numbers.
// Source: Pauli frames, Gidney, "Stim: a fast stabilizer circuit simulator", Quantum 5, 497 (2021).
#pragma once

#include "runtime/base/philox.h"
#include "runtime/stabilizer/clifford.h"

#include <map>
#include <span>
#include <vector>

namespace qdo::stabilizer {

/// A Clifford gate, or errors on wires.
struct NoisyOp {
  static constexpr int mostWires = 5;
  enum class Kind : uint8_t {
    Gate,
    /// rho -> (1 - p) rho + p I / 2^k on the wires.
    Depolarizing,
    /// X, Y or Z on one wire.
    Pauli
  };
  Kind kind;
  uint8_t count; ///< wires
  std::array<int, mostWires> wires;
  const Clifford *gate = nullptr;
  double probability = 0;         ///< of something happening
  double y = 0, z = 0;            ///< Pauli: shares of Y and of Z in it
  std::array<double, 3> shrink{}; ///< what X, Y, Z on a wire are multiplied with
  int rate = -1;                  ///< ops of one probability share their random numbers
};

/// How many places go by before the next one where something rare happens.
class Skips {
public:
  /// `probability` is above 0.
  explicit Skips(double probability);
  int64_t next(base::RandomStream &random) const { return at(random.uniform()); }
  /// The same for a uniform number.
  int64_t at(double uniform) const;

private:
  double scale_;
};

/// A Clifford circuit with Pauli errors.
class NoisyClifford {
public:
  explicit NoisyClifford(int qubits = 0) : qubits_(qubits) {}
  int qubits() const { return qubits_; }

  /// Wires of the gate are the first of `wires`.
  void gate(const Clifford &gate, std::span<const int> wires);
  void depolarizing(std::span<const int> wires, double p);
  /// X, Y and Z with these probabilities.
  void pauli(int wire, double x, double y, double z);
  /// What the other does after this.
  void then(const NoisyClifford &other);
  bool noisy() const { return !rates_.empty(); }
  size_t size() const { return ops_.size(); }

  /// Runs of a block, and words that hold a bit for each.
  static constexpr int runs = 256, words = runs / 64;
  /// A bit for each run: [qubit][word].
  struct Block {
    std::vector<uint64_t> x, z;
    explicit Block(int qubits)
        : x(static_cast<size_t>(qubits) * words), z(static_cast<size_t>(qubits) * words) {}
  };
  /// Errors of so many runs as they are at the end: X where an outcome along Z is flipped, Z where
  /// one along X is.
  void errors(base::RandomStream &random, Block &block) const;
  /// The block holds strings at the end of the circuit, one a run: by what each is multiplied when
  /// it is taken back to the beginning. The strings go with it.
  void takeBack(Block &strings, std::span<double> factors) const;

private:
  int rateOf(double probability);

  int qubits_;
  std::vector<NoisyOp> ops_;
  /// A probability that differs from the others.
  struct Rate {
    Skips skips;
    double spared; ///< the probability that nothing happens in all places of a block
    double once;   ///< in those of one op
  };
  std::vector<Rate> rates_;
  std::map<double, int> rateNumbers_; ///< where they are
};

} // namespace qdo::stabilizer
