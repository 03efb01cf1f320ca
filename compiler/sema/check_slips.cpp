// SPDX-License-Identifier: Apache-2.0
// Slips and habits: names that are nearly known or known elsewhere, results that are not returned.
// In: what could not be resolved. Out: the report with its way out. Why: what follows from one slip
// must not be reported as another.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::sema {

using namespace syntax;

namespace {
/// What people who know another language look for: a word that can replace theirs, or none.
struct Habit {
  std::string_view own, help;
};
const std::map<std::string_view, Habit> &habits() {
  constexpr std::string_view absent = "there is no missing value here: a variable always has one";
  constexpr std::string_view size = "every array and data set has its number of elements: `x.size`";
  constexpr std::string_view print = "write `print x`, or `print \"text {x:.3f}\"`";
  constexpr std::string_view qubits = "live qubits are made by `let q = prepare zero(2)`, and a "
                                      "circuit borrows them: `circuit c() on q: qubit[2] { ... }`";
  constexpr std::string_view bits = "outcomes need no declaration: `let m = measure q` is a `bool`";
  constexpr std::string_view notNumber = "a result that is not a number is an error here";
  constexpr std::string_view value = "a value is declared without its type: `let x = 3`";
  static const std::map<std::string_view, Habit> table = {
      {"True", {"true", "truth values are `true` and `false`"}},
      {"TRUE", {"true", "truth values are `true` and `false`"}},
      {"False", {"false", "truth values are `true` and `false`"}},
      {"FALSE", {"false", "truth values are `true` and `false`"}},
      {"None", {"", absent}},
      {"null", {"", absent}},
      {"nil", {"", absent}},
      {"undefined", {"", absent}},
      {"nan", {"", notNumber}},
      {"NaN", {"", notNumber}},
      {"inf", {"", "numbers are finite here: an overflow is an error"}},
      {"Inf", {"", "numbers are finite here: an overflow is an error"}},
      {"infinity", {"", "numbers are finite here: an overflow is an error"}},
      {"PI", {"pi", "the constant is `pi`"}},
      {"Pi", {"pi", "the constant is `pi`"}},
      {"len", {"", size}},
      {"length", {"", size}},
      {"size", {"", size}},
      {"range", {"", "count with a range: `for i in 0..n`"}},
      {"enumerate", {"", "count with a range, and index: `for i in 0..x.size { ... x[i] ... }`"}},
      {"println", {"", print}},
      {"printf", {"", print}},
      {"echo", {"", print}},
      {"console", {"", print}},
      {"str", {"", "a string holds any value in braces: `\"{x}\"`"}},
      {"float", {"real", "numbers with a fraction are `real`"}},
      {"qubit", {"", qubits}},
      {"qreg", {"", qubits}},
      {"Qubit", {"", qubits}},
      {"QuantumCircuit", {"", qubits}},
      {"bit", {"", bits}},
      {"creg", {"", bits}},
      {"double", {"", value}},
      {"M", {"measure", "an outcome is `measure q`"}},
      {"reset", {"", "end the qubit with `discard q`, and `prepare` another"}},
      {"barrier", {"", "gates keep their order on each qubit; nothing needs to be said"}},
      {"np", {"", "the functions of mathematics need no module: `sin(x)`, `sqrt(x)`, `sum(xs)`"}},
      {"numpy", {"", "the functions of mathematics need no module: `sin(x)`, `sqrt(x)`"}},
      {"math", {"", "the functions of mathematics need no module: `sin(x)`, `sqrt(x)`"}},
  };
  return table;
}
} // namespace

void Checker::suggestName(diag::Diagnostic &diagnostic, std::string_view name, base::Span span) {
  static constexpr std::string_view gates[] = {
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help) #name,
#include "qdo/runtime/gates.def"
  };
  if (!diagnostics.keeps(diagnostic))
    return;
  if (std::find(std::begin(gates), std::end(gates), name) != std::end(gates)) {
    diagnostic.help("a gate stands before its qubits, without parentheses around them: `h q[0]`, "
                    "`cx q[0], q[1]`, `ry(0.3) q[0]`");
    return;
  }
  if (const auto habit = habits().find(name); habit != habits().end()) {
    diagnostic.help(std::string(habit->second.help));
    if (!habit->second.own.empty())
      diagnostic.edit(span, std::string(habit->second.own),
                      fmt::format("replace `{}` with `{}`", name, habit->second.own));
    return;
  }
  for (const char *path :
       {"std.encodings", "std.states", "std.evolution", "std.ansatz", "std.select"})
    if (auto *known = load(path))
      if (known->names.count(name)) {
        diagnostic.help(
            fmt::format("bring it in with `use {}.{}` at the top of the file", path, name));
        return;
      }
  std::vector<std::string_view> words;
  for (const auto &scope : scopes)
    for (const auto &[word, id] : scope)
      words.push_back(word);
  for (const auto &[word, id] : module->names)
    words.push_back(word);
  if (auto prelude = loaded.find("std.prelude"); prelude != loaded.end() && prelude->second)
    for (const auto &[word, id] : prelude->second->names)
      words.push_back(word);
  for (const auto &[word, id] : builtins)
    words.push_back(word);
  // Among more names than anyone wrote, a near one is near by chance.
  constexpr size_t mostNames = 5000;
  if (words.size() > mostNames)
    return;
  if (auto near = base::nearestWord(name, words)) {
    diagnostic.help(fmt::format("did you mean `{}`?", *near));
    diagnostic.edit(span, std::string(*near), fmt::format("replace `{}` with `{}`", name, *near));
  }
}

/// One missing declaration is one mistake: later uses are silent, and so are names of lines that
/// could not be read, and names that the parser made up.
void Checker::unknownName(const Ident &name) {
  if (name.text.empty() || module->ast.mayBeUnread(name.text, name.span) ||
      !unknownNames.emplace(context.function, name.text).second)
    return;
  suggestName(diagnostics.report(diag::Kind::UnknownName, name.span, name.text), name.text,
              name.span);
}

void Checker::doubt(const Expr &use) {
  const auto *index = dynAs<IndexExpr>(&use);
  const auto *name = dynAs<NameExpr>(index ? index->base.get() : &use);
  const SymbolId id = name ? lookup(name->name) : SymbolId::None;
  if (id != SymbolId::None && sym(id).kind == SymbolKind::Variable && sym(id).decl == nullptr)
    sym(id).type = simple(TypeKind::Error);
}

/// `fn f() -> int { 1 }`: a function's value is returned in words. True if that was reported.
bool Checker::forgotReturn(const FnStmt &fn) {
  const auto *last =
      fn.block->stmts.empty() ? nullptr : dynAs<ExprStmt>(fn.block->stmts.back().get());
  if (!last || !context.declaredResult || context.declaredResult->is(TypeKind::Unit) ||
      last->value->kind == ExprKind::If || last->value->kind == ExprKind::Error ||
      last->value->kind == ExprKind::Call)
    return false;
  diagnostics
      .report(diag::Kind::TypeMismatch, last->span, "the result of `" + fn.name.text + "`",
              "missing", show(context.declaredResult))
      .label("a value, but it is not returned")
      .help("a function's result follows `return`")
      .edit({last->span.file, last->span.begin, last->span.begin}, "return ", "return it");
  unreturned = last;
  return true;
}

} // namespace qdo::sema
