// SPDX-License-Identifier: Apache-2.0
// Runtime calls, text, captures and packed numbers in the LLVM dialect.
// Why allocas go to the entry block: a loop must not grow the stack.
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "qdo/ir/qdo.h"
#include "to_llvm.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace qdo::ir;
using namespace qdo::ir::data;

static Type llvmType(MLIRContext *context, AbiType type) {
  switch (type) {
  case AbiType::Void:
    return LLVM::LLVMVoidType::get(context);
  case AbiType::Bool:
  case AbiType::Int64:
  case AbiType::Double:
    return typeOf(context, type);
  default:
    return LLVM::LLVMPointerType::get(context);
  }
}

static void declare(ModuleOp module, const EntryPoint &entry) {
  std::string name = ("qdo_rt_" + entry.name).str();
  if (module.lookupSymbol(name))
    return;
  MLIRContext *context = module.getContext();
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  SmallVector<Type> parameters{LLVM::LLVMPointerType::get(context)};
  if (entry.fallible)
    parameters.push_back(builder.getI32Type());
  for (AbiType parameter : entry.parameters)
    parameters.push_back(llvmType(context, parameter));
  auto type = LLVM::LLVMFunctionType::get(llvmType(context, entry.result), parameters);
  auto function = LLVM::LLVMFuncOp::create(builder, module.getLoc(), name, type);
  function.setNoUnwind(true);
  // C widens a bool; both sides rely on it.
  for (auto [index, parameter] : llvm::enumerate(parameters))
    if (parameter.isInteger(1))
      function.setArgAttr(index, LLVM::LLVMDialect::getZExtAttrName(), builder.getUnitAttr());
  if (entry.result == AbiType::Bool)
    function.setResultAttr(0, LLVM::LLVMDialect::getZExtAttrName(), builder.getUnitAttr());
}

void qdo::ir::declareEntryPoints(ModuleOp module) {
  module.walk([&](RtOp op) { declare(module, *entryPointNamed(op.getEntry())); });
  bool captures = module.walk([](CaptureOp) { return WalkResult::interrupt(); }).wasInterrupted();
  if (captures)
    declare(module, *entryPointNamed("env_new"));
}

namespace {

Value context(Operation *op) { return op->getParentOfType<FunctionOpInterface>().getArgument(0); }

Value number(OpBuilder &builder, Location loc, IntegerAttr value) {
  return LLVM::ConstantOp::create(builder, loc, value);
}

struct RtPattern : ConvertOpToLLVMPattern<RtOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(RtOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    const EntryPoint &entry = *entryPointNamed(op.getEntry());
    SmallVector<Value> arguments{context(op)};
    if (entry.fallible)
      arguments.push_back(number(rewriter, op.getLoc(), op->getAttrOfType<IntegerAttr>(siteAttr)));
    llvm::append_range(arguments, adaptor.getArguments());
    SmallVector<Type, 1> results;
    if (entry.result != AbiType::Void)
      results.push_back(llvmType(op.getContext(), entry.result));
    auto call = LLVM::CallOp::create(rewriter, op.getLoc(), results, ("qdo_rt_" + entry.name).str(),
                                     arguments);
    rewriter.replaceOp(op, call.getResults());
    return success();
  }
};

struct TextPattern : ConvertOpToLLVMPattern<TextOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(TextOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    // Equal texts share a global, found by its name.
    auto module = op->getParentOfType<ModuleOp>();
    std::string bytes = (op.getValue() + Twine('\0')).str();
    std::string name = "text." + llvm::utohexstr(llvm::xxh3_64bits(op.getValue()));
    LLVM::GlobalOp global;
    while ((global = module.lookupSymbol<LLVM::GlobalOp>(name)) &&
           cast<StringAttr>(global.getValueAttr()).getValue() != bytes)
      name += '.';
    if (!global) {
      OpBuilder::InsertionGuard guard(rewriter);
      rewriter.setInsertionPointToStart(module.getBody());
      auto type = LLVM::LLVMArrayType::get(rewriter.getI8Type(), bytes.size());
      global = LLVM::GlobalOp::create(rewriter, op.getLoc(), type, /*isConstant=*/true,
                                      LLVM::Linkage::Private, name, rewriter.getStringAttr(bytes));
    }
    rewriter.replaceOpWithNewOp<LLVM::AddressOfOp>(op, global);
    return success();
  }
};

struct FunctionPattern : ConvertOpToLLVMPattern<FunctionOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(FunctionOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::AddressOfOp>(op, LLVM::LLVMPointerType::get(op.getContext()),
                                                   op.getCallee());
    return success();
  }
};

// Both directions of captures walk the same slots.
Value slot(OpBuilder &builder, Location loc, Value env, int32_t index) {
  return LLVM::GEPOp::create(builder, loc, env.getType(), builder.getI64Type(), env,
                             ArrayRef<LLVM::GEPArg>(index));
}

struct CapturePattern : ConvertOpToLLVMPattern<CaptureOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(CaptureOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    int64_t count = 0;
    for (Type type : op.getValues().getTypes())
      count += CaptureOp::slots(type);
    Location loc = op.getLoc();
    Value size = number(rewriter, loc, rewriter.getI64IntegerAttr(count));
    Value env = LLVM::CallOp::create(rewriter, loc, TypeRange(getPtrType()), "qdo_rt_env_new",
                                     ValueRange{context(op), size})
                    .getResult();
    int32_t index = 0;
    for (auto [value, type] : llvm::zip(adaptor.getValues(), op.getValues().getTypes())) {
      LLVM::StoreOp::create(rewriter, loc, value, slot(rewriter, loc, env, index));
      index += CaptureOp::slots(type);
    }
    rewriter.replaceOp(op, env);
    return success();
  }
};

struct CapturedPattern : ConvertOpToLLVMPattern<CapturedOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(CapturedOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    SmallVector<Value> values;
    int32_t index = 0;
    for (Type type : op.getResultTypes()) {
      values.push_back(LLVM::LoadOp::create(rewriter, op.getLoc(),
                                            getTypeConverter()->convertType(type),
                                            slot(rewriter, op.getLoc(), adaptor.getEnv(), index)));
      index += CaptureOp::slots(type);
    }
    rewriter.replaceOp(op, values);
    return success();
  }
};

template <typename Pack> struct PackPattern : ConvertOpToLLVMPattern<Pack> {
  using ConvertOpToLLVMPattern<Pack>::ConvertOpToLLVMPattern;
  LogicalResult matchAndRewrite(Pack op, typename Pack::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ValueRange values = adaptor.getOperands();
    Type pointer = this->getPtrType();
    if (values.empty()) {
      rewriter.template replaceOpWithNewOp<LLVM::ZeroOp>(op, pointer);
      return success();
    }
    Type element = values.front().getType();
    Value memory;
    {
      OpBuilder::InsertionGuard guard(rewriter);
      Region *body = op->template getParentOfType<FunctionOpInterface>().getCallableRegion();
      rewriter.setInsertionPointToStart(&body->front());
      Value size = number(rewriter, loc, rewriter.getI64IntegerAttr(values.size()));
      memory = LLVM::AllocaOp::create(rewriter, loc, pointer, element, size);
    }
    for (auto [index, value] : llvm::enumerate(values)) {
      Value place = LLVM::GEPOp::create(rewriter, loc, pointer, element, memory,
                                        ArrayRef<LLVM::GEPArg>(static_cast<int32_t>(index)));
      LLVM::StoreOp::create(rewriter, loc, value, place);
    }
    rewriter.replaceOp(op, memory);
    return success();
  }
};

} // namespace

void qdo::ir::populateRuntimePatterns(LLVMTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<RtPattern, TextPattern, FunctionPattern, CapturePattern, CapturedPattern,
               PackPattern<PackOp>, PackPattern<PackWiresOp>>(converter);
}
