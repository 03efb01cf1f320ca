// SPDX-License-Identifier: Apache-2.0
// Data of circuits: from values of the language to the reals a circuit takes, and back inside it.
// Why: one circuit serves every value of the same structure, so data must flatten the same way
// where it is used and where it is made.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

namespace qdo::lower {

namespace arith = mlir::arith;

void Elaborator::flattenData(const Value &value, std::vector<Value> &out, mlir::Location at) {
  switch (value.kind) {
  case ValueKind::Array:
  case ValueKind::Tuple:
    for (const Value &element : value.elements)
      flattenData(element, out, at);
    return;
  case ValueKind::Int:
    out.push_back(toReal(value, at));
    return;
  case ValueKind::Real:
    out.push_back(value);
    return;
  case ValueKind::Complex:
    for (const Value &part : toComplex(value, at).elements)
      out.push_back(part);
    return;
  case ValueKind::Bool: // 0 or 1
    out.push_back(value.isConstant()
                      ? Value::ofReal(value.boolean ? 1 : 0)
                      : Value::ofSsa(ValueKind::Real,
                                     arith::UIToFPOp::create(b, at, b.getF64Type(), value.ssa)));
    return;
  case ValueKind::Observable: // the Paulis are structure, their weights are data
    for (const PauliTerm &term : value.terms)
      out.push_back(toReal(*term.weight, at));
    return;
  case ValueKind::Handle: {
    if (value.traced) {
      out.push_back(value);
      return;
    }
    if (!value.type->is(sema::TypeKind::Array))
      break;
    int64_t count = 1;
    for (const sema::Size &size : value.type->sizes) {
      auto known = evaluate(size);
      if (!known) {
        notYet(spanOf(at, sources).value_or(base::Span{}),
               "data whose size is known only while the program runs, in a circuit,");
      }
      count *= *known;
    }
    for (int64_t i = 0; i < count; ++i)
      out.push_back(
          Value::ofSsa(ValueKind::Real, rt("array_get", {value.ssa, constant(i, at)}, at)));
    return;
  }
  default:
    break;
  }
  notYet(spanOf(at, sources).value_or(base::Span{}),
         value.kind == ValueKind::List
             ? "a list whose length is known only while the program runs, as data of a circuit,"
             : "this kind of data in a circuit");
}

/// What tells circuits apart: the whole value of structure; of data what is not a number.
std::string Elaborator::structureKey(const Value &v, bool structure) const {
  switch (v.kind) {
  case ValueKind::Int:
    return structure ? std::to_string(v.integer) : "";
  case ValueKind::Real:
    return structure ? fmt::format("{}", v.real) : "";
  case ValueKind::Bool:
    return structure ? (v.boolean ? "true" : "false") : "b";
  case ValueKind::Complex:
    return structure ? fmt::format("{},{}i", v.elements[0].real, v.elements[1].real) : "c";
  case ValueKind::String:
  case ValueKind::Pauli:
    return v.text;
  case ValueKind::Observable: {
    std::string text;
    for (const PauliTerm &term : v.terms) {
      text += "+";
      if (structure)
        text += fmt::format("{}", term.weight->real);
      for (const auto &[qubit, pauli] : term.factors)
        text += fmt::format("{}{}", pauli, qubit);
    }
    return text;
  }
  case ValueKind::Array: {
    if (!structure) { // numbers of one kind: one of them says it
      const bool plain = v.elements.empty() || (v.elements[0].kind != ValueKind::Array &&
                                                v.elements[0].kind != ValueKind::Observable);
      if (plain)
        return v.elements.empty() ? "" : structureKey(v.elements[0], false);
    }
    std::string text = "[";
    for (const Value &e : v.elements)
      text += (text.size() > 1 ? "," : "") + structureKey(e, structure);
    return text + "]";
  }
  default:
    return structure ? "?" : "";
  }
}

/// With a tolerance above 0, a circuit is made for the very data it gets.
bool Elaborator::isFixed(const sema::Signature &signature, const std::vector<Value> &arguments) {
  for (size_t i = 0; i < arguments.size(); ++i)
    if (const auto &p = signature.parameters[i];
        sema::isTolerance(*p.type, p.name) && arguments[i].isConstant() && arguments[i].real != 0)
      return true;
  return false;
}

/// A number where bits are asked for is its bits, the least significant first.
void Elaborator::numbersToBits(const sema::Signature &signature, std::vector<Value> &args,
                               std::optional<int64_t> qubits, base::Span span) {
  for (size_t i = 0; i < args.size(); ++i) {
    const auto &p = signature.parameters[i];
    if (args[i].kind != ValueKind::Int || !p.type->is(sema::TypeKind::Array))
      continue;
    if (!qubits) {
      diagnostics.report(diag::Kind::SizeUnknown, span, program.show(p.type), p.name)
          .place(program.symbol(p.symbol).span, "declared here")
          .help(
              "a number does not say how many bits it has: write them, `basis([true, false])`, or "
              "stand opposite a state, `<basis(0)|p>`");
      throw Abandon{};
    }
    if (!args[i].isConstant())
      notYet(span, "bits of a number that is known only while the program runs");
    const int64_t number = args[i].integer;
    if (number < 0 || (*qubits < 62 && number >> *qubits != 0)) {
      diagnostics.report(diag::Kind::BadValue, span, "`" + p.name + "`", std::to_string(number),
                         fmt::format("between 0 and {}: {} bits",
                                     (int64_t{1} << std::min<int64_t>(*qubits, 62)) - 1, *qubits));
      throw Abandon{};
    }
    std::vector<Value> bits;
    for (int64_t q = 0; q < *qubits; ++q)
      bits.push_back(Value::ofBool(q < 63 && ((number >> q) & 1) != 0));
    args[i] = Value::ofArray(std::move(bits));
  }
}

/// The same structure with every number that is data replaced by the next argument of the circuit.
Value Elaborator::asArguments(const Value &shape, mlir::Block::BlockArgListType data, size_t &next,
                              mlir::Location at) {
  auto real = [&] { return Value::ofSsa(ValueKind::Real, data[next++]); };
  switch (shape.kind) {
  case ValueKind::Array: {
    Value r = shape;
    for (Value &e : r.elements)
      e = asArguments(e, data, next, at);
    return r;
  }
  case ValueKind::Complex: {
    Value re = real();
    return Value::ofComplex(std::move(re), real());
  }
  case ValueKind::Bool:
    return Value::ofSsa(ValueKind::Bool, arith::CmpFOp::create(b, at, arith::CmpFPredicate::OGT,
                                                               data[next++], constant(0.5, at)));
  case ValueKind::Observable: {
    Value r = shape;
    for (PauliTerm &term : r.terms)
      term.weight = std::make_shared<Value>(real());
    return r;
  }
  case ValueKind::Handle: { // a runtime array: its elements one by one
    if (shape.traced)
      return real();
    std::vector<int64_t> sizes;
    for (const sema::Size &s : shape.type->sizes)
      sizes.push_back(evaluate(s).value_or(0));
    std::function<Value(size_t)> build = [&](size_t d) {
      std::vector<Value> elements;
      for (int64_t i = 0; i < sizes[d]; ++i)
        elements.push_back(d + 1 == sizes.size() ? real() : build(d + 1));
      return Value::ofArray(std::move(elements));
    };
    return build(0);
  }
  default:
    return real();
  }
}

} // namespace qdo::lower
