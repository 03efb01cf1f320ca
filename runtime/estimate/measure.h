// SPDX-License-Identifier: Apache-2.0
// The engine behind every estimate: grants shots to circuits until their quantities are done.
// In: circuits (coins), quantities (sums over coins), a policy. Out: counts.
// Why: fidelities, Pauli sums and Gram blocks differ only in how many coins a quantity has.
// Must not: be included outside estimate/; others use batch.h and quantities.h.
#pragma once

#include "runtime/estimate/batches.h"
#include "runtime/estimate/interval.h"
#include "runtime/estimate/policy.h"
#include "runtime/sim/backend.h"

#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

namespace qdo::estimate {

/// What gains within this factor of the best goes in one round: one look (half as many shots again)
/// lowers a gain by 1.5^2.
constexpr double roundWidth = 2.25;

/// `fresh(e)`: while its argument is evaluated, every circuit gets a new stream, so it is measured
/// and paid again.
class Freshness {
public:
  void begin() { ++depth_, ++scope_; }
  void end() { --depth_; }
  /// The stream that a circuit has now: in one `fresh` it is one circuit wherever it stands.
  uint64_t current(uint64_t stream);

private:
  struct Times {
    uint64_t scope = 0, count = 0;
  };
  int depth_ = 0;
  uint64_t scope_ = 0;
  std::unordered_map<uint64_t, Times> times_;
};

/// What is known of one circuit under one policy.
struct Record {
  double probability;
  uint64_t stream;
  double seconds = 0; ///< of one shot
  int64_t successes = 0, shots = 0, looks = 0;
  int64_t paid = 0; ///< shots, at least `shots`: paid first, drawn together
  std::shared_ptr<const sim::ShotSource> source = {}; ///< of a circuit without a known probability
  Groups groups = {};                                 ///< empty unless the policy combines groups

  /// Of the value from the fraction of successes.
  double shift() const;
};

/// offset + sum of coefficients times fractions of successes.
struct Quantity {
  struct Term {
    double coefficient;
    Record *record;
  };
  double offset = 0;
  double weight = 1;
  size_t firstTerm = 0, termCount = 1; ///< in the list of terms

  std::span<const Term> of(std::span<const Term> terms) const {
    return terms.subspan(firstTerm, termCount);
  }
};

/// The numbers `until` sees.
struct Summary {
  double value = 0, standardError = 0, low = 0, high = 0;
  int64_t shots = 0, batches = 0;
};

/// All that estimates under one policy share; made for each request, cheap.
class Measurement {
public:
  Measurement(base::Context &ctx, qdo_site site, const Policy &policy);

  /// The record of a circuit: what the run measured before under this policy, or a new one.
  /// `circuit` is how long its gates take.
  Record *record(double probability, uint64_t stream, double circuit);
  /// The same of a circuit on the device in force. The value of the coin is that of
  /// offset + scale * (fraction of successes).
  Record *record(const sim::Coin &coin, uint64_t stream, double circuit);
  /// Grants shots until every quantity is done. False after a failure. Under `allocate decision`
  /// `reweigh` is called after the pilot and then whenever the shots have grown by a quarter: what
  /// it sets to 0 gets no shots until it sets it to something else.
  bool run(std::span<Quantity> quantities, std::span<const Quantity::Term> terms, bool weightsKnown,
           const std::function<void()> &reweigh = nullptr);
  Summary summarise(const Quantity &quantity, std::span<const Quantity::Term> terms);
  /// What `until` says; true without one.
  bool untilHolds(const Summary &summary);
  const LookPlan &plan() const { return plan_; }

private:
  bool finished(const Quantity &quantity, std::span<const Quantity::Term> terms, bool weighted);
  /// The term whose next look lowers the variance most, and by how much for each shot.
  std::pair<Record *, double> best(const Quantity &quantity, std::span<const Quantity::Term> terms,
                                   bool weighted) const;
  /// Pays one circuit up to its next look. False when nobody can.
  bool grant(Record *record);
  /// Draws what was paid, in parallel.
  void draw();

  base::Context &ctx_;
  const qdo_site site_;
  const Policy &policy_;
  const LookPlan plan_;
  const uint64_t streamKey_;
  std::unordered_map<uint64_t, Record> &records_; ///< by stream
  IntervalCache &intervals_;
  std::vector<Record *> granted_; ///< paid, not drawn
};

} // namespace qdo::estimate
