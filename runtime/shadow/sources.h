// SPDX-License-Identifier: Apache-2.0
// What is read off a record, as sources of estimates: signs, quotients, sums of squares.
// In: counts of signs, other sources. Out: a mean, its error, intervals at any error probability.
// Why from signs: given the bases they are coins, so intervals of what is computed from them hold
// by sharing the error between them, whatever the state.
#pragma once

#include "runtime/estimate/estimate.h"

#include <memory>
#include <vector>

namespace qdo::shadow {

using SourcePtr = std::shared_ptr<const estimate::Source>;

/// The mean of signs +1 and -1; `shift` is that of the fraction of +1 (see `combine`).
class SignMean final : public estimate::Source {
public:
  SignMean(int64_t plus, int64_t hits, double shift = 0);
  estimate::Interval interval(estimate::Method method, double error) const override;

private:
  int64_t plus_, hits_;
};

/// offset + above / below, within [low, high]; both share the error. Where `below` may be 0 nothing
/// is known.
class Quotient final : public estimate::Source {
public:
  Quotient(SourcePtr above, SourcePtr below, double offset, double low, double high);
  estimate::Interval interval(estimate::Method method, double error) const override;

private:
  SourcePtr above_, below_;
  double offset_, low_, high_;
};

/// The purity 2^-m (1 + sum of <P>^2) over the 4^m - 1 Pauli strings P on m qubits, between 2^-m
/// and 1: the intervals of all of them hold together.
class Purity final : public estimate::Source {
public:
  Purity(std::vector<SourcePtr> strings, int qubits, double value, double standardError);
  estimate::Interval interval(estimate::Method method, double error) const override;

private:
  std::vector<SourcePtr> strings_;
  int qubits_;
};

/// The Renyi-2 entropy -log2(purity) in bits, between 0 and m.
class Entropy final : public estimate::Source {
public:
  Entropy(std::shared_ptr<const Purity> purity, int qubits);
  estimate::Interval interval(estimate::Method method, double error) const override;

private:
  std::shared_ptr<const Purity> purity_;
  double least_; ///< purity of the most mixed state
};

} // namespace qdo::shadow
