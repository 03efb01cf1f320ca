// SPDX-License-Identifier: Apache-2.0
// Why quotients of probabilities and not their logarithms apart: those of 10^15 shots are sums of
// terms of 10^17, and nothing of the difference would be left.
#include "runtime/base/binomial.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace qdo::base {

/// log n! less Stirling's formula for it.
static double stirlingError(double n) {
  if (n < 16) {
    double sum = 0;
    for (double i = 2; i <= n; ++i)
      sum += std::log(i);
    return n == 0 ? 0 : sum - (n + 0.5) * std::log(n) + n - 0.5 * std::log(2 * std::numbers::pi);
  }
  const double nn = n * n;
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / nn) / nn) / nn) / n;
}

/// x log(x / mean) + mean - x, to the last digits where x is near the mean.
static double deviance(double x, double mean) {
  if (std::fabs(x - mean) >= 0.1 * (x + mean))
    return x * std::log(x / mean) + mean - x;
  const double v = (x - mean) / (x + mean);
  double sum = (x - mean) * v, term = 2 * x * v;
  for (int j = 3;; j += 2) {
    term *= v * v;
    const double next = sum + term / j;
    if (next == sum)
      return sum;
    sum = next;
  }
}

/// log of the probability of k successes among n.
static double logProbability(double k, double n, double p) {
  if (k == 0)
    return n * std::log1p(-p);
  if (k == n)
    return n * std::log(p);
  return stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) -
         deviance(n - k, n * (1 - p)) + 0.5 * std::log(n / (2 * std::numbers::pi * k * (n - k)));
}

/// Waits for one success after the other: for means of a few.
static int64_t byWaiting(RandomStream &random, double n, double p) {
  const double each = std::log1p(-p);
  int64_t successes = -1;
  for (double tosses = 0; tosses <= n; ++successes)
    tosses += std::floor(std::log(1 - random.uniform()) / each) + 1;
  return successes;
}

/// By rejection from a transformed uniform number; n p is 10 or more, p at most 1 / 2.
static int64_t byRejection(RandomStream &random, double n, double p) {
  const double deviation = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5, alpha = (2.83 + 5.1 / b) * deviation;
  const double surely = 0.92 - 4.2 / b;
  const double most = logProbability(std::floor((n + 1) * p), n, p);
  while (true) {
    const double u = random.uniform() - 0.5, v = 1 - random.uniform();
    const double us = 0.5 - std::fabs(u);
    if (us == 0)
      continue;
    const double k = std::floor((2 * a / us + b) * u + centre);
    if (k < 0 || k > n)
      continue;
    if ((us >= 0.07 && v <= surely) ||
        std::log(v * alpha / (a / (us * us) + b)) <= logProbability(k, n, p) - most)
      return static_cast<int64_t>(k);
  }
}

int64_t binomial(RandomStream &random, int64_t shots, double probability) {
  if (!(probability > 0) || shots <= 0)
    return 0;
  if (probability >= 1)
    return shots;
  if (probability > 0.5)
    return shots - binomial(random, shots, 1 - probability);
  const auto n = static_cast<double>(shots);
  return n * probability < 10 ? byWaiting(random, n, probability)
                              : byRejection(random, n, probability);
}

std::vector<int64_t> multinomial(RandomStream &random, int64_t shots, std::span<const double> upTo,
                                 double before) {
  std::vector<int64_t> counts(upTo.size());
  // From the last to the first: the sum of those that are left is then known to the last digits.
  for (size_t i = upTo.size(); i-- > 0 && shots > 0;) {
    const double below = i == 0 ? before : upTo[i - 1];
    counts[i] = binomial(random, shots, (upTo[i] - below) / upTo[i]);
    shots -= counts[i];
  }
  return counts;
}

} // namespace qdo::base
