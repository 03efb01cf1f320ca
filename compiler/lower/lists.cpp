// SPDX-License-Identifier: Apache-2.0
// Arrays whose length only the run knows: loops that fill them, elements, comprehensions.
// Why: reals live in runtime arrays, which native code takes; anything else in runtime lists, whose
// elements are as many 8-byte slots as the value has parts.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

static constexpr int64_t MaxUnrolledElements = 4096;
static constexpr int64_t MaxElements = 10'000'000;
/// Turns of a comprehension over a runtime array that are taken one by one for a gradient.
static constexpr int64_t MaxUnrolledTurns = 64;

int64_t numbersIn(const Value &value) {
  if (value.kind != ValueKind::Array)
    return 1;
  int64_t total = 0;
  for (const Value &each : value.elements)
    total += numbersIn(each);
  return total;
}

void Elaborator::limitArray(int64_t numbers, base::Span span) {
  if (numbers > 100'000)
    notYet(span, "an array of more than 100,000 numbers that are known before the run");
}

std::optional<int64_t> Elaborator::count(const Value &range) const {
  if (range.kind == ValueKind::Array)
    return static_cast<int64_t>(range.elements.size());
  if (range.kind == ValueKind::Interval && range.elements[0].isConstant() &&
      range.elements[1].isConstant())
    return std::max<int64_t>(0, range.elements[1].integer - range.elements[0].integer);
  return std::nullopt;
}

Value Elaborator::iterate(const Value &range, int64_t at) {
  if (range.kind == ValueKind::Array)
    return range.elements[static_cast<size_t>(at)];
  return Value::ofInt(range.elements[0].integer + at);
}

/// How many elements something has that `for` can run over.
Value Elaborator::length(const Value &range, mlir::Location at) {
  if (auto known = count(range))
    return Value::ofInt(*known);
  switch (range.kind) {
  case ValueKind::Interval:
    return Value::ofSsa(
        ValueKind::Int,
        rt("range_size", {ssa(range.elements[0], at), ssa(range.elements[1], at)}, at));
  case ValueKind::List:
    return Value::ofSsa(ValueKind::Int, rt("list_size", {range.ssa}, at));
  case ValueKind::Dataset:
  case ValueKind::Selection:
    return Value::ofSsa(ValueKind::Int, rt("dataset_size", {datasetSsa(range, at)}, at));
  default:
    if (range.type && range.type->is(sema::TypeKind::Array))
      if (auto known = evaluate(range.type->sizes[0]))
        return Value::ofInt(*known);
    return Value::ofSsa(ValueKind::Int, rt("array_size", {range.ssa}, at));
  }
}

mlir::Value Elaborator::datasetSsa(const Value &rows, mlir::Location at) {
  return rows.kind == ValueKind::Selection ? rt("select_chosen", {rows.ssa}, at) : rows.ssa;
}

/// The element at an index that the run knows.
Value Elaborator::elementAt(const Value &range, const Value &i, base::Span span) {
  mlir::Location at = loc(span);
  switch (range.kind) {
  case ValueKind::Interval:
    return intArithmetic(BinaryOp::Add, range.elements[0], i, span);
  case ValueKind::List: {
    Slots shape;
    flatten(range.elements[0], shape, at);
    std::vector<mlir::Value> parts;
    for (mlir::Value part : shape.values) {
      const int64_t slot = static_cast<int64_t>(parts.size());
      mlir::Value place[] = {range.ssa, ssa(i, at), constant(slot, at)};
      mlir::Type type = part.getType();
      if (type.isF64())
        parts.push_back(rt("list_real", place, at));
      else if (type.isInteger(1))
        parts.push_back(rt("list_bool", place, at));
      else if (type.isInteger(64))
        parts.push_back(rt("list_int", place, at));
      else
        parts.push_back(qdata::RtOp::create(b, at, "list_object", place, type).getOutput());
    }
    size_t next = 0;
    return unflatten(range.elements[0], parts, next);
  }
  case ValueKind::Dataset:
  case ValueKind::Selection: {
    Value row =
        Value::ofSsa(ValueKind::Row, rt("dataset_row", {datasetSsa(range, at), ssa(i, at)}, at));
    row.shape = range.shape;
    return row;
  }
  case ValueKind::Array: // known elements, an index that is not
    if (i.isConstant())
      return range.elements.at(static_cast<size_t>(i.integer));
    return elementAt(listOf(range, span), i, span);
  default:
    break;
  }
  if (range.kind != ValueKind::Handle || !range.type->is(sema::TypeKind::Array))
    internal(span, "elements of something that has none");
  if (range.type->sizes.size() == 1)
    return Value::ofSsa(ValueKind::Real, rt("array_get", {range.ssa, ssa(i, at)}, at));
  return Value::handle(
      rt("array_row", {range.ssa, ssa(i, at)}, at),
      sema::arrayOf(range.type->element, {range.type->sizes.begin() + 1, range.type->sizes.end()}));
}

/// Known elements as a runtime array or list, for an index that only the run knows.
Value Elaborator::listOf(const Value &array, base::Span span) {
  if (array.elements.empty())
    notYet(span, "an index into an empty array");
  size_t at = 0;
  if (isTraced(array) && !std::ranges::all_of(array.elements, isTraced)) {
    // Numbers beside numbers under differentiation: elements of a list are of one kind.
    const Value &like = *std::ranges::find_if(array.elements, isTraced);
    Value same = array;
    for (Value &e : same.elements)
      e = likeOther(e, like, loc(span));
    if (std::ranges::all_of(same.elements, isTraced))
      return listOf(same, span);
  }
  return collect(
      Value::ofInt(0), span, [&](const Value &) { return std::optional<Value>(); },
      [&]() -> std::optional<Value> {
        if (at == array.elements.size())
          return std::nullopt;
        return asHandle(array.elements[at++], loc(span));
      });
}

/// A runtime array of a known size as known elements, if they are not more than `most`: numbers
/// under differentiation can stand among those.
std::optional<Value> Elaborator::knownElements(const Value &array, int64_t most, base::Span span) {
  if (array.kind != ValueKind::Handle || !array.type || !array.type->is(sema::TypeKind::Array))
    return std::nullopt;
  int64_t numbers = 1;
  for (const sema::Size &size : array.type->sizes) {
    const auto known = evaluate(size);
    if (!known || *known > most || (numbers *= *known) > most)
      return std::nullopt;
  }
  std::vector<Value> elements;
  for (int64_t i = 0; i < *evaluate(array.type->sizes[0]); ++i) {
    Value element = elementAt(array, Value::ofInt(i), span);
    if (auto row = knownElements(element, most, span))
      element = std::move(*row);
    elements.push_back(std::move(element));
  }
  return Value::ofArray(std::move(elements));
}

namespace {
bool isReals(const Value &v) {
  if (v.kind == ValueKind::Real)
    return true;
  if (v.kind == ValueKind::Array)
    return !v.elements.empty() &&
           std::all_of(v.elements.begin(), v.elements.end(),
                       [](const Value &e) { return e.kind == ValueKind::Real; });
  return v.kind == ValueKind::Handle && v.type->is(sema::TypeKind::Array) &&
         v.type->sizes.size() == 1;
}
} // namespace

/// One more element of a runtime list: a slot for each part.
void Elaborator::append(mlir::Value list, const Value &v, base::Span span) {
  mlir::Location at = loc(span);
  Slots slots;
  flatten(v, slots, at);
  if (!slots.qubits.empty())
    internal(span, "live qubits in an array");
  for (mlir::Value part : slots.values) {
    mlir::Type type = part.getType();
    rt(type.isF64()         ? "list_add_real"
       : type.isInteger(1)  ? "list_add_bool"
       : type.isInteger(64) ? "list_add_int"
                            : "list_add_object",
       {list, part}, at);
  }
  rt("list_end_element", {list}, at);
}

/// An array of `trips` elements made by a loop of the program; nullopt leaves an element out after
/// the callback has built what decides it. `known` gives elements without a loop instead.
Value Elaborator::collect(const Value &trips, base::Span span,
                          const std::function<std::optional<Value>(const Value &)> &element,
                          const std::function<std::optional<Value>()> &known) {
  mlir::Location at = loc(span);
  mlir::Value list = rt("list_new", {}, at);
  std::optional<Value> shape;
  auto add = [&](Value v) {
    if (shape)
      v = likeOther(v, *shape, at);
    if (shape && !harmonise(*shape, v))
      notYet(span, "an array whose elements have different shapes");
    if (!shape)
      shape = v;
    append(list, v, span);
  };
  if (known) {
    while (auto v = known())
      add(std::move(*v));
  } else {
    counted(constant(int64_t{0}, at), ssa(trips, at), span, {}, [&](mlir::Value counter) {
      if (auto v = element(Value::ofSsa(ValueKind::Int, counter)))
        add(std::move(*v));
      return Flow{};
    });
  }
  if (!shape)
    internal(span, "a loop that makes no element");
  return finished(list, *shape, trips, at);
}

/// What the elements are decides what the array is: reals become a runtime array.
Value Elaborator::finished(mlir::Value list, const Value &shape, const Value &trips,
                           mlir::Location at) {
  const sema::Size rows = trips.isConstant() && trips.integer > 0
                              ? sema::Size::constant(trips.integer)
                              : sema::Size::unknown();
  const sema::TypeRef real = sema::simple(sema::TypeKind::Real);
  if (isReals(shape)) {
    if (shape.kind == ValueKind::Real)
      return Value::handle(rt("list_reals", {list, constant(int64_t{0}, at)}, at),
                           sema::arrayOf(real, {rows}));
    if (shape.kind == ValueKind::Array) {
      const auto width = static_cast<int64_t>(shape.elements.size());
      return Value::handle(rt("list_reals", {list, constant(width, at)}, at),
                           sema::arrayOf(real, {rows, sema::Size::constant(width)}));
    }
    return Value::handle(rt("list_stack", {list}, at),
                         sema::arrayOf(real, {rows, shape.type->sizes[0]}));
  }
  Value v = Value::ofSsa(ValueKind::List, list);
  v.elements = {shape};
  return v;
}

Value Elaborator::comprehension(const ComprehensionExpr &c) {
  const auto vars = frame().vars;
  Value first = expr(*c.generators[0].range);
  if (differentiating > 0) // of a row: a circuit can take what becomes of its numbers
    if (auto known = knownElements(first, MaxUnrolledTurns, c.generators[0].range->span))
      first = std::move(*known);
  if (const auto trips = count(first); trips && *trips > MaxElements)
    notYet(c.generators[0].range->span, "a comprehension of more than 10,000,000 elements");
  Value result = c.generators.size() == 1 && mustLoop(first) ? dynamicComprehension(c, first)
                                                             : knownComprehension(c, first);
  frame().vars = vars;
  return coerce(result, typeOf(c), loc(c.span));
}

bool Elaborator::mustLoop(const Value &range) const {
  const auto trips = count(range);
  return !trips || *trips > MaxUnrolledElements;
}

/// Turn after turn. The first condition that only the run knows makes a runtime list of what there
/// is; from there on each turn adds to it or does not.
Value Elaborator::knownComprehension(const ComprehensionExpr &c, const Value &first) {
  mlir::Location at = loc(c.span);
  std::vector<Value> elements;
  int64_t rounds = 0, held = 0;
  mlir::Value list;
  std::optional<Value> shape;
  auto add = [&] {
    shape = coerceElement(expr(*c.element), typeOf(c), at);
    append(list, *shape, c.span);
    return Flow{};
  };
  auto level = [&](auto &&self, size_t depth) -> void {
    if (depth == c.generators.size()) {
      if (++rounds > 65536)
        notYet(c.generators.front().range->span, "a comprehension of more than 65,536 elements");
      Value keep = c.condition ? expr(*c.condition) : Value::ofBool(true);
      if (keep.isConstant() && !keep.boolean)
        return;
      if (!keep.isConstant() && !list) {
        list = rt("list_new", {}, at);
        for (const Value &known : elements) {
          shape = coerceElement(known, typeOf(c), at);
          append(list, *shape, c.span);
        }
      }
      if (!list) {
        elements.push_back(expr(*c.element));
        held += numbersIn(elements.back());
        limitArray(held, c.span);
      } else if (keep.isConstant())
        add();
      else
        branch(keep.ssa, c.span, add, [] { return Flow{}; });
      return;
    }
    const Generator &g = c.generators[depth];
    Value range = depth == 0 ? first : expr(*g.range);
    auto trips = count(range);
    if (!trips || *trips > MaxUnrolledElements)
      notYet(g.range->span,
             "a comprehension with several loops, one of which is long or known only "
             "while the program runs,");
    for (int64_t i = 0; i < *trips; ++i) {
      bindBinder(g.binder, iterate(range, i), g.range->span);
      self(self, depth + 1);
    }
  };
  level(level, 0);
  return list ? finished(list, *shape, Value::ofSsa(ValueKind::Int, list), at)
              : Value::ofArray(std::move(elements));
}

Value Elaborator::dynamicComprehension(const ComprehensionExpr &c, const Value &range) {
  const Generator &g = c.generators[0];
  mlir::Location at = loc(c.span);
  Value source = range.kind == ValueKind::Array ? listOf(range, g.range->span) : range;
  Value trips = length(source, at);
  if (!c.condition)
    return collect(trips, c.span, [&](const Value &i) -> std::optional<Value> {
      bindBinder(g.binder, elementAt(source, i, g.range->span), g.range->span);
      return coerceElement(expr(*c.element), typeOf(c), at);
    });
  // With a condition each turn adds nothing or one element.
  mlir::Value list = rt("list_new", {}, at);
  std::optional<Value> shape;
  counted(constant(int64_t{0}, at), ssa(trips, at), c.span, {}, [&](mlir::Value counter) {
    bindBinder(g.binder, elementAt(source, Value::ofSsa(ValueKind::Int, counter), g.range->span),
               g.range->span);
    Value keep = expr(*c.condition);
    Uncertain maybe(*this);
    branch(
        ssa(keep, at), c.span,
        [&] {
          Value v = coerceElement(expr(*c.element), typeOf(c), at);
          shape = v;
          append(list, v, c.span);
          return Flow{};
        },
        [] { return Flow{}; });
    return Flow{};
  });
  return finished(list, *shape, Value::ofSsa(ValueKind::Int, ssa(trips, at)), at);
}

/// An element as the array's type asks: whole numbers in an array of reals are reals.
Value Elaborator::coerceElement(const Value &v, const sema::TypeRef &array, mlir::Location at) {
  if (!array || !array->is(sema::TypeKind::Array))
    return v;
  if (array->sizes.size() == 1)
    return coerce(v, array->element, at);
  return coerce(v, sema::arrayOf(array->element, {array->sizes.begin() + 1, array->sizes.end()}),
                at);
}

} // namespace qdo::lower
