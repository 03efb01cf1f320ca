// SPDX-License-Identifier: Apache-2.0
// Linear combinations of circuits, and everything else linearised at its value.
#include "runtime/estimate/arithmetic.h"

#include "runtime/base/hash.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace qdo::estimate {

using base::Kind;

static Estimate *derive(base::Context &ctx, double value,
                        std::initializer_list<std::pair<const Estimate *, double>> slopes) {
  return linearised(ctx, value, {slopes.begin(), slopes.size()});
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
    }
    for (Estimate::Term term : source->terms) {
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
  return derive(ctx, a.value * b.value, {{&a, b.value}, {&b, a.value}});
}

Estimate *quotient(base::Context &ctx, qdo_site site, const Estimate &a, const Estimate &b) {
  if (b.value == 0) {
    ctx.fail(site, Kind::DivisionByZero);
    return nullptr;
  }
  if (b.terms.empty())
    return affine(ctx, a, 1 / b.value, 0);
  return derive(ctx, a.value / b.value, {{&a, 1 / b.value}, {&b, -a.value / (b.value * b.value)}});
}

Estimate *power(base::Context &ctx, qdo_site site, const Estimate &e, double exponent) {
  const double value = std::pow(e.value, exponent);
  const double slope = exponent == 0   ? 0
                       : exponent == 1 ? 1
                                       : exponent * std::pow(e.value, exponent - 1);
  if (std::isfinite(value) && std::isfinite(slope))
    return derive(ctx, value, {{&e, slope}});
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
    // value's side would miss sizes that it holds.
    return derive(ctx, std::fabs(v), {{&e, v < 0 ? -1.0 : 1.0}});
  case Function::Sqrt: {
    const double low = std::max(v - e.standardError, 0.0),
                 high = std::max(v + e.standardError, 0.0);
    if (v > e.standardError && v > 0)
      return derive(ctx, std::sqrt(v), {{&e, 1 / (2 * std::sqrt(v))}});
    // Near 0 the slope grows without bound: what one standard error does is what counts.
    const double slope = high > low ? (std::sqrt(high) - std::sqrt(low)) / (high - low) : 0;
    return derive(ctx, std::sqrt(std::max(v, 0.0)), {{&e, slope}});
  }
  case Function::Sin:
    return derive(ctx, std::sin(v), {{&e, std::cos(v)}});
  case Function::Cos:
    return derive(ctx, std::cos(v), {{&e, -std::sin(v)}});
  case Function::Tan:
    return derive(ctx, std::tan(v), {{&e, 1 + std::tan(v) * std::tan(v)}});
  case Function::Exp:
    return derive(ctx, std::exp(v), {{&e, std::exp(v)}});
  case Function::Asin:
    return derive(ctx, std::asin(v), {{&e, 1 / std::sqrt(1 - v * v)}});
  case Function::Acos:
    return derive(ctx, std::acos(v), {{&e, -1 / std::sqrt(1 - v * v)}});
  case Function::Atan:
    return derive(ctx, std::atan(v), {{&e, 1 / (1 + v * v)}});
  case Function::Log:
    break;
  }
  if (v > 0)
    return derive(ctx, std::log(v), {{&e, 1 / v}});
  ctx.fail(site, Kind::BadValue, "what `log` is taken of", fmt::format("{:.4g}", v), "above 0");
  return nullptr;
}

} // namespace qdo::estimate
