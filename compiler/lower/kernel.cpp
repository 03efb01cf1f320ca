// SPDX-License-Identifier: Apache-2.0
// Kernels: fidelities of an encoding, and bodies that are code.
// Why two forms: fidelities of many rows are one matrix product in the runtime; any other body is
//      inlined where two rows are at hand, and becomes a function that the library calls.
#include "compiler/lower/elaborator.h"
#include "compiler/sema/learning.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

static const KernelStmt &declarationOf(const sema::Symbol &kernel) {
  return as<KernelStmt>(*kernel.decl);
}

/// What is measured with shots in every way, such as an `estimate` block, has no exact value. The
/// checker says so where it knows the kernel by its name.
void Elaborator::refuseInexact(sema::SymbolId kernel, base::Span span) {
  if (!payer().exact || hasExactForm(kernel))
    return;
  const sema::Symbol &symbol = program.symbol(kernel);
  diagnostics
      .report(diag::Kind::NotAllowedHere, span, "the kernel `" + symbol.name + "`",
              "under `with exact`")
      .place(symbol.span, "what it measures has no exact value")
      .help("put it under `with shots(1000) { ... }`");
  throw Abandon{};
}

bool Elaborator::hasExactForm(sema::SymbolId kernel) const {
  return program.effects.at(kernel).exactResult != nullptr;
}

/// Numbers of a row as a kernel declares them; -1 when the data decide.
int64_t Elaborator::declaredWidth(const sema::Symbol &kernel) const {
  int64_t width = 1;
  for (const sema::Size &size : kernel.type->fields[0].type->sizes) {
    auto known = evaluate(size);
    width = known && width >= 0 ? width * *known : -1;
  }
  return width;
}

/// A kernel's value: a handle when it is a fidelity of known size, else what is needed to make one
/// at each use.
Value Elaborator::kernel(sema::SymbolId id) {
  if (const Value *v = lookup(id))
    return *v;
  const sema::Symbol &symbol = program.symbol(id);
  const auto &decl = as<KernelStmt>(*symbol.decl);
  Frame scope;
  scope.module = symbol.module;
  frames.push_back(std::move(scope));
  Value encoding;
  if (decl.via && (encoding = expr(*decl.via)).kind != ValueKind::Encoding)
    internal(decl.via->span, "`via` without an encoding");
  frames.pop_back();
  Value v;
  v.kind = ValueKind::Kernel;
  v.symbol = id;
  v.type = symbol.type;
  v.encoding = encoding.encoding;
  // Code is made for the library only, where it is handed on; calls have the body inlined.
  const int64_t width = sema::isFidelity(decl) ? declaredWidth(symbol) : -1;
  return width >= 0 ? kernelHandle(v, width, symbol.span) : v;
}

/// A kernel has one circuit for every row.
void Elaborator::refuseFixed(base::Span via, const sema::Signature &signature,
                             const std::vector<Value> &args) {
  if (!isFixed(signature, args))
    return;
  diagnostics
      .report(diag::Kind::NotAllowedHere, via, "`within` above 0",
              "where the data come while the program runs")
      .help("a kernel has one circuit for every row: prepare its states exactly, `within: 0.0`");
  throw Abandon{};
}

Value Elaborator::kernelHandle(const Value &kernel, int64_t width, base::Span span) {
  if (kernel.ssa)
    return kernel;
  const sema::Symbol &symbol = program.symbol(kernel.symbol);
  if (const int64_t declared = declaredWidth(symbol); declared >= 0)
    width = declared;
  if (width < 0) {
    diagnostics
        .report(diag::Kind::SizeUnknown, span, program.show(symbol.type->fields[0].type),
                symbol.name)
        .place(symbol.span, "declared here");
    throw Abandon{};
  }
  if (!sema::isFidelity(declarationOf(symbol)))
    return generalHandle(kernel, width, span);
  return fidelityHandle(kernel, symbol.name, width, symbol.span, declarationOf(symbol).via->span);
}

/// |<a|b>|^2 of an encoding, for rows of this width.
Value Elaborator::fidelityHandle(const Value &kernel, const std::string &name, int64_t width,
                                 base::Span declared, base::Span via) {
  limitArray(width, declared);
  mlir::Location at = loc(declared);
  const EncodingValue &encoding = *kernel.encoding;
  const sema::Signature &signature = program.signatures.at(encoding.circuit);
  RowLayout row = rowLayout(encoding, width, at);
  refuseFixed(via, signature, row.arguments);
  Instance instance = instantiate(encoding.circuit, row.arguments, via);
  std::vector<mlir::Value> operands;
  for (const Value &v : row.data)
    operands.push_back(ssa(v, at));
  auto op = qdata::KernelOp::create(b, at, qdata::KernelType::get(b.getContext()), name,
                                    instance.op.getSymName(), operands,
                                    static_cast<uint64_t>(row.hole), static_cast<uint64_t>(width));
  Value v = kernel;
  v.ssa = op.getKernel();
  return v;
}

/// Whether values of a kernel cost shots under a policy.
bool Elaborator::measures(sema::SymbolId kernel) const {
  const sema::Effects &effects = program.effects.at(kernel);
  return effects.measures || effects.result->is(sema::TypeKind::Estimate);
}

/// The value of a kernel's body for two rows. `areRows`: they stand for any rows, and what the body
/// measures of each is counted apart.
Value Elaborator::kernelBody(const Value &kernel, const Value &x, const Value &y, base::Span span,
                             bool areRows) {
  const sema::Symbol &symbol = program.symbol(kernel.symbol);
  const sema::Signature &signature = program.signatures.at(kernel.symbol);
  const KernelStmt &decl = declarationOf(symbol);
  enter(kernel.symbol, span);
  Frame body;
  body.module = symbol.module;
  for (size_t i = 0; i < 2; ++i) {
    const sema::Signature::Parameter &p = signature.parameters[i];
    Value row = coerce(i == 0 ? x : y, p.type, loc(span));
    matchSizes(p.type, row, body, signature.sizeVariables, span);
    if (!decl.via) {
      body.vars[p.symbol] = std::move(row);
      continue;
    }
    const sema::Signature &circuit = program.signatures.at(kernel.encoding->circuit);
    std::vector<Value> args;
    for (const sema::Signature::Parameter &data : circuit.parameters) {
      auto given = kernel.encoding->given.find(data.name);
      args.push_back(given == kernel.encoding->given.end() ? row : *given->second);
    }
    if (!row.isKnown())
      refuseFixed(decl.via->span, circuit, args);
    Value prep = prepOf(kernel.encoding->circuit, args, decl.via->span);
    if (areRows)
      prep.text = KernelCost::row[i];
    body.vars[p.symbol] = std::move(prep);
  }
  std::vector<Loop> outer = std::move(loops);
  loops.clear();
  frames.push_back(std::move(body));
  Value value = expr(*decl.body);
  frames.pop_back();
  loops = std::move(outer);
  inlining.pop_back();
  return value.kind == ValueKind::Int ? toReal(value, loc(span)) : value;
}

/// A kernel as the library takes it: its body as code for rows of this width.
Value Elaborator::generalHandle(const Value &kernel, int64_t width, base::Span span) {
  const sema::Symbol &symbol = program.symbol(kernel.symbol);
  const sema::TypeRef &row = program.signatures.at(kernel.symbol).parameters[0].type;
  mlir::Location at = loc(symbol.span);
  const sema::TypeRef real = sema::simple(sema::TypeKind::Real);
  if (!row->is(sema::TypeKind::Real) &&
      !(row->is(sema::TypeKind::Array) && row->element->is(sema::TypeKind::Real)))
    notYet(symbol.span, "a kernel of rows of anything but real numbers, other than `|<a|b>|^2`,");
  refuseInexact(kernel.symbol, span);
  auto op = qdata::GeneralKernelOp::create(b, at, symbol.name, width, measures(kernel.symbol));
  auto fill = [&](mlir::Region &region, const Payer &payer) {
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToEnd(&region.front());
    auto value = [&](unsigned i) {
      mlir::Value array = region.front().getArgument(i);
      if (row->is(sema::TypeKind::Real))
        return Value::ofSsa(ValueKind::Real,
                            rt("array_get", {array, constant(int64_t{0}, at)}, at));
      return Value::handle(array, sema::arrayOf(real, {sema::Size::constant(width)}));
    };
    std::vector<mlir::Value> outer = std::move(wires);
    wires.assign(outer.size(), nullptr);
    payers.push_back(payer);
    const Value result = kernelBody(kernel, value(0), value(1), span, true);
    const bool estimate = isEstimate(result);
    mlir::Value yielded = estimate ? result.ssa : realSsa(result, at);
    const bool number = &region == &op.getExact();
    if (estimate && number)
      yielded = rt("estimate_value", {yielded}, at);
    else if (!estimate && !number)
      yielded = rt("estimate_number", {yielded}, at);
    payers.pop_back();
    wires = std::move(outer);
    qdata::YieldOp::create(b, at, yielded);
  };
  auto fillMeasured = [&](mlir::Region &region) {
    KernelCost cost;
    auto *outer = std::exchange(collecting, &cost);
    // Whether it is used at all is counted where it is used.
    const int unsure = std::exchange(uncertain, 0), fresh = std::exchange(freshDepth, 0);
    fill(region, Payer());
    uncertain = unsure;
    freshDepth = fresh;
    collecting = outer;
    return cost;
  };
  if (hasExactForm(kernel.symbol)) {
    Payer exact;
    exact.exact = true;
    // Only who asks for exact values needs a device that has some.
    std::vector<DeviceFacts> here = payer().exact ? devices : std::exchange(devices, {});
    fill(op.getExact(), exact);
    devices = std::move(here);
  } else { // `qdo run --exact` takes what is measured
    fillMeasured(op.getExact());
  }
  if (!op.getMeasured().empty())
    kernelCosts[kernel.symbol] = fillMeasured(op.getMeasured());
  Value v = kernel;
  v.ssa = op.getKernel();
  return v;
}

/// `name`: what the callee is; a kernel held in a variable gives estimates under a policy.
Value Elaborator::callKernel(const Value &kernel, const CallExpr &c, sema::SymbolId name) {
  mlir::Location at = loc(c.span);
  const sema::TypeRef estimate = sema::simple(sema::TypeKind::Estimate);
  const Value first = expr(*c.args[0].value), second = expr(*c.args[1].value);
  if (isTraced(first) || isTraced(second) || isTraced(kernel))
    return tracedKernel(kernel, first, second, c.span);
  const std::vector<sema::Size> &sizes = typeOf(*c.args[0].value)->sizes;
  const int64_t width = sizes.empty() ? 1 : evaluate(sizes[0]).value_or(-1);
  const bool exact = payer().exact;
  const bool declared = kernel.symbol != sema::SymbolId::None;
  if (declared && !sema::isFidelity(declarationOf(program.symbol(kernel.symbol)))) {
    refuseInexact(kernel.symbol, c.span);
    const bool named =
        name != sema::SymbolId::None && program.symbol(name).kind == sema::SymbolKind::Kernel;
    auto asPromised = [&](Value value) {
      if (named && !exact && isEstimate(value) && !value.traced &&
          program.effects.at(kernel.symbol).result->is(sema::TypeKind::Real))
        return Value::ofSsa(ValueKind::Real, rt("estimate_value", {value.ssa}, at));
      return named || exact ? value : coerce(value, estimate, at);
    };
    auto sized = [&](const Value &row) {
      return row.kind == ValueKind::Array || isNumber(row) ||
             (row.kind == ValueKind::Handle && evaluate(row.type->sizes[0]));
    };
    if (sized(first) && sized(second))
      return asPromised(kernelBody(kernel, first, second, c.span));
    // How long the rows are is known when the program runs: the runtime checks it.
    const Value handle = kernelHandle(kernel, width, c.span);
    const llvm::SmallVector<mlir::Value> operands{handle.ssa, ssa(first, at), ssa(second, at)};
    if (exact || !measures(kernel.symbol))
      return asPromised(Value::ofSsa(ValueKind::Real, rt("kernel_exact", operands, at)));
    const size_t known = entries();
    chargeKernel(handle, first, second, c.span);
    mlir::Value measured = rt("kernel_estimate", operands, at);
    measuredBy(measured.getDefiningOp(), known);
    return asPromised(Value::handle(measured, estimate));
  }
  auto row = [&](const Value &v) { // of one number, when the kernel compares numbers
    return isNumber(v) ? arrayHandle(Value::ofArray({v}), at) : ssa(v, at);
  };
  mlir::Value x = row(first), y = row(second);
  const Value handle = kernel.ssa ? kernel : kernelHandle(kernel, width, c.span);
  if (!declared && sema::makesClassicalKernel(*c.callee, *frame().module, program))
    return Value::ofSsa(ValueKind::Real, rt("kernel_exact", {handle.ssa, x, y}, at));
  const size_t known = entries();
  if (!exact)
    chargeKernel(handle, first, second, c.span);
  mlir::Value value = rt(exact ? "kernel_exact" : "kernel_estimate", {handle.ssa, x, y}, at);
  measuredBy(value.getDefiningOp(), known);
  return exact ? Value::ofSsa(ValueKind::Real, value) : Value::handle(value, estimate);
}

/// A kernel of two rows is their fidelity: paid with it, and free when the rows are one. Rows that
/// are not known here may be.
void Elaborator::chargeKernel(const Value &kernel, const Value &x, const Value &y,
                              base::Span span) {
  if (const KernelCost *cost = costOf(kernel.symbol)) { // the rows may be one and the same
    note("kernel_body ?", cost->most(2, 1, payer().commuting), span, -1);
    return chargeLeast("kernel ?", cost->least(1, 0, payer()), span);
  }
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

/// A kernel of so many numbers meets data of as many.
void Elaborator::checkKernelWidth(const Value &kernel, int64_t width, base::Span span) {
  auto fidelity = kernel.ssa.getDefiningOp<qdata::KernelOp>();
  auto general = kernel.ssa.getDefiningOp<qdata::GeneralKernelOp>();
  const auto wanted = static_cast<int64_t>(fidelity  ? fidelity.getSize()
                                           : general ? general.getWidth()
                                                     : static_cast<uint64_t>(width));
  if (wanted == width)
    return;
  const sema::Symbol &symbol = program.symbol(kernel.symbol);
  const auto numbers = [](int64_t n) { return n == 1 ? "1 number" : fmt::format("{} numbers", n); };
  diagnostics
      .report(diag::Kind::SizeMismatch, span, "a row of the data", numbers(width), numbers(wanted))
      .place(symbol.span, fmt::format("`{}` compares rows of {}", symbol.name, numbers(wanted)))
      .help(
          fmt::format("give `{}` the size of the data, or leave it open: `real[n]`", symbol.name));
  throw Abandon{};
}

} // namespace qdo::lower
