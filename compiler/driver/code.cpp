// SPDX-License-Identifier: Apache-2.0
// From an elaborated program to code that runs: through the passes, or from the cache.
// Why the key is the elaborated module: what comes before it has read the program, its parameters
// and the shapes of its data, and has said what is wrong; all that follows is a function of it.
#include "compiler/driver/code_cache.h"
#include "compiler/driver/session_state.h"
#include "compiler/launcher/host.h"

#include "compiler/codegen/jit.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qc.h"
#include "qdo/ir/qdo.h"
#include "qdo/ir/sites.h"
#include "qdo/runtime/abi.h"
#include "llvm/Support/Endian.h"

#include <fmt/format.h>

#include <filesystem>
#include <sys/stat.h>

namespace qdo::driver {

namespace {

/// This very compiler: its version, and which file it is.
std::string compilerName() {
  struct stat own{};
  stat("/proc/self/exe", &own);
  return fmt::format("qdo {} {} {} {}", QDO_VERSION, own.st_size, own.st_mtim.tv_sec,
                     own.st_mtim.tv_nsec);
}

std::string keyOf(mlir::ModuleOp module) {
  std::string content = compilerName() + '\n' + codegen::hostName() + '\n';
  llvm::raw_string_ostream stream(content);
  // Places are part of it: failures are told where they happened.
  if (mlir::failed(mlir::writeBytecodeToFile(module, stream)))
    return "";
  return CodeCache::nameOf(content);
}

/// An entry: the names of parameters that are open, sites, each as four numbers and the name of its
/// file, then the object.
class Writer {
public:
  std::string bytes;
  void number(uint32_t value) {
    char little[4];
    llvm::support::endian::write32le(little, value);
    bytes.append(little, 4);
  }
  void text(llvm::StringRef value) {
    number(static_cast<uint32_t>(value.size()));
    bytes += value;
  }
};

class Reader {
public:
  explicit Reader(std::string_view bytes) : rest(bytes) {}
  std::string_view rest;
  bool good = true;
  uint32_t number() {
    const std::string_view four = bytes(4);
    return good ? llvm::support::endian::read32le(four.data()) : 0;
  }
  std::string_view text() { return bytes(number()); }

private:
  std::string_view bytes(size_t count) {
    good = good && count <= rest.size();
    const std::string_view taken = rest.substr(0, good ? count : 0);
    rest.remove_prefix(taken.size());
    return taken;
  }
};

std::string entryOf(const Code &code, const std::string &object) {
  Writer w;
  w.number(static_cast<uint32_t>(code.open.size()));
  for (const std::string &name : code.open)
    w.text(name);
  w.number(static_cast<uint32_t>(code.sites.size()));
  for (mlir::Location location : code.sites) {
    const auto range = mlir::dyn_cast<mlir::FileLineColRange>(location);
    w.number(range ? range.getStartLine() : 0);
    w.number(range ? range.getStartColumn() : 0);
    w.number(range ? range.getEndLine() : 0);
    w.number(range ? range.getEndColumn() : 0);
    w.text(range ? range.getFilename().getValue() : "");
  }
  return w.bytes + object;
}

std::optional<Code> codeOf(std::string_view entry, mlir::MLIRContext &context) {
  Reader r(entry);
  Code code;
  for (uint32_t left = r.number(); left > 0 && r.good; --left)
    code.open.emplace(r.text());
  for (uint32_t left = r.number(); left > 0 && r.good; --left) {
    uint32_t at[4];
    for (uint32_t &each : at)
      each = r.number();
    const std::string_view file = r.text();
    code.sites.push_back(
        at[0] == 0 ? mlir::Location(mlir::UnknownLoc::get(&context))
                   : mlir::FileLineColRange::get(
                         mlir::StringAttr::get(&context, llvm::StringRef(file.data(), file.size())),
                         at[0], at[1], at[2], at[3]));
  }
  if (!r.good)
    return std::nullopt;
  auto loaded = codegen::load(r.rest);
  if (!loaded)
    return std::nullopt;
  code.program = loaded.take();
  return code;
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
  // Comparing circuits before and after each pass needs the passes.
  const auto cache =
      options.cacheCode && !options.checkEach ? CodeCache::ofEnvironment() : std::nullopt;
  std::vector<std::string> names; // under which it is kept
  auto isKept = [&] {
    names.push_back(keyOf(*state->module));
    const auto entry = names.back().empty() ? std::nullopt : cache->find(names.back());
    if (entry && (state->code = codeOf(*entry, *state->context)) && names.size() > 1 &&
        !names.front().empty())
      cache->keep(names.front(), *entry);
    return state->code.has_value();
  };
  if (cache && (isKept() || (openForCache() && isKept())))
    return true;
  if (!optimise() || mlir::failed(ir::toLlvm(*state->module)))
    return false;
  std::string object;
  auto compiled = codegen::compile(*state->module, cache ? &object : nullptr);
  if (!compiled) {
    diagnostics.reportUnlocated(diag::Kind::InternalError, compiled.error());
    return false;
  }
  state->code = Code{compiled.take(), ir::siteTable(*state->module).locations, state->openParams};
  for (const std::string &name : names)
    if (!name.empty() && !object.empty())
      cache->keep(name, entryOf(*state->code, object));
  return true;
}

RunResult Session::run(const launcher::Write &write) {
  if (!compile())
    return {RunResult::End::Failed, ""};
  const Code &code = *state->code;
  auto spanOf = [&](qdo_site site) -> std::optional<base::Span> {
    return site < code.sites.size() ? lower::spanOf(code.sites[site], sources) : std::nullopt;
  };
  launcher::ProgramHost host(std::filesystem::path(options.file).stem().string(), sources, spanOf);
  auto entry = [&](qdo_ctx *context) {
    host.tell(context);
    for (const std::string &name : code.open)
      qdo_rt_set_param(context, name.c_str(), state->fixedParams.at(name).c_str());
    code.program->run(context);
  };
  return launcher::run(
      {entry, spanOf, options.seed, options.threads, options.exact, options.single}, diagnostics,
      write);
}

} // namespace qdo::driver
