// SPDX-License-Identifier: Apache-2.0
// Circuits that read every qubit along an axis of its own: many Pauli strings from one shot.
// In: a recipe, axes, shots. Out: how often which outcome was seen.
// Why counts and not signs: whoever asks later for another string that these axes read finds its
// shots here, with all their correlations.
#pragma once

#include "runtime/base/context.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace qdo::sim {

struct Recipe;
struct PauliString;
class State;

/// How often which outcome was seen when all qubits were read; bit q is 1 where qubit q gave -1.
class Histogram {
public:
  explicit Histogram(int64_t qubits) : words_(static_cast<size_t>(qubits + 63) / 64) {}

  /// Counts outcomes of words() each, in any order.
  void add(std::vector<uint64_t> outcomes);
  /// Counts outcomes that ascend, with how often each was seen.
  void add(std::span<const uint64_t> outcomes, std::span<const int64_t> counts);

  size_t words() const { return words_; }
  int64_t shots() const { return shots_; }
  /// Of different outcomes, which ascend; the last word counts most.
  size_t size() const { return counts_.size(); }
  std::span<const uint64_t> outcome(size_t i) const {
    return {outcomes_.data() + i * words_, words_};
  }
  int64_t count(size_t i) const { return counts_[i]; }

private:
  size_t words_;
  int64_t shots_ = 0;
  std::vector<uint64_t> outcomes_;
  std::vector<int64_t> counts_;
};

/// Shots of one such circuit. Lives no longer than the recipe it was made of.
class JointShots {
public:
  virtual ~JointShots();
  /// Adds the shots first..last (half open) of a stream. Shot i depends on (seed, stream, i) alone.
  /// Called on the thread of the run; may use its pool. False after a failure.
  virtual bool draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first, int64_t last,
                    Histogram &into) const = 0;
  /// Of every outcome, if they are known; else nothing. Nothing after a failure, too.
  virtual std::vector<double> probabilities(base::Context &ctx, qdo_site site) const;

  /// How many times as many gates the circuit has as the recipe.
  double fold = 1;
  /// What a qubit that was read as 0 and as 1 is worth in a Pauli string: correcting errors of
  /// reading makes other numbers of +1 and -1.
  double zero = 1, one = -1;
};

/// Shots of a distribution over the outcomes 0 .. 2^n - 1, which need not be normalised. Each is
/// found by its own number: the same for any number of threads.
class Distribution {
public:
  explicit Distribution(std::vector<double> weights);
  bool draw(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first, int64_t last,
            Histogram &into) const;
  /// Of every outcome.
  std::vector<double> probabilities() const;

private:
  uint64_t outcomeOf(double uniform) const;

  std::vector<double> upTo_;    ///< sums of weights, each included
  std::vector<uint64_t> start_; ///< the first outcome that a part of [0, 1) can be
};

/// Where a device has a pure state: a state vector, or a tableau when the recipe goes there by
/// itself. Null after a failure.
std::shared_ptr<const JointShots> pureJoint(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                            const PauliString &axes);

} // namespace qdo::sim
