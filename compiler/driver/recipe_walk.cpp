// SPDX-License-Identifier: Apache-2.0
// Gates of recipes and circuits.
#include "compiler/driver/recipe_walk.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

#include <algorithm>
#include <cmath>

namespace qdo::driver {

using namespace qdo::ir;

RecipeCost &RecipeCost::operator+=(const RecipeCost &other) {
  moved = moved && other.moved ? std::optional(*moved + *other.moved) : std::nullopt;
  seconds = seconds && other.seconds ? std::optional(*seconds + *other.seconds) : std::nullopt;
  surelyMoved += other.surelyMoved;
  return *this;
}

std::optional<int64_t> constantInt(mlir::Value value) {
  mlir::APInt number;
  if (!mlir::matchPattern(value, mlir::m_ConstantInt(&number)))
    return std::nullopt;
  return number.getSExtValue();
}

std::optional<double> constantReal(mlir::Value value) {
  mlir::FloatAttr number;
  if (!mlir::matchPattern(value, mlir::m_Constant(&number)))
    return std::nullopt;
  return number.getValueAsDouble();
}

using Moves = RecipeWalk::Moves;

namespace {

constexpr RecipeCost unknown = {std::nullopt, 0, std::nullopt};

/// Circuits that the shift rule makes of one angle: runtime/gradient/generators.cpp.
int64_t termsOf(llvm::StringRef gate, unsigned angle, int64_t controls) {
  if (gate == "p" || gate == "cp")
    return 2;
  if (gate == "u" || gate == "cu") {
    if (angle == 3 && controls == 0)
      return 0;
    return angle == 0 && controls > 0 ? 4 : 2;
  }
  return controls > 0 ? 4 : 2;
}

/// How a value follows numbers that move.
struct Dependence {
  int paths = 0;      ///< from numbers that may move; 2: two or more
  bool sure = true;   ///< they do move
  bool linear = true; ///< at a rate that is known and not 0
};

/// Of the values of one circuit.
class Dependences {
public:
  Dependences(mlir::Block *body, const std::vector<Moves> &moves) : body_(body), moves_(moves) {}

  Dependence of(mlir::Value value) {
    if (auto known = known_.find(value); known != known_.end())
      return known->second;
    return known_[value] = find(value);
  }

private:
  Dependence find(mlir::Value value) {
    if (auto argument = mlir::dyn_cast<mlir::BlockArgument>(value)) {
      const auto place = argument.getArgNumber();
      const Moves move =
          argument.getOwner() == body_ && place < moves_.size() ? moves_[place] : Moves::Not;
      return {move == Moves::Not ? 0 : 1, move != Moves::Maybe, true};
    }
    mlir::Operation *op = value.getDefiningOp();
    const bool scales = mlir::isa<mlir::arith::MulFOp>(op);
    Dependence sum;
    sum.linear = scales || op->getNumOperands() == 0 ||
                 mlir::isa<mlir::arith::AddFOp, mlir::arith::SubFOp, mlir::arith::NegFOp>(op);
    for (mlir::Value operand : op->getOperands()) {
      const Dependence one = of(operand);
      sum.paths = std::min(2, sum.paths + one.paths);
      sum.sure &= one.sure;
      sum.linear &= one.linear;
      const auto factor = constantReal(operand);
      if (scales && one.paths == 0 && (!factor || *factor == 0))
        sum.linear = false; // the factor may be 0
    }
    return sum;
  }

  mlir::Block *body_;
  const std::vector<Moves> &moves_;
  llvm::DenseMap<mlir::Value, Dependence> known_;
};

} // namespace

RecipeWalk::RecipeWalk(mlir::Operation *from, const lower::DeviceTimes &device,
                       mlir::Value parameters)
    : module_(from->getParentOfType<mlir::ModuleOp>()), device_(device), parameters_(parameters) {}

RecipeCost RecipeWalk::of(mlir::Value recipe, int64_t controls) const {
  if (auto prep = recipe.getDefiningOp<data::PrepOp>())
    return circuit(prep.getCircuitAttr(), {}, controls);
  if (const auto handed = handedOn(recipe, controls))
    return *handed;
  auto call = recipe.getDefiningOp<data::RtOp>();
  if (!call)
    return unknown;
  const auto arguments = call.getArguments();
  const llvm::StringRef entry = call.getEntry();
  if (entry == "gradient_recipe") {
    auto function = arguments[0].getDefiningOp<data::FunctionOp>();
    const auto moves = movesOf(arguments[1]);
    return function && moves ? circuit(function.getCalleeAttr(), *moves, controls) : unknown;
  }
  if (entry == "recipe_then" || entry == "recipe_tensor") {
    RecipeCost both = of(arguments[0], controls);
    both += of(arguments[1], controls);
    return both;
  }
  if (entry == "recipe_adjoint")
    return of(arguments[0], controls);
  if (entry == "recipe_idle") {
    RecipeCost waits = of(arguments[0], controls);
    waits += {0, 0, constantReal(arguments[1])};
    return waits;
  }
  if (entry == "recipe_control") {
    const auto more = constantInt(arguments[1]);
    return more ? of(arguments[0], controls + *more) : unknown;
  }
  if (entry == "recipe_power") {
    const auto exponent = constantInt(arguments[1]);
    if (!exponent)
      return unknown;
    const int64_t times = std::abs(*exponent);
    RecipeCost power = of(arguments[0], controls);
    if (power.moved)
      *power.moved *= times;
    if (power.seconds)
      *power.seconds *= static_cast<double>(times);
    power.surelyMoved *= times;
    return power;
  }
  return unknown;
}

std::optional<RecipeCost> RecipeWalk::handedOn(mlir::Value recipe, int64_t controls) const {
  if (auto argument = mlir::dyn_cast<mlir::BlockArgument>(recipe)) {
    auto choice = mlir::dyn_cast_or_null<qc::IfOp>(argument.getOwner()->getParentOp());
    return choice ? std::optional(of(choice.getInits()[argument.getArgNumber()], controls))
                  : std::nullopt;
  }
  const unsigned place = mlir::cast<mlir::OpResult>(recipe).getResultNumber();
  auto end = [&](mlir::Block *block) {
    return of(block->getTerminator()->getOperand(place), controls);
  };
  if (auto with = recipe.getDefiningOp<data::WithOp>())
    return end(with.getBodyBlock());
  auto choice = recipe.getDefiningOp<qc::IfOp>();
  if (!choice)
    return std::nullopt;
  RecipeCost either = end(choice.getThenBlock());
  const RecipeCost other = end(choice.getElseBlock());
  either.moved = either.moved && other.moved ? std::optional(std::max(*either.moved, *other.moved))
                                             : std::nullopt;
  either.surelyMoved = std::min(either.surelyMoved, other.surelyMoved);
  either.seconds = either.seconds && other.seconds
                       ? std::optional(std::max(*either.seconds, *other.seconds))
                       : std::nullopt;
  return either;
}

static double usualSeconds(int64_t qubits) {
  const double usual = qubits == 1 ? QdoDefaultOneQubitSeconds : QdoDefaultTwoQubitSeconds;
  return qubits > 2 ? usual * static_cast<double>(6 * (qubits - 2)) : usual; // DeviceTime::gate
}

std::optional<double> RecipeWalk::longestGate(int64_t qubits) const {
  if (!device_.gatesKnown)
    return std::nullopt;
  const auto every = device_.gates.find(-1);
  double most = every == device_.gates.end() ? usualSeconds(qubits) : every->second;
  for (const auto &[row, time] : device_.gates)
    most = std::max(most, time);
  return most;
}

std::optional<double> RecipeWalk::seconds(const AppliedGate &gate, int64_t controls) const {
  const auto named = device_.gates.find(static_cast<int64_t>(gate.gate));
  if (device_.gatesKnown && controls == 0 && gate.moreControls == 0 && !gate.inverse &&
      named != device_.gates.end())
    return named->second;
  // It may go by another name.
  return longestGate(static_cast<int64_t>(gate.controls() + gate.info().targets) + controls);
}

RecipeCost RecipeWalk::circuit(mlir::FlatSymbolRefAttr symbol, const std::vector<Moves> &moves,
                               int64_t controls) const {
  mlir::ModuleOp module = module_;
  auto circuit = module.lookupSymbol<qc::CircuitOp>(symbol);
  if (!circuit)
    return unknown;
  mlir::Block *body = circuit.getBodyBlock();
  Dependences dependences(body, moves);
  RecipeCost sum;
  for (mlir::Operation &op : body->without_terminator()) {
    const auto gate = appliedGate(&op);
    if (!gate) {
      if (mlir::isa<mlir::arith::ArithDialect>(op.getDialect()) || op.getNumResults() > 0) {
        if (llvm::any_of(op.getResults(), [](mlir::Value v) { return qc::isQubit(v); }))
          return unknown; // a modifier that stayed
        continue;
      }
      if (controls == 0 || op.getNumOperands() == 0)
        continue;
      // A phase: under controls it becomes the gates p and rz.
      const bool moving = dependences.of(op.getOperand(0)).paths > 0;
      sum += {moving ? 6 : 0, 0, 2 * QdoDefaultTwoQubitSeconds * 6 * static_cast<double>(controls)};
      continue;
    }
    RecipeCost one{0, 0, seconds(*gate, controls)};
    for (const auto &[place, angle] : llvm::enumerate(gate->angles)) {
      const Dependence depends = dependences.of(angle);
      if (depends.paths == 0)
        continue;
      const int64_t terms = termsOf(gate->info().name, static_cast<unsigned>(place),
                                    static_cast<int64_t>(gate->controls()) + controls);
      *one.moved += terms;
      if (depends.paths == 1 && depends.sure && depends.linear)
        one.surelyMoved += terms;
    }
    sum += one;
  }
  return sum;
}

/// Which numbers of a circuit move: those that are not constants. Nothing where a list is filled
/// elsewhere.
std::optional<std::vector<RecipeWalk::Moves>> RecipeWalk::movesOf(mlir::Value list) const {
  std::vector<std::pair<mlir::Operation *, Moves>> adds;
  for (mlir::Operation *user : list.getUsers())
    if (auto call = mlir::dyn_cast<data::RtOp>(user);
        call && call.getEntry() == "list_add_object" && call.getArguments()[0] == list) {
      if (call->getBlock() != list.getParentBlock())
        return std::nullopt;
      adds.emplace_back(call, moved(call.getArguments()[1]));
    }
  std::ranges::sort(adds,
                    [](const auto &a, const auto &b) { return a.first->isBeforeInBlock(b.first); });
  std::vector<Moves> moves;
  for (const auto &[op, how] : adds)
    moves.push_back(how);
  return moves;
}

RecipeWalk::Moves RecipeWalk::moved(mlir::Value number) const {
  auto call = number.getDefiningOp<data::RtOp>();
  if (!call)
    return Moves::Maybe;
  const llvm::StringRef entry = call.getEntry();
  const auto arguments = call.getArguments();
  if (entry == "estimate_number")
    return Moves::Not;
  if (entry == "list_object" && parameters_ && arguments[0] == parameters_)
    return Moves::Surely;
  if (entry == "estimate_affine")
    return moved(arguments[0]);
  return Moves::Maybe;
}

} // namespace qdo::driver
