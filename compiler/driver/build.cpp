// SPDX-License-Identifier: Apache-2.0
// Code for a file: parameters are left open as far as that changes nothing.
// Why compare: a built program must print what `qdo run` prints, and random numbers follow the
// contents of circuits; so a parameter stays open only when no circuit depends on it.
#include "compiler/driver/build.h"
#include "compiler/driver/header.h"
#include "compiler/driver/session_state.h"

#include "compiler/codegen/aot.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Matchers.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qc.h"
#include "qdo/ir/sites.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

namespace qdo::driver {

/// The hashes that random numbers follow: of every circuit, and of every shot that is a function.
static std::multiset<uint64_t> circuitHashes(mlir::ModuleOp module) {
  std::multiset<uint64_t> hashes;
  for (auto circuit : module.getOps<ir::qc::CircuitOp>())
    hashes.insert(ir::qc::contentHash(circuit));
  return hashes;
}

static void addShotHashes(mlir::ModuleOp module, std::multiset<uint64_t> &hashes) {
  module.walk([&](mlir::LLVM::CallOp call) {
    mlir::IntegerAttr hash;
    if (call.getCallee() == "qdo_rt_estimate_block" &&
        mlir::matchPattern(call->getOperands().back(), mlir::m_Constant(&hash)))
      hashes.insert(hash.getValue().getZExtValue());
  });
}

std::optional<std::multiset<uint64_t>> Session::lowerToLlvm() {
  if (!optimise())
    return std::nullopt;
  std::multiset<uint64_t> hashes = circuitHashes(*state->module);
  if (mlir::failed(ir::toLlvm(*state->module)))
    return std::nullopt;
  addShotHashes(*state->module, hashes);
  return hashes;
}

void Session::openParameters() {
  const auto expected = lowerToLlvm();
  if (!expected || diagnostics.hasErrors())
    return;
  std::set<std::string> candidates;
  for (const auto &[name, value] : state->fixedParams)
    if (!options.params.count(name))
      candidates.insert(name);
  if (candidates.empty())
    return;
  diag::Engine said = std::move(diagnostics);
  auto works = [&](const std::set<std::string> &open) {
    forgetModule();
    if (state->exports)
      state->exports->clear();
    state->openParams = open;
    const auto hashes = lowerToLlvm();
    return hashes && *hashes == *expected && !diagnostics.hasErrors();
  };
  const auto values = state->fixedParams;
  if (!works(candidates)) {
    std::set<std::string> open;
    for (const std::string &name : candidates) {
      open.insert(name);
      if (!works(open))
        open.erase(name);
    }
    works(open);
  }
  diagnostics = std::move(said);
  state->fixedParams = values;
}

codegen::ProgramTable Session::programTable() const {
  codegen::ProgramTable table;
  table.name = std::filesystem::path(options.file).stem().string();
  for (uint32_t i = 0; i < sources.fileCount(); ++i) {
    const auto file = static_cast<base::FileId>(i);
    table.files.push_back({std::string(sources.name(file)), std::string(sources.text(file))});
  }
  for (mlir::Location location : ir::siteTable(*state->module).locations) {
    const auto span = lower::spanOf(location, sources);
    table.sites.push_back(
        span ? codegen::ProgramTable::Site{static_cast<int32_t>(span->file), span->begin, span->end}
             : codegen::ProgramTable::Site{});
  }
  for (const ProgramParameter &p : params())
    table.parameters.push_back({p.name, p.type, p.doc, state->fixedParams.at(p.name),
                                state->openParams.count(p.name) > 0});
  return table;
}

static codegen::ExportedFunction::Slot slotOf(const lower::ExportSlot &slot) {
  using To = codegen::ExportedFunction::Slot::Kind;
  using From = lower::ExportSlot::Kind;
  return {slot.kind == From::Int    ? To::Int
          : slot.kind == From::Real ? To::Real
          : slot.kind == From::Bool ? To::Bool
                                    : To::Array,
          slot.rows, slot.columns};
}

static codegen::Exports exportsOf(const std::string &program,
                                  const std::vector<lower::Export> &exports) {
  codegen::Exports exported;
  for (const lower::Export &e : exports) {
    if (!e.problem.empty())
      continue;
    const std::string symbol = symbolOf(program, e);
    if (e.form == lower::Export::Form::Rows) {
      exported.encodings.push_back({symbol, e.circuit, e.data, e.hole, e.width});
      continue;
    }
    codegen::ExportedFunction function{symbol, e.exactSymbol, e.shotsSymbol, {}, std::nullopt};
    for (const lower::ExportSlot &slot : e.parameters)
      function.parameters.push_back(slotOf(slot));
    if (e.hasResult)
      function.result = slotOf(e.result);
    exported.functions.push_back(std::move(function));
  }
  return exported;
}

std::optional<BuiltCode> Session::build(BuildKind kind) {
  std::vector<lower::Export> exports;
  if (kind != BuildKind::Program)
    state->exports = &exports;
  openParameters();
  state->exports = nullptr;
  if (!state->module || diagnostics.hasErrors())
    return std::nullopt;
  const auto code = kind == BuildKind::Assembly ? codegen::CodeKind::Assembly
                    : kind == BuildKind::Llvm   ? codegen::CodeKind::LlvmText
                                                : codegen::CodeKind::Object;
  const codegen::ProgramTable table = programTable();
  const codegen::Exports exported = exportsOf(table.name, exports);
  std::string error;
  auto bytes = codegen::generate(*state->module, table, exported, code, error);
  if (!bytes) {
    diagnostics.reportUnlocated(diag::Kind::InternalError, error);
    return std::nullopt;
  }
  BuiltCode built{std::move(*bytes), "", {}};
  if (kind != BuildKind::Program) {
    built.header = headerText(table.name, exports);
    for (const lower::Export &e : exports)
      if (!e.problem.empty())
        built.notes.push_back(fmt::format("{}:{}: {} `{}` is not exported: {}", options.file,
                                          sources.position(e.span.file, e.span.begin).line, e.what,
                                          e.name, e.problem));
  }
  return built;
}

} // namespace qdo::driver
