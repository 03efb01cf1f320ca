// SPDX-License-Identifier: Apache-2.0
// Policies: clauses of a policy and its ancestors become one op, and calls that fill in the rest.
// Why two ways: what elaboration reasons about (budget, looks) are operands; the rest the runtime
// alone reads.
#include "compiler/lower/elaborator.h"

#include "qdo/runtime/policy_defaults.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace qdo::lower {

using namespace syntax;

Value Elaborator::policy(sema::SymbolId id, const std::vector<Value> &args, base::Span span) {
  mlir::Location at = loc(span);
  const sema::Symbol &symbol = program.symbol(id);
  // Clauses of the ancestors first; the policy's own replace them.
  struct Given {
    const Clause *clause;
    Frame scope;
  };
  std::map<std::string, Given> clauses;
  eachClause(id, args, span, [&](const Clause &clause, const Frame &scope, const auto &) {
    clauses[clause.head.text] = {&clause, scope};
  });

  mlir::Value budget, low, high, batch, confidence;
  std::optional<qdata::Allocate> allocate;
  Payer facts;
  facts.name = symbol.name;
  facts.span = symbol.span;
  facts.key = symbol.name;
  for (const Value &v : args)
    facts.key += v.isConstant() ? fmt::format(" {} {}", v.integer, v.real) : " ?";
  facts.low = QdoDefaultPilotShots; // unless there is `each`
  bool lowKnown = true, highGiven = false, race = false;
  const Given *until = nullptr;
  auto intValue = [&](const Expr &e, int64_t least) {
    Value v = expr(e);
    constexpr int64_t most = 1'000'000'000'000'000; // looks are planned in 64 bits
    if (v.isConstant() && v.integer > most) {
      diagnostics.report(diag::Kind::BadValue, e.span, "a number of shots",
                         std::to_string(v.integer), "at most 10^15");
      throw Abandon{};
    }
    if (v.isConstant() && v.integer < least) {
      diagnostics.report(diag::Kind::BadValue, e.span, "a number of shots",
                         std::to_string(v.integer), fmt::format("{} or more", least));
      throw Abandon{};
    }
    return v;
  };
  for (auto &[head, given] : clauses) {
    frames.push_back(given.scope);
    const Expr *e = given.clause->items.empty() ? nullptr : given.clause->items[0].value.get();
    if (head == "budget") {
      Value v = intValue(*e, 0);
      facts.budget = v.isConstant() ? v.integer : -1;
      budget = ssa(v, at);
    } else if (head == "batch") {
      batch = ssa(intValue(*e, 1), at);
    } else if (head == "each") {
      const auto *interval = dynAs<IntervalExpr>(e);
      Value first = intValue(interval ? *interval->low : *e, 1);
      lowKnown = first.isConstant();
      facts.low = lowKnown ? first.integer : 1;
      low = ssa(first, at);
      if (interval) {
        Value last = intValue(*interval->high, 1);
        if (first.isConstant() && last.isConstant() && last.integer < first.integer) {
          diagnostics.report(diag::Kind::BadClause, e->span, "each",
                             fmt::format("goes from {} to {} shots: the first must be the smaller",
                                         first.integer, last.integer));
          throw Abandon{};
        }
        highGiven = true;
        facts.high = last.isConstant() ? last.integer : -1;
        high = ssa(last, at);
      }
    } else if (head == "confidence") {
      const Expr *level = e;
      if (const auto *call = dynAs<CallExpr>(e))
        for (const Arg &arg : call->args)
          if (!arg.name)
            level = arg.value.get();
      confidence = realSsa(expr(*level), at);
    } else if (head == "allocate") {
      const std::string &word = as<NameExpr>(*e).name;
      race = word == "race";
      allocate = word == "neyman"     ? qdata::Allocate::Neyman
                 : word == "decision" ? qdata::Allocate::Decision
                                      : qdata::Allocate::Uniform;
    } else if (head == "until") {
      until = &given;
    }
    frames.pop_back();
  }
  // The last look, as estimate::LookPlan has it.
  facts.highest = facts.high;
  if (!highGiven && lowKnown) {
    if (!budget)
      facts.highest = std::max<int64_t>(facts.low, QdoDefaultMostShots);
    else if (facts.budget >= 0)
      facts.highest = std::max(facts.low, facts.budget);
    facts.high = until || race ? facts.highest : facts.low;
  }
  auto op = qdata::PolicyOp::create(b, at, symbol.name, budget, low, high, batch, confidence,
                                    allocate, until != nullptr);
  // What the whole program spends at least is known when it has been walked.
  if (budget && facts.budget < 0 && b.getInsertionBlock() == topBlock &&
      std::ranges::all_of(args, &Value::isConstant)) {
    auto least = mlir::arith::ConstantOp::create(b, at, b.getI64IntegerAttr(0));
    rt("policy_least", {op.getPolicy(), least}, loc(clauses.at("budget").clause->span));
    openBudgets[facts.key].push_back(least);
  }
  // What a clause says beyond the operands of the op, as calls that fill it in.
  auto fillIn = [&](const Clause &clause, mlir::Value policy) {
    const std::string &head = clause.head.text;
    if (clause.items.empty())
      return;
    const Expr &value = *clause.items[0].value;
    mlir::Location at = loc(value.span);
    const auto *call = dynAs<CallExpr>(&value);
    const auto *name = dynAs<NameExpr>(call ? call->callee.get() : &value);
    const std::string word = name ? name->name : "";
    auto whole = [&](int64_t number) { return constant(number, at); };
    auto argument = [&](std::string_view named) -> const Expr * {
      for (const Arg &arg : call->args)
        if (named.empty() ? !arg.name : arg.name && arg.name->text == named)
          return arg.value.get();
      return nullptr;
    };
    if (head == "allocate" && word == "race") { // to whom it matters is known at run time only
      rt("policy_allocate", {policy, whole(3)}, at);
    } else if (head == "confidence" && call) {
      static constexpr const char *methods[] = {"clopper_pearson", "wilson", "hoeffding",
                                                "bernstein",
                                                "anytime"}; // in the order of estimate::Method
      const auto method = std::ranges::find(methods, word) - std::begin(methods);
      facts.wilson = word == "wilson";
      const Expr *joint = argument("joint");
      rt("policy_method", {policy, whole(method), joint ? ssa(expr(*joint), at) : whole(1)}, at);
    } else if (head == "reset" && argument("bias")) {
      const Value bias = toReal(expr(*argument("bias")), at);
      // An excited qubit is left with probability e^(-t / T1): that is the bias after T1 ln(1 /
      // bias).
      const Value t1s = negated(ofNumber("log", bias, value.span), value.span);
      if (t1s.isConstant())
        facts.reset = [most = t1s.real, passive = word == "passive"](double t1) {
          return Seconds{passive ? most * t1 : 0, most * t1};
        };
      else
        facts.reset = [](double) { return Seconds{}; };
      if (word == "passive")
        rt("policy_reset", {policy, whole(1), constant(0.0, at), realSsa(t1s, at)}, at);
      else
        rt("policy_reset_cheapest", {policy, realSsa(bias, at), ssa(expr(*argument("active")), at)},
           at);
    } else if (head == "reset") {
      // The time is linear in the device's t1, which only the device in force at run time knows.
      const Expr &time = *argument("");
      const auto t1 = frame().module->declared.find({static_cast<uint32_t>(clause.id), 1});
      auto when = [&](double seconds) {
        frame().vars[t1->second] = Value::ofDuration(seconds);
        return expr(time);
      };
      const Value none = when(0), one = when(1);
      if (none.isConstant() && one.isConstant())
        facts.reset = [fixed = none.real, withT1 = one.real](double t1) {
          const double seconds = fixed + (withT1 - fixed) * t1;
          return Seconds{seconds, seconds};
        };
      else
        facts.reset = [](double) { return Seconds{}; };
      rt("policy_reset", {policy, whole(word == "passive" ? 1 : 2), ssa(none, at), ssa(one, at)},
         at);
    } else if (head == "combine" && call) {
      rt("policy_combine", {policy, ssa(expr(*argument("")), at)}, at);
    } else if (head == "mitigate") {
      const bool readout = std::ranges::any_of(clause.items, [](const ClauseItem &item) {
        return dynAs<NameExpr>(item.value.get()) != nullptr;
      });
      rt("policy_mitigate", {policy, constant(readout, at)}, at);
      for (const ClauseItem &item : clause.items)
        if (const auto *zne = dynAs<CallExpr>(item.value.get())) {
          const auto &factors = as<ArrayExpr>(*zne->args[0].value).elements;
          facts.folds = static_cast<int64_t>(factors.size());
          for (const ExprPtr &factor : factors) {
            const Value v = toReal(expr(*factor), at);
            facts.fold = v.isConstant() && facts.fold > 0 ? std::max(facts.fold, v.real) : 0;
            rt("policy_noise_factor", {policy, realSsa(v, at)}, at);
          }
        }
    } else if (head == "overlap") {
      facts.overlap = word == "cheapest"            ? ""
                      : word == "compute_uncompute" ? "compute-uncompute"
                      : word == "destructive_swap"  ? "destructive swap"
                                                    : word; // as `by:` names them
      rt("policy_overlap", {policy, text(facts.overlap, at)}, at);
    } else if (head == "group") {
      facts.commuting = word == "commuting";
      rt("policy_group", {policy, whole(facts.commuting)}, at);
    } else if (head == "gradient") {
      const Expr *step = call ? argument("c") : nullptr;
      facts.spsa = word == "spsa";
      rt("policy_gradient",
         {policy,
          whole(word == "spsa"      ? 1
                : word == "adjoint" ? 2
                                    : 0),
          step ? realSsa(expr(*step), at) : constant(QdoDefaultSpsaStep, at)},
         at);
    } else if (head == "deadline") {
      const Value seconds = expr(value);
      if (seconds.isConstant())
        facts.deadline = seconds.real;
      rt("policy_deadline", {policy, ssa(seconds, at)}, at);
    }
  };
  for (auto &[head, given] : clauses) {
    frames.push_back(given.scope);
    fillIn(*given.clause, op.getPolicy());
    frames.pop_back();
  }
  if (until) {
    mlir::OpBuilder::InsertionGuard guard(b);
    mlir::Block *block = op.getUntilBlock();
    b.setInsertionPointToEnd(block);
    Frame scope = until->scope;
    for (uint32_t i = 0; i < 7; ++i)
      if (auto found =
              scope.module->declared.find({static_cast<uint32_t>(until->clause->id), i + 1});
          found != scope.module->declared.end())
        scope.vars[found->second] =
            Value::ofSsa(i < 5 ? ValueKind::Real : ValueKind::Int, block->getArgument(i));
    frames.push_back(std::move(scope));
    std::vector<mlir::Value> outer = std::move(wires);
    wires.clear();
    const Clause *outerClause = std::exchange(pureClause, until->clause);
    Value done = expr(*until->clause->items[0].value);
    pureClause = outerClause;
    wires = std::move(outer);
    frames.pop_back();
    qdata::YieldOp::create(b, at, ssa(done, at));
  }
  policyFacts[facts.key] = facts;
  Value v = Value::handle(op.getPolicy(), symbol.type);
  v.text = facts.key;
  return v;
}

/// A rule that sees what the run has spent, or says something, would depend on the order of
/// measurements: equal programs would not be equal runs, and what one estimate is worth would
/// depend on others.
void Elaborator::refuseImpure(std::string_view what, base::Span span) {
  if (!pureClause)
    return;
  diagnostics
      .report(diag::Kind::BadClause, span, pureClause->head.text,
              fmt::format("is about one circuit alone: it cannot use {}", what))
      .place(pureClause->span, "the rule")
      .help("it sees `value`, `stderr`, `halfwidth`, `low`, `high`, `shots` and `batches` of the "
            "circuit; what all may spend together is `budget`, and `spent` may be read where "
            "measured values are used");
  throw Abandon{};
}

Payer Elaborator::payerOf(const Expr &e, const Value &policy) {
  if (const auto *n = dynAs<NameExpr>(&e); n && n->name == "exact") {
    Payer exact;
    exact.exact = true;
    return exact;
  }
  if (auto found = policyFacts.find(policy.text); found != policyFacts.end())
    return found->second;
  return Payer{};
}

} // namespace qdo::lower
