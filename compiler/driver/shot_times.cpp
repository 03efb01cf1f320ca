// SPDX-License-Identifier: Apache-2.0
// One shot of each way to measure: its recipe, and what the runtime puts after it.
#include "compiler/driver/shot_times.h"

#include "compiler/driver/live_cost.h"
#include "compiler/driver/overlap_cost.h"
#include "compiler/driver/reading_cost.h"
#include "compiler/driver/recipe_walk.h"
#include "compiler/lower/lower.h"
#include "qdo/ir/resources.h"

#include <algorithm>

namespace qdo::driver {

using namespace qdo::ir;

std::vector<int64_t> entriesOf(mlir::Operation *op, const lower::Spending &spending) {
  auto places = op->getAttrOfType<mlir::DenseI64ArrayAttr>(lower::measuredAttr);
  std::vector<int64_t> entries;
  for (int64_t place : places ? places.asArrayRef() : llvm::ArrayRef<int64_t>())
    if (place < std::ssize(spending.measurements))
      entries.push_back(place);
  return entries;
}

namespace {

/// Seconds of the gates of one shot, or why they are not known.
struct ShotTime {
  std::optional<double> seconds;
  const char *unknown = nullptr;

  void atLeast(const ShotTime &other) {
    seconds =
        seconds && other.seconds ? std::optional(std::max(*seconds, *other.seconds)) : std::nullopt;
    unknown = unknown ? unknown : other.unknown;
  }
};

constexpr const char *whichRecipe = "which recipe it is, the run decides";

ShotTime known(std::optional<double> seconds) { return {seconds, seconds ? nullptr : whichRecipe}; }

/// A string that is one constant: made empty, and the text added to it.
llvm::StringRef textOf(mlir::Value value) {
  auto made = value.getDefiningOp<data::RtOp>();
  llvm::StringRef text;
  for (mlir::Operation *user : value.getUsers()) {
    auto add = mlir::dyn_cast<data::RtOp>(user);
    if (!add || !add.getEntry().starts_with("text_add") || add.getArguments()[0] != value)
      continue;
    auto piece = add.getArguments()[1].getDefiningOp<data::TextOp>();
    if (add.getEntry() != "text_add" || !piece || !text.empty())
      return {};
    text = piece.getValue();
  }
  return made && made.getEntry() == "text_new" ? text : llvm::StringRef();
}

/// The largest number that an array of constants was filled with.
std::optional<double> largestOf(mlir::Value array) {
  double most = 0;
  for (mlir::Operation *user : array.getUsers())
    if (auto set = mlir::dyn_cast<data::RtOp>(user); set && set.getEntry() == "array_set") {
      const auto number = constantReal(set.getArguments()[2]);
      if (!number)
        return std::nullopt;
      most = std::max(most, *number);
    }
  return most;
}

class ShotTimes {
public:
  ShotTimes(mlir::Operation *from, const lower::Measurement &measurement)
      : device_(measurement.device), walk_(from, device_, nullptr), way_(measurement.overlap),
        commuting_(measurement.commuting) {}

  /// Of what an op measures; nothing when it measures nothing.
  std::optional<ShotTime> of(mlir::Operation *op) const {
    if (mlir::isa<data::PrepareOp>(op)) // its gates are not paid: `estimate` blocks pay theirs
      return known(0);
    if (auto block = mlir::dyn_cast<data::EstimateOp>(op)) {
      const LiveCost cost = liveCost(block, walk_);
      return ShotTime{cost.seconds, cost.seconds ? nullptr : cost.unknown};
    }
    if (auto expect = mlir::dyn_cast<data::ExpectOp>(op))
      return known(plus(
          walk_.of(expect.getPrep()).seconds,
          readingCost(walk_, expect.getOther(), qubitsOf(expect.getPrep()), commuting_).seconds));
    if (auto fidelity = mlir::dyn_cast<data::FidelityOp>(op))
      return known(overlapCost(walk_, fidelity.getPrep(), fidelity.getOther(), way_).seconds);
    auto call = mlir::dyn_cast<data::RtOp>(op);
    return call ? ofCall(call) : std::nullopt;
  }

private:
  std::optional<ShotTime> ofCall(data::RtOp call) const {
    const llvm::StringRef entry = call.getEntry();
    const auto arguments = call.getArguments();
    if (entry == "sample")
      return known(walk_.of(arguments[0]).seconds);
    if (entry == "expect_each")
      return known(plus(walk_.of(arguments[0]).seconds,
                        commuting_ ? mostReadingSeconds(walk_, qubitsOf(arguments[0])) : 0));
    if (entry == "overlap_part")
      return known(overlapCost(walk_, arguments[0], arguments[1], "hadamard").seconds);
    if (entry == "fidelity_by")
      return known(overlapCost(walk_, arguments[0], arguments[1], way_).seconds);
    if (entry == "estimate_purity")
      return known(overlapCost(walk_, arguments[0], arguments[0], "destructive swap").seconds);
    if (entry == "shadow")
      return known(ofShadow(call));
    if (entry == "decay") // the waits, and pulses in the middle and at the end
      return known(plus(plus(walk_.of(arguments[0]).seconds, largestOf(arguments[2])),
                        times(2, walk_.longestGate(1))));
    if (entry.starts_with("benchmark"))
      return ShotTime{{}, "which random circuits a benchmark has, the run decides"};
    static constexpr llvm::StringRef withKernel[] = {"kernel_estimate",  "gram_measured",
                                                     "kernel_alignment", "svm_train",
                                                     "gp_train",         "kernel_novelty"};
    if (llvm::is_contained(withKernel, entry))
      return ofKernel(arguments[0]);
    static constexpr llvm::StringRef withModel[] = {"model_accuracy", "model_score",
                                                    "model_uncertainty"};
    if (llvm::is_contained(withModel, entry)) {
      auto trained = arguments[0].getDefiningOp<data::RtOp>();
      return trained && lower::isTraining(trained.getEntry())
                 ? ofKernel(trained.getArguments()[0])
                 : ShotTime{{}, "which kernel its model has, the run decides"};
    }
    return std::nullopt;
  }

  std::optional<double> ofShadow(data::RtOp call) const {
    const auto arguments = call.getArguments();
    const auto recipe = walk_.of(arguments[0]).seconds;
    if (textOf(arguments[4]) == "pauli")
      return recipe; // bases of single qubits are part of reading
    const int64_t n = qubitsOf(arguments[0]);
    auto measured = plus(recipe, basisSeconds(walk_, n));
    if (constantInt(arguments[5]) != 0) // the rest of a random Clifford circuit: Gauss, and flips
      measured = plus(measured, plus(times(static_cast<double>(n * n), walk_.longestGate(2)),
                                     times(static_cast<double>(n), walk_.longestGate(1))));
    return measured;
  }

  /// Of a pair of rows.
  ShotTime ofKernel(mlir::Value kernel) const {
    if (auto fidelity = kernel.getDefiningOp<data::KernelOp>()) {
      // A row and the inverse of another, by the times that kernels go by (Kernel::pairSeconds),
      // which are those of gates that have none of their own.
      lower::DeviceTimes device = device_;
      std::erase_if(device.gates, [](const auto &time) { return time.first >= 0; });
      const RecipeWalk walk(fidelity, device, nullptr);
      auto circuit = fidelity->getParentOfType<mlir::ModuleOp>().lookupSymbol<qc::CircuitOp>(
          fidelity.getCircuitAttr());
      return known(plus(times(2, walk.of(fidelity.getCircuitAttr()).seconds),
                        addedBy(walk, way_, circuit ? resources(circuit).qubits : 0)));
    }
    auto code = kernel.getDefiningOp<data::GeneralKernelOp>();
    if (!code)
      return {{}, "which kernel it is, the run decides"};
    ShotTime longest{0};
    if (!code.getMeasured().empty())
      code.getMeasured().walk<mlir::WalkOrder::PreOrder>([&](mlir::Operation *op) {
        longest.atLeast(inBody(op));
        // What stands in a block is part of its shot.
        return mlir::isa<data::EstimateOp>(op) ? mlir::WalkResult::skip()
                                               : mlir::WalkResult::advance();
      });
    return longest;
  }

  ShotTime inBody(mlir::Operation *op) const {
    auto call = mlir::dyn_cast<data::RtOp>(op);
    if (mlir::isa<data::GradOp, data::MinimizeOp, data::SelectOp>(op) ||
        (call && call.getEntry() == "device_push"))
      return {{}, "what the body of its kernel measures is known when it runs"};
    return of(op).value_or(ShotTime{0});
  }

  const lower::DeviceTimes &device_;
  const RecipeWalk walk_;
  const llvm::StringRef way_; ///< how overlaps are measured, empty for the cheapest
  const bool commuting_;      ///< which strings one circuit reads
};

} // namespace

void lookAtTimes(mlir::Operation *module, lower::Spending &spending) {
  module->walk([&](mlir::Operation *op) {
    for (int64_t entry : entriesOf(op, spending)) {
      lower::Measurement &m = spending.measurements[static_cast<size_t>(entry)];
      const auto time = ShotTimes(op, m).of(op);
      if (!time)
        continue;
      m.mostGates = time->seconds;
      if (!time->seconds)
        m.gatesUnknown =
            m.device.gatesKnown ? time->unknown : "the times of its device are known when it runs";
    }
  });
}

} // namespace qdo::driver
