// SPDX-License-Identifier: Apache-2.0
// Calls: functions are inlined and specialised, library functions become entries of the runtime.
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace qdo::lower {

using namespace syntax;
namespace arith = mlir::arith;
namespace math = mlir::math;

static constexpr size_t MaxInlineDepth = 256;
static constexpr int64_t MaxCalls = 20'000;

std::vector<Value> Elaborator::arguments(const sema::Signature &signature,
                                         const std::vector<Arg> &args,
                                         std::vector<std::string> *holes) {
  std::vector<std::optional<Value>> given(signature.parameters.size());
  std::vector<bool> taken(given.size(), false);
  size_t next = 0;
  for (const Arg &arg : args) {
    size_t at = next;
    if (arg.name) {
      for (at = 0;
           at < signature.parameters.size() && signature.parameters[at].name != arg.name->text;)
        ++at;
    } else {
      while (next < taken.size() && taken[next])
        ++next;
      at = next++;
    }
    if (at >= given.size())
      internal(arg.value->span, "an argument without a parameter");
    taken[at] = true;
    if (const auto *hole = dynAs<NameExpr>(arg.value.get()); hole && hole->name == "_") {
      if (holes)
        holes->push_back(signature.parameters[at].name);
      continue;
    }
    given[at] = coerce(expr(*arg.value), signature.parameters[at].type, loc(arg.value->span));
  }
  std::vector<Value> result;
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i] && !taken[i] && signature.parameters[i].defaultValue) {
      // A default is an expression of the declaration's own module.
      Frame scope;
      scope.module = program.symbol(signature.parameters[i].symbol).module;
      for (size_t before = 0; before < i; ++before) // it may name the parameters before it
        if (given[before])
          scope.vars[signature.parameters[before].symbol] = *given[before];
      frames.push_back(std::move(scope));
      given[i] = coerce(expr(*signature.parameters[i].defaultValue), signature.parameters[i].type,
                        b.getUnknownLoc());
      frames.pop_back();
    }
    result.push_back(given[i].value_or(Value::unit()));
  }
  return result;
}

/// The sizes a value has, against the sizes its type asks for: binds what they solve.
void Elaborator::matchSizes(const sema::TypeRef &type, const Value &value, Frame &into,
                            const std::vector<uint32_t> &solvable, base::Span span, bool pad) {
  std::vector<int64_t> actual;
  if (type->is(sema::TypeKind::Array)) {
    const Value *v = &value;
    for (size_t d = 0; d < type->sizes.size(); ++d) {
      if (v->kind == ValueKind::Array) {
        actual.push_back(static_cast<int64_t>(v->elements.size()));
        if (v->elements.empty())
          break;
        v = &v->elements[0];
      } else if (v->kind == ValueKind::Handle && v->type && v->type->is(sema::TypeKind::Array)) {
        for (const sema::Size &size : v->type->sizes)
          actual.push_back(evaluate(size).value_or(-1));
        break;
      } else if (v->kind == ValueKind::Interval) {
        actual.push_back(count(*v).value_or(-1));
      } else {
        break;
      }
    }
  } else if (type->is(sema::TypeKind::Register)) {
    actual.push_back(static_cast<int64_t>(value.qubits.size()));
  } else if (type->isRecipe()) {
    actual.push_back(value.integer);
  }
  for (size_t d = 0; d < type->sizes.size() && d < actual.size(); ++d) {
    if (actual[d] < 0)
      continue;
    if (pad && actual[d] > 0 && type->sizes[d].base == sema::Size::Base::PowerOfTwo)
      actual[d] = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(actual[d])));
    sema::SizeBindings bindings;
    for (uint32_t variable : solvable)
      if (auto known = into.vars.find(static_cast<sema::SymbolId>(variable));
          known != into.vars.end() && known->second.isConstant())
        bindings[variable] = sema::Size::constant(known->second.integer);
    sema::Size wanted = sema::substitute(type->sizes[d], bindings);
    bool solved = sema::solve(wanted, sema::Size::constant(actual[d]), solvable, bindings);
    if (wanted.isConstant() && wanted.offset != actual[d])
      solved = false;
    if (!solved) {
      const std::string wantedText = sema::toString(type->sizes[d], program.sizeNames);
      if (wanted.isConstant())
        diagnostics
            .report(diag::Kind::SizeMismatch, span, fmt::format("size `{}`", wantedText), actual[d],
                    wanted.offset)
            .label(fmt::format("{} here", actual[d]));
      else
        diagnostics
            .report(diag::Kind::SizesDoNotSolve, span, "the size", actual[d],
                    program.sizeNames.at(type->sizes[d].variable), "`" + wantedText + "`")
            .label(fmt::format("{} here", actual[d]))
            .help(type->sizes[d].base == sema::Size::Base::PowerOfTwo
                      ? "fill them up with zeros: `pad: true`"
                      : fmt::format("give as many as fit `{}`", wantedText));
      throw Abandon{};
    }
    for (const auto &[variable, size] : bindings)
      if (size.isConstant())
        into.vars[static_cast<sema::SymbolId>(variable)] = Value::ofInt(size.offset);
  }
}

void Elaborator::bindSizes(const sema::Signature &signature, Frame &into,
                           const std::vector<Value> &arguments,
                           const std::vector<const Value *> &on, base::Span span) {
  for (size_t i = 0; i < signature.parameters.size(); ++i)
    into.vars[signature.parameters[i].symbol] = arguments[i];
  bool pad = false; // `pad: true`: data that are too short for 2^n are filled up
  for (size_t i = 0; i < signature.parameters.size(); ++i)
    pad |= signature.parameters[i].name == "pad" && arguments[i].boolean;
  for (size_t i = 0; i < signature.parameters.size(); ++i)
    if (arguments[i].kind != ValueKind::Unit)
      matchSizes(signature.parameters[i].type, arguments[i], into, signature.sizeVariables, span,
                 pad);
  for (size_t i = 0; i < on.size() && i < signature.on.size(); ++i) {
    matchSizes(signature.on[i].type, *on[i], into, signature.sizeVariables, span);
    into.vars[signature.on[i].symbol] = *on[i];
  }
}

Value Elaborator::call(const CallExpr &c) {
  sema::SymbolId id = used(*c.callee);
  if (id == sema::SymbolId::None)
    notYet(c.span, "calling this value");
  const sema::Symbol &symbol = program.symbol(id);
  mlir::Location at = loc(c.span);
  switch (symbol.kind) {
  case sema::SymbolKind::Intrinsic:
    return intrinsic(id, c);
  case sema::SymbolKind::Function: {
    const sema::Signature &signature = program.signatures.at(id);
    std::vector<Value> args = arguments(signature, c.args, nullptr);
    const auto *native = symbol.module != &program.modules.front()
                             ? dynAs<CallExpr>(as<FnStmt>(*symbol.decl).value.get())
                             : nullptr;
    if (native && as<NameExpr>(*native->callee).name == "elaborated")
      return elaborated(*plainText(*native->args[0].value), args, c.span);
    if (native)
      return callNative(id, args, c.span);
    return inlineFunction(id, std::move(args), {}, c.span);
  }
  case sema::SymbolKind::Circuit: {
    const sema::Signature &signature = program.signatures.at(id);
    std::vector<std::string> holes;
    std::vector<Value> args = arguments(signature, c.args, &holes);
    if (holes.empty())
      return prepOf(id, args, c.span);
    Value v;
    v.kind = ValueKind::Encoding;
    v.encoding = std::make_shared<EncodingValue>();
    v.encoding->circuit = id;
    v.encoding->holes = holes;
    for (size_t i = 0; i < args.size(); ++i)
      if (args[i].kind != ValueKind::Unit)
        v.encoding->given[signature.parameters[i].name] = std::make_shared<Value>(args[i]);
    return v;
  }
  case sema::SymbolKind::Policy: {
    std::vector<Value> args = arguments(program.signatures.at(id), c.args, nullptr);
    return policy(id, args, c.span);
  }
  default:
    break;
  }
  Value callee = expr(*c.callee);
  const bool isKernel = callee.kind == ValueKind::Kernel;
  if (!isKernel)
    notYet(c.span, "calling this value");
  const Value first = expr(*c.args[0].value), second = expr(*c.args[1].value);
  mlir::Value x = ssa(first, at), y = ssa(second, at);
  Value handle =
      callee.ssa
          ? callee
          : kernelHandle(callee, evaluate(typeOf(*c.args[0].value)->sizes[0]).value_or(-1), c.span);
  const bool exact = payer().exact;
  if (!exact)
    chargeKernel(handle, first, second, c.span);
  mlir::Value value = rt(exact ? "kernel_exact" : "kernel_estimate", {handle.ssa, x, y}, at);
  return exact ? Value::ofSsa(ValueKind::Real, value)
               : Value::handle(value, sema::simple(sema::TypeKind::Estimate));
}

/// A kernel of two rows is their fidelity: paid with it, and free when the rows are one. Rows that
/// are not known here may be.
void Elaborator::chargeKernel(const Value &kernel, const Value &x, const Value &y,
                              base::Span span) {
  auto op = kernel.ssa.getDefiningOp<qdata::KernelOp>();
  if (!op || !op.getTemplateData().empty())
    return note("fidelity ?", 1, span, -1);
  auto circuit = module->lookupSymbol<qc::CircuitOp>(op.getCircuit());
  std::string keys[2];
  for (int i = 0; i < 2; ++i) {
    std::vector<Value> data;
    const Value &row = i == 0 ? x : y;
    if (row.kind != ValueKind::Array && row.kind != ValueKind::Real && row.kind != ValueKind::Int)
      return note("fidelity ?", 1, span, -1);
    flattenData(row, data, loc(span));
    for (const Value &v : data)
      if (!v.isConstant())
        return note("fidelity ?", 1, span, -1);
    keys[i] = recipeKey(circuit, data);
  }
  if (keys[0] != keys[1])
    charge("fidelity " + std::min(keys[0], keys[1]) + " " + std::max(keys[0], keys[1]), 1, span);
}

Value Elaborator::intrinsic(sema::SymbolId id, const CallExpr &c) {
  const std::string &name = program.symbol(id).name;
  mlir::Location at = loc(c.span);
  std::vector<Value> args;
  for (const Arg &arg : c.args)
    args.push_back(expr(*arg.value));
  auto fold = [&](const std::vector<Value> &values, auto combine) {
    Value r = values[0];
    for (size_t i = 1; i < values.size(); ++i)
      r = combine(r, values[i]);
    return r;
  };
  auto least = [&](const Value &x, const Value &y) {
    if (x.kind == ValueKind::Int && y.kind == ValueKind::Int) {
      if (x.isConstant() && y.isConstant())
        return Value::ofInt(name == "min" ? std::min(x.integer, y.integer)
                                          : std::max(x.integer, y.integer));
      mlir::Value p = ssa(x, at), q = ssa(y, at);
      return Value::ofSsa(ValueKind::Int, name == "min"
                                              ? mlir::Value(arith::MinSIOp::create(b, at, p, q))
                                              : mlir::Value(arith::MaxSIOp::create(b, at, p, q)));
    }
    Value u = toReal(x, at), v = toReal(y, at);
    if (u.isConstant() && v.isConstant())
      return Value::ofReal(name == "min" ? std::min(u.real, v.real) : std::max(u.real, v.real));
    mlir::Value p = ssa(u, at), q = ssa(v, at);
    return Value::ofSsa(ValueKind::Real, name == "min"
                                             ? mlir::Value(arith::MinimumFOp::create(b, at, p, q))
                                             : mlir::Value(arith::MaximumFOp::create(b, at, p, q)));
  };
  if (args.size() == 1 && (args[0].kind == ValueKind::Array || args[0].kind == ValueKind::Handle ||
                           args[0].kind == ValueKind::Interval)) {
    if (args[0].kind == ValueKind::Interval)
      notYet(c.span, "`" + name + "` of a range");
    if (args[0].kind == ValueKind::Handle)
      return Value::ofSsa(ValueKind::Real, rt("array_" + name, {args[0].ssa}, at));
    std::vector<Value> flat;
    flattenData(args[0], flat, at);
    if (flat.empty()) {
      if (name == "sum")
        return Value::ofReal(0);
      diagnostics.report(diag::Kind::BadValue, c.span, "the array", "empty", "not empty");
      throw Abandon{};
    }
    if (name == "min" || name == "max")
      return fold(flat, least);
    Value sum = fold(flat, [&](const Value &x, const Value &y) {
      return arithmetic(BinaryOp::Add, x, y, c.span);
    });
    return name == "sum" ? sum
                         : arithmetic(BinaryOp::Div, sum,
                                      Value::ofReal(static_cast<double>(flat.size())), c.span);
  }
  if (name == "min" || name == "max")
    return fold(args, least);
  const Value &x = args[0];
  if (name == "real")
    return toReal(x, at);
  if (name == "int" || name == "floor" || name == "ceil") {
    if (x.kind == ValueKind::Int)
      return x;
    if (x.isConstant()) {
      double r = name == "floor"  ? std::floor(x.real)
                 : name == "ceil" ? std::ceil(x.real)
                                  : std::trunc(x.real);
      if (!(std::abs(r) < 9.2e18)) {
        diagnostics.report(diag::Kind::NumberTooLarge, c.span, fmt::format("{}", x.real));
        throw Abandon{};
      }
      return Value::ofInt(static_cast<int64_t>(r));
    }
    mlir::Value r = name == "floor"  ? mlir::Value(math::FloorOp::create(b, at, x.ssa))
                    : name == "ceil" ? mlir::Value(math::CeilOp::create(b, at, x.ssa))
                                     : x.ssa;
    return Value::ofSsa(ValueKind::Int, arith::FPToSIOp::create(b, at, b.getI64Type(), r));
  }
  if (name == "abs" && x.kind == ValueKind::Int) {
    if (x.isConstant())
      return Value::ofInt(std::abs(x.integer));
    return Value::ofSsa(ValueKind::Int, math::AbsIOp::create(b, at, x.ssa));
  }
  Value r = toReal(x, at);
  if (r.isConstant()) {
    double v = r.real;
    return Value::ofReal(name == "abs"    ? std::abs(v)
                         : name == "sqrt" ? std::sqrt(v)
                         : name == "sin"  ? std::sin(v)
                         : name == "cos"  ? std::cos(v)
                         : name == "tan"  ? std::tan(v)
                         : name == "exp"  ? std::exp(v)
                                          : std::log(v));
  }
  mlir::Value v = r.ssa;
  mlir::Value result = name == "abs"    ? mlir::Value(math::AbsFOp::create(b, at, v))
                       : name == "sqrt" ? mlir::Value(math::SqrtOp::create(b, at, v))
                       : name == "sin"  ? mlir::Value(math::SinOp::create(b, at, v))
                       : name == "cos"  ? mlir::Value(math::CosOp::create(b, at, v))
                       : name == "tan"  ? mlir::Value(math::TanOp::create(b, at, v))
                       : name == "exp"  ? mlir::Value(math::ExpOp::create(b, at, v))
                                        : mlir::Value(math::LogOp::create(b, at, v));
  return Value::ofSsa(ValueKind::Real, result);
}

/// A kernel whose size is written must have the size of the data it compares.
void Elaborator::checkKernelWidth(const Value &kernel, int64_t width, base::Span span) {
  auto op = kernel.ssa.getDefiningOp<qdata::KernelOp>();
  if (!op || static_cast<int64_t>(op.getSize()) == width)
    return;
  const sema::Symbol &symbol = program.symbol(kernel.symbol);
  const auto numbers = [](int64_t n) { return n == 1 ? "1 number" : fmt::format("{} numbers", n); };
  diagnostics
      .report(diag::Kind::SizeMismatch, span, "a row of the data", numbers(width),
              numbers(static_cast<int64_t>(op.getSize())))
      .place(symbol.span, fmt::format("`{}` compares rows of {}", symbol.name,
                                      numbers(static_cast<int64_t>(op.getSize()))))
      .help(
          fmt::format("give `{}` the size of the data, or leave it open: `real[n]`", symbol.name));
  throw Abandon{};
}

/// A library function: its body names an entry of the runtime.
Value Elaborator::callNative(sema::SymbolId id, const std::vector<Value> &args, base::Span span) {
  mlir::Location at = loc(span);
  const sema::Symbol &symbol = program.symbol(id);
  const sema::Signature &signature = program.signatures.at(id);
  const auto &native = as<CallExpr>(*as<FnStmt>(*symbol.decl).value);
  const std::string entry = *plainText(*native.args[0].value);
  // A dataset's width decides the size of a kernel that left it open.
  int64_t width = -1;
  for (const Value &v : args) {
    if (v.shape)
      for (const auto &[field, columns] : v.shape->widths)
        if (field == "x" || width < 0)
          width = columns;
    if (v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Array) &&
        v.type->sizes.size() == 1 && width < 0)
      width = evaluate(v.type->sizes[0]).value_or(-1);
  }
  std::vector<mlir::Value> operands;
  for (size_t i = 0; i < args.size(); ++i) {
    const Value &v = args[i];
    if (v.kind == ValueKind::Kernel && v.ssa && width >= 0)
      checkKernelWidth(v, width, span);
    const sema::TypeRef &type = signature.parameters[i].type;
    if (v.kind == ValueKind::Kernel && !v.ssa)
      operands.push_back(kernelHandle(v, width, span).ssa);
    else if (v.kind == ValueKind::Selection)
      operands.push_back(rt("select_chosen", {v.ssa}, at));
    else if (type->is(sema::TypeKind::Real))
      operands.push_back(realSsa(v, at));
    else if (type->is(sema::TypeKind::Array))
      operands.push_back(ssa(coerce(v, type, at), at));
    else
      operands.push_back(ssa(v, at));
  }
  if (const auto *marker = dynAs<NameExpr>(native.callee.get());
      marker->name == "measured" || marker->name == "sampled")
    chargeNative(entry, args, span);
  if (entry == "policy_shots") {
    Payer p;
    p.name = "shots";
    p.low = args[0].isConstant() ? args[0].integer : 1;
    p.high = args[0].isConstant() ? p.low : -1;
    p.key = fmt::format("shots {}", p.low);
    policyFacts[p.key] = p;
    Value v = Value::handle(rt(entry, operands, at), symbol.type);
    v.type = sema::simple(sema::TypeKind::Policy);
    v.text = p.key;
    return v;
  }
  mlir::Value result = rt(entry, operands, at);
  const sema::TypeRef &type = signature.result;
  switch (type->kind) {
  case sema::TypeKind::Int:
    return Value::ofSsa(ValueKind::Int, result);
  case sema::TypeKind::Real:
    return Value::ofSsa(ValueKind::Real, result);
  case sema::TypeKind::Bool:
    return Value::ofSsa(ValueKind::Bool, result);
  case sema::TypeKind::String:
    return Value::ofSsa(ValueKind::String, result);
  case sema::TypeKind::Kernel: {
    Value v = Value::ofSsa(ValueKind::Kernel, result);
    v.type = type;
    return v;
  }
  default: {
    Value v = Value::handle(result, type);
    if (entry == "svm_train")
      v.integer = rowsOf(args[1]).value_or(0);
    return v;
  }
  }
}

void Elaborator::enter(sema::SymbolId id, base::Span span) {
  if (inlining.size() >= MaxInlineDepth) {
    diagnostics.report(diag::Kind::TooDeep, span, MaxInlineDepth)
        .place(program.symbol(id).span, "this calls itself")
        .help("a recursion must end while the program is elaborated: let a condition on sizes or "
              "parameters stop it");
    throw Abandon{};
  }
  if (++callCount > MaxCalls)
    notYet(span, "elaborating more than 20,000 calls");
  inlining.push_back(id);
}

Value Elaborator::inlineFunction(sema::SymbolId id, std::vector<Value> args, std::vector<Value> on,
                                 base::Span span) {
  const sema::Symbol &symbol = program.symbol(id);
  const sema::Signature &signature = program.signatures.at(id);
  const auto &fn = as<FnStmt>(*symbol.decl);
  enter(id, span);
  Frame callee;
  callee.module = symbol.module;
  std::vector<const Value *> borrowed;
  for (const Value &v : on)
    borrowed.push_back(&v);
  bindSizes(signature, callee, args, borrowed, span);
  std::vector<Loop> outer = std::move(loops);
  loops.clear();
  frames.push_back(std::move(callee));
  Value result;
  if (fn.value) {
    result = expr(*fn.value);
  } else {
    auto end = [] {
      Flow flow;
      flow.exit = Exit::Return;
      return flow;
    };
    Flow flow = stmts(fn.block->stmts, end);
    result = flow.value.value_or(Value::unit());
  }
  if (signature.result)
    result = coerce(result, signature.result, loc(span));
  frames.pop_back();
  loops = std::move(outer);
  inlining.pop_back();
  return result;
}

} // namespace qdo::lower
