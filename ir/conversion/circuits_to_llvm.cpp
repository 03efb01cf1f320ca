// SPDX-License-Identifier: Apache-2.0
// A circuit as a table: constant gates on numbered wires, and a function from data to angles
// (qdo/runtime/circuit.h).
// Why by hand and not by patterns: qubits vanish here, and a circuit may hold many thousand gates.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Matchers.h"
#include "pull_back.h"
#include "qdo/ir/applied_gate.h"
#include "qdo/runtime/circuit.h"
#include "to_llvm.h"

#include <bit>

using namespace mlir;
using namespace qdo::ir;

namespace {

constexpr llvm::StringLiteral anglesFunction = "qdo_rt_angles";

static_assert(std::endian::native == std::endian::little && sizeof(qdo_gate) == 32,
              "tables are written as words");

class CircuitConverter {
public:
  explicit CircuitConverter(qc::CircuitOp circuit)
      : circuit(circuit), builder(circuit), name(circuit.getSymName()),
        pointer(LLVM::LLVMPointerType::get(circuit.getContext())) {}

  LogicalResult run() {
    if (circuit.getQubitCount() > QDO_MOST_QUBITS)
      return circuit.emitOpError()
             << "has " << circuit.getQubitCount() << " qubits; compiled circuits have at most "
             << int64_t{QDO_MOST_QUBITS};
    Location loc = circuit.getLoc();
    auto type = LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(circuit.getContext()),
                                            {pointer, pointer, pointer});
    auto function =
        LLVM::LLVMFuncOp::create(builder, loc, name + ".angles", type, LLVM::Linkage::Internal);
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
    writeAngles();
    LLVM::ReturnOp::create(builder, loc, ValueRange());
    builder.setInsertionPoint(function);
    LLVM::LLVMFuncOp pullBack;
    if (circuit->hasAttr(qc::differentiableAttr))
      pullBack = makePullBack(builder, function, name + ".pull_back", constants.size(), computed);
    makeTable(function, pullBack);
    return success();
  }

private:
  Value element(Location loc, Value memory, int64_t index) {
    return LLVM::GEPOp::create(builder, loc, pointer, builder.getF64Type(), memory,
                               ArrayRef<LLVM::GEPArg>(static_cast<int32_t>(index)));
  }

  Value load(Location loc, int64_t index) {
    return LLVM::LoadOp::create(builder, loc, builder.getF64Type(),
                                element(loc, entry->getArgument(1), index));
  }

  Value constant(TypedAttr value) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(entry);
    return LLVM::ConstantOp::create(builder, circuit.getLoc(), value);
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
    if (auto phase = dyn_cast<qc::GPhaseOp>(op)) {
      qdo_gate gate{};
      gate.gate = QDO_GLOBAL_PHASE;
      gate.target0 = gate.target1 = -1;
      add(gate, phase.getAngle());
      return success();
    }
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
    qdo_gate gate{};
    gate.gate = static_cast<int16_t>(applied->gate);
    gate.inverse = applied->inverse;
    gate.controls = controlWord(ArrayRef(on).take_front(applied->controls()));
    auto targets = ArrayRef(on).drop_front(applied->controls());
    gate.target0 = static_cast<int16_t>(targets[0]);
    gate.target1 = targets.size() > 1 ? static_cast<int16_t>(targets[1]) : int16_t(-1);
    add(gate, applied->angles);
    for (auto [output, wire] : llvm::zip(applied->outputs, on))
      wires[output] = wire;
    return success();
  }

  uint64_t controlWord(ArrayRef<int64_t> controls) {
    uint64_t word = 0;
    if (circuit.getQubitCount() <= QDO_MASK_QUBITS) {
      for (int64_t wire : controls)
        word |= uint64_t(1) << wire;
      return word;
    }
    constexpr size_t most = 4;
    for (size_t i = 0; i < std::min(most, controls.size()); ++i)
      word |= static_cast<uint64_t>(controls[i] + 1) << 16 * i;
    return controls.size() > most ? word | uint64_t(QDO_MORE_CONTROLS) << 48 : word;
  }

  void add(qdo_gate gate, ValueRange angles) {
    for (int index = 0; index < 4; ++index)
      gate.angles[index] = index < static_cast<int>(angles.size()) ? slotOf(angles[index]) : -1;
    gates.push_back(gate);
  }

  // Constants and computed angles are numbered apart until the number of constants is known: a
  // computed one is -2 - its number.
  int32_t slotOf(Value angle) {
    FloatAttr known;
    if (matchPattern(angle, m_Constant(&known))) {
      auto [place, isNew] = constantSlots.try_emplace(known, constants.size());
      if (isNew)
        constants.push_back(known.getValueAsDouble());
      return place->second;
    }
    auto [place, isNew] = computedSlots.try_emplace(angle, computed.size());
    if (isNew)
      computed.push_back(angle);
    return -2 - place->second;
  }

  void writeAngles() {
    const auto first = static_cast<int32_t>(constants.size());
    for (auto [index, angle] : llvm::enumerate(computed))
      LLVM::StoreOp::create(
          builder, circuit.getLoc(), angle,
          element(circuit.getLoc(), entry->getArgument(2), first + static_cast<int64_t>(index)));
    for (qdo_gate &gate : gates)
      for (int32_t &slot : gate.angles)
        if (slot <= -2)
          slot = first + (-2 - slot);
  }

  /// A private constant with these words of 64 bits.
  LLVM::GlobalOp words(StringRef suffix, Type element, std::vector<int64_t> bits) {
    bits.resize(std::max<size_t>(bits.size(), 1)); // an array without elements is no initializer
    auto shape = RankedTensorType::get(static_cast<int64_t>(bits.size()), element);
    auto raw = ArrayRef(reinterpret_cast<const char *>(bits.data()), bits.size() * 8);
    return LLVM::GlobalOp::create(builder, circuit.getLoc(),
                                  LLVM::LLVMArrayType::get(element, bits.size()),
                                  /*isConstant=*/true, LLVM::Linkage::Internal, name + suffix.str(),
                                  DenseElementsAttr::getFromRawBuffer(shape, raw), /*alignment=*/8);
  }

  void makeTable(LLVM::LLVMFuncOp angles, LLVM::LLVMFuncOp pullBack) {
    Location loc = circuit.getLoc();
    Type i64 = builder.getI64Type();
    std::vector<int64_t> gateWords(gates.size() * 4), numbers;
    std::memcpy(gateWords.data(), gates.data(), gates.size() * sizeof(qdo_gate));
    for (double number : constants)
      numbers.push_back(std::bit_cast<int64_t>(number));
    auto gateTable = words(".gates", i64, gateWords);
    auto constantTable = words(".constants", builder.getF64Type(), numbers);
    std::string shown = circuit.getDisplay().str();
    shown.push_back('\0');
    auto text = LLVM::GlobalOp::create(
        builder, loc, LLVM::LLVMArrayType::get(builder.getI8Type(), shown.size()),
        /*isConstant=*/true, LLVM::Linkage::Internal, name + ".name", builder.getStringAttr(shown));

    auto type = LLVM::LLVMStructType::getLiteral(
        builder.getContext(),
        {pointer, i64, i64, pointer, i64, pointer, i64, i64, pointer, pointer});
    auto table = LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true,
                                        LLVM::Linkage::Internal, name, Attribute());
    builder.createBlock(&table.getInitializerRegion());
    auto number = [&](uint64_t value) -> Value {
      return LLVM::ConstantOp::create(builder, loc, builder.getI64IntegerAttr(value));
    };
    auto address = [&](auto global) -> Value {
      return LLVM::AddressOfOp::create(builder, loc, global);
    };
    const Value fields[] = {address(text),
                            number(qc::keptContentHash(circuit)),
                            number(circuit.getQubitCount()),
                            address(gateTable),
                            number(gates.size()),
                            address(constantTable),
                            number(constants.size()),
                            number(constants.size() + computed.size()),
                            address(angles),
                            pullBack ? address(pullBack)
                                     : LLVM::ZeroOp::create(builder, loc, pointer).getResult()};
    Value whole = LLVM::PoisonOp::create(builder, loc, type);
    for (auto [index, field] : llvm::enumerate(fields))
      whole = LLVM::InsertValueOp::create(builder, loc, whole, field, index);
    LLVM::ReturnOp::create(builder, loc, whole);
  }

  qc::CircuitOp circuit;
  OpBuilder builder;
  std::string name;
  LLVM::LLVMPointerType pointer;
  Block *entry = nullptr;
  DenseMap<Value, int64_t> wires;
  std::vector<qdo_gate> gates;
  std::vector<double> constants;
  DenseMap<Attribute, int32_t> constantSlots;
  SmallVector<Value> computed;
  DenseMap<Value, int32_t> computedSlots;
};

} // namespace

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
