// SPDX-License-Identifier: Apache-2.0
// From an elaborated program to code that runs: through the passes, or from the cache.
// Why the key is the elaborated module: what comes before it has read the program, its parameters
// and the shapes of its data, and has said what is wrong; all that follows is a function of it.
// recall.cpp finds the same code without elaborating.
#include "compiler/driver/code_cache.h"
#include "compiler/driver/kept.h"
#include "compiler/launcher/host.h"

#include "compiler/codegen/jit.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qc.h"
#include "qdo/ir/qdo.h"
#include "qdo/ir/sites.h"
#include "qdo/runtime/abi.h"

#include <filesystem>

namespace qdo::driver {

namespace {

std::string keyOf(mlir::ModuleOp module) {
  std::string content = makerName() + '\n';
  llvm::raw_string_ostream stream(content);
  // Places are part of it: failures are told where they happened.
  if (mlir::failed(mlir::writeBytecodeToFile(module, stream)))
    return "";
  return CodeCache::nameOf(content);
}

/// Where in the program a site is; it may have been told by another run.
std::optional<base::Span> spanOf(const Code::Site &site, const base::SourceMap &sources) {
  for (uint32_t f = 0; site.beginLine > 0 && f < sources.fileCount(); ++f)
    if (const auto file = static_cast<base::FileId>(f); sources.name(file) == site.file)
      return base::Span{file, sources.offset(file, site.beginLine, site.beginColumn),
                        sources.offset(file, site.endLine, site.endColumn)};
  return std::nullopt;
}

std::vector<Code::Site> sitesOf(mlir::ModuleOp module) {
  std::vector<Code::Site> sites;
  for (mlir::Location location : ir::siteTable(module).locations) {
    const auto range = mlir::dyn_cast<mlir::FileLineColRange>(location);
    sites.push_back(range ? Code::Site{range.getFilename().str(), range.getStartLine(),
                                       range.getStartColumn(), range.getEndLine(),
                                       range.getEndColumn()}
                          : Code::Site{});
  }
  return sites;
}

/// What random numbers follow, before any pass; nothing where they follow code, too.
std::optional<std::multiset<uint64_t>> circuitsOf(mlir::ModuleOp module) {
  const bool code = module
                        .walk([](mlir::Operation *op) {
                          return mlir::isa<ir::data::EstimateOp, ir::data::GeneralKernelOp>(op)
                                     ? mlir::WalkResult::interrupt()
                                     : mlir::WalkResult::advance();
                        })
                        .wasInterrupted();
  if (code)
    return std::nullopt;
  std::multiset<uint64_t> hashes;
  for (auto circuit : module.getOps<ir::qc::CircuitOp>())
    hashes.insert(ir::qc::contentHash(circuit));
  return hashes;
}

} // namespace

/// Elaborates it once more with all parameters open. True when its circuits stay what they are:
/// then the same code is right for other values. Else it is as it was.
bool Session::openForCache() {
  const auto values = state->fixedParams;
  const auto circuits = values.empty() ? std::nullopt : circuitsOf(*state->module);
  if (!circuits)
    return false;
  diag::Engine said = std::move(diagnostics);
  const lower::Spending spending = state->spending;
  forgetModule();
  for (const auto &[name, value] : values)
    state->openParams.insert(name);
  const bool same = elaborate() && circuitsOf(*state->module) == circuits;
  if (!same) {
    state->openParams.clear();
    forgetModule();
    elaborate();
  }
  diagnostics = std::move(said);
  state->spending = spending;
  state->fixedParams = values;
  return same;
}

bool Session::compile() {
  if (state->code)
    return true;
  if (!elaborate())
    return false;
  const auto cache = codeCache();
  std::vector<std::string> names; // under which it is kept
  auto isKept = [&] {
    names.push_back(keyOf(*state->module));
    const auto entry =
        names.back().empty() ? std::nullopt : cache->find(CodeCache::Kind::Code, names.back());
    if (entry)
      state->code = loadCode(*entry);
    return state->code.has_value();
  };
  const bool kept = cache && (isKept() || (openForCache() && isKept()));
  if (!kept) {
    if (!optimise() || mlir::failed(ir::toLlvm(*state->module)))
      return false;
    std::string object;
    auto compiled = codegen::compile(*state->module, cache ? &object : nullptr);
    if (!compiled) {
      diagnostics.reportUnlocated(diag::Kind::InternalError, compiled.error());
      return false;
    }
    state->code = Code{compiled.take(), sitesOf(*state->module), state->openParams};
    if (cache && !names.back().empty() && !object.empty())
      cache->keep(CodeCache::Kind::Code, names.back(), codeEntry(*state->code, object));
  }
  if (cache && !names.back().empty()) {
    remember(*cache, names.back());
    cache->shrink();
  }
  return true;
}

RunResult Session::run(const launcher::Write &write) {
  if (!compile())
    return {RunResult::End::Failed, ""};
  const Code &code = *state->code;
  auto spanOfSite = [&](qdo_site site) {
    return site < code.sites.size() ? spanOf(code.sites[site], sources) : std::nullopt;
  };
  launcher::ProgramHost host(std::filesystem::path(options.file).stem().string(), sources,
                             spanOfSite);
  auto entry = [&](qdo_ctx *context) {
    host.tell(context);
    for (const std::string &name : code.open)
      qdo_rt_set_param(context, name.c_str(), state->fixedParams.at(name).c_str());
    code.program->run(context);
  };
  return launcher::run(
      {entry, spanOfSite, options.seed, options.threads, options.exact, options.single},
      diagnostics, write);
}

} // namespace qdo::driver
