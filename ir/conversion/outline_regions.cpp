// SPDX-License-Identifier: Apache-2.0
// `qdo-outline`: regions that the runtime calls back become functions; their ops become runtime
// calls. Why captures are packed: the runtime hands one pointer through; it never knows what a
// region uses.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Transforms/RegionUtils.h"
#include "qdo/ir/passes.h"
#include "runtime_calls.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

namespace qdo::ir {
#define GEN_PASS_DEF_OUTLINEREGIONS
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

struct Callback {
  Value fn, env;
  func::FuncOp function;
};

// Constants are made again in the function rather than captured.
bool isRemade(Value value) {
  Operation *op = value.getDefiningOp();
  return op && op->getNumOperands() == 0 && op->getNumRegions() == 0 && isMemoryEffectFree(op);
}

class Outliner {
public:
  explicit Outliner(ModuleOp module) : symbols(module) {}

  LogicalResult convert(PolicyOp op);
  LogicalResult convert(SelectOp op);
  LogicalResult convert(EstimateOp op);
  LogicalResult convert(GeneralKernelOp op);
  LogicalResult convert(GradOp op);
  LogicalResult convert(MinimizeOp op);

private:
  // Makes a function of the region. `self` stands for its first argument; the others become
  // parameters.
  FailureOr<Callback> outline(Region &region, StringRef what, TypeRange results,
                              RuntimeCalls &calls, Value self = {});

  SymbolTable symbols;
};

FailureOr<Callback> Outliner::outline(Region &region, StringRef what, TypeRange results,
                                      RuntimeCalls &calls, Value self) {
  Operation *owner = region.getParentOp();
  Block &body = region.front();
  if (self) {
    body.getArgument(0).replaceAllUsesWith(self);
    body.eraseArgument(0);
  }
  SetVector<Value> above;
  getUsedValuesDefinedAbove(region, above);
  SmallVector<Value> captures, remade;
  for (Value value : above) {
    if (!isRemade(value) && CaptureOp::slots(value.getType()) == 0)
      return owner->emitOpError() << "cannot capture a value of type " << value.getType() << " in `"
                                  << what << "`";
    (isRemade(value) ? remade : captures).push_back(value);
  }

  MLIRContext *context = owner->getContext();
  SmallVector<Type> parameters{EnvType::get(context)};
  llvm::append_range(parameters, body.getArgumentTypes());
  auto host = owner->getParentOfType<FunctionOpInterface>();
  OpBuilder builder(context);
  auto function =
      func::FuncOp::create(builder, owner->getLoc(), (host.getName() + "." + what).str(),
                           builder.getFunctionType(parameters, results));
  function.setPrivate();
  symbols.insert(function);

  Block *entry = function.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  SmallVector<Type> types(ValueRange(captures).getTypes());
  auto captured = CapturedOp::create(builder, owner->getLoc(), types, entry->getArgument(0));
  auto inside = [&](OpOperand &use) {
    return region.isAncestor(use.getOwner()->getParentRegion());
  };
  for (auto [value, inner] : llvm::zip(captures, captured.getValues()))
    value.replaceUsesWithIf(inner, inside);
  for (Value value : remade) {
    Operation *copy = builder.clone(*value.getDefiningOp());
    value.replaceUsesWithIf(copy->getResult(cast<OpResult>(value).getResultNumber()), inside);
  }
  Operation *yield = body.getTerminator();
  for (auto [argument, parameter] :
       llvm::zip(body.getArguments(), entry->getArguments().drop_front()))
    argument.replaceAllUsesWith(parameter);
  entry->getOperations().splice(entry->end(), body.getOperations());
  builder.setInsertionPoint(yield);
  func::ReturnOp::create(builder, yield->getLoc(), yield->getOperands());
  yield->erase();

  Value env = CaptureOp::create(calls.builder, calls.loc, EnvType::get(context), captures);
  return Callback{calls.function(function.getName()), env, function};
}

LogicalResult Outliner::convert(PolicyOp op) {
  RuntimeCalls calls(op);
  Value policy = calls.call("policy_new", calls.text(op.getName()));
  if (Value budget = op.getBudget())
    calls.call("policy_budget", {policy, budget});
  if (Value low = op.getLow())
    calls.call("policy_each", {policy, low, op.getHigh() ? op.getHigh() : calls.integer(-1)});
  if (Value batch = op.getBatch())
    calls.call("policy_batch", {policy, batch});
  if (Value confidence = op.getConfidence())
    calls.call("policy_confidence", {policy, confidence});
  if (auto allocate = op.getAllocate())
    calls.call("policy_allocate", {policy, calls.integer(static_cast<int64_t>(*allocate))});
  if (!op.getUntil().empty()) {
    auto until = outline(op.getUntil(), "until", calls.builder.getI1Type(), calls);
    if (failed(until))
      return failure();
    calls.call("policy_until", {policy, until->fn, until->env});
  }
  op.replaceAllUsesWith(policy);
  op.erase();
  return success();
}

LogicalResult Outliner::convert(SelectOp op) {
  RuntimeCalls calls(op);
  OpBuilder &b = calls.builder;
  Value selection = calls.call("select_new", {calls.text(op.getName()), op.getPool()});
  calls.call("select_start", {selection, op.getStart(), calls.boolean(op.getStratified())});
  calls.call("select_take", {selection, op.getTake()});
  if (Value policy = op.getPolicy())
    calls.call("select_with", {selection, policy});
  auto model = ModelType::get(op.getContext());
  auto attach = [&](Region &region, StringRef what, TypeRange results) -> LogicalResult {
    if (region.empty())
      return success();
    auto callback = outline(region, what, results, calls, selection);
    if (failed(callback))
      return failure();
    calls.call(("select_" + what).str(), {selection, callback->fn, callback->env});
    return success();
  };
  if (failed(attach(op.getLearn(), "learn", model)) ||
      failed(attach(op.getScore(), "score", b.getF64Type())) ||
      failed(attach(op.getStop(), "stop", b.getI64Type())) ||
      failed(attach(op.getEach(), "each", {})))
    return failure();
  for (Attribute reason : op.getReasons().value_or(b.getArrayAttr({})))
    calls.call("select_reason", {selection, calls.text(cast<StringAttr>(reason))});
  calls.call("select_run", selection);
  op.replaceAllUsesWith(selection);
  op.erase();
  return success();
}

LogicalResult Outliner::convert(EstimateOp op) {
  RuntimeCalls calls(op);
  auto shot = outline(op.getBody(), "shot", calls.builder.getI1Type(), calls);
  if (failed(shot))
    return failure();
  Value hash = calls.integer(qc::contentHash(shot->function));
  op.replaceAllUsesWith(calls.call("estimate_block", {shot->fn, shot->env, hash}));
  op.erase();
  return success();
}

// The content of its functions names a kernel, so that code that stands twice is one kernel.
LogicalResult Outliner::convert(GeneralKernelOp op) {
  RuntimeCalls calls(op);
  auto exact = outline(op.getExact(), "kernel", calls.builder.getF64Type(), calls);
  if (failed(exact))
    return failure();
  SmallVector<Value> arguments{calls.text(op.getName()), calls.integer(op.getWidth())};
  auto add = [&](const Callback &code) {
    arguments.append({code.fn, code.env, calls.integer(qc::contentHash(code.function))});
  };
  add(*exact);
  if (!op.getMeasured().empty()) {
    auto measured =
        outline(op.getMeasured(), "measured", EstimateType::get(op.getContext()), calls);
    if (failed(measured))
      return failure();
    add(*measured);
  }
  Value kernel =
      calls.call(op.getMeasured().empty() ? "kernel_classical" : "kernel_general", arguments);
  op.replaceAllUsesWith(kernel);
  op.erase();
  return success();
}

LogicalResult Outliner::convert(GradOp op) {
  RuntimeCalls calls(op);
  auto function = outline(op.getFunction(), "objective", EstimateType::get(op.getContext()), calls);
  if (failed(function))
    return failure();
  op.replaceAllUsesWith(calls.call(op.getExact() ? "grad_exact" : "grad_measured",
                                   {function->fn, function->env, op.getAt()}));
  op.erase();
  return success();
}

LogicalResult Outliner::convert(MinimizeOp op) {
  RuntimeCalls calls(op);
  auto function = outline(op.getFunction(), "objective", EstimateType::get(op.getContext()), calls);
  if (failed(function))
    return failure();
  op.replaceAllUsesWith(
      calls.call("minimize", {function->fn, function->env, op.getFrom(), op.getBy()}));
  op.erase();
  return success();
}

struct OutlineRegionsPass : qdo::ir::impl::OutlineRegionsBase<OutlineRegionsPass> {
  void runOnOperation() override {
    Outliner outliner(getOperation());
    // Inner regions first: their captures are then ordinary values of the outer ones.
    SmallVector<Operation *> ops;
    getOperation().walk<WalkOrder::PostOrder>([&](Operation *op) {
      if (isa<PolicyOp, SelectOp, EstimateOp, GeneralKernelOp, GradOp, MinimizeOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : ops) {
      LogicalResult done = success();
      if (auto policy = dyn_cast<PolicyOp>(op))
        done = outliner.convert(policy);
      else if (auto select = dyn_cast<SelectOp>(op))
        done = outliner.convert(select);
      else if (auto kernel = dyn_cast<GeneralKernelOp>(op))
        done = outliner.convert(kernel);
      else if (auto grad = dyn_cast<GradOp>(op))
        done = outliner.convert(grad);
      else if (auto minimize = dyn_cast<MinimizeOp>(op))
        done = outliner.convert(minimize);
      else
        done = outliner.convert(cast<EstimateOp>(op));
      if (failed(done))
        return signalPassFailure();
    }
  }
};

} // namespace
