// SPDX-License-Identifier: Apache-2.0
// Angles in the IR that gradients move, and how often optimisers evaluate.
#include "compiler/driver/recipe_cost.h"

#include "compiler/driver/overlap_cost.h"
#include "compiler/driver/reading_cost.h"
#include "compiler/driver/recipe_walk.h"
#include "compiler/driver/shot_times.h"
#include "compiler/lower/overspending.h"
#include "compiler/lower/trips.h"

#include <algorithm>
#include <cmath>

namespace qdo::driver {

using namespace qdo::ir;

namespace {

/// `optional` arithmetic: what is not known makes a sum unknown.
template <class N> void addTo(std::optional<N> &sum, std::optional<N> more) {
  sum = sum && more ? std::optional(*sum + *more) : std::nullopt;
}

std::optional<int64_t> product(std::optional<int64_t> a, std::optional<int64_t> b) {
  int64_t result = 0;
  if (!a || !b || __builtin_mul_overflow(*a, *b, &result))
    return std::nullopt;
  return result;
}

/// How often `op` runs when the code of `root` does.
struct Turns {
  std::optional<int64_t> most = 1;
  bool sure = true; ///< once at least
};

Turns turnsWithin(mlir::Operation *op, mlir::Operation *root) {
  Turns turns;
  for (op = op->getParentOp(); op != root; op = op->getParentOp()) {
    if (auto loop = mlir::dyn_cast<qc::ForOp>(op)) {
      const lower::Trips trips = lower::tripsOf(loop);
      turns.most = product(turns.most, trips.most);
      turns.sure &= trips.some;
    } else if (mlir::isa<qc::IfOp>(op)) {
      turns.sure = false;
    } else if (!mlir::isa<data::WithOp>(op)) {
      return {std::nullopt, false};
    }
  }
  return turns;
}

/// Everything that the result of a function is made of, through results of loops and branches.
llvm::DenseSet<mlir::Value> madeOf(mlir::Value result) {
  llvm::DenseSet<mlir::Value> seen;
  std::vector<mlir::Value> open = {result};
  while (!open.empty()) {
    const mlir::Value v = open.back();
    open.pop_back();
    mlir::Operation *op = v.getDefiningOp();
    if (!seen.insert(v).second || !op)
      continue;
    for (mlir::Value operand : op->getOperands())
      open.push_back(operand);
    for (mlir::Region &region : op->getRegions())
      for (mlir::Block &block : region)
        for (mlir::Value yielded : block.getTerminator()->getOperands())
          open.push_back(yielded);
  }
  return seen;
}

/// What one evaluation of a function costs, in circuits.
struct Evaluation {
  std::optional<int64_t> values = 0, slopes = 0; ///< at most
  /// Of the measurement that surely costs most.
  int64_t leastValues = 0, leastSlopes = 0;
  std::optional<double> seconds = 0; ///< of the gates of its longest circuit
};

/// `way`: of its fidelities.
Evaluation evaluationOf(mlir::Operation *op, const lower::DeviceTimes &device, llvm::StringRef way,
                        bool commuting) {
  Evaluation sum;
  mlir::Region &function = op->getRegion(0);
  const auto result = madeOf(function.front().getTerminator()->getOperand(0));
  const RecipeWalk walk(op, device, function.front().getArgument(0));
  function.walk([&](data::RtOp call) {
    const llvm::StringRef entry = call.getEntry();
    const bool expects = entry == "gradient_expect";
    if (!expects && entry != "gradient_fidelity" && entry != "gradient_overlap")
      return;
    const auto arguments = call.getArguments();
    RecipeCost recipe =
        expects ? walk.of(arguments[0]) : overlapCost(walk, arguments[0], arguments[1], way);
    const ReadingCost readings =
        expects ? readingCost(walk, arguments[1], qubitsOf(arguments[0]), commuting)
                : ReadingCost{way == "hadamard" ? 2 : 1, true};
    recipe.seconds = plus(recipe.seconds, readings.seconds);
    const Turns turns = turnsWithin(call, op);
    const auto circuits = product(readings.circuits, turns.most);
    addTo(sum.values, circuits);
    addTo(sum.slopes, product(circuits, recipe.moved));
    sum.seconds = sum.seconds && recipe.seconds
                      ? std::optional(std::max(*sum.seconds, *recipe.seconds))
                      : std::nullopt;
    if (!turns.sure || !readings.some || !result.contains(call.getOutput()))
      return;
    sum.leastValues = 1;
    sum.leastSlopes = std::max(sum.leastSlopes, recipe.surelyMoved);
  });
  return sum;
}

/// How often a gradient evaluates its function.
struct Plan {
  std::optional<int64_t> values, slopes;   ///< at most
  bool value = false, slope = false;       ///< of what is surely paid: the first evaluation
  int64_t leastShots = -1, mostShots = -1; ///< of moved circuits, where the policy does not say
};

std::optional<int64_t> timesPlus(std::optional<int64_t> steps, int64_t factor, int64_t more) {
  auto result = product(steps, factor);
  return result ? std::optional(*result + more) : std::nullopt;
}

Plan planOf(mlir::Operation *op, const lower::Measurement &m) {
  auto minimize = mlir::dyn_cast<data::MinimizeOp>(op);
  if (!minimize) { // no value but where the chain rule needs one; SPSA takes two a direction
    if (!m.spsa)
      return {1, 1, false, true};
    const int64_t numbers = std::clamp<int64_t>(m.parameters.value_or(64), 1, 16);
    const int64_t directions = std::min<int64_t>(int64_t{1} << (numbers - 1), QdoSpsaDirections);
    return {2 * directions, 0, true, false};
  }
  auto by = minimize.getBy().getDefiningOp<data::RtOp>();
  if (!by)
    return {};
  const llvm::StringRef rule = by.getEntry();
  auto number = [&](unsigned i) { return constantInt(by.getArguments()[i]); };
  auto descent = [&](std::optional<int64_t> steps) { // the value before each step and at the end
    if (m.spsa || rule == "optimizer_spsa")
      return Plan{timesPlus(steps, 3, 1), 0, true, false};
    return Plan{timesPlus(steps, 1, 1), steps, true, steps.value_or(0) > 0};
  };
  if (rule == "optimizer_descent" || rule == "optimizer_adam")
    return descent(number(1));
  if (rule == "optimizer_spsa")
    return descent(number(2));
  if (rule == "optimizer_lbfgs") { // a line search looks at 20 points, and then at 30 between two
    const auto looks = timesPlus(number(0), 50, 1);
    return m.spsa ? Plan{product(looks, 3), 0, true, false} : Plan{looks, looks, true, true};
  }
  if (rule == "optimizer_cma") {
    auto population = number(2);
    if (population == 0) // as runtime/gradient/cma.cpp
      population =
          m.parameters
              ? std::optional(4 + static_cast<int64_t>(std::floor(3 * std::log(*m.parameters))))
              : std::nullopt;
    else if (population)
      population = std::max<int64_t>(*population, 4);
    const auto generations = number(1);
    return {product(generations, population), 0, generations.value_or(0) > 0, false};
  }
  if (rule == "optimizer_icans" || rule == "optimizer_gcans") {
    Plan plan = descent(number(2));
    if (!m.spsa) {
      plan.leastShots = number(3).value_or(1);
      plan.mostShots = QdoFrugalMostShots;
    }
    return plan;
  }
  return {};
}

/// Adds what a gradient surely takes to the purses that pay it.
void charge(lower::Spending &spending, const lower::Measurement &m, lower::LeastSpent least,
            diag::Engine &diagnostics) {
  // Its circuits may be those of others: the larger of both is what is sure.
  spending.least = std::max(spending.least, least.shots);
  spending.leastSeconds = std::max(spending.leastSeconds, least.seconds);
  for (const std::string &key : m.purses) {
    lower::Purse &purse = spending.purses[key];
    const lower::LeastSpent before{purse.least, purse.leastSeconds};
    purse.least = std::max(purse.least, least.shots);
    purse.leastSeconds = std::max(purse.leastSeconds, least.seconds);
    lower::refuseSpending(diagnostics, m.span,
                          {purse.name, purse.span, purse.budget, purse.deadline}, before,
                          {purse.least, purse.leastSeconds});
  }
}

} // namespace

void lookAtGradients(mlir::Operation *module, lower::Spending &spending,
                     diag::Engine &diagnostics) {
  module->walk([&](mlir::Operation *op) {
    if (!mlir::isa<data::GradOp, data::MinimizeOp>(op))
      return;
    const auto entries = entriesOf(op, spending);
    if (entries.size() != 2)
      return;
    lower::Measurement &loss = spending.measurements[static_cast<size_t>(entries[0])];
    lower::Measurement &slopes = spending.measurements[static_cast<size_t>(entries[1])];
    const Plan plan = planOf(op, loss);
    const Evaluation once = evaluationOf(op, loss.device, loss.overlap, loss.commuting);
    auto most = [&](std::optional<int64_t> circuits, std::optional<int64_t> evaluations) {
      return product(product(product(circuits, evaluations), loss.times), loss.folds);
    };
    loss.mostCircuits = most(once.values, plan.values);
    slopes.mostCircuits = most(once.slopes, plan.slopes);
    loss.mostGates = slopes.mostGates = once.seconds;
    if (plan.mostShots >= 0)
      slopes.mostEach = plan.mostShots;
    if (plan.leastShots >= 0)
      slopes.leastEach = plan.leastShots;
    if (!loss.sure)
      return;
    lower::LeastSpent least;
    least.shots = (plan.value ? once.leastValues * loss.leastEach : 0) +
                  (plan.slope ? once.leastSlopes * slopes.leastEach : 0);
    least.seconds = static_cast<double>(least.shots) * loss.shot.least;
    if (least.shots > 0)
      charge(spending, loss, least, diagnostics);
  });
}

} // namespace qdo::driver
