// SPDX-License-Identifier: Apache-2.0
// The quantum part: recipes, bra-kets, gates on live or borrowed qubits, estimate blocks.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

namespace {
struct Gate {
  const char *name;
  int controls, targets, parameters;
};
constexpr Gate Gates[] = {
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help)                       \
  {#name, controls, targets, parameters},
#include "qdo/runtime/gates.def"
};
const Gate *findGate(std::string_view name) {
  for (const Gate &gate : Gates)
    if (name == gate.name)
      return &gate;
  return nullptr;
}
} // namespace

TypeRef Checker::recipe(const Expr &e, std::string_view what) {
  TypeRef t = expr(e);
  if (t->isError() || t->isRecipe())
    return t;
  if (t->is(TypeKind::Encoding)) {
    diagnostics
        .report(diag::Kind::TypeMismatch, e.span, what, "an encoding without its data",
                "a state's recipe")
        .help(fmt::format("apply it to data: `{}(x)`", sources.text(e.span)));
    return simple(TypeKind::Error);
  }
  auto &d = diagnostics.report(diag::Kind::TypeMismatch, e.span, what, show(t), "a state's recipe");
  d.label(fmt::format("this is {}", show(t)));
  if (t->isLive())
    d.help("a live state cannot be measured again and again; use the recipe it was prepared from");
  else
    doubt(e);
  return simple(TypeKind::Error);
}

/// Both sides of a bra-ket: recipes on the same number of qubits.
bool Checker::samePreps(const Expr &bra, const Expr &ket) {
  TypeRef b = recipe(bra, "the bra");
  TypeRef k = recipe(ket, "the ket");
  if (b->isError() || k->isError())
    return false;
  SizeBindings none;
  if (solve(b->sizes[0], k->sizes[0], {}, none))
    return true;
  diagnostics
      .report(diag::Kind::QubitsDiffer, bra.span.to(ket.span), quote(bra.span), show(b->sizes[0]),
              quote(ket.span), show(k->sizes[0]))
      .place(bra.span, show(b))
      .place(ket.span, show(k));
  return false;
}

TypeRef Checker::overlap(const OverlapExpr &o) {
  bool ok = samePreps(*o.bra, *o.ket);
  if (context.payer != Payer::Exact && context.place != Place::Circuit) {
    diagnostics.report(diag::Kind::Peeking, o.span, "the complex overlap " + quote(o.span))
        .label("a phase that no single measurement shows")
        .help("measure the fidelity `|<p|q>|^2`, or put it under `with exact { ... }`");
    return simple(TypeKind::Error);
  }
  if (context.place == Place::Circuit)
    pay(o.span, "an overlap");
  return ok ? simple(TypeKind::Complex) : simple(TypeKind::Error);
}

TypeRef Checker::absOverlap(const AbsOverlapExpr &o) {
  // |<p|q>| alone: the grammar's users write ^2, which `binary` sees as a power of this.
  bool ok = samePreps(*o.bra, *o.ket);
  pay(o.span, "a fidelity");
  if (!ok)
    return simple(TypeKind::Error);
  return simple(context.payer == Payer::Exact ? TypeKind::Real : TypeKind::Estimate);
}

TypeRef Checker::matrixElement(const MatrixElementExpr &m) {
  bool ok = samePreps(*m.bra, *m.ket);
  TypeRef observable = expr(*m.observable);
  ok &=
      expectType(simple(TypeKind::Observable), observable, m.observable->span, "what is measured");
  pay(m.span, "an expectation value");
  if (!ok)
    return simple(TypeKind::Error);
  if (quote(m.bra->span) != quote(m.ket->span)) {
    if (context.payer != Payer::Exact) {
      diagnostics
          .report(diag::Kind::Peeking, m.span, "a matrix element between two different states")
          .help("only `<p|A|p>` is an expectation value");
      return simple(TypeKind::Error);
    }
    return notYet(m.span, "a matrix element between two different states");
  }
  return simple(context.payer == Payer::Exact ? TypeKind::Real : TypeKind::Estimate);
}

TypeRef Checker::estimateBlock(const EstimateExpr &e) {
  pay({e.span.file, e.span.begin, e.span.begin + 8}, "an `estimate` block");
  if (context.place == Place::Circuit) {
    diagnostics.silence(e.span); // so is what stands in it
    return simple(TypeKind::Error);
  }
  if (context.payer == Payer::Exact) {
    diagnostics
        .report(diag::Kind::NotAllowedHere, e.span, "an `estimate` block", "under `with exact`")
        .help("it runs once a shot: put it under `with shots(1000) { ... }`");
    return simple(TypeKind::Error);
  }
  Context saved = context;
  context.estimate = e.span;
  context.loops = 0;
  context.payer = Payer::Policy;
  TypeRef value;
  block(e.body, &value);
  context = saved;
  if (!value || value->is(TypeKind::Unit)) {
    diagnostics
        .report(diag::Kind::TypeMismatch, e.span, "the value of an `estimate` block", "missing",
                "bool")
        .help("end the block with the outcome of one shot: `measure q`");
    return simple(TypeKind::Error);
  }
  if (!expectType(simple(TypeKind::Bool), value, e.body.stmts.back()->span,
                  "the value of an `estimate` block"))
    return simple(TypeKind::Error);
  return simple(TypeKind::Estimate);
}

/// `double x`, where there is no gate `double`: that there is no `x` either is the same mistake.
void Checker::forgetOperands(const GateStmt &stmt) {
  for (const ExprPtr &operand : stmt.operands) {
    const auto *index = dynAs<IndexExpr>(operand.get());
    if (const auto *name = dynAs<NameExpr>(index ? index->base.get() : operand.get()))
      unknownNames.emplace(context.function, name->name);
  }
}

/// One gate statement: peel the modifiers, find the gate or circuit, then look at its operands.
void Checker::gateStmt(const GateStmt &stmt) {
  int controls = 0;
  const Expr *e = stmt.gate.get();
  while (true) {
    if (const auto *u = dynAs<UnaryExpr>(e); u && u->op == UnaryOp::Adj) {
      e = u->operand.get();
    } else if (const auto *c = dynAs<CtrlExpr>(e)) {
      int64_t count = 1;
      if (c->count) {
        TypeRef t = expr(*c->count);
        expectType(simple(TypeKind::Int), t, c->count->span, "the number of controls");
        Size size = sizeOf(*c->count);
        if (!size.isConstant()) {
          notYet(c->count->span, "a number of controls that is not written as a number");
          return;
        }
        count = size.offset;
        if (count < 1) {
          diagnostics.report(diag::Kind::GateOperandCount, c->count->span, "ctrl",
                             "at least 1 control", count);
          return;
        }
      }
      controls += static_cast<int>(count);
      e = c->operand.get();
    } else if (const auto *b = dynAs<BinaryExpr>(e); b && b->op == BinaryOp::Pow) {
      shapeDependsOnData(*b->rhs, "how often a gate is applied");
      expectType(simple(TypeKind::Int), expr(*b->rhs), b->rhs->span, "the power of a gate");
      e = b->lhs.get();
    } else if (const auto *p = dynAs<ParenExpr>(e)) {
      e = p->inner.get();
    } else {
      break;
    }
  }
  const auto *call = dynAs<CallExpr>(e);
  const Expr &head = call ? *call->callee : *e;
  if (head.kind != ExprKind::Name && head.kind != ExprKind::Member) {
    if (!expr(*e)->isError())
      diagnostics.report(diag::Kind::NotAGate, e->span, sources.text(e->span), "an expression");
    forgetOperands(stmt);
    return;
  }
  if (const auto *n = dynAs<NameExpr>(&head);
      n && !findGate(n->name) && lookup(n->name) == SymbolId::None)
    forgetOperands(stmt);
  for (const ExprPtr &operand : stmt.operands)
    expr(*operand);
  // Gates resolve in gate position only, and before anything a program calls the same.
  if (const auto *n = dynAs<NameExpr>(&head)) {
    if (const Gate *gate = findGate(n->name)) {
      const auto angle = [](int k) {
        return k == 0 ? std::string("no angle") : k == 1 ? "1 angle" : fmt::format("{} angles", k);
      };
      const int given = call ? static_cast<int>(call->args.size()) : 0;
      if (call)
        for (const Arg &arg : call->args)
          expectType(simple(TypeKind::Real), expr(*arg.value), arg.value->span,
                     fmt::format("the angle of `{}`", gate->name));
      if (given != gate->parameters) {
        diagnostics.report(diag::Kind::GateAngleCount, e->span, gate->name, angle(gate->parameters),
                           angle(given));
        return;
      }
      std::vector<TypeRef> types;
      for (const ExprPtr &operand : stmt.operands) {
        TypeRef t = module->types[static_cast<uint32_t>(operand->id)];
        if (t->isError())
          return;
        if (!t->is(TypeKind::Qubit) && !t->is(TypeKind::Register)) {
          diagnostics
              .report(diag::Kind::TypeMismatch, operand->span,
                      fmt::format("what `{}` acts on", gate->name), show(t), "a qubit")
              .help(t->isRecipe()
                        ? "a recipe is not a live state: write a circuit, or `prepare` it first"
                        : "gates act on qubits");
          doubt(*operand);
          return;
        }
        types.push_back(t);
      }
      const int wanted = controls + gate->controls + gate->targets;
      const auto qubits = [](size_t k) {
        return k == 1 ? std::string("1 qubit") : fmt::format("{} qubits", k);
      };
      if (wanted == 1 && types.size() == 1)
        return; // one qubit, or each qubit of a register
      if (static_cast<int>(types.size()) != wanted) {
        diagnostics.report(diag::Kind::GateOperandCount, stmt.span, gate->name,
                           qubits(static_cast<size_t>(wanted)), qubits(types.size()));
        return;
      }
      for (size_t i = 0; i < types.size(); ++i)
        if (types[i]->is(TypeKind::Register) && !(types[i]->sizes[0] == Size::constant(1))) {
          diagnostics
              .report(diag::Kind::TypeMismatch, stmt.operands[i]->span,
                      fmt::format("what `{}` acts on", gate->name), show(types[i]), "a qubit")
              .help(fmt::format("name the qubit: `{}[0]`", sources.text(stmt.operands[i]->span)));
          return;
        }
      return;
    }
    if (lookup(n->name) == SymbolId::None) {
      if (module->ast.mayBeUnread(n->name, n->span))
        return;
      auto &d = diagnostics.report(diag::Kind::UnknownGate, n->span, n->name);
      std::vector<std::string_view> words;
      for (const Gate &gate : Gates)
        words.emplace_back(gate.name);
      for (const auto &[word, id] : module->names)
        if (sym(id).kind == SymbolKind::Circuit)
          words.push_back(word);
      static const std::map<std::string, std::string, std::less<>> foreign = {
          {"cnot", "cx"},    {"CNOT", "cx"}, {"H", "h"},          {"X", "x"},
          {"Y", "y"},        {"Z", "z"},     {"toffoli", "ccx"},  {"RX", "rx"},
          {"RY", "ry"},      {"RZ", "rz"},   {"cphase", "cp"},    {"phase", "p"},
          {"hadamard", "h"}, {"CZ", "cz"},   {"fredkin", "cswap"}};
      auto habit = foreign.find(n->name);
      auto near = habit != foreign.end() ? std::optional<std::string_view>(habit->second)
                                         : base::nearestWord(n->name, words);
      if (near)
        d.help(fmt::format("did you mean `{}`?", *near))
            .edit(n->span, std::string(*near),
                  fmt::format("replace `{}` with `{}`", n->name, *near));
      if (call)
        for (const Arg &arg : call->args)
          expr(*arg.value);
      return;
    }
  }
  auto id = callee(head);
  if (!id || *id == SymbolId::None)
    return;
  applyCircuit(stmt, *id, call, controls);
}

void Checker::applyCircuit(const GateStmt &stmt, SymbolId id, const CallExpr *call, int controls) {
  const Symbol &symbol = sym(id);
  if (symbol.kind == SymbolKind::Unsupported)
    return;
  if (symbol.kind != SymbolKind::Circuit && symbol.kind != SymbolKind::Function) {
    if (symbol.type && symbol.type->is(TypeKind::Unitary)) {
      applyUnitary(stmt, symbol.type, controls);
      return;
    }
    auto &d = diagnostics.report(diag::Kind::NotAGate, stmt.gate->span,
                                 sources.text(stmt.gate->span), std::string(describe(symbol.kind)));
    if (symbol.type && symbol.type->isLive())
      d.help(
          "two names side by side are a gate and its qubits; is a comma or an operator missing?");
    return;
  }
  Signature &sig = signature(id);
  if (sig.on.empty()) {
    diagnostics
        .report(diag::Kind::NotAGate, stmt.gate->span, symbol.name,
                "a function that borrows no qubits")
        .help(fmt::format("pass the qubits in parentheses: `{}(q)`", symbol.name));
    return;
  }
  if (symbol.kind == SymbolKind::Function && context.place == Place::Circuit) {
    notUnitaryCall(stmt.gate->span, symbol)
        .label("a function may measure")
        .place(symbol.span, fmt::format("`{}` is declared as a function here", symbol.name))
        .help(fmt::format("declare `{}` as a circuit if all it does is unitary, or call it where "
                          "`{}` is used",
                          symbol.name, sym(context.function).name));
    return;
  }
  if (symbol.kind == SymbolKind::Function && stmt.gate.get() != static_cast<const Expr *>(call)) {
    diagnostics.report(diag::Kind::NotAGate, stmt.gate->span, symbol.name, "a function");
    return;
  }
  SizeBindings bindings;
  static const std::vector<Arg> none;
  if (!arguments(id, call ? call->args : none, call ? call->span : stmt.gate->span, bindings,
                 nullptr))
    return;
  if (stmt.operands.size() != sig.on.size() + static_cast<size_t>(controls)) {
    const size_t wanted = sig.on.size() + static_cast<size_t>(controls);
    diagnostics
        .report(diag::Kind::GateOperandCount, stmt.span, symbol.name,
                wanted == 1 ? std::string("1 register")
                            : fmt::format("{} registers or qubits", wanted),
                stmt.operands.size())
        .place(symbol.span, "declared here");
    return;
  }
  for (size_t i = 0; i < stmt.operands.size(); ++i) {
    TypeRef actual = module->types[static_cast<uint32_t>(stmt.operands[i]->id)];
    TypeRef wanted = i < static_cast<size_t>(controls)
                         ? simple(TypeKind::Qubit)
                         : sig.on[i - static_cast<size_t>(controls)].type;
    if (wanted->is(TypeKind::Register) && actual->is(TypeKind::Qubit))
      actual = sized(TypeKind::Register, Size::constant(1));
    if (!expectType(wanted, actual, stmt.operands[i]->span,
                    fmt::format("what `{}` acts on", symbol.name), sig.sizeVariables, &bindings))
      return;
  }
  if (symbol.kind == SymbolKind::Function) {
    auto &effects = program.effects[id];
    resultOf(id);
    if (effects.measures && context.payer != Payer::Exact)
      pay(stmt.gate->span, fmt::format("a call of `{}`", symbol.name));
  }
}

/// A unitary that is held in a value, as a gate on as many qubits as it has.
void Checker::applyUnitary(const GateStmt &stmt, const TypeRef &unitary, int controls) {
  Size qubits = Size::constant(0);
  for (size_t i = 0; i < stmt.operands.size(); ++i) {
    const TypeRef &t = module->types[static_cast<uint32_t>(stmt.operands[i]->id)];
    if (t->isError())
      return;
    if (!t->is(TypeKind::Qubit) && !t->is(TypeKind::Register)) {
      diagnostics.report(diag::Kind::TypeMismatch, stmt.operands[i]->span,
                         "what " + quote(stmt.gate->span) + " acts on", show(t), "qubits");
      return;
    }
    if (i >= static_cast<size_t>(controls))
      qubits = qubits + (t->is(TypeKind::Register) ? t->sizes[0] : Size::constant(1));
  }
  SizeBindings none;
  if (stmt.operands.size() < static_cast<size_t>(controls) ||
      !solve(unitary->sizes[0], qubits, {}, none))
    diagnostics.report(diag::Kind::GateOperandCount, stmt.span, sources.text(stmt.gate->span),
                       show(unitary->sizes[0]) + " qubits", show(qubits) + " qubits");
}

/// The matrix of a `unitary`: 2^n rows of as many numbers.
void Checker::matrix(const Signature &sig, const UnitaryStmt &unitary) {
  TypeRef actual = expr(*unitary.matrix);
  Size qubits = circuitResult(sig, {})->sizes[0];
  Size side = powerOfTwo(qubits);
  if (!qubits.isConstant() || qubits.offset < 1 || qubits.offset > 5) {
    diagnostics
        .report(diag::Kind::NotAllowedHere, unitary.name.span,
                "a `unitary` on " + show(qubits) + " qubits", "as a matrix")
        .help("a matrix is written for 1 to 5 qubits; compose larger unitaries as circuits");
    return;
  }
  expectType(arrayOf(simple(TypeKind::Complex), {side, side}), actual, unitary.matrix->span,
             "the matrix of `" + unitary.name.text + "`");
}

void Checker::circuitDecl(SymbolId id) {
  Signature &sig = signature(id);
  const auto &circuit = as<CircuitStmt>(*sym(id).decl);
  if (program.effects[id].checked)
    return;
  program.effects[id].checked = true;
  inModuleOf(id, [&] {
    bindParameters(sig);
    context = {};
    context.place = Place::Circuit;
    context.function = id;
    if (circuit.kind == StmtKind::Unitary)
      matrix(sig, as<UnitaryStmt>(circuit));
    else
      block(circuit.body);
  });
}

} // namespace qdo::sema
