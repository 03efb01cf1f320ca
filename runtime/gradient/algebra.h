// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a record on plain numbers and on estimates.
// Why: a gradient is the same sum of products under `exact` and under shots; with estimates the
// errors go along.
#pragma once

#include "runtime/gradient/tape.h"

#include <cmath>

namespace qdo::gradient {

template <class Number> struct Algebra;

template <> struct Algebra<double> {
  base::Context &ctx;
  qdo_site site;

  static double of(const Node &node) { return node.number; }
  static void set(Node &node, double value) { node.number = value; }
  static bool isZero(double value) { return value == 0; }
  double number(double value) const { return value; }
  double affine(double e, double factor, double offset) const { return factor * e + offset; }
  double sum(double a, double b, double factor) const { return a + factor * b; }
  double product(double a, double b) const { return a * b; }
  double quotient(double a, double b) const { return a / b; }
  double power(double e, double exponent) const { return std::pow(e, exponent); }
  static double plain(double e) { return e; }
  double apply(double v, estimate::Function f) const {
    using enum estimate::Function;
    switch (f) {
    case Abs:
      return std::fabs(v);
    case Sqrt:
      return std::sqrt(v);
    case Sin:
      return std::sin(v);
    case Cos:
      return std::cos(v);
    case Tan:
      return std::tan(v);
    case Exp:
      return std::exp(v);
    case Log:
      return std::log(v);
    case Asin:
      return std::asin(v);
    case Acos:
      return std::acos(v);
    case Atan:
      return std::atan(v);
    }
    return v;
  }
};

/// Null is an exact zero.
template <> struct Algebra<const estimate::Estimate *> {
  using E = const estimate::Estimate *;
  base::Context &ctx;
  qdo_site site;

  static E of(const Node &node) { return node.estimate; }
  static void set(Node &node, E value) {
    node.estimate = value;
    node.number = value ? value->value : 0;
  }
  static bool isZero(E value) { return !value || (value->terms.empty() && value->value == 0); }
  static double plain(E e) { return e ? e->value : 0; }
  E number(double value) const { return estimate::number(ctx, value); }
  E affine(E e, double factor, double offset) const {
    return e ? estimate::affine(ctx, *e, factor, offset) : number(offset);
  }
  E sum(E a, E b, double factor) const {
    if (!b)
      return a;
    return a ? estimate::sum(ctx, *a, *b, factor) : affine(b, factor, 0);
  }
  E product(E a, E b) const { return a && b ? estimate::product(ctx, *a, *b) : nullptr; }
  E quotient(E a, E b) const {
    if (!a)
      a = number(0);
    return estimate::quotient(ctx, site, *a, b ? *b : *number(0));
  }
  E power(E e, double exponent) const {
    return estimate::power(ctx, site, e ? *e : *number(0), exponent);
  }
  E apply(E e, estimate::Function f) const {
    return estimate::apply(ctx, site, e ? *e : *number(0), f);
  }
};

/// The slope of a function where its argument and its value are known.
template <class Number>
Number slopeOf(const Algebra<Number> &a, estimate::Function f, Number argument, Number value) {
  using enum estimate::Function;
  const Number one = a.number(1);
  switch (f) {
  case Abs:
    return a.number(Algebra<Number>::plain(argument) < 0 ? -1 : 1);
  case Sqrt:
    return a.quotient(a.number(0.5), value);
  case Sin:
    return a.apply(argument, Cos);
  case Cos:
    return a.affine(a.apply(argument, Sin), -1, 0);
  case Tan:
    return a.affine(a.product(value, value), 1, 1);
  case Exp:
    return value;
  case Log:
    return a.quotient(one, argument);
  case Asin:
    return a.power(a.affine(a.product(argument, argument), -1, 1), -0.5);
  case Acos:
    return a.affine(a.power(a.affine(a.product(argument, argument), -1, 1), -0.5), -1, 0);
  case Atan:
    return a.quotient(one, a.affine(a.product(argument, argument), 1, 1));
  }
  return one;
}

} // namespace qdo::gradient
