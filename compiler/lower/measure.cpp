// SPDX-License-Identifier: Apache-2.0
// What is measured of recipes: fidelities, overlaps, expectation values of Pauli sums.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/pauli_masks.h"

#include "mlir/Dialect/Complex/IR/Complex.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace qdo::lower {

using namespace syntax;

/// A recipe that is a circuit of bits given as a number, such as `basis(5)`: its size is that of
/// the other side.
bool Elaborator::hasOpenSize(const Expr &e) const {
  if (const auto *paren = dynAs<ParenExpr>(&e))
    return hasOpenSize(*paren->inner);
  const auto *call = dynAs<CallExpr>(&e);
  const sema::SymbolId id = call ? used(*call->callee) : sema::SymbolId::None;
  if (id == sema::SymbolId::None || program.symbol(id).kind != sema::SymbolKind::Circuit)
    return false;
  const sema::Signature &signature = program.signatures.at(id);
  for (size_t i = 0; i < call->args.size(); ++i)
    for (size_t k = 0; k < signature.parameters.size(); ++k) {
      const Arg &arg = call->args[i];
      const auto &p = signature.parameters[k];
      if ((arg.name ? p.name == arg.name->text : k == i) && p.type->is(sema::TypeKind::Array) &&
          typeOf(*arg.value) && typeOf(*arg.value)->is(sema::TypeKind::Int))
        return true;
    }
  return false;
}

std::pair<Value, Value> Elaborator::braAndKet(const Expr &bra, const Expr &ket) {
  const bool openBra = hasOpenSize(bra), openKet = hasOpenSize(ket);
  if (openBra == openKet) {
    Value first = expr(bra);
    return {std::move(first), expr(ket)};
  }
  Value known = expr(openBra ? ket : bra);
  const auto outer = std::exchange(otherSide, known.integer);
  Value open = expr(openBra ? bra : ket);
  otherSide = outer;
  return openBra ? std::pair(std::move(open), std::move(known))
                 : std::pair(std::move(known), std::move(open));
}

Value Elaborator::fidelity(const AbsOverlapExpr &o, bool squared) {
  auto [bra, ket] = braAndKet(*o.bra, *o.ket);
  if (bra.integer != ket.integer) {
    diagnostics.report(diag::Kind::QubitsDiffer, o.span, "the bra", bra.integer, "the ket",
                       ket.integer);
    throw Abandon{};
  }
  if (bra.traced || ket.traced) {
    const Value value = tracedFidelity(bra, ket, o.span);
    return squared ? value : ofNumber("sqrt", value, o.span);
  }
  const bool exact = payer().exact;
  const size_t first = entries();
  if (exact)
    checkDevice(bra.integer, o.span, "fidelity");
  else
    checkOverlap(bra.integer, payer().overlap, o.span);
  for (const Value &side : {bra, ket}) {
    checkClifford(side, o.span);
    warnOfMemory(side, o.span, false);
  }
  if (!exact) // of a state with itself, too: on a device it need not be 1
    chargeFidelity(bra, ket, "", o.span);
  mlir::Value value = qdata::FidelityOp::create(b, loc(o.span), bra.ssa, ket.ssa, exact);
  measuredBy(value.getDefiningOp(), first);
  Value result = exact ? Value::ofSsa(ValueKind::Real, value)
                       : Value::handle(value, sema::simple(sema::TypeKind::Estimate));
  return squared ? result : ofNumber("sqrt", result, o.span);
}

Value Elaborator::overlap(const OverlapExpr &o) {
  auto [bra, ket] = braAndKet(*o.bra, *o.ket);
  if (bra.integer != ket.integer) {
    diagnostics.report(diag::Kind::QubitsDiffer, o.span, "the bra", bra.integer, "the ket",
                       ket.integer);
    throw Abandon{};
  }
  if (bra.traced || ket.traced)
    return tracedOverlap(bra, ket, o.span);
  checkPure("an overlap `<p|r>`", o.span);
  checkDevice(bra.integer, o.span, nullptr);
  warnOfMemory(bra, o.span, true);
  mlir::Location at = loc(o.span);
  mlir::Value value = qdata::OverlapOp::create(b, at, bra.ssa, ket.ssa);
  return Value::ofComplex(Value::ofSsa(ValueKind::Real, mlir::complex::ReOp::create(b, at, value)),
                          Value::ofSsa(ValueKind::Real, mlir::complex::ImOp::create(b, at, value)));
}

Value Elaborator::expectation(const MatrixElementExpr &m) {
  Value prep = expr(*m.bra);
  Value o = expr(*m.observable);
  const bool tracedWeight =
      std::ranges::any_of(o.terms, [](const PauliTerm &term) { return term.weight->traced; });
  if (prep.traced || tracedWeight)
    return tracedExpectation(prep, o, m.span);
  const bool known = o.kind == ValueKind::Observable;
  mlir::Value handle =
      known ? observable(o, m.observable->span, prep.integer) : observableSsa(o, loc(m.span));
  const bool exact = payer().exact;
  const size_t first = entries();
  checkDevice(prep.integer, m.span, exact ? "expectation value" : nullptr);
  checkClifford(prep, m.span);
  warnOfMemory(prep, m.span, false);
  if (!known && !exact) // the run knows its strings
    note("expect ?", std::nullopt, m.span, -1);
  if (known && !exact)
    chargeReadings(prep.text, readStringsOf(o.terms, prep.integer), m.span);
  mlir::Value value = qdata::ExpectOp::create(b, loc(m.span), prep.ssa, handle, exact);
  measuredBy(value.getDefiningOp(), first);
  return exact ? Value::ofSsa(ValueKind::Real, value)
               : Value::handle(value, sema::simple(sema::TypeKind::Estimate));
}

/// The product of two Pauli sums, or of a number and one.
Value Elaborator::multiplyObservables(const Value &a, const Value &c, base::Span span) {
  auto scaled = [&](const Value &number, const Value &o) {
    Value r = o;
    for (PauliTerm &term : r.terms)
      term.weight = std::make_shared<Value>(
          arithmetic(BinaryOp::Mul, toReal(number, loc(span)), *term.weight, span));
    return r;
  };
  if (a.kind != ValueKind::Observable)
    return scaled(a, c);
  if (c.kind != ValueKind::Observable)
    return scaled(c, a);
  if (a.terms.size() * c.terms.size() > 65536)
    notYet(span, "an observable of more than 65,536 products");
  Value product;
  product.kind = ValueKind::Observable;
  for (const PauliTerm &x : a.terms)
    for (const PauliTerm &y : c.terms) {
      PauliTerm term;
      term.weight = std::make_shared<Value>(arithmetic(BinaryOp::Mul, *x.weight, *y.weight, span));
      term.factors = x.factors;
      for (const auto &[qubit, pauli] : y.factors) {
        auto [old, isNew] = term.factors.emplace(qubit, pauli);
        if (isNew)
          continue;
        if (old->second != pauli)
          notYet(span, fmt::format("the product of two different Paulis on qubit {}", qubit));
        term.factors.erase(old);
      }
      product.terms.push_back(std::move(term));
    }
  return product;
}

Value Elaborator::observableArithmetic(BinaryOp op, const Value &lhs, const Value &rhs,
                                       base::Span span) {
  auto atRunTime = [](const Value &v) { return v.kind == ValueKind::Handle && !isEstimate(v); };
  if (atRunTime(lhs) || atRunTime(rhs))
    return runtimeObservable(op, lhs, rhs, span);
  if (op == BinaryOp::Mul)
    return multiplyObservables(lhs, rhs, span);
  if (op == BinaryOp::Div)
    return multiplyObservables(lhs, arithmetic(op, Value::ofReal(1), rhs, span), span);
  auto terms = [&](const Value &v) { // a number is that multiple of the identity
    if (v.kind == ValueKind::Observable)
      return v.terms;
    return std::vector<PauliTerm>{{std::make_shared<Value>(toReal(v, loc(span))), {}}};
  };
  Value sum;
  sum.kind = ValueKind::Observable;
  sum.terms = terms(lhs);
  for (PauliTerm &term : terms(rhs)) {
    if (op == BinaryOp::Sub)
      term.weight = std::make_shared<Value>(negated(*term.weight, span));
    sum.terms.push_back(std::move(term));
  }
  return sum;
}

mlir::Value Elaborator::observable(const Value &value, base::Span span, int64_t qubits) {
  for (const PauliTerm &term : value.terms)
    for (const auto &[qubit, pauli] : term.factors)
      if (qubit >= qubits) {
        diagnostics.report(diag::Kind::StaticIndexOutOfRange, span, qubit, qubits)
            .label(fmt::format("`{}[{}]`, but the state has {} qubits", pauli, qubit, qubits));
        throw Abandon{};
      }
  return observableSsa(value, loc(span));
}

} // namespace qdo::lower
