// SPDX-License-Identifier: Apache-2.0
// Arithmetic with estimates: first-order error propagation that tracks shared sources, and what
// first order forgets (decision 0055).
// In: estimates and numbers. Out: estimates whose terms are the circuits they depend on.
// Why: an estimate keeps its dependence on each circuit, so `e - e` is exactly 0 and correlated
// errors add as they should.
#pragma once

#include "runtime/base/context.h"
#include "runtime/estimate/estimate.h"

#include <span>
#include <utility>

namespace qdo::estimate {

/// In the order of SmoothFunctions in compiler/lower/library.cpp; generated code passes the number.
/// The last three are for what is differentiated under `exact`.
enum class Function : int64_t { Abs, Sqrt, Sin, Cos, Tan, Exp, Log, Asin, Acos, Atan };

/// A number that is known exactly.
Estimate *number(base::Context &ctx, double value);
/// factor * e + offset: keeps the kind of interval that e has.
Estimate *affine(base::Context &ctx, const Estimate &e, double factor, double offset);
/// An estimate of `value` that moves with each estimate by its slope: for functions of many.
Estimate *linearised(base::Context &ctx, double value,
                     std::span<const std::pair<const Estimate *, double>> slopes);
/// a + factor * b.
Estimate *sum(base::Context &ctx, const Estimate &a, const Estimate &b, double factor);
Estimate *product(base::Context &ctx, const Estimate &a, const Estimate &b);
/// Fails with DivisionByZero when b's value is 0.
Estimate *quotient(base::Context &ctx, qdo_site site, const Estimate &a, const Estimate &b);
/// e^exponent. Fails with BadValue where that is no real number.
Estimate *power(base::Context &ctx, qdo_site site, const Estimate &e, double exponent);
/// f(e). The root of a value that noise made negative is 0; the logarithm of one is BadValue.
Estimate *apply(base::Context &ctx, qdo_site site, const Estimate &e, Function f);

} // namespace qdo::estimate
