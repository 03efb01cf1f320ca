// SPDX-License-Identifier: Apache-2.0
// Classical shadows: questions to a record, what it costs, how many snapshots are planned.
#include "compiler/lower/elaborator.h"
#include "qdo/runtime/circuit.h"
#include "qdo/runtime/shadow_plan.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

/// Arrays of more estimates than this are lists of the run.
static constexpr size_t mostKnown = 64;

Value Elaborator::askShadow(const CallExpr &c, const Value &record) {
  mlir::Location at = loc(c.span);
  const std::string &question = as<MemberExpr>(*c.callee).member.text;
  Value asked = Value::unit(), within = Value::unit();
  bool precise = false;
  for (const Arg &arg : c.args) {
    (arg.name ? within : asked) = expr(*arg.value);
    precise |= arg.name.has_value();
  }
  const sema::TypeRef estimate = sema::simple(sema::TypeKind::Estimate);
  if (question == "fidelity")
    return Value::handle(
        rt("shadow_fidelity",
           {record.ssa, ssa(asked, at), realSsa(precise ? within : Value::ofReal(0), at)}, at),
        estimate);
  if (question != "expect") {
    mlir::Value mask = constant(qubitMask(asked, QDO_MOST_QUBITS, c.span), at);
    mlir::Value entropy = constant(question == "entropy", at);
    return Value::handle(rt("shadow_purity", {record.ssa, mask, entropy}, at), estimate);
  }
  if (!precise)
    within = Value::ofArray({});
  else if (!isArray(within))
    within = Value::ofArray({toReal(within, at)});
  mlir::Value list =
      rt("shadow_expect", {record.ssa, observableList(asked, c.span), arrayHandle(within, at)}, at);
  Value answers = Value::ofSsa(ValueKind::List, list);
  answers.elements = {placeholder(sema::simple(sema::TypeKind::Estimate), c.span)};
  if (!isArray(asked))
    return elementAt(answers, Value::ofInt(0), c.span);
  if (asked.kind != ValueKind::Array || asked.elements.size() > mostKnown)
    return answers;
  Value known = Value::ofArray({});
  for (size_t i = 0; i < asked.elements.size(); ++i)
    known.elements.push_back(elementAt(answers, Value::ofInt(static_cast<int64_t>(i)), c.span));
  return known;
}

/// shadow(p, snapshots, for, within, by, calibrate): a shot each, and those of the calibration;
/// their bases are only known when they are drawn. Every record is measured anew.
void Elaborator::chargeShadow(const std::vector<Value> &args, base::Span span) {
  const Value &snapshots = args[1], &calibration = args[5];
  if (snapshots.isConstant() && snapshots.integer >= 0 && calibration.isConstant() &&
      calibration.integer >= 0)
    return charge(anew("shadow"), snapshots.integer + calibration.integer, span, 1);
  note(anew("shadow"), std::nullopt, span, 1);
  chargeLeast(anew("shadow"), 1, span);
}

/// expectations(p, observables, within): each product of Paulis with a rule of its own.
void Elaborator::chargeExpectations(const std::vector<Value> &args, base::Span span) {
  std::optional<int64_t> strings;
  bool some = false;
  if (args[1].kind == ValueKind::Array) {
    strings = 0;
    for (const Value &observable : args[1].elements) {
      if (observable.kind != ValueKind::Observable) {
        strings.reset();
        break;
      }
      std::map<std::map<int64_t, char>, double> sums;
      bool known = true;
      for (const PauliTerm &term : observable.terms)
        if (!term.factors.empty()) {
          known &= term.weight->isConstant();
          sums[term.factors] += term.weight->isConstant() ? term.weight->real : 0;
        }
      *strings += static_cast<int64_t>(sums.size());
      some |= known && std::ranges::any_of(sums, [](auto &sum) { return sum.second != 0; });
    }
  }
  const int64_t high = payer().highest;
  note("expectations ?", strings, span, -1);
  if (options.spending && !collecting && !options.spending->measurements.empty()) {
    Measurement &m = options.spending->measurements.back();
    m.mostEach = high >= 0 ? std::optional(high) : std::nullopt;
  }
  if (some)
    chargeLeast("expectations ? " + args[0].text, payer().low, span);
}

/// What `snapshots` and `fidelity_snapshots` give when nothing in them waits for the run.
std::optional<Value> Elaborator::knownSnapshots(const std::vector<Value> &args, base::Span span) {
  struct Term {
    double weight = 0;
    uint64_t x = 0, z = 0;
    std::vector<std::pair<uint64_t, uint64_t>> more = {}; ///< of the qubits 64 and above
  };
  if (args.size() == 3) { // fidelity_snapshots(within, count, confidence)
    const Value within = toReal(args[0], loc(span)), confidence = toReal(args[2], loc(span));
    if (!within.isConstant() || !args[1].isConstant() || !confidence.isConstant() ||
        within.real <= 0 || args[1].integer < 1 || confidence.real <= 0 || confidence.real >= 1)
      return std::nullopt;
    const double most = shadow::fidelitySnapshots(args[1].integer, within.real, confidence.real);
    return most < 9e18 ? std::optional(Value::ofInt(static_cast<int64_t>(most))) : std::nullopt;
  }
  const Value &list = args[0];
  if (args[3].text != "pauli") // also while it is not known
    return std::nullopt;
  const Value within = toReal(args[1], loc(span)), confidence = toReal(args[2], loc(span));
  if (list.kind != ValueKind::Array || !within.isConstant() || !confidence.isConstant() ||
      within.real <= 0 || confidence.real <= 0 || confidence.real >= 1)
    return std::nullopt;
  double most = 1;
  for (const Value &observable : list.elements) {
    if (observable.kind != ValueKind::Observable)
      return std::nullopt;
    std::map<std::map<int64_t, char>, double> sum;
    for (const PauliTerm &term : observable.terms) {
      if (!term.weight->isConstant() ||
          (!term.factors.empty() && term.factors.rbegin()->first >= QDO_MOST_QUBITS))
        return std::nullopt; // the run refuses it
      sum[term.factors] += toReal(*term.weight, loc(span)).real;
    }
    std::vector<Term> terms;
    for (const auto &[factors, weight] : sum) {
      Term &term = terms.emplace_back(weight);
      if (!factors.empty())
        term.more.resize(static_cast<size_t>(factors.rbegin()->first / 64));
      for (const auto &[qubit, pauli] : factors) {
        const auto word = static_cast<size_t>(qubit / 64);
        const uint64_t bit = uint64_t{1} << qubit % 64;
        (word == 0 ? term.x : term.more[word - 1].first) |= pauli != 'Z' ? bit : 0;
        (word == 0 ? term.z : term.more[word - 1].second) |= pauli != 'X' ? bit : 0;
      }
    }
    most = std::max(most, shadow::snapshotsFor(shadow::spreadOf(terms),
                                               static_cast<int64_t>(list.elements.size()),
                                               within.real, confidence.real));
  }
  return most < 9e18 ? std::optional(Value::ofInt(static_cast<int64_t>(most))) : std::nullopt;
}

/// The ends of an interval of whole numbers, or a number twice.
std::vector<mlir::Value> Elaborator::bounds(const Value &v, std::string_view what,
                                            base::Span span) {
  if (v.kind == ValueKind::Int)
    return {ssa(v, loc(span)), ssa(v, loc(span))};
  std::vector<mlir::Value> ends;
  for (const Value &end : v.elements) {
    if (end.kind != ValueKind::Int) {
      diagnostics.report(diag::Kind::TypeMismatch, span, fmt::format("a bound of `{}`", what),
                         "real", "int");
      throw Abandon{};
    }
    ends.push_back(ssa(end, loc(span)));
  }
  return ends;
}

} // namespace qdo::lower
