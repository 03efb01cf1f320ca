// SPDX-License-Identifier: Apache-2.0
// Means of variables with heavy tails whose variance is known as a function of the mean.
// In: what each shot said, and how large the variance can be if the mean is m. Out: an interval.
// Why: one snapshot of a Clifford shadow says something between -1 and 2^n, so an interval that
// knows the range grows with 2^n; its variance is at most 2 for every n.
// Source: Catoni, Annales de l'Institut Henri Poincare B 48, 1148 (2012).
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/estimate/policy.h"

#include <functional>
#include <optional>
#include <vector>

namespace qdo::estimate {

/// What is known of the variable beforehand.
struct HeavyKind {
  /// At most the variance, should the mean be m; above 0, and changing slowly with m.
  std::function<double(double m)> variance;
  double most;            ///< the largest of these
  double low, high;       ///< where the mean must lie
  double lowest, highest; ///< where every value lies
};

/// {m: |sum of psi(a (x - m))| <= n ln(1 + a^2 v / 2) + ln(2 / error)} with v = variance(m), a^2 =
/// 2 ln(2 / error) / (n v), psi(y) = sign(y) ln(1 + |y| + y^2 / 2): it misses with at most `error`,
/// since E exp(psi(a (x - m))) <= 1 + a^2 v / 2 at the true mean (Catoni, section 2).
Interval catoni(std::span<const double> values, const HeavyKind &kind, double error);

/// The m at which the sum is 0, for a^2 = 2 L (n - 2 L) / (n^2 v), L = ln(2 / error), v the largest
/// variance: Catoni's estimate of the mean. It is off by more than sqrt(2 v L / (n - 2 L)) with a
/// probability of at most `error` (the same, proposition 2.4). Inside the range of the values.
double catoniMean(std::span<const double> values, const HeavyKind &kind, double error);

/// Values so that catoniMean is within `within`: 2 L (1 + v / within^2).
double catoniShots(double variance, double within, double error);

/// A mean of such values as a source of an estimate: the interval is Catoni's under the default
/// method, and what the other methods make of the range of the values otherwise.
class HeavyMean final : public Source {
public:
  /// `error` is that of the claim, which the mean is tuned to. With more than one group the mean is
  /// the median of the means of groups of consecutive values (`combine`). At least one value.
  HeavyMean(std::vector<double> values, HeavyKind kind, double error, int64_t groups = 1);
  Interval interval(Method method, double error) const override;
  int64_t size() const { return std::ssize(values_); }

private:
  std::vector<double> values_;
  HeavyKind kind_;
  double variance_ = 0; ///< of the sample
};

/// How such a variable is measured under a policy.
struct HeavyShots {
  uint64_t stream; ///< names it within the run
  HeavyKind kind;
  /// How long the gates of the shots first..last (half open) take, each; they are paid before they
  /// are drawn. And what they say; nothing after a failure. `stream` is that of their numbers.
  std::function<std::vector<double>(uint64_t stream, int64_t first, int64_t last)> seconds;
  std::function<std::optional<std::vector<double>>(uint64_t stream, int64_t first, int64_t last)>
      draw;
};

/// Its mean under the policy: looks, `until`, budgets and joint claims as for a circuit with two
/// outcomes. What the run measured before under this policy is not measured again. Null after a
/// failure.
Estimate *estimateHeavy(base::Context &ctx, qdo_site site, const HeavyShots &shots,
                        const Policy &policy);

} // namespace qdo::estimate
