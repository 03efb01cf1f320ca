// SPDX-License-Identifier: Apache-2.0
// Statements: bindings, control flow, printing.
#include "compiler/sema/checker.h"
#include "compiler/sema/saved.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

void Checker::block(const Block &block, TypeRef *value) {
  scopes.emplace_back();
  stmts(block.stmts, value);
  scopes.pop_back();
}

/// With `value`, the last statement may be an expression that gives the block its value.
void Checker::stmts(const std::vector<StmtPtr> &list, TypeRef *value) {
  if (!scopes.empty()) // top-level declarations were declared with their module
    for (const StmtPtr &s : list)
      declareStmt(*s);
  for (const StmtPtr &s : list) {
    if (value && s == list.back() && s->kind == StmtKind::Expr)
      *value = expr(*as<ExprStmt>(*s).value);
    else
      stmt(*s);
  }
}

void Checker::condition(const Expr &e, std::string_view what) {
  TypeRef t = expr(e);
  if (t->isError() || t->is(TypeKind::Bool))
    return;
  auto &d = diagnostics.report(diag::Kind::TypeMismatch, e.span, what, show(t), "bool");
  d.label(fmt::format("this is {}", show(t)));
  if (t->is(TypeKind::Qubit))
    d.help("`measure` it first")
        .edit({e.span.file, e.span.begin, e.span.begin}, "measure ", "insert `measure`");
}

bool Checker::allowedInCircuit(const Stmt &stmt) {
  switch (stmt.kind) {
  case StmtKind::Error:
  case StmtKind::For:
  case StmtKind::Repeat:
  case StmtKind::Let:
  case StmtKind::Gate:
  case StmtKind::Assign:
  case StmtKind::Assert:
    return true;
  case StmtKind::Expr: // `if` is an expression; others report themselves below
  case StmtKind::Discard:
    return true;
  default:
    return false;
  }
}

static std::string_view word(StmtKind kind) {
  switch (kind) {
  case StmtKind::Use:
    return "`use`";
  case StmtKind::Param:
    return "`param`";
  case StmtKind::Dataset:
    return "a dataset";
  case StmtKind::Policy:
    return "a policy";
  case StmtKind::Noise:
    return "`noise`";
  case StmtKind::Device:
    return "`device`";
  case StmtKind::Kernel:
    return "a kernel";
  case StmtKind::Circuit:
    return "an encoding or circuit";
  case StmtKind::Unitary:
    return "a `unitary` literal";
  case StmtKind::Observable:
    return "an observable";
  case StmtKind::Phantom:
    return "a phantom";
  case StmtKind::Fn:
    return "a function";
  case StmtKind::Select:
    return "`select`";
  case StmtKind::Observe:
    return "`observe`";
  case StmtKind::Save:
    return "`save`";
  case StmtKind::Test:
    return "a `test` block";
  case StmtKind::With:
    return "`with`";
  case StmtKind::While:
    return "`while`";
  case StmtKind::Return:
    return "`return`";
  case StmtKind::Break:
    return "`break`";
  case StmtKind::Continue:
    return "`continue`";
  case StmtKind::Print:
    return "`print`";
  default:
    return "this statement";
  }
}

void Checker::stmt(const Stmt &s) {
  if (context.place == Place::Circuit && !allowedInCircuit(s)) {
    if (s.kind == StmtKind::With || s.kind == StmtKind::Select)
      notUnitary({s.span.file, s.span.begin, s.span.begin + (s.kind == StmtKind::With ? 4U : 6U)},
                 word(s.kind))
          .label("what stands under it may measure")
          .help("measure where the circuit is used, not in it");
    else
      diagnostics
          .report(diag::Kind::NotAllowedHere, s.span, word(s.kind), "inside an encoding or circuit")
          .help("a circuit holds gates, `for`, `repeat`, `if` on its structure, and `let`");
    return;
  }
  const bool top = scopes.empty();
  const bool importedTop = top && module != &program.modules.front();
  auto declarationOnlyAtTop = [&] {
    if (top)
      return true;
    diagnostics.report(diag::Kind::NotAllowedHere, s.span, word(s.kind), "inside a block")
        .help("move it to the top level of the file");
    return false;
  };
  auto declared = [&] { return module->declared.at({static_cast<uint32_t>(s.id), 0}); };
  switch (s.kind) {
  case StmtKind::Error:
    return;
  case StmtKind::Use:
    return; // done when the module was declared
  case StmtKind::Circuit:
  case StmtKind::Unitary:
    return circuitDecl(declared());
  case StmtKind::Fn:
    return fnDecl(declared());
  case StmtKind::Policy:
    return policyDecl(declared());
  case StmtKind::Kernel:
    return kernelDecl(declared());
  case StmtKind::Observable:
    return observableDecl(declared());
  case StmtKind::Noise:
    return noiseDecl(declared());
  case StmtKind::Device:
    return deviceDecl(declared());
  case StmtKind::Phantom:
  case StmtKind::Observe:
    notYet(s.span, word(s.kind));
    return;
  case StmtKind::Test:
    if (declarationOnlyAtTop())
      testBlock(as<TestStmt>(s));
    return;
  default:
    break;
  }
  if (importedTop) {
    diagnostics.report(diag::Kind::NotAllowedHere, s.span, word(s.kind), "in an imported file")
        .help("an imported file holds declarations only");
    return;
  }
  switch (s.kind) {
  case StmtKind::Param: {
    if (!declarationOnlyAtTop())
      return;
    const auto &param = as<ParamStmt>(s);
    // Nobody could set such a parameter: the command line would take it for its own.
    for (std::string_view own :
         {"seed", "threads", "precision", "exact", "quiet", "json", "help", "stage", "filter"})
      if (param.name.text == own)
        diagnostics
            .report(diag::Kind::NotAllowedHere, param.name.span, fmt::format("the name `{}`", own),
                    "for a parameter")
            .help(fmt::format("`--{}` is an option of qdo itself; call it something else", own));
    SymbolId id = declareLocal(param.name, s.id, 0, type(*param.type, nullptr));
    sym(id).kind = SymbolKind::ProgramParam;
    sym(id).decl = &s;
    TypeKind k = sym(id).type->kind;
    if (k == TypeKind::Int)
      sym(id).value = Size::of(static_cast<uint32_t>(id));
    if (k != TypeKind::Int && k != TypeKind::Real && k != TypeKind::Bool && k != TypeKind::String &&
        k != TypeKind::Error)
      diagnostics.report(diag::Kind::TypeMismatch, param.type->span, "a program parameter",
                         show(sym(id).type), "int, real, bool or string");
    if (param.defaultValue)
      expectType(sym(id).type, expr(*param.defaultValue), param.defaultValue->span,
                 "the default of `" + param.name.text + "`");
    return;
  }
  case StmtKind::Dataset: {
    const auto &dataset = as<DatasetStmt>(s);
    if (!dataset.params.empty()) {
      notYet(dataset.name.span, "a dataset with parameters");
      return;
    }
    SymbolId id = declare(SymbolKind::Dataset, dataset.name, &s);
    datasetDecl(dataset, id);
    return;
  }
  case StmtKind::Select: {
    const auto &select = as<SelectStmt>(s);
    SymbolId id = declare(SymbolKind::Selection, select.name, &s);
    selectDecl(select, id);
    return;
  }
  case StmtKind::With:
    return withStmt(as<WithStmt>(s));
  case StmtKind::For:
    return forStmt(as<ForStmt>(s));
  case StmtKind::While: {
    const auto &loop = as<WhileStmt>(s);
    condition(*loop.condition, "the condition of `while`");
    ++context.loops;
    block(loop.body);
    --context.loops;
    return;
  }
  case StmtKind::Repeat: {
    const auto &loop = as<RepeatStmt>(s);
    shapeDependsOnData(*loop.count, "how often `repeat` runs");
    TypeRef t = expr(*loop.count);
    expectType(simple(TypeKind::Int), t, loop.count->span, "the count of `repeat`");
    ++context.loops;
    block(loop.body);
    --context.loops;
    return;
  }
  case StmtKind::Let:
    return letStmt(as<LetStmt>(s));
  case StmtKind::Return:
    return returnStmt(as<ReturnStmt>(s));
  case StmtKind::Break:
  case StmtKind::Continue:
    if (context.loops == 0)
      diagnostics.report(diag::Kind::NotAllowedHere, s.span, word(s.kind), "outside a loop");
    return;
  case StmtKind::Print:
    return printStmt(as<PrintStmt>(s));
  case StmtKind::Assert: {
    const auto &a = as<AssertStmt>(s);
    condition(*a.condition, "the condition of `assert`");
    if (a.message)
      expr(*a.message);
    return;
  }
  case StmtKind::Discard: {
    const auto &d = as<DiscardStmt>(s);
    if (context.place == Place::Circuit) {
      notUnitary({s.span.file, s.span.begin, s.span.begin + 7}, "`discard`")
          .label("not unitary")
          .help("return the qubit to |0> with gates, or discard it where the circuit is used");
      return;
    }
    TypeRef t = expr(*d.value);
    if (!t->isError() && !t->isLive())
      diagnostics.report(diag::Kind::TypeMismatch, d.value->span, "what `discard` ends", show(t),
                         "live qubits");
    return;
  }
  case StmtKind::Save: {
    const auto &save = as<SaveStmt>(s);
    const TypeRef kept = expr(*save.value);
    expectType(simple(TypeKind::String), expr(*save.label), save.label->span, "the name");
    if (kept->is(TypeKind::Kernel))
      notYet(save.value->span, "saving a kernel");
    else
      checkSave(save, kept, show(kept), diagnostics);
    return;
  }
  case StmtKind::Gate:
    return gateStmt(as<GateStmt>(s));
  case StmtKind::Assign:
    return assignStmt(as<AssignStmt>(s));
  case StmtKind::Expr: {
    const Expr &value = *as<ExprStmt>(s).value;
    TypeRef t = expr(value);
    if (value.kind == ExprKind::If || t->isError() || t->is(TypeKind::Unit) || t->isLive() ||
        &s == unreturned || diagnostics.hasErrorIn(value.span))
      return; // live results that are dropped are the linearity checker's to report
    diagnostics.report(diag::Kind::UnusedValue, value.span)
        .label(fmt::format("a value of type {}", show(t)))
        .help("`print` it, bind it with `let`, or remove it");
    return;
  }
  default:
    return;
  }
}

void Checker::bindBinder(const Binder &binder, const TypeRef &type, base::Span valueSpan,
                         bool isVar) {
  auto add = [&](size_t i, TypeRef t) {
    SymbolId id = declareLocal(binder.names[i], binder.id, static_cast<uint32_t>(i), std::move(t));
    sym(id).isVar = isVar;
  };
  if (binder.names.empty())
    return; // the parser has reported it
  if (!binder.isTuple) {
    add(0, type);
    return;
  }
  std::vector<TypeRef> parts;
  if (type->is(TypeKind::Tuple)) {
    for (const TypeField &field : type->fields)
      parts.push_back(field.type);
  } else if (type->is(TypeKind::Register)) {
    // `let (a, b) = q` takes a register apart into its qubits.
    parts.assign(type->sizes[0].isConstant()
                     ? static_cast<size_t>(std::max<int64_t>(type->sizes[0].offset, 0))
                     : binder.names.size(),
                 simple(TypeKind::Qubit));
  } else if (!type->isError()) {
    diagnostics.report(diag::Kind::TypeMismatch, valueSpan, "what is taken apart", show(type),
                       "a tuple or a register");
  }
  if (!parts.empty() && parts.size() != binder.names.size()) {
    diagnostics.report(diag::Kind::BinderCount, binder.span, binder.names.size(), parts.size())
        .place(valueSpan, fmt::format("this is {}", show(type)));
    parts.clear();
  }
  for (size_t i = 0; i < binder.names.size(); ++i)
    add(i, parts.empty() ? simple(TypeKind::Error) : parts[i]);
}

void Checker::letStmt(const LetStmt &let) {
  // `let x: T = load("name")`: the type that is written is that of the value.
  auto loaded = [&]() -> TypeRef {
    const auto *load = dynAs<CallExpr>(let.value.get());
    const auto *callee = load ? dynAs<NameExpr>(load->callee.get()) : nullptr;
    if (!let.type || !callee || callee->name != "load" || load->args.size() != 1)
      return nullptr;
    const SymbolId id = lookup("load");
    if (id == SymbolId::None || sym(id).kind != SymbolKind::Intrinsic)
      return nullptr;
    module->uses[static_cast<uint32_t>(callee->id)] = id;
    const Expr &name = *load->args[0].value;
    TypeRef written = type(*let.type, nullptr);
    if (!expectType(simple(TypeKind::String), expr(name), name.span, "what `load` takes"))
      written = simple(TypeKind::Error);
    else if (written->is(TypeKind::Kernel))
      written = notYet(load->span, "loading a kernel");
    else if (!written->isError() && !checkLoad(*load, written, show(written), diagnostics))
      written = simple(TypeKind::Error);
    return module->types[static_cast<uint32_t>(load->id)] = written;
  }();
  TypeRef actual = loaded ? loaded : expr(*let.value);
  if (actual->is(TypeKind::Unit)) {
    diagnostics.report(diag::Kind::TypeMismatch, let.value->span, quote(let.value->span),
                       "without a value", "a value");
    actual = simple(TypeKind::Error);
  }
  TypeRef bound = actual;
  if (let.type) {
    bound = type(*let.type, nullptr);
    if (!expectType(bound, actual, let.value->span, quote(let.value->span)))
      bound = simple(TypeKind::Error);
  }
  if (diagnostics.isSilent(let.span)) // what was read of the value says little about it
    bound = simple(TypeKind::Error);
  bindBinder(let.binder, bound, let.value->span, let.isVar);
  if (!let.isVar && let.binder.names.size() == 1 && bound->is(TypeKind::Int)) {
    Size size = sizeOf(*let.value);
    SymbolId id = module->declared.at({static_cast<uint32_t>(let.binder.id), 0});
    sym(id).value = size.isUnknown() ? Size::of(static_cast<uint32_t>(id)) : size;
  }
}

void Checker::assignStmt(const AssignStmt &assign) {
  if (const auto *call = dynAs<CallExpr>(assign.target.get())) {
    const std::string name(sources.text(call->callee->span));
    diagnostics.report(diag::Kind::NotAssignable, call->span, sources.text(call->span), "a call")
        .help(fmt::format("a function is declared with `fn`: `fn {}(x: real) = ...`", name));
    diagnostics.silence(assign.span);
    unknownNames.emplace(context.function, name);
  }
  TypeRef value = expr(*assign.value);
  auto one = [&](const Expr &target, const TypeRef &actual) {
    const auto *element = dynAs<IndexExpr>(&target);
    const auto *name = dynAs<NameExpr>(element ? element->base.get() : &target);
    if (!name) {
      diagnostics.report(diag::Kind::NotAssignable, target.span, sources.text(target.span),
                         "neither a name nor an element of an array");
      return;
    }
    const NameExpr &n = *name;
    SymbolId id = resolve({n.name, n.span});
    if (id == SymbolId::None)
      return;
    module->uses[static_cast<uint32_t>(name->id)] = id;
    Symbol &symbol = sym(id);
    TypeRef type = symbol.type;
    if (element) {
      if (symbol.type->is(TypeKind::Register)) {
        diagnostics.report(diag::Kind::NotAssignable, target.span, sources.text(target.span),
                           "a qubit: gates change it");
        return;
      }
      type = expr(target);
    }
    if (!symbol.isVar) {
      auto &d = diagnostics.report(diag::Kind::NotAssignable, target.span, symbol.name,
                                   symbol.kind == SymbolKind::Variable
                                       ? "not declared with `var`"
                                       : std::string(describe(symbol.kind)));
      if (symbol.span.size())
        d.place(symbol.span, "declared here");
      return;
    }
    if (context.estimate && !context.estimate->contains(symbol.span)) {
      diagnostics
          .report(diag::Kind::NotAssignable, target.span, symbol.name,
                  "declared outside of the `estimate` block, and the block runs once a shot")
          .place(symbol.span, "declared here")
          .help("what a block gives is its last expression; count outcomes with `sample(p, 1000)`");
      return;
    }
    if (assign.op == AssignOp::Set || type->isError() || actual->isError()) {
      expectType(type, actual, assign.value->span, quote(assign.value->span));
      return;
    }
    // `a += b` is `a = a + b`
    TypeRef result = arithmeticType(assign.op == AssignOp::Add   ? BinaryOp::Add
                                    : assign.op == AssignOp::Sub ? BinaryOp::Sub
                                                                 : BinaryOp::Mul,
                                    type, actual);
    if (!result)
      diagnostics
          .report(diag::Kind::BadOperands, assign.opSpan, sources.text(assign.opSpan), show(type),
                  show(actual))
          .place(target.span, fmt::format("this is {}", show(type)))
          .place(assign.value->span, fmt::format("this is {}", show(actual)));
    else
      expectType(type, result, assign.value->span,
                 fmt::format("`{} {} {}`", sources.text(target.span),
                             sources.text(assign.opSpan).substr(0, 1),
                             sources.text(assign.value->span)));
  };
  if (assign.target->kind == ExprKind::Tuple) {
    const auto &targets = as<TupleExpr>(*assign.target).fields;
    std::vector<TypeRef> parts(targets.size(), simple(TypeKind::Error));
    if (value->is(TypeKind::Register) && value->sizes[0].isConstant() &&
        value->sizes[0].offset == static_cast<int64_t>(targets.size()))
      parts.assign(targets.size(), simple(TypeKind::Qubit));
    else if (value->is(TypeKind::Tuple) && value->fields.size() == targets.size())
      for (size_t i = 0; i < targets.size(); ++i)
        parts[i] = value->fields[i].type;
    else if (!value->isError())
      diagnostics.report(diag::Kind::BinderCount, assign.target->span, targets.size(),
                         value->is(TypeKind::Tuple) ? std::to_string(value->fields.size())
                                                    : show(value));
    for (size_t i = 0; i < targets.size(); ++i)
      one(*targets[i].value, parts[i]);
    return;
  }
  one(*assign.target, value);
}

void Checker::generators(const std::vector<Generator> &list) {
  for (const Generator &g : list) {
    shapeDependsOnData(*g.range, "what `for` runs over");
    TypeRef range = expr(*g.range);
    TypeRef element = simple(TypeKind::Error);
    if (range->is(TypeKind::Dataset) || range->is(TypeKind::Selection)) {
      auto row = std::make_shared<sema::Type>();
      row->kind = TypeKind::Row;
      row->schema = range->schema;
      element = row;
    } else if (range->is(TypeKind::Array))
      element = range->sizes.size() == 1
                    ? range->element
                    : arrayOf(range->element, {range->sizes.begin() + 1, range->sizes.end()});
    else if (!range->isError())
      diagnostics.report(diag::Kind::NotIterable, g.range->span, show(range))
          .label(fmt::format("this is {}", show(range)))
          .help(range->is(TypeKind::Int)
                    ? fmt::format("count with `0..{}`", sources.text(g.range->span))
                    : "write a range `a..b` or an array");
    bindBinder(g.binder, element, g.range->span, false);
    if (g.binder.names.size() == 1 && element->is(TypeKind::Int)) {
      SymbolId id = module->declared.at({static_cast<uint32_t>(g.binder.id), 0});
      sym(id).value = Size::of(static_cast<uint32_t>(id));
    }
  }
}

void Checker::forStmt(const ForStmt &loop) {
  scopes.emplace_back();
  generators(loop.generators);
  ++context.loops;
  block(loop.body);
  --context.loops;
  scopes.pop_back();
}

void Checker::withStmt(const WithStmt &with) {
  Payer payer = context.payer;
  for (const ExprPtr &c : with.contexts) {
    TypeRef t = expr(*c);
    if (t->isError()) {
      payer = Payer::Policy; // perhaps it is one
      continue;
    }
    if (t->is(TypeKind::Device) || t->is(TypeKind::Noise))
      continue; // says what runs, not who pays
    if (!t->is(TypeKind::Policy)) {
      diagnostics.report(diag::Kind::TypeMismatch, c->span, quote(c->span), show(t), "a policy")
          .help("`with` takes a policy, `exact`, `shots(1000)`, a device or a noise");
      payer = Payer::Policy; // it was meant to be one
      continue;
    }
    const auto *n = dynAs<NameExpr>(c.get());
    payer = n && n->name == "exact" ? Payer::Exact : Payer::Policy;
  }
  Payer saved = context.payer;
  context.payer = payer;
  block(with.body);
  context.payer = saved;
}

void Checker::returnStmt(const ReturnStmt &stmt) {
  TypeRef actual = stmt.value ? expr(*stmt.value) : simple(TypeKind::Unit);
  if (context.place != Place::Function) {
    for (const char *word : {"fn", "def", "circuit", "encoding"})
      if (module->ast.mayBeUnread(word, stmt.span))
        return; // the head of its function could not be read
    diagnostics.report(diag::Kind::NotAllowedHere, stmt.span, "`return`", "outside a function");
    return;
  }
  if (context.estimate) {
    diagnostics
        .report(diag::Kind::NotAllowedHere, stmt.span, "`return`", "inside an `estimate` block")
        .help("the last expression of the block is its value");
    return;
  }
  if (context.declaredResult)
    expectType(context.declaredResult, actual, stmt.value ? stmt.value->span : stmt.span,
               "what is returned");
  if (context.returns)
    context.returns->push_back(actual);
}

void Checker::printStmt(const PrintStmt &print) {
  for (const ExprPtr &value : print.values)
    expr(*value);
}

} // namespace qdo::sema
