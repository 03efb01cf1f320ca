// SPDX-License-Identifier: Apache-2.0
// Observables as values of the run: handles, arrays of them, arithmetic that only the run can do.
// Why two forms: known Pauli strings are checked and counted before the first shot; what the run
// picks from an array, or draws at random, is an object.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/pauli_masks.h"

#include <algorithm>
#include <map>

namespace qdo::lower {

using namespace syntax;

bool isObservable(const Value &v) {
  return v.kind == ValueKind::Observable ||
         (v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Observable));
}

PauliMasks masksOf(const std::vector<PauliTerm> &terms) {
  int64_t highest = 0;
  for (const PauliTerm &term : terms)
    if (!term.factors.empty())
      highest = std::max(highest, term.factors.rbegin()->first);
  PauliMasks masks;
  masks.words = static_cast<size_t>(highest) / 64 + 1;
  masks.x.resize(terms.size() * masks.words);
  masks.z.resize(terms.size() * masks.words);
  for (size_t i = 0; i < terms.size(); ++i)
    for (const auto &[qubit, pauli] : terms[i].factors) {
      const size_t word = i * masks.words + static_cast<size_t>(qubit) / 64;
      const auto bit = static_cast<int64_t>(uint64_t{1} << (qubit % 64));
      masks.x[word] |= pauli != 'Z' ? bit : 0;
      masks.z[word] |= pauli != 'X' ? bit : 0;
    }
  return masks;
}

ReadStrings readStringsOf(const std::vector<PauliTerm> &terms, int64_t qubits) {
  const size_t words = static_cast<size_t>(qubits + 63) / 64;
  using String = std::pair<std::vector<uint64_t>, std::vector<uint64_t>>;
  std::map<String, std::optional<double>> sum; // no number: the run knows the weight
  for (const PauliTerm &term : terms) {
    if (term.factors.empty())
      continue;
    String string{std::vector<uint64_t>(words), std::vector<uint64_t>(words)};
    for (const auto &[qubit, pauli] : term.factors) {
      const auto word = static_cast<size_t>(qubit) / 64;
      const uint64_t bit = uint64_t{1} << (qubit % 64);
      string.first[word] |= pauli != 'Z' ? bit : 0;
      string.second[word] |= pauli != 'X' ? bit : 0;
    }
    auto &weight = sum.try_emplace(std::move(string), 0).first->second;
    weight = weight && term.weight->isConstant() ? std::optional(*weight + term.weight->real)
                                                 : std::nullopt;
  }
  ReadStrings read{{words, {}, {}}, {}, {}};
  for (const auto &[string, weight] : sum) {
    if (weight == 0.0)
      continue;
    read.strings.x.insert(read.strings.x.end(), string.first.begin(), string.first.end());
    read.strings.z.insert(read.strings.z.end(), string.second.begin(), string.second.end());
    read.surely.push_back(weight.has_value());
    read.weights.push_back(weight.value_or(0));
  }
  return read;
}

mlir::Value Elaborator::observableSsa(const Value &v, mlir::Location at) {
  if (v.kind != ValueKind::Observable)
    return realSsa(v, at); // a handle
  std::vector<mlir::Value> weights;
  for (const PauliTerm &term : v.terms)
    weights.push_back(realSsa(*term.weight, at));
  const PauliMasks masks = masksOf(v.terms);
  return qdata::ObservableOp::create(b, at, qdata::ObservableType::get(b.getContext()), weights,
                                     masks.x, masks.z);
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
