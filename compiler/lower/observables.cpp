// SPDX-License-Identifier: Apache-2.0
// Observables as values of the run: handles, arrays of them, arithmetic that only the run can do.
// Why two forms: known Pauli strings are checked and counted before the first shot; what the run
// picks from an array, or draws at random, is an object.
#include "compiler/lower/elaborator.h"

namespace qdo::lower {

using namespace syntax;

bool isObservable(const Value &v) {
  return v.kind == ValueKind::Observable ||
         (v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Observable));
}

mlir::Value Elaborator::observableSsa(const Value &v, mlir::Location at) {
  if (v.kind != ValueKind::Observable)
    return realSsa(v, at); // a handle
  std::vector<mlir::Value> weights;
  std::vector<int64_t> xs, zs;
  for (const PauliTerm &term : v.terms) {
    int64_t x = 0, z = 0;
    for (const auto &[qubit, pauli] : term.factors) {
      x |= pauli != 'Z' ? int64_t{1} << qubit : 0;
      z |= pauli != 'X' ? int64_t{1} << qubit : 0;
    }
    weights.push_back(realSsa(*term.weight, at));
    xs.push_back(x);
    zs.push_back(z);
  }
  return qdata::ObservableOp::create(b, at, qdata::ObservableType::get(b.getContext()), weights, xs,
                                     zs);
}

Value Elaborator::asHandle(const Value &v, mlir::Location at) {
  if (v.kind == ValueKind::Observable)
    return Value::handle(observableSsa(v, at), sema::simple(sema::TypeKind::Observable));
  Value r = v;
  if (v.kind == ValueKind::Array || v.kind == ValueKind::Tuple)
    for (Value &e : r.elements)
      e = asHandle(e, at);
  return r;
}

/// One observable, or an array of them, as a list of the run.
mlir::Value Elaborator::observableList(const Value &v, base::Span span) {
  mlir::Location at = loc(span);
  if (v.kind == ValueKind::List && v.elements[0].kind == ValueKind::Handle)
    return v.ssa;
  if (v.kind == ValueKind::List) // known strings with weights of the run
    return collect(length(v, at), span,
                   [&](const Value &i) -> std::optional<Value> {
                     return asHandle(elementAt(v, i, span), at);
                   })
        .ssa;
  mlir::Value list = rt("list_new", {}, at);
  auto add = [&](const Value &observable) {
    rt("list_add_object", {list, observableSsa(observable, at)}, at);
    rt("list_end_element", {list}, at);
  };
  if (v.kind == ValueKind::Array)
    for (const Value &element : v.elements)
      add(element);
  else
    add(v);
  return list;
}

/// Of which one side at least only the run knows.
Value Elaborator::runtimeObservable(BinaryOp op, const Value &lhs, const Value &rhs,
                                    base::Span span) {
  mlir::Location at = loc(span);
  auto handle = [&](const Value &v) {
    if (isObservable(v))
      return observableSsa(v, at);
    Value multiple; // a number is that multiple of the identity
    multiple.kind = ValueKind::Observable;
    multiple.terms.push_back({std::make_shared<Value>(toReal(v, at)), {}});
    return observableSsa(multiple, at);
  };
  mlir::Value result;
  if (op == BinaryOp::Add || op == BinaryOp::Sub)
    result = rt("observable_sum",
                {handle(lhs), handle(rhs), constant(op == BinaryOp::Add ? 1.0 : -1.0, at)}, at);
  else
    result = rt("observable_product",
                {handle(lhs), handle(op == BinaryOp::Div
                                         ? arithmetic(op, Value::ofReal(1), toReal(rhs, at), span)
                                         : rhs)},
                at);
  return Value::handle(result, sema::simple(sema::TypeKind::Observable));
}

} // namespace qdo::lower
