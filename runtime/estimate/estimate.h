// SPDX-License-Identifier: Apache-2.0
// A measured number that knows its uncertainty.
// In: counts or means of its circuits and how often they were looked at. Out: value, error,
// intervals. Why: keeping what was counted and not only the interval lets `e > 0.5 at 99%` be
// answered honestly, and lets `e - e` be 0.
#pragma once

#include "runtime/base/object.h"
#include "runtime/estimate/batch.h"
#include "runtime/estimate/confidence.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace qdo::estimate {

/// A source that is neither a coin nor a bounded mean, and knows its own interval.
struct Source {
  virtual ~Source();
  /// Misses with at most `error`.
  virtual Interval interval(Method method, double error) const = 0;
  /// How far the value may be off beyond its standard error: z^2 times this at z standard errors.
  /// 0 of a value that is as good as normal.
  virtual double remainder() const { return 0; }

  double mean = 0;
  double standardError = 0; ///< never 0
};

/// offset + sum of coefficient * (mean of a source), over sources that are coins, bounded means or
/// know themselves.
struct Estimate final : base::Object {
  /// What a source is worth by outcome of its record, so that sources of one record add up with
  /// their correlation.
  struct Reading {
    std::shared_ptr<const std::vector<int64_t>> counts; ///< of the outcomes; one object a record
    std::vector<double> values;                         ///< a coin's are 0 and 1

    /// Of the sample, unbiased.
    double variance() const;
  };

  /// A source and how much of it is in the estimate.
  struct Term {
    double coefficient = 0;
    int64_t successes = 0, shots = 0; ///< of a coin; of a mean only `shots`
    uint64_t stream = 0; ///< equal streams are the same data: what error propagation has to know
    std::optional<MeanSample> sample = {}; ///< the source is no coin but this mean
    double shift = 0;         ///< of a coin's value from the fraction of successes: `combine`
    double extraVariance = 0; ///< of a coin whose batches disagree
    uint64_t shared = 0;      ///< names the shots of a coin that other sources come from, too
    std::shared_ptr<const Reading> reading = {};    ///< where it is known; of few outcomes
    std::shared_ptr<const Source> source = nullptr; ///< none of both

    double mean() const {
      return source   ? source->mean
             : sample ? sample->mean
                      : static_cast<double>(successes) / static_cast<double>(shots) + shift;
    }
    double standardError() const; ///< of the source, never 0
    double remainder() const { return source ? source->remainder() : 0; }
    /// Misses with at most `error`, over all looks.
    Interval interval(Method method, double error, int64_t looks) const;
    /// Whether the source is known from the same shots as other sources.
    uint64_t record() const {
      const uint64_t name = sample ? sample->record : shared;
      return name ? name : stream;
    }
  };

  /// Where an interval comes from.
  enum class Form : uint8_t {
    Sources,    ///< intervals of the sources, the error shared between them
    FirstOrder, ///< normal, and what first order forgets, of what arithmetic made of several
    Bracketed   ///< from `bracket`; the terms say how the value moves to first order
  };

  /// What `low` and `high` claim.
  struct Claim {
    double confidence = 0.95;
    int64_t looks = 1; ///< planned looks of each circuit
    int64_t joint = 1; ///< claims that hold together
    Method method = Method::Sequential;
  };

  Estimate(double offset, std::vector<Term> terms, Claim claim, Form form = Form::Sources);
  /// `bracket` knows the whole interval, of all looks together: see runtime/estimate/extreme.h.
  Estimate(double offset, std::vector<Term> terms, Claim claim,
           std::shared_ptr<const Source> bracket);
  /// `0.512 +- 0.016`: two digits of the error, or both numbers under a spec such as `.3f`.
  std::string format(std::string_view spec) const override;
  /// Holds with this confidence although the number of shots may depend on the data.
  Interval interval(double confidence) const;

  const double offset;
  const std::vector<Term> terms;
  const Claim claim;
  const Form form;
  const std::shared_ptr<const Source> bracket; ///< of Form::Bracketed, else null
  double value = 0, standardError = 0, low = 0, high = 0;
  int64_t shots = 0;         ///< of all sources; shots that several of them share count once
  std::string_view way = ""; ///< how it was measured, where there are several; static text
  int64_t batches = 0, setAside = 0; ///< of a block: those looked at, those that do not count

  /// Its interval holds about and on average only; what is printed says so.
  bool approximate() const { return claim.method == Method::Wilson && !terms.empty(); }

private:
  Estimate(double offset, std::vector<Term> terms, Claim claim, Form form,
           std::shared_ptr<const Source> bracket);
};

/// What estimates under a policy claim.
Estimate::Claim claimOf(const Policy &policy);

/// An estimate of one circuit from a batch. Null items cannot happen: results are never empty.
Estimate *makeEstimate(base::Context &ctx, const BernoulliResult &result, const Policy &policy);
/// The same of a quantity that is the sum of several.
Estimate *makeEstimate(base::Context &ctx, std::span<const BernoulliResult> results,
                       const Policy &policy);
/// An estimate of the mean of a bounded random variable: a shadow's, of observables measured
/// jointly, of anything that is no coin. Streams and records name their data within the policy;
/// `looks` says how often the shots were looked at before one decided to stop.
Estimate *makeMeanEstimate(base::Context &ctx, MeanSample sample, const Policy &policy,
                           int64_t looks = 1);
/// What names the data of a circuit under a policy: another policy measures anew.
uint64_t sourceOf(uint64_t stream, const Policy &policy);

} // namespace qdo::estimate
