// SPDX-License-Identifier: Apache-2.0
// Library functions that elaboration computes: `elaborated("name")` in the source of the library.
// Why: circuits in qdo need a few things of structure and angles that its expressions do not have.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/keeping.h"
#include "compiler/lower/product_state.h"

#include <fmt/format.h>

#include <cmath>

namespace qdo::lower {

/// Every choice of k out of n, each in order, in lexicographic order.
static Value combinations(int64_t n, int64_t k) {
  std::vector<Value> choices;
  std::vector<int64_t> chosen;
  auto choose = [&](auto &&self, int64_t from) -> void {
    if (static_cast<int64_t>(chosen.size()) == k) {
      std::vector<Value> numbers;
      for (int64_t i : chosen)
        numbers.push_back(Value::ofInt(i));
      choices.push_back(Value::ofArray(std::move(numbers)));
      return;
    }
    for (int64_t i = from; i < n; ++i) {
      chosen.push_back(i);
      self(self, i + 1);
      chosen.pop_back();
    }
  };
  choose(choose, 0);
  return Value::ofArray(std::move(choices));
}

/// Qubits that an observable, or a list of them, reaches: the highest and all below it.
static int64_t width(const Value &v) {
  int64_t qubits = 0;
  for (const Value &e : v.elements)
    qubits = std::max(qubits, width(e));
  for (const PauliTerm &term : v.terms)
    if (!term.factors.empty())
      qubits = std::max(qubits, term.factors.rbegin()->first + 1);
  return qubits;
}

/// One letter a qubit: "ZIX" is Z on qubit 0 and X on qubit 2.
static std::string word(const PauliTerm &term, int64_t qubits) {
  std::string letters(static_cast<size_t>(qubits), 'I');
  for (const auto &[qubit, pauli] : term.factors)
    if (qubit < qubits)
      letters[static_cast<size_t>(qubit)] = pauli;
  return letters;
}

/// What asks for structure, or hands numbers on as they are.
static bool takesTraced(std::string_view name) {
  static constexpr std::string_view names[] = {"combinations", "width",     "term_count",
                                               "term_weight",  "term_word", "number",
                                               "is_real",      "refuse"};
  return std::ranges::find(names, name) != std::end(names);
}

Value Elaborator::elaborated(const std::string &name, const std::vector<Value> &args,
                             base::Span span) {
  mlir::Location at = loc(span);
  if (!takesTraced(name))
    refuseTracedCall("", name, args, useOfCircuit.size() ? useOfCircuit : span);
  if (isKeeping(name)) {
    const size_t first = entries();
    const Emitter emit{
        [&](llvm::StringRef entry, mlir::ValueRange operands) {
          mlir::Value made = rt(entry, operands, at);
          if (entry == "decay")
            measuredBy(made.getDefiningOp(), first);
          return made;
        },
        [&](llvm::StringRef entry, mlir::ValueRange operands, const sema::Type &result) {
          mlir::MLIRContext *context = b.getContext();
          const mlir::Type type =
              result.is(sema::TypeKind::Estimate) ? mlir::Type(qdata::EstimateType::get(context))
              : result.is(sema::TypeKind::Shadow) ? mlir::Type(qdata::CountsType::get(context))
                                                  : mlir::Type(qdata::ArrayType::get(context));
          return qdata::RtOp::create(b, at, entry, operands, type).getOutput();
        },
        [&](const Value &v) { return ssa(v, at); },
        [&](llvm::StringRef constant) { return text(constant, at); },
        [&](const sema::Size &size) { return evaluate(size); },
        [&](const Value &of, int64_t qubits) { return observable(of, span, qubits); },
        [&](const std::string &what, int64_t circuits) { charge(what, circuits, span); },
        [&](std::string_view what) { notYet(span, what); },
        [&](const sema::Type &type) { return sema::toString(type, program.sizeNames); },
        diagnostics,
        options.directory.empty() ? "." : options.directory};
    return keeping(emit, name, args, span);
  }
  // Mistakes are shown where the program uses the library, not inside it.
  const base::Span use = useOfCircuit.size() ? useOfCircuit : span;
  if (name == "combinations")
    return combinations(args[0].integer, args[1].integer);
  if (name == "width")
    return Value::ofInt(width(args[0]));
  if (name == "term_count")
    return Value::ofInt(static_cast<int64_t>(args[0].terms.size()));
  if (name == "term_weight")
    return *args[0].terms[static_cast<size_t>(args[1].integer)].weight;
  if (name == "term_word") {
    if (width(args[0]) > args[2].integer) {
      diagnostics.report(diag::Kind::BadValue, use, "the number of qubits",
                         std::to_string(args[2].integer),
                         fmt::format("{} or more: an observable acts on qubit {}", width(args[0]),
                                     width(args[0]) - 1));
      throw Abandon{};
    }
    return Value::ofText(
        word(args[0].terms[static_cast<size_t>(args[1].integer)], args[2].integer));
  }
  if (name == "number") { // of a bool
    std::vector<Value> numbers;
    flattenData(args[0], numbers, at);
    return numbers[0];
  }
  if (name == "acos")
    return Value::ofReal(std::acos(toReal(args[0], at).real));
  if (name == "refuse") { // a value that the library cannot use: its parameter, it, what is allowed
    diagnostics.report(diag::Kind::BadValue, use, "`" + args[0].text + "`",
                       args[1].kind == ValueKind::String ? "\"" + args[1].text + "\""
                                                         : fmt::format("{}", args[1].integer),
                       args[2].text);
    throw Abandon{};
  }
  if (name == "is_real")
    return Value::ofBool(isReal(args[0]));
  const bool approximate = args.size() == 3 && args[2].kind == ValueKind::Real && args[2].real != 0;
  if (name == "state_angles") // x, normalize, within
    return approximate ? productAngles(nearest(args, use), isReal(args[0]))
                       : stateAngles(args[0], args[1].boolean, use);
  if (name == "exact_levels")
    return Value::ofInt(approximate
                            ? nearest(args, use).exactQubits
                            : angles::qubitsFor(static_cast<int64_t>(args[0].elements.size())));
  internal(span, "the library asks for an unknown `" + name + "`");
}

/// The state that `within` above 0 asks for: x, normalize, within. The checks are those of an exact
/// preparation.
ProductState Elaborator::nearest(const std::vector<Value> &args, base::Span use) {
  const Value &x = args[0];
  const double within = args[2].real;
  // Rounding alone leaves about this much, so nothing below it can be promised.
  constexpr double least = 1e-10;
  if (!(within >= least)) {
    diagnostics.report(diag::Kind::BadValue, use, "`within`", fmt::format("{}", within),
                       fmt::format("0 for the exact state, or {} or more", least));
    throw Abandon{};
  }
  stateAngles(x, args[1].boolean, use);
  std::vector<std::complex<double>> state(
      size_t{1} << angles::qubitsFor(static_cast<int64_t>(x.elements.size())));
  for (size_t i = 0; i < x.elements.size(); ++i) {
    const Value z = toComplex(x.elements[i], loc(use));
    state[i] = {z.elements[0].real, z.elements[1].real};
  }
  return nearestProductState(std::move(state), within);
}

/// In the order of stateAngles: a tree for the exact qubits, one angle a level below them.
Value Elaborator::productAngles(ProductState state, bool real) {
  const size_t levels = static_cast<size_t>(state.exactQubits) + state.low.size();
  const size_t tree = (size_t{1} << levels) - 1;
  const size_t exact = state.high.size() - 1;
  std::vector<double> t(real ? tree : 2 * tree + 1, 0.0);
  if (real && state.high.size() == 1 && state.high[0].real() < 0)
    for (std::complex<double> &z : state.low.back())
      z = -z;
  std::vector<double> data;
  for (const std::complex<double> &z : state.high) {
    data.push_back(z.real());
    if (!real)
      data.push_back(z.imag());
  }
  const auto rule =
      real ? angles::Rule::state_real_normalised : angles::Rule::state_complex_normalised;
  std::vector<double> high(
      static_cast<size_t>(angles::angleCount(rule, static_cast<int64_t>(data.size()))));
  angles::compute(rule, data, high);
  for (size_t i = 0; i < exact; ++i) {
    t[i] = high[i];
    if (!real)
      t[tree + i] = high[exact + i];
  }
  double phase = real ? 0 : high[2 * exact];
  for (size_t k = 0; k < state.low.size(); ++k) {
    const size_t first = (size_t{1} << (levels - 1 - k)) - 1;
    const auto &[a, c] = state.low[k];
    if (real) {
      t[first] = 2 * std::atan2(c.real(), a.real());
      continue;
    }
    t[first] = 2 * std::atan2(std::abs(c), std::abs(a));
    t[tree + first] = std::arg(c) - std::arg(a);
    phase += (std::arg(c) + std::arg(a)) / 2;
  }
  if (!real)
    t[2 * tree] = phase;
  std::vector<Value> result;
  for (double angle : t)
    result.push_back(Value::ofReal(angle));
  return Value::ofArray(std::move(result));
}

} // namespace qdo::lower
