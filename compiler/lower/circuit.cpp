// SPDX-License-Identifier: Apache-2.0
// Circuits: gates on qubits, and one straight-line qc.circuit for each structure a program uses.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/width.h"

#include "llvm/Support/xxhash.h"
#include <fmt/format.h>

#include <numeric>
#include <utility>

namespace qdo::lower {

using namespace syntax;

static constexpr int64_t MaxGates = 1'000'000;

/// One qc.circuit for each circuit, structure and size; data become its arguments.
Elaborator::Instance Elaborator::instantiate(sema::SymbolId id, std::vector<Value> args,
                                             base::Span span) {
  const sema::Symbol &symbol = program.symbol(id);
  const sema::Signature &signature = program.signatures.at(id);
  const auto &decl = as<CircuitStmt>(*symbol.decl);
  mlir::Location at = loc(span);
  Frame body;
  body.module = symbol.module;
  body.circuit = true;
  bindSizes(signature, body, args, {}, span);
  // How many qubits each borrowed register has must follow from the arguments.
  frames.push_back(body);
  std::vector<int64_t> registers;
  for (const sema::Signature::Parameter &p : signature.on) {
    if (p.type->is(sema::TypeKind::Qubit)) {
      registers.push_back(1);
      continue;
    }
    auto size = evaluate(p.type->sizes[0]);
    if (!size || *size < 0) {
      frames.pop_back();
      if (size)
        diagnostics.report(diag::Kind::BadValue, span, "the size of `" + p.name + "`",
                           std::to_string(*size), "0 or more");
      else
        diagnostics
            .report(diag::Kind::SizeUnknown, span,
                    sema::toString(p.type->sizes[0], program.sizeNames), p.name)
            .place(symbol.span, "declared here");
      throw Abandon{};
    }
    registers.push_back(*size);
  }
  frames.pop_back();
  int64_t qubits = 0;
  for (int64_t size : registers)
    qubits += size;
  checkWidth(diagnostics, qubits, span);

  std::string key = symbol.name;
  int64_t dataCount = 0;
  std::vector<Value> flat;
  const bool fixed = isFixed(signature, args);
  auto atRunTime = [&](const std::string &what) {
    notYet(span,
           fmt::format("{}, which shapes the circuit, known only while the program runs", what));
  };
  for (size_t i = 0; i < args.size(); ++i) {
    const auto &p = signature.parameters[i];
    if (p.structure || fixed) {
      if (!args[i].isKnown())
        atRunTime("`" + p.name + "`");
      key += fmt::format("_{}{}", p.name, structureKey(args[i], true));
    } else {
      std::vector<Value> data;
      flattenData(args[i], data, at);
      dataCount += static_cast<int64_t>(data.size());
      key += fmt::format("_{}{}{}", p.name, data.size(), structureKey(args[i], false));
    }
  }
  if (key.size() > 120) // data that the circuit is made for would drown the name
    key = fmt::format("{}_{:016x}", symbol.name, llvm::xxh3_64bits(key));
  key += fmt::format("_q{}", qubits);
  if (symbol.module != &program.modules.front())
    key = symbol.module->path + "." + key;

  // The name is for readers. Sizes shape a circuit as well, and `f_n1(m)` must not be taken for
  // `f(n, m)`.
  std::string identity = fmt::format("{} {}", static_cast<uint32_t>(id), key);
  for (uint32_t variable : signature.sizeVariables)
    if (auto size = body.vars.find(static_cast<sema::SymbolId>(variable)); size != body.vars.end())
      identity += fmt::format(" {}", structureKey(size->second, true));
  if (auto found = circuits.find(identity); found != circuits.end())
    return {found->second, dataCount, qubits};
  const std::string readable = key;
  for (int copy = 2; module->lookupSymbol(key); ++copy)
    key = fmt::format("{}_{}", readable, copy);

  enter(id, span);
  mlir::OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module->getBody());
  std::string display = symbol.name;
  auto op = qc::CircuitOp::create(b, loc(symbol.span), key, display,
                                  static_cast<unsigned>(dataCount), static_cast<unsigned>(qubits));
  circuits[identity] = op;
  b.setInsertionPointToStart(op.getBodyBlock());
  size_t next = 0;
  for (size_t i = 0; i < args.size(); ++i)
    if (!signature.parameters[i].structure && !fixed)
      body.vars[signature.parameters[i].symbol] = asArguments(args[i], op.getData(), next, at);
  std::vector<mlir::Value> outerWires = std::move(wires);
  wires.clear();
  size_t q = 0;
  for (size_t r = 0; r < registers.size(); ++r) {
    std::vector<QubitId> ids;
    for (int64_t k = 0; k < registers[r]; ++k)
      ids.push_back(newQubit(op.getQubits()[q++]));
    body.vars[signature.on[r].symbol] = Value::ofQubits(ids, signature.on[r].type);
  }
  std::vector<Loop> outerLoops = std::move(loops);
  loops.clear();
  const base::Span outerUse = std::exchange(
      useOfCircuit, useOfCircuit.size() && frames.back().circuit ? useOfCircuit : span);
  frames.push_back(std::move(body));
  std::vector<QubitId> all(wires.size());
  std::iota(all.begin(), all.end(), 0);
  circuitBody(decl, all);
  frames.pop_back();
  useOfCircuit = outerUse;
  loops = std::move(outerLoops);
  qc::ReturnOp::create(b, loc(symbol.span), wires);
  wires = std::move(outerWires);
  inlining.pop_back();
  return {op, dataCount, qubits};
}

void Elaborator::circuitBody(const CircuitStmt &decl, const std::vector<QubitId> &qubits) {
  if (decl.kind == StmtKind::Unitary)
    return applyMatrix(as<UnitaryStmt>(decl), qubits);
  stmts(decl.body.stmts, [] { return Flow{}; });
}

/// By content: circuits of two names may be one, and what is measured of them is then paid once.
std::string Elaborator::recipeKey(qc::CircuitOp circuit, const std::vector<Value> &data) {
  auto [hash, isNew] = contentHashes.try_emplace(circuit, 0);
  if (isNew)
    hash->second = qc::contentHash(circuit);
  std::string key = fmt::format("{:x}(", hash->second);
  for (const Value &v : data)
    key += v.isConstant() ? fmt::format("{},", v.real) : "?,";
  return key + ")";
}

Value Elaborator::prepOf(sema::SymbolId circuit, std::vector<Value> args, base::Span span) {
  mlir::Location at = loc(span);
  numbersToBits(program.signatures.at(circuit), args, otherSide, span);
  Instance instance = instantiate(circuit, args, span);
  const sema::Signature &signature = program.signatures.at(circuit);
  std::vector<Value> data;
  const bool fixed = isFixed(signature, args);
  for (size_t i = 0; i < args.size(); ++i)
    if (!signature.parameters[i].structure && !fixed)
      flattenData(args[i], data, at);
  const bool traced = std::ranges::any_of(data, isTraced);
  mlir::Value recipe;
  if (traced) {
    recipe = tracedRecipe(instance.op, data, instance.qubits, span);
  } else {
    std::vector<mlir::Value> operands;
    for (const Value &v : data)
      operands.push_back(ssa(v, at));
    recipe = qdata::PrepOp::create(b, at, instance.op.getSymName(), operands, instance.qubits);
  }
  Value prep = Value::handle(
      recipe, sema::sized(sema::TypeKind::Unitary, sema::Size::constant(instance.qubits)));
  prep.integer = instance.qubits;
  prep.traced = traced;
  if (!instance.op.getOps<qc::AnglesOp>().empty())
    rt("recipe_check", {prep.ssa}, at);
  prep.text = recipeKey(instance.op, data);
  auto parts = std::make_shared<RecipeParts>();
  parts->circuit = circuit;
  parts->arguments = args;
  parts->number = instance.qubits;
  prep.recipe = std::move(parts);
  return prep;
}

std::shared_ptr<const RecipeParts> composed(RecipeParts::Op op,
                                            std::vector<std::shared_ptr<const RecipeParts>> parts,
                                            int64_t number) {
  for (const auto &part : parts)
    if (!part)
      return nullptr;
  auto made = std::make_shared<RecipeParts>();
  made->op = op;
  made->parts = std::move(parts);
  made->number = number;
  return made;
}

/// `ctrl u` as a value: the controls are the lowest qubits.
Value Elaborator::controlled(const CtrlExpr &ctrl) {
  mlir::Location at = loc(ctrl.span);
  const int64_t count = ctrl.count ? constInt(*ctrl.count, "the number of controls") : 1;
  if (count < 1) {
    diagnostics.report(diag::Kind::BadValue, ctrl.count->span, "the number of controls",
                       std::to_string(count), "1 or more");
    throw Abandon{};
  }
  Value u = expr(*ctrl.operand);
  checkWidth(diagnostics, u.integer + std::min<int64_t>(count, QDO_MOST_QUBITS), ctrl.span);
  Value r = u;
  r.integer = u.integer + count;
  r.ssa = rt("recipe_control", {u.ssa, constant(count, at)}, at, r.integer);
  r.type = typeOf(ctrl);
  r.text = fmt::format("ctrl {} ({})", count, u.text);
  r.recipe = composed(RecipeParts::Op::Control, {u.recipe}, count);
  return r;
}

Value Elaborator::encodingOf(sema::SymbolId circuit) {
  const sema::Signature &signature = program.signatures.at(circuit);
  Value v;
  v.kind = ValueKind::Encoding;
  v.encoding = std::make_shared<EncodingValue>();
  v.encoding->circuit = circuit;
  std::vector<Value> args = arguments(signature, {}, nullptr);
  for (size_t i = 0; i < args.size(); ++i)
    if (signature.parameters[i].defaultValue)
      v.encoding->given[signature.parameters[i].name] = std::make_shared<Value>(args[i]);
    else
      v.encoding->holes.push_back(signature.parameters[i].name);
  if (v.encoding->holes.empty())
    return prepOf(circuit, args, program.symbol(circuit).span);
  return v;
}

void Elaborator::checkDistinct(const GateStmt &stmt,
                               const std::vector<std::vector<QubitId>> &operands) {
  std::map<QubitId, size_t> seen;
  for (size_t i = 0; i < operands.size(); ++i)
    for (QubitId q : operands[i]) {
      auto [first, isNew] = seen.emplace(q, i);
      if (isNew)
        continue;
      diagnostics
          .report(diag::Kind::SameQubitTwice, stmt.operands[i]->span,
                  std::string(sources.text(stmt.gate->span)),
                  std::string(sources.text(stmt.operands[i]->span)))
          .label("the same qubit again")
          .place(stmt.operands[first->second]->span, "first here")
          .help("the numbers are those of this use of the circuit: check how its sizes and loops "
                "run");
      throw Abandon{};
    }
}

void Elaborator::applyNamed(qdo::ir::Gate gate, const std::vector<mlir::Value> &angles,
                            const std::vector<QubitId> &qubits, mlir::Location at) {
  std::vector<mlir::Value> inputs;
  for (QubitId q : qubits)
    inputs.push_back(wires[q]);
  auto op = qc::createGate(b, at, gate, angles, inputs);
  for (size_t i = 0; i < qubits.size(); ++i)
    wires[qubits[i]] = op->getResult(static_cast<unsigned>(i));
}

/// Opens a modifier's region, applies the rest inside on its block arguments, closes it.
template <typename Make, typename Inner>
static void inRegion(mlir::OpBuilder &b, mlir::Location at, std::vector<mlir::Value> &wires,
                     const std::vector<QubitId> &controls, const std::vector<QubitId> &targets,
                     Make make, Inner inner) {
  std::vector<mlir::Value> controlValues, targetValues;
  for (QubitId q : controls)
    controlValues.push_back(wires[q]);
  for (QubitId q : targets)
    targetValues.push_back(wires[q]);
  mlir::Operation *op = make(controlValues, targetValues);
  {
    mlir::OpBuilder::InsertionGuard guard(b);
    mlir::Block &body = op->getRegion(0).front();
    b.setInsertionPointToEnd(&body);
    for (size_t i = 0; i < targets.size(); ++i)
      wires[targets[i]] = body.getArgument(static_cast<unsigned>(i));
    inner();
    std::vector<mlir::Value> results;
    for (QubitId q : targets)
      results.push_back(wires[q]);
    qc::YieldOp::create(b, at, results);
  }
  for (size_t i = 0; i < controls.size(); ++i)
    wires[controls[i]] = op->getResult(static_cast<unsigned>(i));
  for (size_t i = 0; i < targets.size(); ++i)
    wires[targets[i]] = op->getResult(static_cast<unsigned>(controls.size() + i));
}

/// What `inner` applies to `targets`, when every control is 1.
void Elaborator::underControls(const std::vector<QubitId> &controls,
                               const std::vector<QubitId> &targets, mlir::Location at,
                               const std::function<void()> &inner) {
  if (controls.empty())
    return inner();
  inRegion(
      b, at, wires, controls, targets,
      [&](auto &cs, auto &t) { return qc::CtrlOp::create(b, at, cs, t).getOperation(); }, inner);
}

void Elaborator::gate(const GateStmt &stmt) {
  mlir::Location at = loc(stmt.span);
  std::vector<std::vector<QubitId>> operands;
  for (const ExprPtr &operand : stmt.operands) {
    Value v = expr(*operand);
    if (v.kind != ValueKind::Qubits)
      internal(operand->span, "a gate on something that is no qubit");
    for (QubitId q : v.qubits)
      if (!wires[q])
        internal(operand->span, "a gate on a qubit that has ended");
    operands.push_back(v.qubits);
  }
  checkDistinct(stmt, operands);

  // Peel the modifiers from the outside in; each becomes a region around what is inside.
  std::function<void(const Expr &, std::vector<std::vector<QubitId>>)> apply =
      [&](const Expr &e, std::vector<std::vector<QubitId>> on) {
        auto flat = [&] {
          std::vector<QubitId> all;
          for (const auto &o : on)
            all.insert(all.end(), o.begin(), o.end());
          return all;
        };
        if (const auto *p = dynAs<ParenExpr>(&e))
          return apply(*p->inner, std::move(on));
        if (const auto *u = dynAs<UnaryExpr>(&e); u && u->op == UnaryOp::Adj) {
          auto targets = flat();
          return inRegion(
              b, at, wires, {}, targets,
              [&](auto &, auto &t) { return qc::InvOp::create(b, at, t).getOperation(); },
              [&] { apply(*u->operand, on); });
        }
        if (const auto *c = dynAs<CtrlExpr>(&e)) {
          const int64_t count = c->count ? constInt(*c->count, "the number of controls") : 1;
          std::vector<QubitId> controls;
          for (int64_t i = 0; i < count; ++i)
            controls.insert(controls.end(), on[static_cast<size_t>(i)].begin(),
                            on[static_cast<size_t>(i)].end());
          on.erase(on.begin(), on.begin() + count);
          auto targets = flat();
          return inRegion(
              b, at, wires, controls, targets,
              [&](auto &cs, auto &t) { return qc::CtrlOp::create(b, at, cs, t).getOperation(); },
              [&] { apply(*c->operand, on); });
        }
        if (const auto *power = dynAs<BinaryExpr>(&e); power && power->op == BinaryOp::Pow) {
          const int64_t exponent = constInt(*power->rhs, "the power of a gate");
          if (exponent > MaxGates || exponent < -MaxGates) {
            diagnostics.report(diag::Kind::TooManyGates, power->rhs->span, MaxGates);
            throw Abandon{};
          }
          auto targets = flat();
          return inRegion(
              b, at, wires, {}, targets,
              [&](auto &, auto &t) { return qc::PowOp::create(b, at, exponent, t).getOperation(); },
              [&] { apply(*power->lhs, on); });
        }
        const auto *call = dynAs<CallExpr>(&e);
        const Expr &head = call ? *call->callee : e;
        if (const auto *n = dynAs<NameExpr>(&head))
          if (auto named = qdo::ir::gateNamed(n->name)) {
            std::vector<mlir::Value> angles;
            if (call)
              for (const Arg &arg : call->args)
                angles.push_back(realSsa(expr(*arg.value), at));
            if (++gateCount > MaxGates) {
              diagnostics.report(diag::Kind::TooManyGates, stmt.span, MaxGates);
              throw Abandon{};
            }
            const auto &info = qdo::ir::gateInfo(*named);
            if (info.qubits() == 1 && on.size() == 1) { // on every qubit of a register
              for (QubitId q : on[0])
                applyNamed(*named, angles, {q}, at);
              return;
            }
            applyNamed(*named, angles, flat(), at);
            return;
          }
        const sema::SymbolId id = used(head);
        const sema::SymbolKind kind =
            id == sema::SymbolId::None ? sema::SymbolKind::Variable : program.symbol(id).kind;
        if (kind == sema::SymbolKind::Circuit || kind == sema::SymbolKind::Function)
          return applyCircuit(id, call, on, stmt.span);
        const Value unitary = expr(e);
        if (unitary.kind != ValueKind::Handle || !unitary.recipe)
          notYet(e.span, "a gate that is held in a value and known only while the program runs");
        const std::vector<QubitId> qubits = flat();
        if (static_cast<int64_t>(qubits.size()) != unitary.integer) {
          diagnostics.report(
              diag::Kind::GateOperandCount, stmt.span, std::string(sources.text(e.span)),
              fmt::format("{} qubits", unitary.integer), fmt::format("{} qubits", qubits.size()));
          throw Abandon{};
        }
        applyRecipe(*unitary.recipe, qubits, stmt.span);
      };
  apply(*stmt.gate, operands);
}

/// A recipe that is held in a value, as gates on these qubits.
void Elaborator::applyRecipe(const RecipeParts &recipe, const std::vector<QubitId> &qubits,
                             base::Span span) {
  mlir::Location at = loc(span);
  switch (recipe.op) {
  case RecipeParts::Op::Circuit: {
    const sema::Symbol &symbol = program.symbol(recipe.circuit);
    const sema::Signature &signature = program.signatures.at(recipe.circuit);
    enter(recipe.circuit, span);
    Frame sizes;
    sizes.module = symbol.module;
    sizes.circuit = true;
    bindSizes(signature, sizes, recipe.arguments, {}, span);
    frames.push_back(sizes);
    std::vector<Value> on;
    size_t next = 0;
    for (const sema::Signature::Parameter &p : signature.on) {
      const int64_t size =
          p.type->is(sema::TypeKind::Qubit) ? 1 : evaluate(p.type->sizes[0]).value_or(0);
      on.push_back(Value::ofQubits({qubits.begin() + static_cast<std::ptrdiff_t>(next),
                                    qubits.begin() + static_cast<std::ptrdiff_t>(next + size)},
                                   p.type));
      next += static_cast<size_t>(size);
    }
    frames.pop_back();
    runCircuit(recipe.circuit, recipe.arguments, on, span);
    inlining.pop_back();
    return;
  }
  case RecipeParts::Op::Then:
    applyRecipe(*recipe.parts[0], qubits, span);
    return applyRecipe(*recipe.parts[1], qubits, span);
  case RecipeParts::Op::Tensor: { // the left has the lower qubits
    const auto middle = qubits.begin() + recipe.number;
    applyRecipe(*recipe.parts[0], {qubits.begin(), middle}, span);
    return applyRecipe(*recipe.parts[1], {middle, qubits.end()}, span);
  }
  case RecipeParts::Op::Adjoint:
    return inRegion(
        b, at, wires, {}, qubits,
        [&](auto &, auto &t) { return qc::InvOp::create(b, at, t).getOperation(); },
        [&] { applyRecipe(*recipe.parts[0], qubits, span); });
  case RecipeParts::Op::Power:
    return inRegion(
        b, at, wires, {}, qubits,
        [&](auto &, auto &t) { return qc::PowOp::create(b, at, recipe.number, t).getOperation(); },
        [&] { applyRecipe(*recipe.parts[0], qubits, span); });
  case RecipeParts::Op::Control: {
    const auto middle = qubits.begin() + recipe.number;
    const std::vector<QubitId> controls(qubits.begin(), middle), targets(middle, qubits.end());
    return inRegion(
        b, at, wires, controls, targets,
        [&](auto &cs, auto &t) { return qc::CtrlOp::create(b, at, cs, t).getOperation(); },
        [&] { applyRecipe(*recipe.parts[0], targets, span); });
  }
  }
}

/// A circuit or a borrowing function as a gate: its body on the caller's qubits.
void Elaborator::applyCircuit(sema::SymbolId id, const CallExpr *call,
                              const std::vector<std::vector<QubitId>> &operands, base::Span span) {
  if (id == sema::SymbolId::None)
    internal(span, "a gate was not resolved");
  const sema::Symbol &symbol = program.symbol(id);
  const sema::Signature &signature = program.signatures.at(id);
  static const std::vector<Arg> none;
  std::vector<Value> args = arguments(signature, call ? call->args : none, nullptr);
  std::vector<Value> on;
  for (size_t i = 0; i < operands.size(); ++i)
    on.push_back(Value::ofQubits(operands[i], signature.on[i].type));
  if (on.size() == 1)
    numbersToBits(signature, args, static_cast<int64_t>(on[0].qubits.size()), span);
  if (symbol.kind == sema::SymbolKind::Function) {
    inlineFunction(id, std::move(args), std::move(on), span);
    return;
  }
  enter(id, span);
  runCircuit(id, std::move(args), on, span);
  inlining.pop_back();
}

/// A circuit's body on qubits of the caller.
void Elaborator::runCircuit(sema::SymbolId id, std::vector<Value> args,
                            const std::vector<Value> &on, base::Span span) {
  const sema::Symbol &symbol = program.symbol(id);
  const sema::Signature &signature = program.signatures.at(id);
  Frame body;
  body.module = symbol.module;
  body.circuit = true;
  std::vector<const Value *> borrowed;
  for (const Value &v : on)
    borrowed.push_back(&v);
  // Data handles become elements, so that every angle is a number of its own.
  for (Value &arg : args)
    if (arg.kind == ValueKind::Handle && arg.type->is(sema::TypeKind::Array)) {
      std::vector<Value> flat;
      flattenData(arg, flat, loc(span));
      size_t next = 0;
      std::function<Value(size_t)> build = [&](size_t d) {
        if (d == arg.type->sizes.size())
          return flat[next++];
        std::vector<Value> elements;
        for (int64_t i = 0, n = evaluate(arg.type->sizes[d]).value_or(0); i < n; ++i)
          elements.push_back(build(d + 1));
        return Value::ofArray(std::move(elements));
      };
      arg = build(0);
    }
  bindSizes(signature, body, args, borrowed, span);
  std::vector<Loop> outer = std::move(loops);
  loops.clear();
  const base::Span outerUse =
      std::exchange(useOfCircuit, frames.back().circuit ? useOfCircuit : span);
  frames.push_back(std::move(body));
  std::vector<QubitId> all;
  for (const Value &v : on)
    all.insert(all.end(), v.qubits.begin(), v.qubits.end());
  circuitBody(as<CircuitStmt>(*symbol.decl), all);
  frames.pop_back();
  useOfCircuit = outerUse;
  loops = std::move(outer);
}

} // namespace qdo::lower
