// SPDX-License-Identifier: Apache-2.0
// Built-in functions of arrays.
// Why two ways: known elements are worked on one by one and fold; others by a loop of the program
// or one runtime call.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

static sema::TypeRef reals(std::vector<sema::Size> sizes) {
  return sema::arrayOf(sema::simple(sema::TypeKind::Real), std::move(sizes));
}

static sema::Size sizeOf(const Value &v) {
  return v.isConstant() ? sema::Size::constant(v.integer) : sema::Size::unknown();
}

static void flattenElements(const Value &v, std::vector<Value> &out) {
  if (v.kind != ValueKind::Array)
    return out.push_back(v);
  for (const Value &e : v.elements)
    flattenElements(e, out);
}

/// What a runtime list, or one of lists, holds, if that is estimates. By what it holds, since the
/// type of what an open dataset went into is not known.
static const Value *measuredElement(const Value &list) {
  if (list.kind != ValueKind::List)
    return nullptr;
  const Value &first = list.elements[0];
  const Value &held = first.kind == ValueKind::List ? first.elements[0] : first;
  return isEstimate(held) && !held.traced ? &held : nullptr;
}

/// Of known elements that are estimates and numbers, all at once; nullopt of others.
std::optional<Value> Elaborator::extremeOfKnown(const Value &array, bool largest, base::Span span) {
  mlir::Location at = loc(span);
  std::vector<Value> flat;
  flattenElements(array, flat);
  const bool measured = std::any_of(flat.begin(), flat.end(), isEstimate);
  if (!measured || !std::all_of(flat.begin(), flat.end(), [](const Value &v) {
        return !v.traced &&
               (isEstimate(v) || v.kind == ValueKind::Int || v.kind == ValueKind::Real);
      }))
    return std::nullopt;
  const sema::TypeRef estimate = sema::simple(sema::TypeKind::Estimate);
  for (Value &v : flat)
    v = Value::handle(recordSsa(v, at), estimate);
  const Value list = listOf(Value::ofArray(std::move(flat)), span);
  return Value::handle(
      rt("list_extreme", {list.ssa, constant(false, at), constant(largest, at)}, at), estimate);
}

std::optional<Value>
Elaborator::reduce(const Value &array, base::Span span, const Value *start,
                   const std::function<Value(const Value &, const Value &)> &combine) {
  mlir::Location at = loc(span);
  if (array.kind == ValueKind::Array) {
    std::vector<Value> flat;
    flattenElements(array, flat);
    if (std::any_of(flat.begin(), flat.end(), isArray)) { // rows that only the run knows
      std::optional<Value> all;
      for (const Value &row : flat)
        if (auto one = isArray(row) ? reduce(row, span, start, combine) : row)
          all = all ? combine(*all, *one) : *one;
      return all;
    }
    if (flat.empty())
      return std::nullopt;
    Value all = flat[0];
    for (size_t i = 1; i < flat.size(); ++i)
      all = combine(all, flat[i]);
    return all;
  }
  // A loop of the program that carries what it has so far.
  const sema::SymbolId carried = hiddenVariable();
  Value first = start ? *start : elementAt(array, Value::ofInt(0), span);
  const mlir::Value lower = constant(int64_t{start ? 0 : 1}, at);
  frame().vars[carried] = first;
  counted(lower, ssa(length(array, at), at), span, {carried}, [&](mlir::Value i) {
    const Value before = frame().vars.at(carried); // loops inside replace the variables
    Value all = combine(before, elementAt(array, Value::ofSsa(ValueKind::Int, i), span));
    frame().vars[carried] = std::move(all);
    return Flow{};
  });
  Value all = frame().vars.at(carried);
  frame().vars.erase(carried);
  return all;
}

/// Arrays side by side: tuples of their elements, before them the number of the place.
Value Elaborator::zip(const std::vector<Value> &arrays, bool numbered, base::Span span) {
  mlir::Location at = loc(span);
  auto together = [&](const Value &i, auto element) {
    Value tuple;
    tuple.kind = ValueKind::Tuple;
    if (numbered)
      tuple.elements.push_back(i);
    for (const Value &array : arrays)
      tuple.elements.push_back(element(array));
    return tuple;
  };
  bool known = true;
  for (const Value &array : arrays)
    known &= count(array).has_value();
  if (known) {
    const int64_t size = *count(arrays[0]);
    for (const Value &array : arrays)
      if (*count(array) != size) {
        diagnostics.report(diag::Kind::SizeMismatch, span, "an argument of `zip`",
                           fmt::format("an array of {}", *count(array)),
                           fmt::format("one of {}", size));
        throw Abandon{};
      }
    std::vector<Value> elements;
    for (int64_t i = 0; i < size; ++i)
      elements.push_back(
          together(Value::ofInt(i), [&](const Value &array) { return iterate(array, i); }));
    return Value::ofArray(std::move(elements));
  }
  std::vector<Value> sources;
  for (const Value &array : arrays)
    sources.push_back(array.kind == ValueKind::Array ? listOf(array, span) : array);
  Value size = length(sources[0], at);
  for (size_t i = 1; i < sources.size(); ++i)
    rt("array_same_size", {ssa(size, at), ssa(length(sources[i], at), at)}, at);
  size_t next = 0;
  return collect(size, span, [&](const Value &i) -> std::optional<Value> {
    next = 0;
    return together(i, [&](const Value &) { return elementAt(sources[next++], i, span); });
  });
}

/// nullopt: `name` is no function of arrays, or its argument is none.
std::optional<Value> Elaborator::ofArrays(const std::string &name, const std::vector<Value> &args,
                                          const CallExpr &c) {
  mlir::Location at = loc(c.span);
  const base::Span span = c.span;
  const Value &first = args[0];
  auto array = [&](const Value &v) { // a range is an array of whole numbers
    if (v.kind != ValueKind::Interval)
      return v;
    if (auto n = count(v)) {
      std::vector<Value> elements;
      for (int64_t i = 0; i < *n; ++i)
        elements.push_back(iterate(v, i));
      return Value::ofArray(std::move(elements));
    }
    return collect(length(v, at), span,
                   [&](const Value &i) -> std::optional<Value> { return elementAt(v, i, span); });
  };
  auto isReals = [](const Value &v) { return v.kind == ValueKind::Handle; };
  if (name == "zip" || name == "enumerate") {
    std::vector<Value> arrays;
    for (const Value &v : args)
      arrays.push_back(array(v));
    return zip(arrays, name == "enumerate", span);
  }
  if (name == "map") {
    const Value xs = array(args[1]);
    if (xs.kind == ValueKind::Array) {
      std::vector<Value> elements;
      for (const Value &x : xs.elements)
        elements.push_back(apply(first, {x}, span));
      return Value::ofArray(std::move(elements));
    }
    return collect(length(xs, at), span, [&](const Value &i) -> std::optional<Value> {
      return coerceElement(apply(first, {elementAt(xs, i, span)}, span), typeOf(c), at);
    });
  }
  if (name == "filter") {
    Value xs = array(args[1]);
    if (xs.kind == ValueKind::Array) {
      std::vector<Value> kept;
      bool known = true;
      for (const Value &x : xs.elements) {
        const Value keep = apply(first, {x}, span);
        known &= keep.isConstant();
        if (known && keep.boolean)
          kept.push_back(x);
      }
      if (known)
        return Value::ofArray(std::move(kept));
      xs = listOf(xs, span);
    }
    mlir::Value list = rt("list_new", {}, at);
    std::optional<Value> shape;
    counted(constant(int64_t{0}, at), ssa(length(xs, at), at), span, {}, [&](mlir::Value i) {
      const Value x = elementAt(xs, Value::ofSsa(ValueKind::Int, i), span);
      shape = x;
      branch(
          ssa(apply(first, {x}, span), at), span,
          [&] {
            append(list, x, span);
            return Flow{};
          },
          [] { return Flow{}; });
      return Flow{};
    });
    return finished(list, *shape, Value::ofSsa(ValueKind::Int, list), at);
  }
  if (name == "linspace") {
    if (args[0].isConstant() && args[1].isConstant() && args[2].isConstant() &&
        args[2].integer <= 4096) {
      const double from = toReal(args[0], at).real, to = toReal(args[1], at).real;
      const int64_t n = args[2].integer;
      if (n < 1) {
        diagnostics.report(diag::Kind::BadValue, c.args[2].value->span, "the number of points",
                           std::to_string(n), "1 or more");
        throw Abandon{};
      }
      std::vector<Value> points;
      for (int64_t i = 0; i < n; ++i)
        points.push_back(Value::ofReal(n == 1 ? from
                                              : from + (to - from) * static_cast<double>(i) /
                                                           static_cast<double>(n - 1)));
      return Value::ofArray(std::move(points));
    }
    if ((isTraced(args[0]) || isTraced(args[1])) && args[2].isConstant() && args[2].integer >= 1 &&
        args[2].integer <= 4096) {
      const int64_t n = args[2].integer;
      const Value apart = arithmetic(BinaryOp::Sub, args[1], args[0], span);
      std::vector<Value> points;
      for (int64_t i = 0; i < n; ++i) {
        const double share = n == 1 ? 0 : static_cast<double>(i) / static_cast<double>(n - 1);
        points.push_back(arithmetic(BinaryOp::Add, args[0],
                                    arithmetic(BinaryOp::Mul, apart, Value::ofReal(share), span),
                                    span));
      }
      return Value::ofArray(std::move(points));
    }
    return Value::handle(
        rt("array_linspace", {realSsa(args[0], at), realSsa(args[1], at), ssa(args[2], at)}, at),
        reals({sizeOf(args[2])}));
  }
  if (name == "zeros" || name.starts_with("random_")) {
    std::vector<sema::Size> sizes;
    std::vector<mlir::Value> numbers;
    mlir::Value scale = constant(1.0, at);
    for (size_t i = 0; i < args.size(); ++i) {
      if (c.args[i].name) {
        scale = realSsa(args[i], at);
        continue;
      }
      if (args[i].isConstant() && (args[i].integer < 0 || args[i].integer > 100'000'000)) {
        diagnostics.report(diag::Kind::BadValue, c.args[i].value->span, "a size",
                           std::to_string(args[i].integer), "from 0 to 100,000,000");
        throw Abandon{};
      }
      sizes.push_back(sizeOf(args[i]));
      numbers.push_back(ssa(args[i], at));
    }
    if (numbers.size() == 1)
      numbers.push_back(constant(int64_t{0}, at));
    if (name == "zeros")
      return Value::handle(rt("array_zeros", numbers, at), reals(sizes));
    numbers.push_back(scale);
    return Value::handle(rt("array_" + name, numbers, at), reals(sizes));
  }
  if (!isArray(first) && first.kind != ValueKind::Interval)
    return std::nullopt;
  const Value xs = array(first);
  if (name == "sum" || name == "mean" || name == "min" || name == "max") {
    if (isReals(xs)) {
      const Value found = Value::ofSsa(ValueKind::Real, rt("array_" + name, {xs.ssa}, at));
      return name == "min" || name == "max" ? found : finiteOfArrays(found, name.c_str(), span);
    }
    if (name == "min" || name == "max") {
      if (xs.kind == ValueKind::Array)
        if (auto best = extremeOfKnown(xs, name == "max", span))
          return *best;
      if (const Value *held = measuredElement(xs))
        return Value::handle(
            rt("list_extreme",
               {xs.ssa, constant(held != &xs.elements[0], at), constant(name == "max", at)}, at),
            held->type);
      auto best = reduce(xs, span, nullptr, [&](const Value &x, const Value &y) {
        return leastOrMost(name == "min", x, y, span);
      });
      if (best)
        return *best;
    } else if (auto total = sum(xs, typeOf(c), span)) {
      if (name == "sum")
        return *total;
      std::vector<Value> flat;
      if (xs.kind == ValueKind::Array)
        flattenElements(xs, flat);
      const Value size = xs.kind == ValueKind::Array
                             ? Value::ofInt(static_cast<int64_t>(flat.size()))
                             : numberOf(xs, at);
      return arithmetic(BinaryOp::Div, *total, toReal(size, at), span);
    } else if (name == "sum") {
      return coerce(Value::ofInt(0), typeOf(c), at);
    }
    diagnostics.report(diag::Kind::BadValue, span, "the array", "empty", "not empty");
    throw Abandon{};
  }
  if (name == "any" || name == "all") {
    const Value start = Value::ofSsa(ValueKind::Bool, constant(name == "all", at));
    auto result = reduce(xs, span, &start, [&](const Value &x, const Value &y) {
      if (name == "all")
        return both(x, y, at);
      return inverted(both(inverted(x, at), inverted(y, at), at), at);
    });
    return result.value_or(Value::ofBool(name == "all"));
  }
  if (name == "norm" && !payer().exact)
    if (const Value *held = measuredElement(xs))
      return Value::handle(rt("list_norm", {xs.ssa, constant(held != &xs.elements[0], at)}, at),
                           held->type);
  if (name == "dot" || name == "norm") {
    const Value ys = name == "norm" ? xs : array(args[1]);
    Value product;
    if (isReals(xs) && isReals(ys)) {
      product = Value::ofSsa(ValueKind::Real, rt("array_dot", {xs.ssa, ys.ssa}, at));
      product = finiteOfArrays(product, "dot", span);
    } else {
      auto times = [&](const Value &pair) {
        const Value &x = pair.elements[0], &y = pair.elements[1];
        if (name == "dot" || x.kind != ValueKind::Complex)
          return arithmetic(BinaryOp::Mul, x, y, span);
        return complexArithmetic(BinaryOp::Mul, x, ofNumber("conj", x, span), span).elements[0];
      };
      const Value pairs = zip({flattened(xs, span), flattened(ys, span)}, false, span);
      Value products;
      if (pairs.kind == ValueKind::Array) {
        products = Value::ofArray({});
        for (const Value &pair : pairs.elements)
          products.elements.push_back(times(pair));
      } else {
        products = collect(length(pairs, at), span, [&](const Value &i) -> std::optional<Value> {
          return times(elementAt(pairs, i, span));
        });
      }
      product = sum(products, typeOf(c), span).value_or(Value::ofReal(0));
    }
    return name == "norm" ? ofNumber("sqrt", product, span) : product;
  }
  if (name == "flatten")
    return flattened(xs, span);
  if (name == "argmax" || name == "argmin") {
    refuseTraced(xs, span, "`" + name + "`",
                 "which one it is does not change smoothly; how large it is does: `max`, `min`");
    if (xs.kind == ValueKind::List)
      notYet(span, "`" + name + "` of an array of whole numbers known only while the program runs");
    return Value::ofSsa(ValueKind::Int, rt("array_" + name, {ssa(xs, at)}, at));
  }
  return std::nullopt;
}

Value Elaborator::flattened(const Value &array, base::Span span) {
  if (array.kind == ValueKind::Array) {
    std::vector<Value> flat;
    flattenElements(array, flat);
    return Value::ofArray(std::move(flat));
  }
  if (array.kind != ValueKind::Handle || array.type->sizes.size() == 1)
    return array;
  const auto rows = evaluate(array.type->sizes[0]), columns = evaluate(array.type->sizes[1]);
  return Value::handle(
      rt("array_flatten", {array.ssa}, loc(span)),
      reals({rows && columns ? sema::Size::constant(*rows * *columns) : sema::Size::unknown()}));
}

/// The sum of all elements; nullopt of an empty array that is known.
std::optional<Value> Elaborator::sum(const Value &array, const sema::TypeRef &type,
                                     base::Span span) {
  mlir::Location at = loc(span);
  if (array.kind == ValueKind::Handle)
    return finiteOfArrays(Value::ofSsa(ValueKind::Real, rt("array_sum", {array.ssa}, at)), "sum",
                          span);
  const bool rows = array.kind == ValueKind::List && array.elements[0].kind == ValueKind::List;
  std::optional<Value> zero;
  if (array.kind == ValueKind::List) {
    const Value &shape = rows ? array.elements[0].elements[0] : array.elements[0];
    if (shape.kind == ValueKind::Int)
      zero = Value::ofSsa(ValueKind::Int, constant(int64_t{0}, at));
    else if (isEstimate(shape))
      (zero = Value::handle(rt("estimate_number", {constant(0.0, at)}, at), shape.type))->traced =
          shape.traced;
    else if (shape.kind == ValueKind::Duration)
      zero = Value::ofSsa(ValueKind::Duration, constant(0.0, at));
    else
      zero = coerce(Value::ofSsa(ValueKind::Int, constant(int64_t{0}, at)), type, at);
  }
  return reduce(array, span, zero ? &*zero : nullptr, [&](const Value &x, const Value &y) {
    return arithmetic(BinaryOp::Add, x, rows ? *sum(y, type, span) : y, span);
  });
}

/// How many numbers a list of the run holds, or one of lists; none is an error of the run, as it is
/// of an array of reals.
Value Elaborator::numberOf(const Value &list, mlir::Location at) {
  const Value rows = length(list, at);
  if (!rows.isConstant())
    rt("array_mean", {rt("array_zeros", {ssa(rows, at), constant(int64_t{0}, at)}, at)}, at);
  if (list.kind != ValueKind::List || list.elements[0].kind != ValueKind::List)
    return rows;
  const base::Span span = spanOf(at, sources).value_or(base::Span{});
  const Value first = elementAt(list, Value::ofInt(0), span);
  return intArithmetic(BinaryOp::Mul, rows, length(first, at), span);
}

} // namespace qdo::lower
