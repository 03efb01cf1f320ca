// SPDX-License-Identifier: Apache-2.0
// A state in the precision of the run, as what is computed from states wants it.
// In: a recipe. Out: a handle to its state with inner products, Pauli expectations and samples.
// Why: below 17 qubits a state is in the caches anyway, so a run in single precision keeps only
// larger ones so. Sums are double in both, and divided by the norm, which gates in single precision
// do not keep to the last digit.
// Must not: be used where amplitudes themselves are changed; prepare() gives those in double.
#pragma once

#include "runtime/sim/outcomes.h"
#include "runtime/sim/prepare.h"
#include "runtime/sim/single_state.h"

namespace qdo::sim {

/// The precision of a run.
struct Precision {
  bool single = false;
};
/// Up to so many qubits states are in double precision in any run.
constexpr int64_t mostQubitsOfDouble = 16;
/// Whether states of so many qubits are kept in single precision.
bool isSingle(base::Context &ctx, int64_t qubits);

/// prepare() in single precision, for recipes where isSingle() holds; prepare() of those is this,
/// widened.
std::shared_ptr<const SingleState> prepareSingle(base::Context &ctx, qdo_site site,
                                                 const Recipe &recipe);
std::vector<Counts::Entry> sampleOutcomes(base::Context &ctx, SingleView state, uint64_t stream,
                                          int64_t shots);

/// A kept state of either precision; false after a failure.
class Ready {
public:
  Ready() = default;
  explicit Ready(std::shared_ptr<const State> state) : double_(std::move(state)) {}
  explicit Ready(std::shared_ptr<const SingleState> state) : single_(std::move(state)) {}
  explicit operator bool() const { return double_ || single_; }

  double expectPauli(uint64_t x, uint64_t z) const;
  std::vector<Counts::Entry> sample(base::Context &ctx, uint64_t stream, int64_t shots) const;
  /// <bra|ket>; the two have as many qubits.
  friend Amplitude innerProduct(const Ready &bra, const Ready &ket);

private:
  std::shared_ptr<const State> double_;
  std::shared_ptr<const SingleState> single_;
};

/// As prepare(), in the precision of the run.
Ready ready(base::Context &ctx, qdo_site site, const Recipe &recipe);

} // namespace qdo::sim
