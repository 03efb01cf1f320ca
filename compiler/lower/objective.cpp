// SPDX-License-Identifier: Apache-2.0
// The function of `grad` and `minimize` as a region of code on numbers.
// In: a function, where it starts. Out: a region that the runtime calls back.
// Why on two kinds of numbers: slopes need those of a record, on which some steps are not possible;
// an optimiser that asks for values alone takes any function, on plain numbers.
#include "compiler/lower/elaborator.h"

#include "llvm/ADT/ScopeExit.h"

#include <utility>

namespace qdo::lower {

static constexpr int64_t MaxParameters = 100'000;

/// The numbers of a list of the record, in the shape of `at`.
Value Elaborator::parameters(mlir::Value list, const Value &at, base::Span span, Numbers numbers) {
  mlir::Location where = loc(span);
  const mlir::Type estimate = qdata::EstimateType::get(b.getContext());
  auto numberAt = [&](mlir::Value i) {
    mlir::Value place[] = {list, i, constant(int64_t{0}, where)};
    mlir::Value node = qdata::RtOp::create(b, where, "list_object", place, estimate).getOutput();
    if (numbers == Numbers::Plain)
      return Value::ofSsa(ValueKind::Real, rt("gradient_number", {node}, where));
    Value number = Value::handle(node, sema::simple(sema::TypeKind::Estimate));
    number.traced = true;
    return number;
  };
  int64_t next = 0;
  auto number = [&] { return numberAt(constant(next++, where)); };
  if (at.kind != ValueKind::Handle)
    return number();
  std::vector<int64_t> sizes;
  int64_t count = 1;
  for (const sema::Size &size : at.type->sizes) {
    auto known = evaluate(size);
    if (!known && at.type->sizes.size() > 1)
      notYet(span, "a gradient by a matrix whose size is known only while the program runs");
    sizes.push_back(known.value_or(-1));
    count *= sizes.back();
  }
  if (count > MaxParameters)
    notYet(span, "a gradient by more than 100,000 numbers");
  if (sizes[0] < 0) { // as many as the run finds
    Value all = Value::ofSsa(ValueKind::List, list);
    if (numbers == Numbers::Plain)
      return collect(length(all, where), span, [&](const Value &i) -> std::optional<Value> {
        return numberAt(ssa(i, where));
      });
    Value one = Value::handle(nullptr, sema::simple(sema::TypeKind::Estimate));
    one.traced = true;
    all.elements = {one};
    return all;
  }
  std::function<Value(size_t)> build = [&](size_t depth) {
    if (depth == sizes.size())
      return number();
    std::vector<Value> elements;
    for (int64_t i = 0; i < sizes[depth]; ++i)
      elements.push_back(build(depth + 1));
    return Value::ofArray(std::move(elements));
  };
  return build(0);
}

bool Elaborator::objective(mlir::Region &region, const Value &function, const Value &at,
                           base::Span span, Numbers numbers) {
  mlir::OpBuilder::InsertionGuard guard(b);
  mlir::Location where = loc(span);
  b.setInsertionPointToEnd(&region.front());
  const int64_t before = measurements;
  std::vector<mlir::Value> outer = std::move(wires);
  wires.assign(outer.size(), nullptr);
  const base::Span outerSpan = std::exchange(differentiated, span);
  const size_t outerPayers = std::exchange(payersAround, payers.size());
  payersInside.clear();
  const int traced = numbers == Numbers::Traced ? 1 : 0;
  differentiating += traced;
  // What is wrong in the function ends here, and not in what follows it.
  const auto leave = llvm::make_scope_exit([&] {
    differentiating -= traced;
    payersAround = outerPayers;
    differentiated = outerSpan;
    wires = std::move(outer);
  });
  const Value point = parameters(region.front().getArgument(0), at, span, numbers);
  Value result = labelNumber(apply(function, {point}, span), where);
  // What fields the rows of a parameter have, only a call knows: nobody may have seen it before.
  if (!isEstimate(result) && result.kind != ValueKind::Real && result.kind != ValueKind::Int) {
    diagnostics
        .report(diag::Kind::NotAnObjective, span,
                mlir::isa<qdata::GradOp>(region.getParentOp()) ? "grad" : "minimize",
                isArray(result) ? "several numbers" : "no number")
        .help("make one number of them: their `sum`, their `mean`");
    throw Abandon{};
  }
  qdata::YieldOp::create(b, where, recordSsa(toReal(result, where), where));
  return traced ? measurements != before : isEstimate(result);
}

/// Whether `lower`, which fills the region for values alone, met a step that only plain numbers can
/// take. Nothing of what it did is left then.
bool Elaborator::needsNumbers(mlir::Region &region, const std::function<void()> &lower) {
  const auto savedFrames = frames;
  const auto savedLoops = loops;
  const auto savedPayers = payers;
  const auto savedDevices = devices;
  const auto savedInlining = inlining;
  const auto savedNoted = noted;
  const size_t savedEntries = entries();
  KernelCost *const savedCollecting = collecting;
  const int savedFresh = freshDepth;
  const auto savedSide = otherSide;
  const bool outer = std::exchange(valuesOnly, true);
  const auto leave = llvm::make_scope_exit([&] { valuesOnly = outer; });
  try {
    lower();
    return false;
  } catch (const NeedsNumbers &) {
    region.front().clear();
    frames = savedFrames;
    loops = savedLoops;
    payers = savedPayers;
    devices = savedDevices;
    inlining = savedInlining;
    noted = savedNoted;
    if (options.spending)
      options.spending->measurements.resize(savedEntries);
    collecting = savedCollecting;
    freshDepth = savedFresh;
    otherSide = savedSide;
    return true;
  }
}

} // namespace qdo::lower
