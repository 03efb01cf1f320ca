// SPDX-License-Identifier: Apache-2.0
// A recipe in the optimised IR, read gate by gate as sim::emit and gradient::sequenceOf will.
// In: the value of a recipe. Out: seconds of its gates, and how many circuits the parameter-shift
// rule makes of it. Must not: guess; what the IR does not say is unknown.
#pragma once

#include "compiler/lower/spending.h"

#include "mlir/IR/BuiltinOps.h"
#include "qdo/ir/applied_gate.h"
#include "qdo/ir/qdo.h"

#include <optional>
#include <vector>

namespace qdo::driver {

struct RecipeCost {
  std::optional<int64_t> moved = 0;  ///< circuits with an angle moved, at most
  int64_t surelyMoved = 0;           ///< whatever the numbers are
  std::optional<double> seconds = 0; ///< all gates one after another

  RecipeCost &operator+=(const RecipeCost &other);
};

std::optional<int64_t> constantInt(mlir::Value value);
std::optional<double> constantReal(mlir::Value value);

class RecipeWalk {
public:
  /// Whether a number is one that a gradient is taken by, or made of one.
  enum class Moves : uint8_t { Not, Maybe, Surely };

  /// `from`: an op of the module. `parameters`: the list that numbers under differentiation come
  /// from, or null.
  RecipeWalk(mlir::Operation *from, const lower::DeviceTimes &device, mlir::Value parameters);

  /// `controls`: how many more qubits have to be 1.
  [[nodiscard]] RecipeCost of(mlir::Value recipe, int64_t controls = 0) const;
  /// Of a circuit by itself.
  [[nodiscard]] RecipeCost of(mlir::FlatSymbolRefAttr symbol) const {
    return circuit(symbol, {}, 0);
  }

  /// Of a gate under so many more controls.
  [[nodiscard]] std::optional<double> seconds(const ir::AppliedGate &gate,
                                              int64_t controls = 0) const;
  /// The longest that any gate on so many qubits may take.
  [[nodiscard]] std::optional<double> longestGate(int64_t qubits) const;
  [[nodiscard]] const lower::DeviceTimes &device() const { return device_; }

private:
  [[nodiscard]] RecipeCost circuit(mlir::FlatSymbolRefAttr symbol, const std::vector<Moves> &moves,
                                   int64_t controls) const;
  [[nodiscard]] std::optional<std::vector<Moves>> movesOf(mlir::Value list) const;
  [[nodiscard]] Moves moved(mlir::Value number) const;
  /// Of what a branch or a `with` hands on, or gets.
  [[nodiscard]] std::optional<RecipeCost> handedOn(mlir::Value recipe, int64_t controls) const;

  mlir::ModuleOp module_;
  const lower::DeviceTimes &device_;
  mlir::Value parameters_;
};

} // namespace qdo::driver
