// SPDX-License-Identifier: Apache-2.0
// Linear combinations of circuits, and everything else linearised at its value.
#include "runtime/estimate/arithmetic.h"

#include "runtime/base/hash.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

namespace qdo::estimate {

using base::Kind;

namespace {

/// What the slopes of a function forget of its operands' errors: a source that is 0, give or take.
/// Terms of the same function of the same operands cancel, as those of circuits do.
class Remainder final : public Source {
public:
  explicit Remainder(double remainder) : remainder_(remainder) {
    standardError = std::numeric_limits<double>::min();
  }
  Interval interval(Method, double error) const override {
    const double z = normalQuantile(1 - error / 2);
    return {-z * z * remainder_, z * z * remainder_};
  }
  double remainder() const override { return remainder_; }

private:
  const double remainder_;
};

Estimate::Term remainderTerm(double remainder, base::Hasher stream) {
  Estimate::Term term{1, 0, 0, stream.add(remainder).value()};
  term.source = std::make_shared<Remainder>(remainder);
  return term;
}

/// How much further the interval of a bracket reaches than its standard error says, as a term.
std::optional<Estimate::Term> bracketTerm(const Estimate &e) {
  if (!e.bracket)
    return std::nullopt;
  const double z = normalQuantile(1 - (1 - e.claim.confidence) /
                                          static_cast<double>(e.claim.joint * e.claim.looks) / 2);
  const double reach = std::max(e.high - e.value, e.value - e.low) - z * e.standardError;
  if (!(reach > 0))
    return std::nullopt;
  base::Hasher stream("bracket");
  for (const Estimate::Term &term : e.terms)
    stream.add(term.coefficient).add(term.stream);
  return remainderTerm(reach / (z * z), stream.add(e.offset));
}

} // namespace

/// With how far the value is off what the slopes say, at one standard error of each operand.
static Estimate *derive(base::Context &ctx, double value,
                        std::initializer_list<std::pair<const Estimate *, double>> slopes,
                        double remainder = 0) {
  if (!(remainder > 0 && std::isfinite(remainder)))
    return linearised(ctx, value, {slopes.begin(), slopes.size()});
  base::Hasher stream("remainder");
  stream.add(value);
  for (const auto &[operand, slope] : slopes)
    for (const Estimate::Term &term : operand->terms)
      stream.add(slope).add(term.coefficient).add(term.stream);
  const Estimate forgotten(0, {remainderTerm(remainder, stream)}, slopes.begin()->first->claim);
  std::vector<std::pair<const Estimate *, double>> all(slopes);
  all.emplace_back(&forgotten, 1);
  return linearised(ctx, value, all);
}

/// The same of a function of one operand.
template <class F>
static Estimate *deriveBy(base::Context &ctx, const Estimate &e, double slope, const F &f) {
  const double value = f(e.value), s = e.standardError;
  double remainder = 0;
  for (double step : {-s, s}) {
    const double off = std::fabs(f(e.value + step) - value - slope * step);
    if (std::isfinite(off))
      remainder = std::max(remainder, off);
  }
  return derive(ctx, value, {{&e, slope}}, remainder);
}

/// Sources of one record with what is known of how they move together, as one.
static Estimate::Term joined(const Estimate::Term &a, const Estimate::Term &b) {
  auto range = [](const Estimate::Term &t) {
    const double low = t.coefficient * (t.sample ? t.sample->low : t.shift),
                 high = t.coefficient * (t.sample ? t.sample->high : 1 + t.shift);
    return std::pair(std::min(low, high), std::max(low, high));
  };
  auto both = std::make_shared<Estimate::Reading>(a.reading->counts, a.reading->values);
  for (size_t i = 0; i < both->values.size(); ++i)
    both->values[i] = a.coefficient * a.reading->values[i] + b.coefficient * b.reading->values[i];
  base::Hasher stream("joined");
  stream.add(a.stream).add(a.coefficient).add(b.stream).add(b.coefficient);
  const auto [lowA, highA] = range(a);
  const auto [lowB, highB] = range(b);
  Estimate::Term term{1, 0, a.shots, stream.value()};
  term.sample = MeanSample{.mean = a.coefficient * a.mean() + b.coefficient * b.mean(),
                           .variance = both->variance(),
                           .low = lowA + lowB,
                           .high = highA + highB,
                           .shots = a.shots,
                           .stream = term.stream,
                           .record = a.record()};
  term.reading = std::move(both);
  return term;
}

/// Joins what can be.
static void join(std::vector<Estimate::Term> &terms) {
  std::unordered_map<const void *, size_t> places; // by the counts of a record
  std::vector<Estimate::Term> kept;
  for (Estimate::Term &term : terms) {
    if (!term.reading) {
      kept.push_back(std::move(term));
      continue;
    }
    auto [place, isNew] = places.try_emplace(term.reading->counts.get(), kept.size());
    if (isNew)
      kept.push_back(std::move(term));
    else
      kept[place->second] = joined(kept[place->second], term);
  }
  terms = std::move(kept);
}

/// Terms of one circuit are merged; when two uses of it saw different numbers of shots, the larger
/// sample speaks for both.
Estimate *linearised(base::Context &ctx, double value,
                     std::span<const std::pair<const Estimate *, double>> slopes) {
  std::vector<Estimate::Term> terms;
  std::unordered_map<uint64_t, size_t> places; // by stream: there may be thousands
  Estimate::Claim claim{1, 1, 1, Method::Sequential};
  for (const auto &[source, slope] : slopes) {
    if (!source->terms.empty()) {
      claim.looks = std::max(claim.looks, source->claim.looks);
      claim.joint = std::max(claim.joint, source->claim.joint);
      claim.confidence = std::min(claim.confidence, source->claim.confidence);
      if (source->approximate())
        claim.method = Method::Wilson;
    }
    auto own = source->terms;
    if (auto term = bracketTerm(*source))
      own.push_back(std::move(*term));
    for (Estimate::Term &term : own) {
      term.coefficient *= slope;
      auto [place, isNew] = places.try_emplace(term.stream, terms.size());
      if (isNew) {
        terms.push_back(term);
        continue;
      }
      Estimate::Term &same = terms[place->second];
      same.coefficient += term.coefficient;
      if (term.shots > same.shots) {
        same.shots = term.shots;
        same.successes = term.successes;
        same.sample = term.sample;
        same.shift = term.shift;
        same.extraVariance = term.extraVariance;
        same.reading = term.reading;
        same.source = term.source;
      }
    }
  }
  std::erase_if(terms, [](const Estimate::Term &term) { return term.coefficient == 0; });
  join(terms);
  double offset = value;
  for (const Estimate::Term &term : terms)
    offset -= term.coefficient * term.mean();
  if (claim.confidence == 1)
    claim.confidence = 0.95; // nothing was measured
  return ctx.make<Estimate>(offset, std::move(terms), claim, Estimate::Form::FirstOrder);
}

Estimate *number(base::Context &ctx, double value) {
  return ctx.make<Estimate>(value, std::vector<Estimate::Term>(), Estimate::Claim());
}

/// A bracket that was stretched and moved.
class Moved final : public Source {
public:
  Moved(std::shared_ptr<const Source> source, double factor, double offset)
      : source_(std::move(source)), factor_(factor), offset_(offset) {
    mean = factor * source_->mean + offset;
    standardError = std::fabs(factor) * source_->standardError;
  }
  Interval interval(Method method, double error) const override {
    const Interval inner = source_->interval(method, error);
    const double a = factor_ * inner.low + offset_, b = factor_ * inner.high + offset_;
    return {std::min(a, b), std::max(a, b)};
  }

private:
  const std::shared_ptr<const Source> source_;
  const double factor_, offset_;
};

Estimate *affine(base::Context &ctx, const Estimate &e, double factor, double offset) {
  std::vector<Estimate::Term> terms = e.terms;
  for (Estimate::Term &term : terms)
    term.coefficient *= factor;
  if (factor == 0)
    terms.clear();
  if (e.bracket && factor != 0)
    return ctx.make<Estimate>(factor * e.offset + offset, std::move(terms), e.claim,
                              std::make_shared<Moved>(e.bracket, factor, offset));
  return ctx.make<Estimate>(factor * e.offset + offset, std::move(terms), e.claim,
                            factor == 0 ? Estimate::Form::Sources : e.form);
}

Estimate *sum(base::Context &ctx, const Estimate &a, const Estimate &b, double factor) {
  if (b.terms.empty())
    return affine(ctx, a, 1, factor * b.value);
  if (a.terms.empty())
    return affine(ctx, b, factor, a.value);
  return derive(ctx, a.value + factor * b.value, {{&a, 1}, {&b, factor}});
}

Estimate *product(base::Context &ctx, const Estimate &a, const Estimate &b) {
  if (b.terms.empty())
    return affine(ctx, a, b.value, 0);
  if (a.terms.empty())
    return affine(ctx, b, a.value, 0);
  return derive(ctx, a.value * b.value, {{&a, b.value}, {&b, a.value}},
                a.standardError * b.standardError);
}

Estimate *quotient(base::Context &ctx, qdo_site site, const Estimate &a, const Estimate &b) {
  if (b.value == 0) {
    ctx.fail(site, Kind::DivisionByZero);
    return nullptr;
  }
  if (b.terms.empty())
    return affine(ctx, a, 1 / b.value, 0);
  const double ratio = a.value / b.value, relative = b.standardError / std::fabs(b.value);
  return derive(ctx, ratio, {{&a, 1 / b.value}, {&b, -ratio / b.value}},
                relative * (a.standardError / std::fabs(b.value) + std::fabs(ratio) * relative));
}

Estimate *power(base::Context &ctx, qdo_site site, const Estimate &e, double exponent) {
  const double value = std::pow(e.value, exponent);
  const double slope = exponent == 0   ? 0
                       : exponent == 1 ? 1
                                       : exponent * std::pow(e.value, exponent - 1);
  if (std::isfinite(value) && std::isfinite(slope))
    return deriveBy(ctx, e, slope, [&](double x) { return std::pow(x, exponent); });
  ctx.fail(site, Kind::BadValue,
           fmt::format("the estimate {:.4g} to the power {}", e.value, exponent), "no real number",
           "one");
  return nullptr;
}

Estimate *apply(base::Context &ctx, qdo_site site, const Estimate &e, Function f) {
  const double v = e.value;
  switch (f) {
  case Function::Abs:
    // Not the mapped interval of counts: one that reaches further beyond 0 than it does on the
    // value's side would miss sizes that it holds. Near 0 sizes are too large by up to 0.8 standard
    // errors on average, which sums of them add up.
    return derive(ctx, std::fabs(v), {{&e, v < 0 ? -1.0 : 1.0}},
                  0.25 * e.standardError *
                      std::exp(-v * v / (2 * e.standardError * e.standardError)));
  case Function::Sqrt: {
    const double low = std::max(v - e.standardError, 0.0),
                 high = std::max(v + e.standardError, 0.0);
    const auto root = [](double x) { return std::sqrt(std::max(x, 0.0)); };
    if (v > e.standardError && v > 0)
      return deriveBy(ctx, e, 1 / (2 * std::sqrt(v)), root);
    // Near 0 the slope grows without bound: what one standard error does is what counts.
    const double slope = high > low ? (std::sqrt(high) - std::sqrt(low)) / (high - low) : 0;
    return deriveBy(ctx, e, slope, root);
  }
  case Function::Sin:
    return deriveBy(ctx, e, std::cos(v), [](double x) { return std::sin(x); });
  case Function::Cos:
    return deriveBy(ctx, e, -std::sin(v), [](double x) { return std::cos(x); });
  case Function::Tan:
    return deriveBy(ctx, e, 1 + std::tan(v) * std::tan(v), [](double x) { return std::tan(x); });
  case Function::Exp:
    return deriveBy(ctx, e, std::exp(v), [](double x) { return std::exp(x); });
  case Function::Asin:
    return deriveBy(ctx, e, 1 / std::sqrt(1 - v * v), [](double x) { return std::asin(x); });
  case Function::Acos:
    return deriveBy(ctx, e, -1 / std::sqrt(1 - v * v), [](double x) { return std::acos(x); });
  case Function::Atan:
    return deriveBy(ctx, e, 1 / (1 + v * v), [](double x) { return std::atan(x); });
  case Function::Log:
    break;
  }
  if (v > 0)
    return deriveBy(ctx, e, 1 / v, [](double x) { return std::log(x); });
  ctx.fail(site, Kind::BadValue, "what `log` is taken of", fmt::format("{:.4g}", v), "above 0");
  return nullptr;
}

} // namespace qdo::estimate
