// SPDX-License-Identifier: Apache-2.0
// Concentration inequalities, solved for the mean.
#include "runtime/estimate/bounded.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

Interval clipped(const MeanSample &sample, Interval interval) {
  return {std::clamp(interval.low, sample.low, sample.high),
          std::clamp(interval.high, sample.low, sample.high)};
}

static Interval around(const MeanSample &sample, double half) {
  return clipped(sample, {sample.mean - half, sample.mean + half});
}

Interval hoeffding(const MeanSample &sample, double error) {
  const double n = static_cast<double>(sample.shots);
  return around(sample, (sample.high - sample.low) * std::sqrt(std::log(2 / error) / (2 * n)));
}

Interval empiricalBernstein(const MeanSample &sample, double error) {
  if (sample.shots < 2)
    return {sample.low, sample.high};
  const double n = static_cast<double>(sample.shots), l = std::log(4 / error);
  return around(sample, std::sqrt(2 * sample.variance * l / n) +
                            7 * (sample.high - sample.low) * l / (3 * (n - 1)));
}

/// The mean on the scale where the range is [0, 1].
static double unitMean(const MeanSample &sample) {
  return std::clamp((sample.mean - sample.low) / (sample.high - sample.low), 0.0, 1.0);
}

static Interval onRange(const MeanSample &sample, Interval unit) {
  const double range = sample.high - sample.low;
  return clipped(sample, {sample.low + range * unit.low, sample.low + range * unit.high});
}

Interval chernoff(const MeanSample &sample, double error) {
  if (!(sample.high > sample.low))
    return {sample.low, sample.high};
  const double n = static_cast<double>(sample.shots), p = unitMean(sample);
  // n KL(p, m) = (its greatest likelihood) - (that of m)
  const double least = (p > 0 ? n * p * std::log(p) : 0) +
                       (p < 1 ? n * (1 - p) * std::log1p(-p) : 0) - std::log(2 / error);
  return onRange(sample, likelihoodInterval(n * p, n * (1 - p), least));
}

namespace {

/// Bets of 1/2, 1/4, .. of the range: the best one is near sqrt(2 ln(1 / error) / squares), and one
/// of these is within a factor of 2 of it up to 10^9 outcomes. None is above 1/2, so that capital
/// grows all the way from the mean outwards and what is left is an interval.
constexpr int bets = 16;

/// ln of the mean capital of these bets that the mean is above `mean - distance`, all on the scale
/// of the range: at least that of bets 1 + bet (x - m), since ln(1 + bet y) >= bet y - psi(bet) y^2
/// for y >= -1, psi(bet) = -ln(1 - bet) - bet (Fan, Grama, Liu, Electronic Journal of Probability
/// 20, 1 (2015), lemma 4.1).
double logCapital(double n, double squares, double distance) {
  double terms[bets], most = -HUGE_VAL;
  for (int k = 0; k < bets; ++k) {
    const double bet = std::ldexp(0.5, -k);
    terms[k] = bet * n * distance - (-std::log1p(-bet) - bet) * (squares + n * distance * distance);
    most = std::max(most, terms[k]);
  }
  double sum = 0;
  for (double term : terms)
    sum += std::exp(term - most);
  return most + std::log(sum / bets);
}

} // namespace

Interval boundedSequence(const MeanSample &sample, double error) {
  const double range = sample.high - sample.low;
  if (!(range > 0) || sample.shots < 1)
    return {sample.low, sample.high};
  const double n = static_cast<double>(sample.shots), p = unitMean(sample);
  const double squares = std::max(n - 1, 0.0) * sample.variance / (range * range);
  const double mixed = logBetaMixture(n * p, n * (1 - p));
  // Half of the capital is that of coins, a quarter bets on each side.
  const double needed = std::log(1 / error);
  auto rejected = [&](double m) {
    const double likelihood =
        (p > 0 ? n * p * std::log(m) : 0) + (p < 1 ? n * (1 - p) * std::log1p(-m) : 0);
    const double coin = mixed - likelihood + std::log(0.5);
    const double bet = logCapital(n, squares, std::fabs(p - m)) + std::log(0.25);
    const double most = std::max(coin, bet);
    return most + std::log(std::exp(coin - most) + std::exp(bet - most)) >= needed;
  };
  auto end = [&](double in, double out) {
    for (int step = 0; step < 60 && in != out; ++step) {
      const double m = (in + out) / 2;
      (rejected(m) ? out : in) = m;
    }
    return out; // outward: rounding never narrows the interval
  };
  return onRange(sample, {p > 0 ? end(p, 0) : 0, p < 1 ? end(p, 1) : 1});
}

} // namespace qdo::estimate
