// SPDX-License-Identifier: Apache-2.0
// Types and symbolic sizes: arithmetic, solving, printing, fitting.
#include "compiler/sema/types.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace qdo::sema {

Size operator+(const Size &a, const Size &b) {
  if (a.isUnknown() || b.isUnknown())
    return Size::unknown();
  if (b.isConstant()) {
    Size r = a;
    r.offset += b.offset;
    return r;
  }
  if (a.isConstant())
    return b + a;
  if (a.base != b.base || a.variable != b.variable || a.factor != b.factor)
    return Size::unknown();
  Size r = a;
  r.coefficient += b.coefficient;
  r.offset += b.offset;
  return r.coefficient == 0 ? Size::constant(r.offset) : r;
}

Size operator*(const Size &a, const Size &b) {
  if (a.isUnknown() || b.isUnknown())
    return Size::unknown();
  if (a.isConstant() && !b.isConstant())
    return b * a;
  if (!b.isConstant()) { // a product of two variables
    const bool plain = a.base == Size::Base::Variable && b.base == Size::Base::Variable &&
                       !a.isProduct() && !b.isProduct() && a.offset == 0 && b.offset == 0;
    if (!plain)
      return Size::unknown();
    Size r = a;
    r.coefficient *= b.coefficient;
    r.factor = b.variable;
    return r;
  }
  if (b.offset == 0)
    return Size::constant(0);
  Size r = a;
  r.coefficient *= b.offset;
  r.offset *= b.offset;
  return r;
}

Size operator-(const Size &a, const Size &b) { return a + b * Size::constant(-1); }

Size powerOfTwo(const Size &exponent) {
  if (exponent.isConstant())
    return exponent.offset >= 0 && exponent.offset < 62
               ? Size::constant(int64_t{1} << exponent.offset)
               : Size::unknown();
  if (exponent.base == Size::Base::Variable && exponent.coefficient == 1 && exponent.offset >= 0 &&
      exponent.offset < 62)
    return {Size::Base::PowerOfTwo, exponent.variable, int64_t{1} << exponent.offset, 0};
  return Size::unknown();
}

Size substitute(const Size &size, const SizeBindings &bindings) {
  if (size.isConstant() || size.isUnknown())
    return size;
  if (size.isProduct()) {
    Size first = substitute(Size::of(size.variable), bindings);
    Size second = substitute(Size::of(size.factor), bindings);
    return first * second * Size::constant(size.coefficient) + Size::constant(size.offset);
  }
  auto found = bindings.find(size.variable);
  if (found == bindings.end())
    return size;
  Size base = size.base == Size::Base::PowerOfTwo ? powerOfTwo(found->second) : found->second;
  return base * Size::constant(size.coefficient) + Size::constant(size.offset);
}

bool solve(const Size &pattern, const Size &actual, const std::vector<uint32_t> &solvable,
           SizeBindings &bindings) {
  Size p = substitute(pattern, bindings);
  if (p.isUnknown() || actual.isUnknown()) {
    if (!p.isUnknown() && !p.isConstant() &&
        std::find(solvable.begin(), solvable.end(), p.variable) != solvable.end())
      bindings.emplace(p.variable, Size::unknown());
    return true;
  }
  if (p.isProduct() || actual.isProduct()) {
    return true; // two unknowns at once: elaboration knows one of them
  }
  bool canSolve =
      !p.isConstant() && std::find(solvable.begin(), solvable.end(), p.variable) != solvable.end();
  if (!canSolve) {
    if (p.isConstant() != actual.isConstant() || p.base != actual.base)
      return true; // different unknowns: only elaboration can tell
    return p == actual || (!p.isConstant() && p.variable != actual.variable);
  }
  // coefficient * base + offset == actual
  Size rest = actual - Size::constant(p.offset);
  if (rest.isUnknown())
    return true;
  if (rest.coefficient % p.coefficient != 0 || rest.offset % p.coefficient != 0)
    return false;
  rest.coefficient /= p.coefficient;
  rest.offset /= p.coefficient;
  if (p.base == Size::Base::Variable) {
    if (rest.isConstant() && rest.offset < 0)
      return false;
    bindings[p.variable] = rest;
    return true;
  }
  if (rest.isConstant()) {
    if (rest.offset <= 0 || !std::has_single_bit(static_cast<uint64_t>(rest.offset)))
      return false;
    bindings[p.variable] = Size::constant(std::countr_zero(static_cast<uint64_t>(rest.offset)));
    return true;
  }
  if (rest.base == Size::Base::PowerOfTwo && rest.offset == 0 && rest.coefficient > 0 &&
      std::has_single_bit(static_cast<uint64_t>(rest.coefficient)))
    bindings[p.variable] =
        Size::of(rest.variable) +
        Size::constant(std::countr_zero(static_cast<uint64_t>(rest.coefficient)));
  else
    bindings[p.variable] = Size::unknown();
  return true;
}

bool Type::isLive() const {
  if (kind == TypeKind::Qubit || kind == TypeKind::Register)
    return true;
  return kind == TypeKind::Tuple &&
         std::any_of(fields.begin(), fields.end(),
                     [](const TypeField &f) { return f.type->isLive(); });
}

TypeRef simple(TypeKind kind) {
  static const auto all = [] {
    std::vector<TypeRef> types;
    for (int k = 0; k <= static_cast<int>(TypeKind::Hole); ++k) {
      auto type = std::make_shared<Type>();
      type->kind = static_cast<TypeKind>(k);
      types.push_back(type);
    }
    return types;
  }();
  return all[static_cast<size_t>(kind)];
}

TypeRef arrayOf(TypeRef element, std::vector<Size> sizes) {
  auto type = std::make_shared<Type>();
  type->kind = TypeKind::Array;
  type->element = std::move(element);
  type->sizes = std::move(sizes);
  return type;
}

TypeRef sized(TypeKind kind, Size size) {
  auto type = std::make_shared<Type>();
  type->kind = kind;
  type->sizes = {size};
  return type;
}

TypeRef tupleOf(std::vector<TypeField> fields) {
  auto type = std::make_shared<Type>();
  type->kind = TypeKind::Tuple;
  type->fields = std::move(fields);
  return type;
}

TypeRef functionOf(std::vector<TypeField> parameters, TypeRef result) {
  auto type = std::make_shared<Type>();
  type->kind = TypeKind::Function;
  type->fields = std::move(parameters);
  type->element = std::move(result);
  return type;
}

TypeRef datasetOf(std::shared_ptr<const Schema> schema) {
  auto type = std::make_shared<Type>();
  type->kind = TypeKind::Dataset;
  type->schema = std::move(schema);
  return type;
}

std::string toString(const Size &size, const SizeNames &names) {
  if (size.isUnknown())
    return "?";
  if (size.isConstant())
    return std::to_string(size.offset);
  auto found = names.find(size.variable);
  std::string name = found == names.end() ? fmt::format("n{}", size.variable) : found->second;
  std::string text = size.base == Size::Base::PowerOfTwo ? "2^" + name : name;
  if (size.isProduct())
    text += " * " + toString(Size::of(size.factor), names);
  if (size.coefficient != 1)
    text = fmt::format("{} * {}", size.coefficient, text);
  if (size.offset != 0)
    text += fmt::format(" {} {}", size.offset < 0 ? "-" : "+", std::abs(size.offset));
  return text;
}

static std::string list(const std::vector<TypeField> &fields, const SizeNames &names) {
  std::string text;
  for (const TypeField &field : fields) {
    if (!text.empty())
      text += ", ";
    if (!field.name.empty())
      text += field.name + ": ";
    text += toString(*field.type, names);
  }
  return text;
}

std::string toString(const Type &type, const SizeNames &names) {
  auto sizes = [&] {
    std::string text = "[";
    for (size_t i = 0; i < type.sizes.size(); ++i)
      text += (i ? ", " : "") + toString(type.sizes[i], names);
    return text + "]";
  };
  switch (type.kind) {
  case TypeKind::Error:
    return "unknown";
  case TypeKind::Unit:
    return "()";
  case TypeKind::Int:
    return "int";
  case TypeKind::Real:
    return "real";
  case TypeKind::Complex:
    return "complex";
  case TypeKind::Bool:
    return "bool";
  case TypeKind::String:
    return "string";
  case TypeKind::Duration:
    return "duration";
  case TypeKind::Label:
    return "label";
  case TypeKind::Interval:
    return "interval";
  case TypeKind::Array:
    return toString(*type.element, names) + sizes();
  case TypeKind::Tuple:
    return "(" + list(type.fields, names) + ")";
  case TypeKind::Function:
    if (type.closure)
      return fmt::format("a function of {} argument{}", type.fields.size(),
                         type.fields.size() == 1 ? "" : "s");
    return "(" + list(type.fields, names) + ") -> " + toString(*type.element, names);
  case TypeKind::Estimate:
    return "estimate";
  case TypeKind::Counts:
    return "counts";
  case TypeKind::Amplitudes:
    return "amplitudes";
  case TypeKind::Unitary:
    return "unitary" + sizes();
  case TypeKind::Prep:
    return "prep" + sizes();
  case TypeKind::Ensemble:
    return "ensemble" + sizes();
  case TypeKind::Qubit:
    return "qubit";
  case TypeKind::Register:
    return "qubit" + sizes();
  case TypeKind::Encoding:
    return "encoding(" + list(type.fields, names) + ")";
  case TypeKind::Kernel:
    return type.fields.empty() ? "kernel" : "kernel(" + list(type.fields, names) + ")";
  case TypeKind::Policy:
    return "policy";
  case TypeKind::Pauli:
    return "pauli";
  case TypeKind::Observable:
    return "observable";
  case TypeKind::Dataset:
    return "dataset";
  case TypeKind::Row:
    return "row";
  case TypeKind::Model:
    return "model";
  case TypeKind::Noise:
    return "noise";
  case TypeKind::Device:
    return "device";
  case TypeKind::Selection:
    return "selection";
  case TypeKind::Shadow:
    return "shadow";
  case TypeKind::Spent:
    return "spending";
  case TypeKind::Optimizer:
    return "optimizer";
  case TypeKind::Hole:
    return "_";
  }
  return "unknown";
}

TypeRef numberWith(TypeKind kind, std::vector<TypeField> members) {
  auto type = std::make_shared<Type>();
  type->kind = kind;
  type->fields = std::move(members);
  return type;
}

TypeRef substitute(const TypeRef &type, const SizeBindings &bindings) {
  if (!type || bindings.empty() || (type->sizes.empty() && type->fields.empty() && !type->element))
    return type;
  auto copy = std::make_shared<Type>(*type);
  for (Size &size : copy->sizes)
    size = substitute(size, bindings);
  for (TypeField &field : copy->fields)
    field.type = substitute(field.type, bindings);
  copy->element = substitute(type->element, bindings);
  return copy;
}

static Fit combine(Fit a, Fit b) {
  return static_cast<Fit>(std::max(static_cast<int>(a), static_cast<int>(b)));
}

static Fit fitSizes(const Type &pattern, const Type &actual, const std::vector<uint32_t> &solvable,
                    SizeBindings &bindings) {
  if (pattern.sizes.size() != actual.sizes.size())
    return Fit::No;
  for (size_t i = 0; i < pattern.sizes.size(); ++i)
    if (!solve(pattern.sizes[i], actual.sizes[i], solvable, bindings))
      return Fit::SizeMismatch;
  return Fit::Yes;
}

/// `real[4]` against an array of arrays, `real[?][4]` against `real[?, 4]`: one dimension at a
/// time.
static TypeRef peel(const TypeRef &array) {
  if (array->sizes.size() == 1)
    return array->element;
  return arrayOf(array->element, {array->sizes.begin() + 1, array->sizes.end()});
}

Fit fits(const TypeRef &pattern, const TypeRef &actual, const std::vector<uint32_t> &solvable,
         SizeBindings &bindings) {
  if (pattern->isError() || actual->isError() || actual->is(TypeKind::Hole))
    return Fit::Yes;
  switch (pattern->kind) {
  case TypeKind::Real:
    return actual->is(TypeKind::Real) || actual->is(TypeKind::Int) ? Fit::Yes : Fit::No;
  case TypeKind::Complex:
    return actual->isNumber() ? Fit::Yes : Fit::No;
  case TypeKind::Estimate: // a real is an estimate that is known exactly
    return actual->is(TypeKind::Estimate) || actual->is(TypeKind::Real) || actual->is(TypeKind::Int)
               ? Fit::Yes
               : Fit::No;
  case TypeKind::Prep:
    return actual->is(TypeKind::Prep) || actual->is(TypeKind::Unitary)
               ? fitSizes(*pattern, *actual, solvable, bindings)
               : Fit::No;
  case TypeKind::Ensemble:
    return actual->isRecipe() ? fitSizes(*pattern, *actual, solvable, bindings) : Fit::No;
  case TypeKind::Array: {
    if (actual->is(TypeKind::Int) && pattern->element->is(TypeKind::Bool) &&
        pattern->sizes.size() == 1)
      return Fit::Yes; // its bits, as many as whatever else fixes
    if (!actual->is(TypeKind::Array))
      return Fit::No;
    if (actual->sizes.size() == 1 && actual->sizes[0] == Size::constant(0) &&
        pattern->sizes.size() == 1) // `[]` is an empty array of anything
      return solve(pattern->sizes[0], actual->sizes[0], solvable, bindings) ? Fit::Yes
                                                                            : Fit::SizeMismatch;
    if (!solve(pattern->sizes[0], actual->sizes[0], solvable, bindings))
      return Fit::SizeMismatch;
    return fits(peel(pattern), peel(actual), solvable, bindings);
  }
  case TypeKind::Interval: // a number is an interval of itself
    return actual->is(TypeKind::Interval) || actual->is(TypeKind::Int) ? Fit::Yes : Fit::No;
  case TypeKind::Dataset: // a selection's chosen rows are a dataset
    return actual->is(TypeKind::Dataset) || actual->is(TypeKind::Selection) ? Fit::Yes : Fit::No;
  case TypeKind::Qubit: // a register of one is a qubit
    if (actual->is(TypeKind::Register))
      return solve(Size::constant(1), actual->sizes[0], solvable, bindings) ? Fit::Yes
                                                                            : Fit::SizeMismatch;
    return actual->is(TypeKind::Qubit) ? Fit::Yes : Fit::No;
  case TypeKind::Kernel:
  case TypeKind::Encoding:
    if (actual->kind != pattern->kind)
      return Fit::No;
    if (pattern->fields.empty() || actual->fields.empty())
      return Fit::Yes;
    if (pattern->is(TypeKind::Kernel) && pattern->fields.size() != actual->fields.size()) {
      // `kernel(real[2])`: both rows are so
      Fit both = Fit::Yes;
      for (size_t i = 0; i < std::max(pattern->fields.size(), actual->fields.size()); ++i)
        both = combine(both, fits(pattern->fields[std::min(i, pattern->fields.size() - 1)].type,
                                  actual->fields[std::min(i, actual->fields.size() - 1)].type,
                                  solvable, bindings));
      return both;
    }
    [[fallthrough]];
  case TypeKind::Tuple: {
    if (actual->kind != pattern->kind || actual->fields.size() != pattern->fields.size())
      return Fit::No;
    for (size_t i = 0; i < pattern->fields.size(); ++i) // a record's fields go by their names
      if (pattern->fields[i].name != actual->fields[i].name)
        return Fit::No;
    Fit result = Fit::Yes;
    for (size_t i = 0; i < pattern->fields.size(); ++i)
      result = combine(result,
                       fits(pattern->fields[i].type, actual->fields[i].type, solvable, bindings));
    return result;
  }
  case TypeKind::Function: {
    if (!actual->is(TypeKind::Function) || actual->fields.size() != pattern->fields.size())
      return Fit::No;
    if (actual->closure) // its body is checked against these very types
      return Fit::Yes;
    if (pattern->element->is(TypeKind::Estimate) != actual->element->is(TypeKind::Estimate))
      return Fit::No; // nobody widens what a function gives
    Fit result = fits(pattern->element, actual->element, solvable, bindings);
    for (size_t i = 0; i < pattern->fields.size(); ++i)
      result = combine(result,
                       fits(actual->fields[i].type, pattern->fields[i].type, solvable, bindings));
    return result;
  }
  default:
    if (actual->kind != pattern->kind)
      return Fit::No;
    return fitSizes(*pattern, *actual, solvable, bindings);
  }
}

} // namespace qdo::sema
