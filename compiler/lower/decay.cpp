// SPDX-License-Identifier: Apache-2.0
// `decay(p, of: Z[0], idle: 0us to 200us step 10us)`: which points, what they cost, what it gives.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/keeping.h"

#include <fmt/format.h>

#include <cmath>

namespace qdo::lower {

using sema::TypeKind;

static constexpr double mostPoints = 10'000;

[[noreturn]] static void wrong(const Emitter &emit, base::Span span, std::string_view clause,
                               std::string_view why, std::string help) {
  emit.diagnostics.report(diag::Kind::BadClause, span, clause, why).help(std::move(help));
  throw Abandon{};
}

/// The points of `low to high step c`, both ends included.
static std::vector<double> pointsOf(const Emitter &emit, const Value &idle, base::Span span) {
  auto bad = [&](std::string_view why) {
    wrong(emit, span, "idle", why, "`idle: 0us to 200us step 10us` waits 0us, 10us, .. 200us");
  };
  if (idle.kind != ValueKind::Interval || idle.elements.size() < 3)
    bad("needs the step from one wait to the next");
  for (const Value &bound : idle.elements) {
    if (bound.kind != ValueKind::Duration)
      bad("holds durations, these are plain numbers");
    if (!bound.isConstant())
      emit.notYet("waiting for times that are known only while the program runs");
  }
  const double low = idle.elements[0].real, high = idle.elements[1].real;
  const double step = idle.elements[2].real;
  if (!(low >= 0 && high >= low && step > 0))
    bad("goes from the shorter to the longer time, in steps of more than 0s");
  // A last point that only rounding keeps out is in.
  const double count = std::floor((high - low) / step * (1 + 1e-12) + 1e-9) + 1;
  if (count > mostPoints)
    bad("has more than 10,000 points");
  std::vector<double> points;
  for (int64_t k = 0; k < static_cast<int64_t>(count); ++k)
    points.push_back(low + static_cast<double>(k) * step);
  return points;
}

/// Whether it is T1 that `of` shows.
static bool relaxes(const Emitter &emit, const Value &of, base::Span span) {
  if (of.terms.size() != 1 || of.terms[0].factors.empty())
    wrong(emit, span, "of",
          of.terms.size() > 1 ? "is one product of Paulis, this is a sum"
                              : "is a product of Paulis, this is a number",
          "`of: Z[0]` gives T1, `of: X[0]` gives T2");
  bool onlyZ = true;
  for (const auto &[qubit, pauli] : of.terms[0].factors)
    onlyZ = onlyZ && pauli == 'Z';
  return onlyZ;
}

Value decay(const Emitter &emit, const std::vector<Value> &args, base::Span span) {
  const Value &recipe = args[0], &of = args[1], &echo = args[3];
  const bool relaxation = relaxes(emit, of, span);
  if (!echo.isConstant())
    emit.notYet("an echo that is known only while the program runs");
  if (echo.boolean && relaxation)
    wrong(emit, span, "echo", "is of X or Y: for Z a pulse only swaps 0 and 1",
          "leave `echo` out, or measure `X[0]` for an echo's T2");
  const std::vector<double> points = pointsOf(emit, args[2], span);
  mlir::Value pauli = emit.observable(of, recipe.integer);
  std::string key = fmt::format("decay {} {}", recipe.text, echo.boolean);
  for (const auto &[qubit, letter] : of.terms[0].factors)
    key += fmt::format(" {}{}", letter, qubit);
  std::vector<Value> seconds;
  for (double t : points) {
    // Curves share points, and without a wait it is the recipe itself, which others may measure.
    emit.charge(t == 0 ? key + " ?" : fmt::format("{} {}", key, t), 1);
    seconds.push_back(Value::ofReal(t));
  }
  mlir::Value curve =
      emit.rt("decay", {recipe.ssa, pauli, emit.ssa(Value::ofArray(seconds)), emit.ssa(echo)});

  const sema::TypeRef point = sema::tupleOf(
      {{"idle", sema::simple(TypeKind::Duration)}, {"value", sema::simple(TypeKind::Estimate)}});
  std::vector<Value> measured;
  for (size_t k = 0; k < points.size(); ++k) {
    Value one;
    one.kind = ValueKind::Tuple;
    one.type = point;
    one.elements = {
        Value::ofDuration(points[k]),
        Value::handle(emit.rt("decay_value", {curve, emit.whole(static_cast<int64_t>(k))}),
                      sema::simple(TypeKind::Estimate))};
    measured.push_back(std::move(one));
  }
  // Only its being a record counts; the checker knows the fields.
  Value fit = Value::handle(curve, sema::tupleOf({}));
  fit.text = relaxation ? "t1" : "t2";
  Value result;
  result.kind = ValueKind::Tuple;
  result.type = sema::tupleOf({{"points", nullptr}, {"fit", fit.type}});
  result.elements = {Value::ofArray(std::move(measured)), std::move(fit)};
  return result;
}

Value coherenceMember(const Emitter &emit, const Value &fit, const std::string &name,
                      base::Span span) {
  static constexpr std::string_view parts[] = {"value", "stderr", "low", "high"};
  for (int64_t part = 0; part < 4; ++part)
    if (name == parts[part])
      return Value::ofSsa(fit.text == "error" ? ValueKind::Real : ValueKind::Duration,
                          emit.rt("decay_number", {fit.ssa, emit.whole(part)}));
  if (name == "status" || name == "reason")
    return Value::ofSsa(ValueKind::String, emit.rt("decay_" + name, {fit.ssa}));
  if (name == "p_value")
    return Value::ofSsa(ValueKind::Real, emit.rt("decay_p_value", {fit.ssa}));
  if (name != fit.text) {
    const bool t1 = fit.text == "t1"; // the checker knows that benchmarks have one number
    emit.diagnostics
        .report(diag::Kind::UnknownMember, span, t1 ? "the decay of Z" : "the decay of X or Y",
                name)
        .help(t1 ? "Z relaxes and has `.t1`; measure `of: X[0]` for T2"
                 : "X and Y dephase and have `.t2`; measure `of: Z[0]` for T1");
    throw Abandon{};
  }
  return fit; // the time of a curve is the curve
}

} // namespace qdo::lower
