// SPDX-License-Identifier: Apache-2.0
// What a stated confidence means: by which method, and who shares its error probability.
// Why: a method that holds at one moment only has to pay for each look; one that holds at all times
// does not (language.md section 7).
#pragma once

#include "runtime/estimate/interval.h"

#include <cstdint>

namespace qdo::estimate {

/// How intervals are computed. In the order of `policy_method` in entry_points.def.
enum class Method : uint8_t {
  Sequential, ///< plain `95%`: Clopper-Pearson of counts, Bernstein and Chernoff of other means
  Wilson,     ///< approximate: at the moment of looking, on average over probabilities
  Hoeffding,  ///< knows the range only
  Bernstein,  ///< empirical Bernstein: knows the sample variance, too
  Anytime     ///< a confidence sequence: holds at all numbers of shots at once
};

/// The word of the language: "wilson"; empty for the default.
const char *methodName(Method method);

/// The mean of a bounded random variable, as far as shots tell.
struct MeanSample {
  double mean = 0;
  double variance = 0;       ///< of the sample, unbiased: divided by shots - 1
  double low = -1, high = 1; ///< every outcome lies here
  int64_t shots = 0;
  uint64_t stream = 0; ///< names what was averaged over which shots
  uint64_t record = 0; ///< names the shots when several means come from them, 0: this mean's own

  double standardError() const;
};

/// The error probability of one look, when all looks together may miss with `error`.
double errorOfLook(Method method, double error, int64_t looks);

/// An interval for the probability of a coin that misses with at most `error` (Wilson: about).
Interval coinInterval(Method method, int64_t successes, int64_t shots, double error);
/// The same for a mean; within [low, high] of the sample.
Interval meanInterval(Method method, const MeanSample &sample, double error);

} // namespace qdo::estimate
