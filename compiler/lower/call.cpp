// SPDX-License-Identifier: Apache-2.0
// Calls: functions are inlined and specialised, library functions become entries of the runtime.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

namespace qdo::lower {

using namespace syntax;

static constexpr size_t MaxInlineDepth = 256;
static constexpr int64_t MaxCalls = 10'000;

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
    given[at] = declaredAs(expr(*arg.value), signature.parameters[at].type, loc(arg.value->span));
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
      given[i] = declaredAs(expr(*signature.parameters[i].defaultValue),
                            signature.parameters[i].type, b.getUnknownLoc());
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
  if (id == sema::SymbolId::None) {
    if (const auto *m = dynAs<MemberExpr>(c.callee.get()))
      return method(c, *m);
    const Value callee = expr(*c.callee);
    if (callee.kind == ValueKind::Kernel)
      return callKernel(callee, c, id);
    std::vector<Value> args;
    for (const Arg &arg : c.args)
      args.push_back(expr(*arg.value));
    return apply(callee, std::move(args), c.span);
  }
  const sema::Symbol &symbol = program.symbol(id);
  switch (symbol.kind) {
  case sema::SymbolKind::Intrinsic:
    return intrinsic(id, c);
  case sema::SymbolKind::Function: {
    const sema::Signature &signature = program.signatures.at(id);
    std::vector<Value> args = arguments(signature, c.args, nullptr);
    const auto native = sema::nativeBody(symbol);
    if (symbol.module->path == "std.prelude" && symbol.name.starts_with("overlap_"))
      refuseTracedCall("overlap_part", symbol.name, args, c.span);
    if (native && native->marker == "elaborated")
      return elaborated(*plainText(*native->call->args[0].value), args, c.span);
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
  case sema::SymbolKind::Noise: {
    std::vector<Value> args = arguments(program.signatures.at(id), c.args, nullptr);
    return noise(id, args, c.span);
  }
  default:
    break;
  }
  Value callee = expr(*c.callee);
  if (callee.kind == ValueKind::Function) {
    if (callee.function->symbol != sema::SymbolId::None) {
      const sema::Signature &signature = program.signatures.at(callee.function->symbol);
      return apply(callee, arguments(signature, c.args, nullptr), c.span);
    }
    std::vector<Value> args;
    for (const Arg &arg : c.args)
      args.push_back(expr(*arg.value));
    return apply(callee, std::move(args), c.span);
  }
  if (callee.kind != ValueKind::Kernel)
    internal(c.span, "a call of something that is no function");
  return callKernel(callee, c, id);
}

static bool isLibrary(const sema::ModuleInfo *module) {
  return module && module->path.starts_with("std.");
}

/// A library function: its body names an entry of the runtime. Its mistakes are shown where the
/// program uses the library.
Value Elaborator::callNative(sema::SymbolId id, const std::vector<Value> &args, base::Span where) {
  const base::Span span = isLibrary(frame().module) ? useOfLibrary.value_or(where) : where;
  mlir::Location at = loc(span);
  const sema::Symbol &symbol = program.symbol(id);
  const sema::Signature &signature = program.signatures.at(id);
  const sema::NativeBody native = *sema::nativeBody(symbol);
  std::string entry = *plainText(*native.call->args[0].value);
  refuseTracedCall(entry, symbol.name, args, span);
  if (entry == "fidelity_by" && (isTraced(args[0]) || isTraced(args[1])))
    return tracedFidelity(args[0], args[1], span);
  if (entry == "shadow_snapshots" || entry == "shadow_fidelity_snapshots")
    if (auto known = knownSnapshots(args, span))
      return *known;
  if (auto exact = exactForm(entry, args, span))
    return *exact;
  if (entry == "decay" || entry.starts_with("benchmark") || entry == "report")
    return elaborated(entry, args, span);
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
    const sema::TypeRef &type = signature.parameters[i].type;
    if (v.kind == ValueKind::Kernel) {
      const Value handle = kernelHandle(v, width, span);
      if (width >= 0)
        checkKernelWidth(handle, width, span);
      operands.push_back(handle.ssa);
    } else if (v.kind == ValueKind::Selection)
      operands.push_back(rt("select_chosen", {v.ssa}, at));
    else if (type->is(sema::TypeKind::Interval))
      for (mlir::Value end : bounds(v, signature.parameters[i].name, span))
        operands.push_back(end);
    else if (type->is(sema::TypeKind::Observable))
      operands.push_back(observableSsa(v, at));
    else if (type->is(sema::TypeKind::Array) && type->element->is(sema::TypeKind::Observable))
      operands.push_back(observableList(v, span));
    else if (type->is(sema::TypeKind::Real))
      operands.push_back(realSsa(v, at));
    else if (type->is(sema::TypeKind::Array))
      operands.push_back(ssa(coerce(v, type, at), at));
    else
      operands.push_back(ssa(v, at));
  }
  const size_t first = entries();
  if (native.marker == "measured" || native.marker == "sampled" || native.marker == "estimated")
    chargeNative(entry, args, span);
  if (entry == "policy_shots") {
    Payer p;
    p.name = "shots";
    p.low = args[0].isConstant() ? args[0].integer : 1;
    p.high = args[0].isConstant() ? p.low : -1;
    p.highest = p.high;
    p.key = fmt::format("shots {}", p.low);
    policyFacts[p.key] = p;
    Value v = Value::handle(rt(entry, operands, at), symbol.type);
    v.type = sema::simple(sema::TypeKind::Policy);
    v.text = p.key;
    return v;
  }
  if (entry.starts_with("device_"))
    return madeDevice(entry, args, operands, span);
  if (entry == "estimate_purity")
    operands[1] = constant(qubitMask(args[1], args[0].integer, span), at);
  if (entry == "exact_amplitudes") {
    checkPure("`amplitudes`", span);
    warnOfMemory(args[0], span, true);
  }
  if (entry == "exact_amplitudes" || entry == "sample")
    checkDevice(args[0].integer, span, nullptr);
  if (entry == "estimate_purity" || entry == "sample" || entry == "shadow") {
    checkClifford(args[0], span);
    warnOfMemory(args[0], span, false);
  }
  if (entry == "model_accuracy") { // one evaluation gives both
    mlir::Value score = rt("model_score", operands, at);
    measuredBy(score.getDefiningOp(), first);
    mlir::Value none = constant(int64_t{0}, at);
    Value share = Value::ofSsa(ValueKind::Real, rt("list_real", {score, none, none}, at));
    share.type =
        sema::numberWith(sema::TypeKind::Real, {{"undecided", sema::simple(sema::TypeKind::Int)}});
    share.elements = {
        Value::ofSsa(ValueKind::Int, rt("list_int", {score, none, constant(int64_t{1}, at)}, at))};
    return share;
  }
  mlir::Value result = rt(entry, operands, at);
  if (result)
    measuredBy(result.getDefiningOp(), first);
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
  case sema::TypeKind::Array:
    if (type->element->is(sema::TypeKind::Observable) ||
        type->element->is(sema::TypeKind::Estimate)) {
      Value v = Value::ofSsa(ValueKind::List, result);
      v.elements = {placeholder(type->element, span)};
      return v;
    }
    return Value::handle(result, type);
  case sema::TypeKind::Kernel: {
    Value v = Value::ofSsa(ValueKind::Kernel, result);
    v.type = type;
    return v;
  }
  default: {
    Value v = Value::handle(result, type);
    if (type->isRecipe()) { // `idle`: as many qubits as what waits
      v.integer = args[0].integer;
      v.traced = args[0].traced;
    }
    if (isTraining(entry)) {
      v.integer = rowsOf(args[1]).value_or(0);
      v.symbol = args[0].symbol;
    }
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
    notYet(span, "elaborating more than 10,000 calls");
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
  if (auto effects = program.effects.find(id); effects != program.effects.end())
    callee.result = payer().exact ? effects->second.exactResult : effects->second.result;
  if (!callee.result)
    callee.result = signature.result;
  const sema::TypeRef promised = callee.result;
  const auto outerUse = useOfLibrary;
  if (!isLibrary(symbol.module))
    useOfLibrary.reset();
  else if (!isLibrary(frame().module))
    useOfLibrary = span;
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
  result = declaredAs(result, promised, loc(span));
  frames.pop_back();
  useOfLibrary = outerUse;
  loops = std::move(outer);
  inlining.pop_back();
  return result;
}

Value Elaborator::apply(const Value &function, std::vector<Value> args, base::Span span) {
  if (function.kind != ValueKind::Function)
    internal(span, "a call of something that is no function");
  const FunctionValue &f = *function.function;
  if (f.lambda)
    return inlineLambda(f, std::move(args), span);
  const sema::Symbol &symbol = program.symbol(f.symbol);
  const sema::Signature &signature = program.signatures.at(f.symbol);
  for (size_t i = 0; i < signature.parameters.size(); ++i) {
    const sema::Signature::Parameter &p = signature.parameters[i];
    if (i >= args.size()) { // a default is an expression of the declaration's own module
      Frame scope;
      scope.module = symbol.module;
      frames.push_back(std::move(scope));
      args.push_back(expr(*p.defaultValue));
      frames.pop_back();
    }
    args[i] = declaredAs(args[i], p.type, loc(span));
  }
  if (sema::nativeBody(symbol))
    return callNative(f.symbol, args, span);
  return inlineFunction(f.symbol, std::move(args), {}, span);
}

/// A lambda's body with the variables it saw where it was written.
Value Elaborator::inlineLambda(const FunctionValue &f, std::vector<Value> args, base::Span span) {
  if (inlining.size() >= MaxInlineDepth || ++callCount > MaxCalls)
    notYet(span, "elaborating more than 10,000 calls, or calls 256 deep");
  const LambdaExpr &lambda = *f.lambda;
  inlining.push_back(sema::SymbolId::None);
  std::vector<Loop> outer = std::move(loops);
  loops.clear();
  frames.push_back(*f.captured);
  for (size_t i = 0; i < lambda.params.size() && i < args.size(); ++i)
    frame().vars[declared(lambda.id, static_cast<uint32_t>(i))] = args[i];
  Value result;
  if (lambda.body) {
    result = expr(*lambda.body);
  } else {
    Flow flow = stmts(lambda.block->stmts, [] { return Flow{}; }, true);
    if (flow.code)
      notYet(span, "a function that returns in the middle on some paths, held in a value,");
    result = flow.value.value_or(Value::unit());
  }
  frames.pop_back();
  loops = std::move(outer);
  inlining.pop_back();
  return result;
}

/// `rows.batch(16, step)`, or a function in a record.
Value Elaborator::method(const CallExpr &c, const MemberExpr &m) {
  mlir::Location at = loc(c.span);
  Value base = expr(*m.base);
  if (base.kind == ValueKind::Handle && base.type && base.type->is(sema::TypeKind::Shadow))
    return askShadow(c, base);
  if (isCounts(base))
    return Value::handle(rt("counts_probability", {base.ssa, ssa(expr(*c.args[0].value), at)}, at),
                         sema::simple(sema::TypeKind::Estimate));
  std::vector<Value> args;
  for (const Arg &arg : c.args)
    args.push_back(expr(*arg.value));
  if (base.kind == ValueKind::Tuple)
    for (size_t i = 0; base.type && i < base.type->fields.size(); ++i)
      if (base.type->fields[i].name == m.member.text)
        return apply(base.elements[i], std::move(args), c.span);
  if (base.kind == ValueKind::Dataset || base.kind == ValueKind::Selection) {
    Value batch = base;
    batch.kind = ValueKind::Dataset;
    batch.ssa = rt("dataset_batch", {datasetSsa(base, at), ssa(args[0], at), ssa(args[1], at)}, at);
    batch.shape = std::make_shared<DataShape>();
    if (base.shape)
      batch.shape->widths = base.shape->widths;
    batch.text.clear();
    return batch;
  }
  internal(c.span, "a method of something that has none");
}

} // namespace qdo::lower
