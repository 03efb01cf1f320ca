// SPDX-License-Identifier: Apache-2.0
// Gates that a device with a tableau cannot run, as far as they are known before the first shot.
// Why not all of them: angles may come from data; the run judges every gate by its matrix.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/lower.h"

#include "mlir/IR/Matchers.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

namespace qdo::lower {

/// Whether a gate of its own, without modifiers, is certainly not Clifford.
static bool isNoClifford(qc::UnitaryOpInterface gate) {
  using ir::Gate;
  switch (gate.getGate()) {
  case Gate::t:
  case Gate::tdg:
  case Gate::ch:
  case Gate::cswap:
  case Gate::ccx:
    return true;
  default:
    break;
  }
  const ir::GateInfo &info = gate.getInfo();
  const auto angles = gate.getConstantAngles();
  if (!angles || angles->size() != 1) // of several angles each may make up for another
    return false;
  const double unit = info.controls > 0 ? std::numbers::pi : std::numbers::pi / 2;
  return std::fabs(std::remainder(angles->front(), unit)) > 1e-9;
}

static std::string shown(qc::UnitaryOpInterface gate) {
  const std::string name = gate.getInfo().name.str();
  const auto angles = gate.getConstantAngles();
  return angles && !angles->empty() ? fmt::format("`{}({:.6g})`", name, angles->front())
                                    : fmt::format("`{}`", name);
}

/// Whether a number of a recipe is known to turn nothing but by quarters.
static bool isQuarter(mlir::Value number) {
  mlir::APFloat value(0.0);
  return mlir::matchPattern(number, mlir::m_ConstantFloat(&value)) &&
         std::fabs(std::remainder(value.convertToDouble(), std::numbers::pi / 2)) <= 1e-9;
}

/// A gate of a recipe that is not Clifford; null when none is known. `likely`: angles that come
/// from data are taken for what they mostly are, no multiples of pi / 2.
qc::UnitaryOpInterface Elaborator::notClifford(const Value &recipe, bool likely) {
  std::vector<mlir::Value> parts{recipe.ssa};
  while (!parts.empty()) {
    mlir::Operation *op = parts.back() ? parts.back().getDefiningOp() : nullptr;
    parts.pop_back();
    auto prep = op ? mlir::dyn_cast<qdata::PrepOp>(op) : nullptr;
    if (!prep) {
      // What is put together by the runtime is as Clifford as its parts, except under controls.
      auto call = op ? mlir::dyn_cast<qdata::RtOp>(op) : nullptr;
      const llvm::StringRef entry = call ? call.getEntry() : llvm::StringRef();
      if (entry == "recipe_then" || entry == "recipe_tensor" || entry == "recipe_adjoint" ||
          entry == "recipe_idle")
        llvm::append_range(parts, op->getOperands());
      continue;
    }
    auto circuit = module->lookupSymbol<qc::CircuitOp>(prep.getCircuit());
    if (!circuit)
      continue;
    const bool turns = likely && !llvm::all_of(prep.getData(), isQuarter);
    qc::UnitaryOpInterface found;
    circuit.walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *inner) {
      if (mlir::isa<qc::CtrlOp, qc::PowOp>(inner))
        return mlir::WalkResult::skip();
      auto gate = mlir::dyn_cast<qc::UnitaryOpInterface>(inner);
      if (!gate || !(isNoClifford(gate) || (turns && !gate.getConstantAngles())))
        return mlir::WalkResult::advance();
      found = gate;
      return mlir::WalkResult::interrupt();
    });
    if (found)
      return found;
  }
  return nullptr;
}

/// Refuses a recipe with a gate that is not Clifford, where a tableau is to run it.
void Elaborator::checkClifford(const Value &recipe, base::Span span) {
  if (devices.empty() || !devices.back().tableau || !recipe.ssa)
    return;
  const DeviceFacts &device = devices.back();
  qc::UnitaryOpInterface found = notClifford(recipe, false);
  if (!found)
    return;
  auto &d = diagnostics.report(diag::Kind::DeviceNotClifford, span, device.name, shown(found));
  if (auto place = spanOf(found->getLoc(), sources))
    d.place(*place, "this gate");
  d.place(device.span, "the device")
      .help(device.noisy ? "take `density_matrix(..)` or `trajectories(..)` with the same noise"
                         : "take `state_vector()`");
  throw Abandon{};
}

/// Warns of a state vector that no machine holds, where one is needed. Why a warning: machines
/// grow, and a program may be meant for another one than this.
void Elaborator::warnOfMemory(const Value &recipe, base::Span span, bool amplitudes) {
  constexpr int64_t mostQubits = 34; // 256 GiB
  const int64_t qubits = recipe.integer;
  if (qubits <= mostQubits || !recipe.ssa)
    return;
  if (!devices.empty()) { // on devices of other kinds it is not state vectors that end
    const DeviceFacts &device = devices.back();
    if (device.tableau || device.noisy || device.shotsOnly || device.name.empty())
      return;
  }
  qc::UnitaryOpInterface found = notClifford(recipe, true);
  if ((!amplitudes && !found) || !noted.insert(fmt::format("memory of {}", qubits)).second)
    return;
  static constexpr const char *units[] = {"GiB", "TiB", "PiB", "EiB"};
  const int64_t bits = qubits + 4 - 30; // 16 bytes an amplitude
  auto &d = diagnostics.report(diag::Kind::StateTooLarge, span, qubits,
                               bits < 40 ? fmt::format("{} {}", 1 << bits % 10, units[bits / 10])
                                         : fmt::format("2^{} bytes", qubits + 4));
  if (auto place = found ? spanOf(found->getLoc(), sources) : std::nullopt)
    d.place(*place, "this gate is not Clifford");
  d.help(amplitudes ? "amplitudes need the state vector: look at fewer qubits"
                    : "take fewer qubits, or only Clifford gates, which need no state vector");
}

} // namespace qdo::lower
