// SPDX-License-Identifier: Apache-2.0
// Error matrices of the sources, one record at a time.
#include "runtime/learn/spectral_error.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace qdo::learn {

SpectralError::SpectralError(std::span<const estimate::Estimate *const> entries, size_t n)
    : n_(static_cast<double>(n)) {
  struct Part {
    uint64_t record;
    size_t row, column;
    double error;
  };
  std::vector<Part> parts;
  for (size_t i = 0; i < entries.size(); ++i)
    for (const estimate::Estimate::Term &term : entries[i]->terms)
      parts.push_back(
          {term.record(), i / n, i % n,
           std::fabs(term.coefficient) * (term.standardError() + 2 * term.remainder())});
  std::ranges::stable_sort(parts, {}, &Part::record);

  // The norm of a symmetric matrix of positive numbers is at most its largest row sum.
  std::vector<double> squares(n, 0), sums(n, 0);
  for (auto first = parts.begin(); first != parts.end();) {
    const auto last =
        std::find_if(first, parts.end(), [&](const Part &p) { return p.record != first->record; });
    double diagonal = 0;
    for (auto part = first; part != last; ++part) {
      sums[part->row] += part->error;
      diagonal += part->row == part->column ? part->error : 0;
    }
    for (auto part = first; part != last; ++part)
      squares[part->row] += part->error * sums[part->column];
    for (auto part = first; part != last; ++part)
      sums[part->row] = 0;
    traceVariance_ += diagonal * diagonal;
    first = last;
  }
  spread_ = n == 0 ? 0 : *std::ranges::max_element(squares);
}

double SpectralError::norm(double error) const {
  return std::sqrt(2 * spread_ * std::log(2 * n_ / error));
}

double SpectralError::trace(double error) const {
  return estimate::normalQuantile(1 - error / 2) * std::sqrt(traceVariance_);
}

namespace {

class Spectral final : public estimate::Source {
public:
  Spectral(double value, double error, SpectralError spread, int64_t looks,
           std::function<estimate::Interval(const SpectralError &, double)> interval)
      : spread_(spread), looks_(static_cast<double>(looks)), interval_(std::move(interval)) {
    mean = value;
    standardError = std::max(error, std::numeric_limits<double>::min());
    // Its reach at 95 % says how much further than a normal number's it is.
    const estimate::Interval at = interval_(spread_, 0.05);
    const double z = estimate::normalQuantile(0.975),
                 reach = std::max(at.high - value, value - at.low) - z * standardError;
    remainder_ = std::isfinite(reach) ? std::max(reach, 0.0) / (z * z) : 0;
  }
  double remainder() const override { return remainder_; }
  /// The same whatever the method, with a share for each look.
  estimate::Interval interval(estimate::Method, double error) const override {
    return interval_(spread_, error / looks_);
  }

private:
  const SpectralError spread_;
  const double looks_;
  double remainder_ = 0;
  const std::function<estimate::Interval(const SpectralError &, double)> interval_;
};

} // namespace

estimate::Estimate *
spectralEstimate(base::Context &ctx, std::span<const estimate::Estimate *const> entries, size_t n,
                 double value, std::span<const double> slopes,
                 std::function<estimate::Interval(const SpectralError &, double error)> interval) {
  std::vector<std::pair<const estimate::Estimate *, double>> moves;
  base::Hasher stream("spectrum");
  stream.add(value);
  for (size_t i = 0; i < entries.size(); ++i)
    moves.emplace_back(entries[i], slopes[i]);
  const estimate::Estimate *first = estimate::linearised(ctx, value, moves);
  if (first->terms.empty())
    return estimate::number(ctx, value);
  for (const estimate::Estimate::Term &term : first->terms)
    stream.add(term.stream);
  estimate::Estimate::Claim claim = first->claim;
  estimate::Estimate::Term term{1, 0, first->shots, stream.value()};
  term.source = std::make_shared<Spectral>(value, first->standardError, SpectralError(entries, n),
                                           std::exchange(claim.looks, 1), std::move(interval));
  return ctx.make<estimate::Estimate>(0.0, std::vector{std::move(term)}, claim);
}

} // namespace qdo::learn
