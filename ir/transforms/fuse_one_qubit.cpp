// SPDX-License-Identifier: Apache-2.0
// `qc-fuse-one-qubit`: constant gates on one qubit become one gate, also when a rotation by an
// unknown angle stands between them.
// Why constants go to the end: K then R_P(a) is R_Q(a) then K, with Q = K^-1 P K; if Q is a Pauli,
// constants meet.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "one_qubit.h"
#include "qdo/ir/gate_runs.h"
#include "qdo/ir/passes.h"
#include <numbers>

using namespace mlir;
using namespace qdo::ir;

namespace qdo::ir {
#define GEN_PASS_DEF_FUSEONEQUBIT
#include "qdo/ir/passes.h.inc"
} // namespace qdo::ir

namespace {

using Complex = std::complex<double>;
constexpr double rounding = 1e-13;

const GateMatrix identity{1, 0, 0, 1};

// The axis of a rotation, p among them.
std::optional<Gate> axisOf(const ListedGate &gate) {
  if (!gate.isBare())
    return std::nullopt;
  if (gate.gate == Gate::p)
    return Gate::z;
  if (gate.gate == Gate::rx)
    return Gate::x;
  if (gate.gate == Gate::ry)
    return Gate::y;
  return gate.gate == Gate::rz ? std::optional(Gate::z) : std::nullopt;
}

struct SignedPauli {
  Gate axis;
  int sign;
};

// K^-1 P K, when that is a Pauli.
std::optional<SignedPauli> carried(const GateMatrix &constant, Gate axis) {
  GateMatrix adjoint{std::conj(constant[0]), std::conj(constant[2]), std::conj(constant[1]),
                     std::conj(constant[3])};
  GateMatrix image = multiply(adjoint, multiply(gateMatrix(axis, {}), constant));
  for (Gate pauli : {Gate::x, Gate::y, Gate::z}) {
    GateMatrix product = multiply(gateMatrix(pauli, {}), image);
    if (std::abs(product[1]) < rounding && std::abs(product[2]) < rounding &&
        std::abs(product[0] - product[3]) < rounding)
      return SignedPauli{pauli, product[0].real() > 0 ? 1 : -1};
  }
  return std::nullopt;
}

/// The shorter form of a run, in order.
class Fused {
public:
  std::vector<ListedGate> gates;
  Angle phase;

  void add(const ListedGate &gate) {
    if (gate.isConstant()) {
      constant = multiply(gate.matrix(), constant);
      last = gate;
      return;
    }
    auto axis = axisOf(gate);
    auto image = axis ? carried(constant, *axis) : std::nullopt;
    if (!image) {
      finish();
      push(gate);
      return;
    }
    Angle angle = image->sign > 0 ? gate.angles[0] : -gate.angles[0];
    bool same = image->axis == *axis && image->sign > 0;
    Gate kind = image->axis == Gate::x ? Gate::rx : image->axis == Gate::y ? Gate::ry : Gate::rz;
    if (gate.gate == Gate::p && same)
      kind = Gate::p;
    else if (gate.gate == Gate::p) // p(a) = e^{ia/2} rz(a)
      phase = phase + gate.angles[0] * 0.5;
    push(gateLike(gate, kind, gate.wires, angle));
  }

  // Constants that have not met a barrier yet become a gate.
  void finish() {
    double global = 0;
    if (last)
      if (auto gate = oneQubitGate(*last, constant, last->wires[0], global))
        push(*gate);
    phase = phase + global;
    constant = identity;
    last.reset();
  }

private:
  void push(const ListedGate &gate) {
    bool joins =
        !gates.empty() && gates.back().gate == gate.gate && axisOf(gate) && axisOf(gates.back());
    if (!joins) {
      gates.push_back(gate);
      return;
    }
    Angle &angle = gates.back().angles[0];
    angle = angle + gate.angles[0];
    if (angle.isZero())
      gates.pop_back();
  }

  GateMatrix constant = identity;
  std::optional<ListedGate> last; // some gate that `constant` stands for
};

class Fuser {
public:
  explicit Fuser(GateList &list) : list(list), runs(list.wires), place(list.gates.size()) {}

  bool run() {
    for (auto [index, gate] : llvm::enumerate(list.gates)) {
      if (gate.wires.size() == 1) {
        runs[gate.wires[0]].push_back(index);
        continue;
      }
      for (unsigned wire : gate.wires)
        close(runs[wire]);
    }
    for (auto &run : runs)
      close(run);
    if (!changed)
      return false;
    std::vector<ListedGate> gates;
    for (auto [index, gate] : llvm::enumerate(list.gates)) {
      if (!place[index])
        gates.push_back(std::move(gate));
      else
        llvm::append_range(gates, *place[index]);
    }
    list.gates = std::move(gates);
    list.phase = reduced(list.phase, 2 * std::numbers::pi);
    return true;
  }

private:
  void close(SmallVector<unsigned> &run) {
    if (!run.empty())
      rewrite(run);
    run.clear();
  }

  void rewrite(ArrayRef<unsigned> run) {
    Fused fused;
    for (unsigned index : run)
      fused.add(list.gates[index]);
    fused.finish();
    // One gate for one: only a general gate that turned out to be a simpler one.
    const ListedGate &first = list.gates[run[0]];
    bool simpler = run.size() == 1 && fused.gates.size() == 1 &&
                   (first.gate == Gate::u || first.inverse) && first.isConstant() &&
                   fused.gates[0].gate != Gate::u;
    if (fused.gates.size() >= run.size() && !simpler)
      return;
    for (unsigned index : run)
      place[index].emplace();
    *place[run.back()] = std::move(fused.gates);
    list.phase = list.phase + fused.phase;
    changed = true;
  }

  GateList &list;
  std::vector<SmallVector<unsigned>> runs; // open, by wire
  std::vector<std::optional<std::vector<ListedGate>>> place;
  bool changed = false;
};

struct FuseOneQubitPass : qdo::ir::impl::FuseOneQubitBase<FuseOneQubitPass> {
  void runOnOperation() override {
    rewriteRuns(getOperation(), [](GateList &list) { return Fuser(list).run(); });
  }
};

} // namespace
