// SPDX-License-Identifier: Apache-2.0
// The clauses of a policy.
// In: clauses as the parser left them: a word and expressions. Out: types of the expressions, or
// what is wrong. Why: each clause is small and has its own grammar, so each has its own function.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

namespace {

/// What a clause may contain, as messages say it.
using Words = std::vector<std::string_view>;

const Words ResetForms = {"passive(5 * t1)", "passive(bias: 0.001)", "active(1.2us)",
                          "cheapest(bias: 0.001, active: 1.2us)"};

const Words PolicyClauses = {"budget",   "each",     "batch",   "until",   "confidence",
                             "allocate", "group",    "reset",   "combine", "mitigate",
                             "overlap",  "gradient", "deadline"};

/// `word` or `word(arguments)`.
struct Form {
  const NameExpr *word = nullptr;
  bool called = false; ///< with parentheses
  std::vector<const Arg *> args;

  explicit Form(const Expr &e) {
    const auto *call = dynAs<CallExpr>(&e);
    called = call != nullptr;
    word = dynAs<NameExpr>(call ? call->callee.get() : &e);
    if (call)
      for (const Arg &arg : call->args)
        args.push_back(&arg);
  }
  bool is(std::string_view name) const { return word && word->name == name; }
};

/// `a`, `b` or `c`.
std::string oneOf(const Words &forms) {
  std::string text;
  for (size_t i = 0; i < forms.size(); ++i)
    text += fmt::format("{}`{}`", i == 0 ? "" : i + 1 == forms.size() ? " or " : ", ", forms[i]);
  return text;
}

} // namespace

/// Reports a word that the clause does not know, with the nearest one that it does.
static void reportWord(diag::Engine &diagnostics, const Clause &clause, const Expr &value,
                       const Words &forms, const Words &words) {
  const Form form(value);
  auto &d = diagnostics.report(diag::Kind::BadClause, value.span, clause.head.text,
                               "needs " + oneOf(forms));
  if (!form.word)
    return;
  if (auto near = base::nearestWord(form.word->name, words))
    d.help(fmt::format("did you mean `{}`?", *near))
        .edit(form.word->span, std::string(*near), fmt::format("replace it with `{}`", *near));
}

/// One word and no parentheses.
static void oneWord(diag::Engine &diagnostics, const Clause &clause, const Words &words) {
  const Form form(*clause.items[0].value);
  if (!form.word || form.called ||
      std::find(words.begin(), words.end(), form.word->name) == words.end())
    reportWord(diagnostics, clause, *clause.items[0].value, words, words);
}

bool Checker::oneItem(const Clause &clause, std::string_view need) {
  // Readings and gates are mitigated independently of each other.
  const size_t most = clause.head.text == "mitigate" ? 2 : 1;
  if (!clause.items.empty() && clause.items.size() <= most && !clause.block && !clause.target &&
      !clause.on)
    return true;
  diagnostics.report(diag::Kind::BadClause, clause.span, clause.head.text, need);
  return false;
}

void Checker::clauseType(const Clause &clause, const Expr &e, TypeKind kind) {
  expectType(simple(kind), expr(e), e.span, "`" + clause.head.text + "`");
}

void Checker::countedInShots(const Clause &clause) {
  if (!clause.items[0].shots)
    diagnostics.report(diag::Kind::BadClause, clause.span, clause.head.text, "is counted in shots")
        .help("write the unit")
        .edit({clause.span.file, clause.span.end, clause.span.end}, " shots", "add `shots`");
}

/// The arguments of a word in a clause: those without a name first. False when there is something
/// else, which has been reported.
bool Checker::clauseArguments(const Clause &clause, const Expr &value, size_t positional,
                              const std::vector<std::string_view> &named,
                              std::string_view example) {
  const Form form(value);
  size_t given = 0;
  std::set<std::string> seen;
  for (const Arg *arg : form.args) {
    if (!arg->name) {
      ++given;
      continue;
    }
    const Ident &name = *arg->name;
    if (std::find(named.begin(), named.end(), name.text) == named.end()) {
      auto &d =
          diagnostics.report(diag::Kind::UnknownArgument, name.span, form.word->name, name.text);
      if (auto near = base::nearestWord(name.text, named))
        d.help(fmt::format("did you mean `{}`?", *near))
            .edit(name.span, std::string(*near), fmt::format("replace it with `{}`", *near));
      return false;
    }
    if (!seen.insert(name.text).second) {
      diagnostics.report(diag::Kind::DuplicateClause, name.span, name.text);
      return false;
    }
  }
  if (given == positional)
    return true;
  diagnostics.report(diag::Kind::BadClause, value.span, clause.head.text,
                     fmt::format("is written `{} {}`", clause.head.text, example));
  return false;
}

void Checker::untilClause(const Clause &clause) {
  scopes.emplace_back();
  uint32_t index = 0;
  for (const char *name : {"value", "stderr", "halfwidth", "low", "high", "shots", "batches"}) {
    const bool count = index >= 5;
    clauseVariable(name, simple(count ? TypeKind::Int : TypeKind::Real), clause.head.span,
                   clause.id, ++index);
  }
  Context saved = context;
  context.place = Place::Clause;
  condition(*clause.items[0].value, "the condition of `until`");
  context = saved;
  scopes.pop_back();
}

/// `95%` or `method(95%, joint: m)`.
void Checker::confidenceClause(const Clause &clause) {
  static const Words methods = {"clopper_pearson", "wilson", "hoeffding", "bernstein", "anytime"};
  const Expr *level = clause.items[0].value.get();
  if (level->kind == ExprKind::Call) {
    const Form form(*level);
    if (!form.word || std::find(methods.begin(), methods.end(), form.word->name) == methods.end())
      return reportWord(diagnostics, clause, *level,
                        {"95%", "clopper_pearson(95%)", "wilson(95%)", "hoeffding(95%)",
                         "bernstein(95%)", "anytime(95%)"},
                        methods);
    if (!clauseArguments(clause, *level, 1, {"joint"}, form.word->name + "(95%, joint: 10)"))
      return;
    for (const Arg *arg : form.args)
      if (arg->name) {
        clauseType(clause, *arg->value, TypeKind::Int);
        if (const auto *whole = dynAs<IntExpr>(arg->value.get()); whole && whole->value < 1)
          diagnostics.report(diag::Kind::BadClause, arg->value->span, "joint",
                             "counts the claims that hold together: 1 or more");
      } else {
        level = arg->value.get();
      }
  }
  clauseType(clause, *level, TypeKind::Real);
  const auto *percent = dynAs<PercentExpr>(level);
  const auto *real = dynAs<RealExpr>(level);
  const auto *whole = dynAs<IntExpr>(level);
  const double p = percent ? percent->value
                   : real  ? real->value
                   : whole ? static_cast<double>(whole->value)
                           : 0.5; // anything else is judged at elaboration
  if (p <= 0 || p >= 1)
    diagnostics
        .report(diag::Kind::BadClause, level->span, clause.head.text,
                "lies strictly between 0% and 100%")
        .help("write it as a percentage: `95%`");
}

/// `passive(5 * t1)`, where `t1` is the device's, `passive(bias: 0.001)`, `active(1.2us)` or
/// `cheapest(bias: 0.001, active: 1.2us)`.
void Checker::resetClause(const Clause &clause) {
  const Expr &value = *clause.items[0].value;
  const Form form(value);
  const bool cheapest = form.is("cheapest");
  if (!form.is("passive") && !form.is("active") && !cheapest)
    return reportWord(diagnostics, clause, value, ResetForms, {"passive", "active", "cheapest"});
  const bool biased = form.is("passive") &&
                      std::ranges::any_of(form.args, [](const Arg *arg) { return !!arg->name; });
  if (cheapest || biased) {
    const std::vector<std::string_view> names =
        cheapest ? std::vector<std::string_view>{"bias", "active"}
                 : std::vector<std::string_view>{"bias"};
    if (!clauseArguments(clause, value, 0, names, cheapest ? ResetForms[3] : ResetForms[1]))
      return;
    if (form.args.size() < names.size()) {
      diagnostics.report(diag::Kind::BadClause, value.span, clause.head.text,
                         fmt::format("is written `reset {}`", ResetForms[3]));
      return;
    }
    for (const Arg *arg : form.args) {
      const bool bias = arg->name->text == "bias";
      clauseType(clause, *arg->value, bias ? TypeKind::Real : TypeKind::Duration);
      const auto *real = dynAs<RealExpr>(arg->value.get());
      const auto *percent = dynAs<PercentExpr>(arg->value.get());
      const auto *whole = dynAs<IntExpr>(arg->value.get());
      const double p = real ? real->value : percent ? percent->value : whole ? 1 : 0.5;
      if (bias && (p <= 0 || p >= 1))
        diagnostics.report(diag::Kind::BadClause, arg->value->span, "bias",
                           "is the most that a qubit may still be excited: above 0 and below 1");
    }
    return;
  }
  if (!clauseArguments(clause, value, 1, {},
                       form.is("passive") ? "passive(5 * t1)" : "active(1.2us)"))
    return;
  scopes.emplace_back();
  clauseVariable("t1", simple(TypeKind::Duration), clause.head.span, clause.id, 1);
  clauseType(clause, *form.args[0]->value, TypeKind::Duration);
  scopes.pop_back();
}

/// `mean` or `median_of_means(8)`.
void Checker::combineClause(const Clause &clause) {
  const Expr &value = *clause.items[0].value;
  const Form form(value);
  const bool median = form.is("median_of_means");
  if (!median && (!form.is("mean") || form.called))
    return reportWord(diagnostics, clause, value, {"mean", "median_of_means(8)"},
                      {"mean", "median_of_means"});
  if (!median)
    return;
  if (!clauseArguments(clause, value, 1, {}, "median_of_means(8)"))
    return;
  const Expr &groups = *form.args[0]->value;
  clauseType(clause, groups, TypeKind::Int);
  if (const auto *whole = dynAs<IntExpr>(&groups); whole && whole->value < 1)
    diagnostics.report(diag::Kind::BadClause, groups.span, "median_of_means",
                       "needs 1 group of shots or more");
}

/// `readout`, `zne([1, 2, 3])`, or both.
void Checker::mitigateClause(const Clause &clause) {
  const Expr *first = nullptr;
  for (const ClauseItem &item : clause.items) {
    const Expr &value = *item.value;
    const Form form(value);
    if (!form.is("zne") && (!form.is("readout") || form.called))
      return reportWord(diagnostics, clause, value, {"readout", "zne([1, 2, 3])"},
                        {"readout", "zne"});
    if (first && form.is(Form(*first).word->name)) {
      diagnostics.report(diag::Kind::DuplicateClause, value.span, "mitigate " + form.word->name)
          .place(first->span, "first here");
      return;
    }
    first = &value;
    if (!form.is("zne"))
      continue;
    if (!clauseArguments(clause, value, 1, {}, "zne([1, 2, 3])"))
      return;
    const Expr &list = *form.args[0]->value;
    const auto *factors = dynAs<ArrayExpr>(&list);
    if (!factors || factors->elements.size() < 2) {
      diagnostics.report(diag::Kind::BadClause, list.span, "zne",
                         "needs a list of 2 or more factors of the noise, the first of them 1");
      return;
    }
    for (const ExprPtr &factor : factors->elements)
      clauseType(clause, *factor, TypeKind::Real);
  }
}

/// `parameter_shift`, `spsa(c: 0.1)` or `adjoint`: how `grad` and `minimize` measure.
void Checker::gradientClause(const Clause &clause) {
  const Expr &value = *clause.items[0].value;
  const Form form(value);
  const bool spsa = form.is("spsa");
  if (!spsa && ((!form.is("parameter_shift") && !form.is("adjoint")) || form.called))
    return reportWord(diagnostics, clause, value, {"parameter_shift", "spsa(c: 0.1)", "adjoint"},
                      {"parameter_shift", "spsa", "adjoint"});
  if (spsa) {
    if (!clauseArguments(clause, value, 0, {"c"}, "spsa(c: 0.1)"))
      return;
    for (const Arg *arg : form.args) {
      clauseType(clause, *arg->value, TypeKind::Real);
      const auto *real = dynAs<RealExpr>(arg->value.get());
      const auto *whole = dynAs<IntExpr>(arg->value.get());
      if ((real && real->value <= 0) || (whole && whole->value <= 0))
        diagnostics.report(diag::Kind::BadClause, arg->value->span, "spsa",
                           "steps by `c`, which must be above 0");
    }
  }
  if (form.is("adjoint")) // needs amplitudes, which shots do not give
    notYet(clause.span, "`gradient adjoint` in a policy that spends shots (`with exact` does it)");
}

void Checker::deadlineClause(const Clause &clause) {
  clauseType(clause, *clause.items[0].value, TypeKind::Duration);
}

void Checker::policyClause(const Clause &clause) {
  const std::string &head = clause.head.text;
  if (std::find(PolicyClauses.begin(), PolicyClauses.end(), head) == PolicyClauses.end()) {
    auto &d = diagnostics.report(diag::Kind::UnknownClause, clause.head.span, "a policy", head);
    if (auto near = base::nearestWord(head, PolicyClauses))
      d.help(fmt::format("did you mean `{}`?", *near))
          .edit(clause.head.span, std::string(*near), fmt::format("replace it with `{}`", *near));
    return;
  }
  if (!oneItem(clause, head == "budget" || head == "batch" ? "needs a number of shots"
                       : head == "each"       ? "needs a number of shots or `LOW to HIGH shots`"
                       : head == "until"      ? "needs one condition"
                       : head == "confidence" ? "needs one confidence, such as `95%`"
                       : head == "allocate"   ? "needs `uniform`, `neyman`, `decision` or `race`"
                       : head == "group"      ? "needs `qubitwise` or `commuting`"
                       : head == "reset"      ? "needs one reset, such as `passive(5 * t1)`"
                       : head == "combine"    ? "needs `mean` or `median_of_means(8)`"
                       : head == "overlap"    ? "needs one way, such as `cheapest` or `swap`"
                       : head == "mitigate"   ? "needs `readout`, `zne([1, 2, 3])` or both"
                       : head == "gradient" ? "needs `parameter_shift`, `spsa(c: 0.1)` or `adjoint`"
                                            : "needs a duration, such as `30s`"))
    return;
  const Expr &value = *clause.items[0].value;
  if (clause.items[0].shots && head != "budget" && head != "batch" && head != "each") {
    diagnostics.report(diag::Kind::BadClause, clause.span, head, "is not counted in shots");
    return;
  }
  if (head == "budget" || head == "batch") {
    clauseType(clause, value, TypeKind::Int);
    countedInShots(clause);
  } else if (head == "each") {
    if (const auto *interval = dynAs<IntervalExpr>(&value)) {
      clauseType(clause, *interval->low, TypeKind::Int);
      clauseType(clause, *interval->high, TypeKind::Int);
      module->types[static_cast<uint32_t>(value.id)] = simple(TypeKind::Interval);
    } else {
      clauseType(clause, value, TypeKind::Int);
    }
    countedInShots(clause);
  } else if (head == "until") {
    untilClause(clause);
  } else if (head == "confidence") {
    confidenceClause(clause);
  } else if (head == "allocate") {
    oneWord(diagnostics, clause, {"uniform", "neyman", "decision", "race"});
  } else if (head == "group") {
    oneWord(diagnostics, clause, {"qubitwise", "commuting"});
  } else if (head == "overlap") { // estimate::overlapWays
    oneWord(diagnostics, clause,
            {"cheapest", "compute_uncompute", "destructive_swap", "swap", "hadamard", "shadow"});
  } else if (head == "reset") {
    resetClause(clause);
  } else if (head == "combine") {
    combineClause(clause);
  } else if (head == "mitigate") {
    mitigateClause(clause);
  } else if (head == "gradient") {
    gradientClause(clause);
  } else {
    deadlineClause(clause);
  }
}

void Checker::policyDecl(SymbolId id) {
  const auto &policy = as<PolicyStmt>(*sym(id).decl);
  Signature &sig = signature(id);
  auto body = [&] {
    if (policy.from) {
      TypeRef from = expr(*policy.from);
      expectType(simple(TypeKind::Policy), from, policy.from->span, "what a policy derives from");
    }
    std::map<std::string, base::Span> seen;
    for (const Clause &clause : policy.clauses) {
      auto [old, isNew] = seen.emplace(clause.head.text, clause.head.span);
      if (!isNew)
        diagnostics.report(diag::Kind::DuplicateClause, clause.head.span, clause.head.text)
            .place(old->second, "first here");
      else
        policyClause(clause);
    }
  };
  scopes.emplace_back();
  bindParameters(sig);
  body();
  scopes.pop_back();
}

} // namespace qdo::sema
