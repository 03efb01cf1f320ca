// SPDX-License-Identifier: Apache-2.0
// Library functions that elaboration computes: `elaborated("name")` in the source of the library.
// Why: circuits in qdo need a few things of structure and angles that its expressions do not have.
#include "compiler/lower/elaborator.h"
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

Value Elaborator::elaborated(const std::string &name, const std::vector<Value> &args,
                             base::Span span) {
  mlir::Location at = loc(span);
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
      diagnostics.report(diag::Kind::StaticIndexOutOfRange, use, width(args[0]) - 1,
                         args[2].integer);
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
  if (name == "state_angles")
    return stateAngles(args[0], args[1].boolean, use);
  if (name == "exact_levels" || name == "nearest")
    return approximate(name == "nearest", args, use);
  internal(span, "the library asks for an unknown `" + name + "`");
}

/// exact_levels(x, normalize, within): how many of the highest qubits keep their exact amplitudes.
/// nearest(x, normalize, within): the state that is prepared then.
Value Elaborator::approximate(bool nearest, const std::vector<Value> &args, base::Span use) {
  const Value &x = args[0];
  const double within = args[2].real;
  const auto numbers = static_cast<int64_t>(x.elements.size());
  const int qubits = angles::qubitsFor(numbers);
  if (within == 0)
    return nearest ? x : Value::ofInt(qubits);
  // Rounding alone leaves about this much, so nothing below it can be promised.
  constexpr double least = 1e-10;
  if (!(within >= least)) {
    diagnostics.report(diag::Kind::BadValue, use, "`within`", fmt::format("{}", within),
                       fmt::format("0 for the exact state, or {} or more", least));
    throw Abandon{};
  }
  std::vector<std::complex<double>> state(size_t{1} << qubits);
  for (size_t i = 0; i < x.elements.size(); ++i) {
    const Value z = toComplex(x.elements[i], loc(use));
    state[i] = {z.elements[0].real, z.elements[1].real};
  }
  {
    // The same checks as for an exact preparation, norm included.
    std::vector<Value> data;
    flattenData(x, data, loc(use));
    stateAngles(x, args[1].boolean, use);
  }
  ProductState found = nearestProductState(std::move(state), within);
  if (!nearest)
    return Value::ofInt(found.exactQubits);
  std::vector<Value> amplitudes;
  for (const std::complex<double> &z : found.amplitudes)
    amplitudes.push_back(isReal(x)
                             ? Value::ofReal(z.real())
                             : Value::ofComplex(Value::ofReal(z.real()), Value::ofReal(z.imag())));
  return Value::ofArray(std::move(amplitudes));
}

} // namespace qdo::lower
