// SPDX-License-Identifier: Apache-2.0
// A circuit as a function: one call of qdo_rt_gate a gate, wires are constants.
// Why by hand and not by patterns: qubits vanish here, and a circuit may hold many thousand gates.
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "qdo/ir/applied_gate.h"
#include "to_llvm.h"

using namespace mlir;
using namespace qdo::ir;

namespace {

constexpr llvm::StringLiteral gateFunction = "qdo_rt_gate";
constexpr llvm::StringLiteral anglesFunction = "qdo_rt_angles";

class CircuitConverter {
public:
  explicit CircuitConverter(qc::CircuitOp circuit)
      : circuit(circuit), builder(circuit),
        pointer(LLVM::LLVMPointerType::get(circuit.getContext())) {}

  LogicalResult run() {
    // Controls are a bit mask in a signed 64-bit number.
    if (circuit.getQubitCount() > 63)
      return circuit.emitOpError()
             << "has " << circuit.getQubitCount() << " qubits; compiled circuits have at most 63";
    Location loc = circuit.getLoc();
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(circuit.getContext()),
                                            {pointer, pointer});
    auto function =
        LLVM::LLVMFuncOp::create(builder, loc, circuit.getSymName(), type, LLVM::Linkage::Internal);
    function.setNoUnwind(true);
    entry = function.addEntryBlock(builder);
    builder.setInsertionPointToStart(entry);
    for (auto [index, argument] : llvm::enumerate(circuit.getData()))
      argument.replaceAllUsesWith(load(loc, index));
    for (auto [wire, qubit] : llvm::enumerate(circuit.getQubits()))
      wires[qubit] = wire;
    for (Operation &op : llvm::make_early_inc_range(*circuit.getBodyBlock()))
      if (failed(convert(op)))
        return failure();
    LLVM::ReturnOp::create(builder, loc, ValueRange());
    return success();
  }

private:
  Value load(Location loc, int64_t index) {
    Value place = LLVM::GEPOp::create(builder, loc, pointer, builder.getF64Type(),
                                      entry->getArgument(1), ArrayRef<LLVM::GEPArg>(index));
    return LLVM::LoadOp::create(builder, loc, builder.getF64Type(), place);
  }

  // One op for each number, at the top, so that large circuits stay small.
  Value constant(TypedAttr value) {
    Value &known = constants[value];
    if (!known) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(entry);
      known = LLVM::ConstantOp::create(builder, circuit.getLoc(), value);
    }
    return known;
  }

  Value element(Location loc, Value memory, int64_t index) {
    return LLVM::GEPOp::create(builder, loc, pointer, builder.getF64Type(), memory,
                               ArrayRef<LLVM::GEPArg>(static_cast<int32_t>(index)));
  }

  // Numbers in memory for the call, angles in memory after it.
  void convertAngles(qc::AnglesOp op) {
    Location loc = op.getLoc();
    auto memory = [&](size_t count) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(entry);
      Value size = LLVM::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(count));
      return LLVM::AllocaOp::create(builder, loc, pointer, builder.getF64Type(), size).getResult();
    };
    Value data = memory(op.getData().size()), angles = memory(op.getNumResults());
    for (auto [index, value] : llvm::enumerate(op.getData()))
      LLVM::StoreOp::create(builder, loc, value, element(loc, data, index));
    auto rule = static_cast<int32_t>(*op.getKnownRule());
    LLVM::CallOp::create(
        builder, loc, TypeRange(), anglesFunction,
        ValueRange{entry->getArgument(0), constant(builder.getI32IntegerAttr(rule)), data,
                   constant(builder.getI64IntegerAttr(op.getData().size())), angles});
    for (auto [index, angle] : llvm::enumerate(op.getAngles()))
      angle.replaceAllUsesWith(
          LLVM::LoadOp::create(builder, loc, builder.getF64Type(), element(loc, angles, index)));
    op.erase();
  }

  LogicalResult convert(Operation &op) {
    if (isa<qc::ReturnOp>(op))
      return success();
    if (auto phase = dyn_cast<qc::GPhaseOp>(op))
      return convert(phase);
    if (auto angles = dyn_cast<qc::AnglesOp>(op)) {
      convertAngles(angles);
      return success();
    }
    auto applied = appliedGate(&op);
    if (!applied) {
      if (qc::isModifier(&op))
        return op.emitOpError("is not a single gate; run qc-resolve-modifiers first");
      op.moveBefore(entry, builder.getInsertionPoint());
      return success();
    }
    SmallVector<int64_t> on;
    for (Value input : applied->inputs)
      on.push_back(wires.lookup(input));
    int64_t controls = 0;
    for (int64_t wire : ArrayRef(on).take_front(applied->controls()))
      controls |= int64_t(1) << wire;
    callGate(op.getLoc(), applied->gate, applied->inverse, controls,
             ArrayRef(on).drop_front(applied->controls()), applied->angles);
    for (auto [output, wire] : llvm::zip(applied->outputs, on))
      wires[output] = wire;
    return success();
  }

  // e^{ia} is diag(1, e^{2ia}) then diag(e^{ia}, e^{-ia}), on any qubit.
  LogicalResult convert(qc::GPhaseOp op) {
    if (wires.empty())
      return op.emitOpError("has no qubit to act on");
    Location loc = op.getLoc();
    auto times = [&](double factor) {
      return LLVM::FMulOp::create(builder, loc, op.getAngle(),
                                  constant(builder.getF64FloatAttr(factor)));
    };
    callGate(loc, Gate::p, false, 0, {0}, {times(2)});
    callGate(loc, Gate::rz, false, 0, {0}, {times(-2)});
    return success();
  }

  void callGate(Location loc, Gate gate, bool inverse, int64_t controls, ArrayRef<int64_t> targets,
                ValueRange angles) {
    SmallVector<Value> arguments{
        entry->getArgument(0),
        constant(builder.getI32IntegerAttr(static_cast<int32_t>(gate))),
        constant(builder.getBoolAttr(inverse)),
        constant(builder.getI64IntegerAttr(controls)),
        constant(builder.getI64IntegerAttr(targets[0])),
        constant(builder.getI64IntegerAttr(targets.size() > 1 ? targets[1] : -1))};
    llvm::append_range(arguments, angles);
    while (arguments.size() < 10)
      arguments.push_back(constant(builder.getF64FloatAttr(0)));
    LLVM::CallOp::create(builder, loc, TypeRange(), gateFunction, arguments);
  }

  qc::CircuitOp circuit;
  OpBuilder builder;
  LLVM::LLVMPointerType pointer;
  Block *entry = nullptr;
  DenseMap<Value, int64_t> wires;
  DenseMap<Attribute, Value> constants;
};

} // namespace

// void qdo_rt_gate(sink, i32 gate, bool inverse, i64 controls, i64 t0, i64 t1, a, b, c, d)
static void declareGate(ModuleOp module) {
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  Type i64 = builder.getI64Type(), f64 = builder.getF64Type(), i1 = builder.getI1Type();
  auto type =
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(module.getContext()),
                                  {LLVM::LLVMPointerType::get(module.getContext()),
                                   builder.getI32Type(), i1, i64, i64, i64, f64, f64, f64, f64});
  auto function = LLVM::LLVMFuncOp::create(builder, module.getLoc(), gateFunction, type);
  // C widens a bool; the callee relies on it.
  function.setArgAttr(2, LLVM::LLVMDialect::getZExtAttrName(), builder.getUnitAttr());
  function.setNoUnwind(true);
}

// void qdo_rt_angles(sink, i32 rule, const double *data, i64 count, double *angles)
static void declareAngles(ModuleOp module) {
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  Type pointer = LLVM::LLVMPointerType::get(module.getContext());
  auto type = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(module.getContext()),
      {pointer, builder.getI32Type(), pointer, builder.getI64Type(), pointer});
  LLVM::LLVMFuncOp::create(builder, module.getLoc(), anglesFunction, type).setNoUnwind(true);
}

LogicalResult qdo::ir::convertCircuits(ModuleOp module) {
  auto circuits = llvm::to_vector(module.getOps<qc::CircuitOp>());
  if (!circuits.empty() && !module.lookupSymbol(gateFunction))
    declareGate(module);
  if (!circuits.empty() && !module.lookupSymbol(anglesFunction))
    declareAngles(module);
  for (qc::CircuitOp circuit : circuits) {
    if (failed(CircuitConverter(circuit).run()))
      return failure();
    // The body holds only gates that nothing outside of it uses.
    circuit.erase();
  }
  return success();
}
