// SPDX-License-Identifier: Apache-2.0
// Gates that a device with a tableau cannot run, as far as they are known before the first shot.
// Why not all of them: angles may come from data; the run judges every gate by its matrix.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/lower.h"

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

/// Refuses a recipe with a gate that is not Clifford, where a tableau is to run it.
void Elaborator::checkClifford(const Value &recipe, base::Span span) {
  if (devices.empty() || !devices.back().tableau || !recipe.ssa)
    return;
  const DeviceFacts &device = devices.back();
  std::vector<mlir::Value> parts{recipe.ssa};
  while (!parts.empty()) {
    mlir::Operation *op = parts.back().getDefiningOp();
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
    qc::UnitaryOpInterface found;
    circuit.walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *inner) {
      if (mlir::isa<qc::CtrlOp, qc::PowOp>(inner))
        return mlir::WalkResult::skip();
      auto gate = mlir::dyn_cast<qc::UnitaryOpInterface>(inner);
      if (!gate || !isNoClifford(gate))
        return mlir::WalkResult::advance();
      found = gate;
      return mlir::WalkResult::interrupt();
    });
    if (!found)
      continue;
    auto &d = diagnostics.report(diag::Kind::DeviceNotClifford, span, device.name, shown(found));
    if (auto place = spanOf(found->getLoc(), sources))
      d.place(*place, "this gate");
    d.place(device.span, "the device")
        .help(device.noisy ? "take `density_matrix(..)` or `trajectories(..)` with the same noise"
                           : "take `state_vector()`");
    throw Abandon{};
  }
}

} // namespace qdo::lower
