// SPDX-License-Identifier: Apache-2.0
// Lengths by their unbiased squares.
#include "runtime/estimate/norm.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/arithmetic.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace qdo::estimate {

namespace {

class Length final : public Source {
public:
  /// Of a square, its variance, and looks that share the error probability.
  Length(double square, double variance, int64_t looks)
      : square_(square), spread_(std::sqrt(variance)), looks_(static_cast<double>(looks)) {
    mean = std::sqrt(std::max(square, 0.0));
    const Interval one = within(1);
    standardError = std::max((one.high - one.low) / 2, std::numeric_limits<double>::min());
  }
  Interval interval(Method, double error) const override {
    return within(normalQuantile(1 - error / looks_ / 2));
  }

private:
  Interval within(double z) const {
    return {std::sqrt(std::max(square_ - z * spread_, 0.0)),
            std::sqrt(std::max(square_ + z * spread_, 0.0))};
  }

  double square_, spread_, looks_;
};

} // namespace

Estimate *normOf(base::Context &ctx, std::span<const Estimate *const> all) {
  double plain = 0, bias = 0;
  // Estimates of the same records err together; those of others are taken as independent.
  std::unordered_map<uint64_t, double> variances;
  std::vector<std::pair<const Estimate *, double>> slopes;
  for (const Estimate *e : all) {
    plain += e->value * e->value;
    slopes.emplace_back(e, 2 * e->value);
    const double variance = e->standardError * e->standardError;
    bias += variance;
    if (e->terms.empty())
      continue;
    std::vector<uint64_t> records;
    for (const Estimate::Term &term : e->terms)
      records.push_back(term.record());
    std::ranges::sort(records);
    base::Hasher key("records");
    for (uint64_t record : records)
      key.add(record);
    variances[key.value()] += variance;
  }
  if (variances.empty())
    return number(ctx, std::sqrt(plain));
  const Estimate *square = linearised(ctx, plain, slopes);
  double variance = square->standardError * square->standardError;
  for (const auto &[key, own] : variances)
    variance += 2 * own * own;
  auto bracket =
      std::make_shared<Length>(plain - bias, variance, std::max<int64_t>(square->claim.looks, 1));
  const double value = bracket->mean, error = bracket->standardError;
  // In arithmetic it moves as its square does.
  std::vector<Estimate::Term> terms = square->terms;
  const double root = std::sqrt(plain);
  double offset = value;
  for (Estimate::Term &term : terms) {
    term.coefficient *= root > 0 ? 1 / (2 * root) : 0;
    offset -= term.coefficient * term.mean();
  }
  auto *e = ctx.make<Estimate>(offset, std::move(terms), square->claim, std::move(bracket));
  e->value = value; // not by way of its terms, for 0 is 0
  e->standardError = error;
  return e;
}

} // namespace qdo::estimate
