// SPDX-License-Identifier: Apache-2.0
// Gram matrices, what they say about a kernel, preprocessing and validation.
// Why not declarations of the library: what they give depends on the policy in force, and what they
// cost on the rows behind their arguments.
#include "compiler/sema/learning.h"
#include "compiler/lower/elaborator.h"

#include "mlir/Dialect/Math/IR/Math.h"

#include <fmt/format.h>

#include <filesystem>

namespace qdo::lower {

using namespace syntax;

static sema::TypeRef realMatrix(sema::Size rows, sema::Size columns) {
  return sema::arrayOf(sema::simple(sema::TypeKind::Real), {rows, columns});
}

static bool isRealArray(const Value &v) { return v.kind == ValueKind::Handle; }

/// Whether a runtime list holds lists.
static bool isNested(const Value &list) { return list.elements[0].kind == ValueKind::List; }

/// A matrix of estimates that the run made, as a list of lists.
Value Elaborator::estimateMatrix(mlir::Value list, mlir::Location at) {
  Value row = Value::ofSsa(ValueKind::List, rt("list_new", {}, at));
  row.elements = {Value::handle(rt("estimate_number", {constant(0.0, at)}, at),
                                sema::simple(sema::TypeKind::Estimate))};
  Value matrix = Value::ofSsa(ValueKind::List, list);
  matrix.elements = {row};
  return matrix;
}

/// Known elements as a runtime list, so that one call can take them.
Value Elaborator::asList(const Value &array, base::Span span) {
  if (array.kind != ValueKind::Array)
    return array;
  Value list = array;
  for (Value &e : list.elements)
    e = asList(e, span);
  return listOf(list, span);
}

/// Values, errors or ends of intervals of estimates in a list, as a runtime array.
Value Elaborator::estimateNumbers(const Value &list, int64_t which, mlir::Location at) {
  const bool nested = isNested(list);
  std::vector<sema::Size> sizes(nested ? 2 : 1, sema::Size::unknown());
  return Value::handle(
      rt("list_estimates", {list.ssa, constant(nested, at), constant(which, at)}, at),
      sema::arrayOf(sema::simple(sema::TypeKind::Real), sizes));
}

/// A kernel or the fidelity of an encoding, as the library takes it.
Value Elaborator::kernelOf(const Value &v, const Value &rows, base::Span span) {
  int64_t width = -1;
  if (rows.shape && rows.kind != ValueKind::Handle)
    for (const auto &[field, columns] : rows.shape->widths)
      if (field == "x" || width < 0)
        width = columns;
  if (rows.kind == ValueKind::Handle && rows.type->sizes.size() == 2)
    width = evaluate(rows.type->sizes[1]).value_or(-1);
  if (rows.kind == ValueKind::Array && !rows.elements.empty())
    width = count(rows.elements[0]).value_or(-1);
  if (v.kind == ValueKind::Encoding) {
    if (v.encoding->holes.size() != 1 || width < 0)
      notYet(span, "an encoding of several arguments, or of data whose width is not known, as a "
                   "kernel");
    Value kernel;
    kernel.kind = ValueKind::Kernel;
    kernel.encoding = v.encoding;
    return fidelityHandle(kernel, encodingName(*v.encoding), width, span, span);
  }
  const Value handle = kernelHandle(v, width, span);
  if (width >= 0)
    checkKernelWidth(handle, width, span);
  return handle;
}

/// Whether values of a kernel or encoding cost shots here.
bool Elaborator::isPaid(const Value &kernel) {
  if (payer().exact)
    return false;
  if (kernel.kind == ValueKind::Encoding)
    return true;
  return kernel.symbol == sema::SymbolId::None || measures(kernel.symbol);
}

/// Whether the checker has promised reals: under `exact`, and of a declared kernel that measures
/// nothing.
bool Elaborator::givesReals(const Expr &e, const Value &kernel) {
  if (payer().exact)
    return true;
  const sema::SymbolId name = kernel.kind == ValueKind::Kernel ? used(e) : sema::SymbolId::None;
  return name != sema::SymbolId::None && program.symbol(name).kind == sema::SymbolKind::Kernel &&
         !measures(name);
}

/// Every pair of some rows is one circuit, which training on the same rows measures too.
void Elaborator::chargePairs(const Value &kernel, const Value &rows, base::Span span) {
  if (!isPaid(kernel) ||
      (kernel.kind == ValueKind::Kernel && kernel.symbol == sema::SymbolId::None))
    return; // of the library: classical
  if (kernel.kind == ValueKind::Kernel && rows.symbol != sema::SymbolId::None) {
    Value set = rows;
    if (set.kind == ValueKind::Handle)
      set.kind = ValueKind::Dataset;
    return chargeNative("svm_train", {kernel, set}, span);
  }
  const auto n = count(rows);
  const auto known = rowsOf(rows);
  const std::optional<int64_t> many = n ? n : known;
  if (const KernelCost *cost = costOf(kernel.symbol)) // a row with itself is measured, too
    return note("kernel_body ?",
                many ? cost->most(*many, *many * (*many + 1) / 2, payer().commuting) : std::nullopt,
                span, -1);
  note("kernel ?", many ? std::optional(*many * (*many - 1) / 2) : std::nullopt, span, -1);
}

Value Elaborator::gram(const std::vector<Value> &args, const std::vector<const Expr *> &exprs,
                       base::Span span) {
  mlir::Location at = loc(span);
  const Value &xs = args[1];
  const Value handle = kernelOf(args[0], xs, exprs[0]->span);
  mlir::Value left = ssa(xs, at), right = exprs[2] ? ssa(args[2], at) : left;
  if (givesReals(*exprs[0], args[0])) {
    auto size = [&](const Value &v) {
      if (const auto n = count(v))
        return sema::Size::constant(*n);
      return v.type ? v.type->sizes[0] : sema::Size::unknown();
    };
    return Value::handle(rt("gram_exact", {handle.ssa, left, right}, at),
                         realMatrix(size(xs), size(exprs[2] ? args[2] : xs)));
  }
  const size_t first = entries();
  if (!exprs[2])
    chargePairs(args[0], xs, span);
  else if (args[0].symbol != sema::SymbolId::None) {
    const auto n = count(xs), m = count(args[2]);
    const KernelCost *cost = costOf(args[0].symbol);
    const auto pairs = n && m ? std::optional(*n * *m) : std::nullopt;
    note(cost ? "kernel_body ?" : "kernel ?",
         cost && pairs ? cost->most(*n + *m, *pairs, payer().commuting) : pairs, span, -1);
  }
  mlir::Value measured = rt("gram_measured", {handle.ssa, left, right}, at);
  measuredBy(measured.getDefiningOp(), first);
  return estimateMatrix(measured, at);
}

Value Elaborator::alignment(const std::vector<Value> &args, const std::vector<const Expr *> &exprs,
                            base::Span span) {
  mlir::Location at = loc(span);
  const sema::TypeRef estimate = sema::simple(sema::TypeKind::Estimate);
  if (isArray(args[0])) {
    const Value a = isRealArray(args[0]) ? args[0] : asList(args[0], span);
    const Value b = isRealArray(args[1]) ? args[1] : asList(args[1], span);
    if (isRealArray(a) && isRealArray(b))
      return Value::ofSsa(ValueKind::Real, rt("gram_alignment", {a.ssa, b.ssa}, at));
    if (isRealArray(a) || isRealArray(b))
      notYet(span, "the alignment of a measured matrix and an exact one");
    return Value::handle(rt("gram_alignment_measured", {a.ssa, b.ssa}, at), estimate);
  }
  const Value handle = kernelOf(args[0], args[1], exprs[0]->span);
  const size_t first = entries();
  chargePairs(args[0], args[1], span);
  mlir::Value centred = exprs[2] ? ssa(args[2], at) : constant(false, at);
  mlir::Value result = rt("kernel_alignment", {handle.ssa, datasetSsa(args[1], at), centred}, at);
  measuredBy(result.getDefiningOp(), first);
  if (givesReals(*exprs[0], args[0]))
    return Value::ofSsa(ValueKind::Real, rt("estimate_value", {result}, at));
  return Value::handle(result, estimate);
}

/// The same data with other features: fitted on what the runtime finds to be training rows.
Value Elaborator::preprocessed(const std::string &name, const std::vector<Value> &args,
                               base::Span span) {
  mlir::Location at = loc(span);
  Value result = args[0];
  result.kind = ValueKind::Dataset;
  const mlir::Value rows = datasetSsa(args[0], at);
  result.shape = std::make_shared<DataShape>(args[0].shape ? *args[0].shape : DataShape());
  result.shape->distinctRows.clear(); // rows that differed may not any more
  if (name == "pca") {
    auto &widths = result.shape->widths;
    const auto features = widths.count("x") || widths.empty() ? "x" : widths.begin()->first;
    if (args[1].isConstant())
      widths[features] = args[1].integer;
    else
      widths.erase(features);
    result.ssa = rt("dataset_pca", {rows, ssa(args[1], at)}, at);
  } else {
    result.ssa = rt("dataset_standardise", {rows}, at);
  }
  // Other rows than those of the file: they are paid apart.
  result.text = args[0].text;
  result.symbol = args[0].symbol;
  result.derived = fmt::format("{} {}", args[0].derived, result.ssa.getAsOpaquePointer());
  return result;
}

/// The mean accuracy over folds: each trained on all rows but the fold's, and tested on the fold.
Value Elaborator::crossValidate(const CallExpr &training, const Value &folds, base::Span span) {
  mlir::Location at = loc(span);
  const sema::SymbolId id = used(*training.callee);
  const sema::Signature &signature = program.signatures.at(id);
  const std::vector<Value> given = arguments(signature, training.args, nullptr);
  refuseTracedCall("", "cross_validate", given, span);
  size_t place = 0;
  while (!signature.parameters[place].type->is(sema::TypeKind::Dataset))
    ++place;
  const Value &rows = given[place];
  const mlir::Value all = datasetSsa(rows, at);
  const auto native = sema::nativeBody(program.symbol(id));
  // Of three folds or more, every pair of rows stands in one of the training parts; the pairs that
  // the folds are tested with are among them.
  const bool coversPairs = native && folds.isConstant() && folds.integer > 2;
  const size_t first = entries();
  if (coversPairs)
    chargePairs(given[0], rows, span);
  KernelCost ignored;
  KernelCost *const outer = coversPairs ? std::exchange(collecting, &ignored) : collecting;
  auto part = [&](mlir::Value which, bool test) {
    Value v = rows;
    v.kind = ValueKind::Dataset;
    v.text.clear();
    v.ssa = rt("dataset_fold", {all, ssa(folds, at), which, constant(test, at)}, at);
    v.derived = fmt::format("{}", v.ssa.getAsOpaquePointer());
    v.shape = std::make_shared<DataShape>();
    if (rows.shape)
      v.shape->widths = rows.shape->widths;
    return v;
  };
  const sema::SymbolId carried = hiddenVariable();
  frame().vars[carried] = Value::ofSsa(ValueKind::Real, constant(0.0, at));
  counted(constant(int64_t{0}, at), ssa(folds, at), span, {carried}, [&](mlir::Value which) {
    std::vector<Value> args = given;
    args[place] = part(which, false);
    const Value model = native ? callNative(id, args, span) : inlineFunction(id, args, {}, span);
    const Value tested = part(which, true);
    if (coversPairs)
      measuredBy(model.ssa.getDefiningOp(), first);
    else
      chargeNative("model_accuracy", {model, tested}, span);
    const Value share =
        Value::ofSsa(ValueKind::Real, rt("model_accuracy", {model.ssa, tested.ssa}, at));
    frame().vars[carried] =
        realArithmetic(BinaryOp::Add, frame().vars.at(carried), share, ValueKind::Real, span);
    return Flow{};
  });
  collecting = outer;
  const Value sum = frame().vars.at(carried);
  frame().vars.erase(carried);
  return realArithmetic(BinaryOp::Div, sum, toReal(folds, at), ValueKind::Real, span);
}

Value Elaborator::learning(const sema::LearningFunction &function, const CallExpr &c) {
  mlir::Location at = loc(c.span);
  const std::vector<const Expr *> exprs = *sema::ordered(function, c.args);
  if (function.name == "cross_validate")
    return crossValidate(as<CallExpr>(*exprs[0]), exprs[1] ? expr(*exprs[1]) : Value::ofInt(5),
                         c.span);
  std::vector<Value> args;
  for (const Expr *e : exprs)
    args.push_back(e ? expr(*e) : Value::unit());
  refuseTracedCall("", function.name, args, c.span);
  if (function.name == "gram")
    return gram(args, exprs, c.span);
  if (function.name == "alignment")
    return alignment(args, exprs, c.span);
  if (function.name == "pca" || function.name == "standardise")
    return preprocessed(std::string(function.name), args, c.span);
  if (function.name == "geometric_difference") {
    const Value matrix = isRealArray(args[0]) ? args[0] : asList(args[0], c.span);
    const mlir::Value classical = kernelHandle(args[1], -1, exprs[1]->span).ssa;
    const Value size = length(matrix, at);
    Value result;
    std::vector<mlir::Value> ends; // value, low, high
    if (isRealArray(matrix)) {
      result =
          Value::ofSsa(ValueKind::Real, rt("geometric_difference", {matrix.ssa, classical}, at));
      ends.assign(3, result.ssa);
    } else {
      result = Value::handle(rt("geometric_difference_measured", {matrix.ssa, classical}, at),
                             typeOf(c));
      for (const char *end : {"value", "low", "high"})
        ends.push_back(estimateMember(result, end, at).ssa);
    }
    ends.push_back(ssa(size, at));
    result.type = typeOf(c);
    result.elements = {ofNumber("sqrt", toReal(size, at), c.span),
                       Value::ofSsa(ValueKind::String, rt("geometric_verdict", ends, at))};
    return result;
  }
  // write_npy: a path is relative to the program.
  Value path = args[0];
  if (path.isConstant() && !options.directory.empty() &&
      !std::filesystem::path(path.text).is_absolute())
    path.text = (std::filesystem::path(options.directory) / path.text).string();
  Value numbers = args[1];
  if (numbers.kind == ValueKind::List)
    notYet(exprs[1]->span, "writing an array of whole numbers known only while the program runs");
  rt("array_write_npy", {ssa(numbers, at), ssa(path, at)}, at);
  return Value::unit();
}

} // namespace qdo::lower
