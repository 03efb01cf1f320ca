// SPDX-License-Identifier: Apache-2.0
// Unitaries at random points of the data, once by themselves and once under a control, where a
// lost global phase is no longer global.
// Why a hash first: most passes leave most circuits alone, and a matrix is expensive.
#include "unitary_check.h"
#include "llvm/Support/FormatVariadic.h"
#include <random>

using namespace mlir;
using namespace qdo::ir;

static constexpr unsigned mostQubits = 10;
static constexpr double tolerance = 1e-9;

static DenseMatrix randomState(unsigned qubits) {
  std::mt19937_64 random(qubits);
  std::uniform_real_distribution<double> part(-1, 1);
  DenseMatrix state(uint64_t(1) << qubits);
  double norm = 0;
  for (auto &amplitude : state) {
    double re = part(random), im = part(random);
    amplitude = {re, im};
    norm += std::norm(amplitude);
  }
  for (auto &amplitude : state)
    amplitude /= std::sqrt(norm);
  return state;
}

static double largestDifference(const DenseMatrix &left, const DenseMatrix &right) {
  double largest = 0;
  for (auto [a, b] : llvm::zip(left, right))
    largest = std::max(largest, std::abs(a - b));
  return largest;
}

bool UnitaryCheck::evaluate(qc::CircuitOp circuit, Point &point) {
  auto unitary = denseUnitary(circuit, point.data);
  auto controlled =
      unitary ? applyControlled(circuit, point.data, randomState(circuit.getQubitCount() + 1))
              : std::nullopt;
  if (!controlled)
    return false;
  point.unitary = std::move(*unitary);
  point.controlled = std::move(*controlled);
  return true;
}

// A few points; fewer where matrices are large. Angles may not exist everywhere, so each point has
// several tries, later ones positive and small.
std::optional<UnitaryCheck::Known> UnitaryCheck::evaluate(qc::CircuitOp circuit) {
  Known made;
  made.hash = qc::contentHash(circuit);
  unsigned count = circuit.getDataCount() == 0 ? 1 : circuit.getQubitCount() <= 8 ? 3 : 1;
  std::mt19937_64 random(circuit.getDataCount());
  for (unsigned tries = 0; made.points.size() < count && tries < 12; ++tries) {
    std::uniform_real_distribution<double> number(tries < 4 ? -3 : 0.01, tries < 8 ? 3 : 0.99);
    Point point;
    for (unsigned i = 0; i < circuit.getDataCount(); ++i)
      point.data.push_back(number(random));
    if (evaluate(circuit, point))
      made.points.push_back(std::move(point));
  }
  return made.points.empty() ? std::nullopt : std::optional(std::move(made));
}

static bool isSmall(qc::CircuitOp circuit) { return circuit.getQubitCount() <= mostQubits; }

LogicalResult UnitaryCheck::remember(Operation *root) {
  auto result = root->walk([&](qc::CircuitOp circuit) -> WalkResult {
    if (!isSmall(circuit))
      return WalkResult::advance();
    auto made = evaluate(circuit);
    if (!made)
      return emitError(circuit.getLoc())
             << "the unitary of circuit @" << circuit.getSymName()
             << " cannot be computed to check passes: its angles have no "
                "value at any of the points that were tried";
    known[circuit.getSymName()] = std::move(*made);
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult UnitaryCheck::compare(Operation *root, StringRef pass) {
  bool broken = false;
  root->walk([&](qc::CircuitOp circuit) {
    if (!isSmall(circuit))
      return;
    auto before = known.find(circuit.getSymName());
    if (before == known.end()) { // new: nothing to compare with until the next pass
      if (auto made = evaluate(circuit))
        known[circuit.getSymName()] = std::move(*made);
      return;
    }
    uint64_t hash = qc::contentHash(circuit);
    if (before->second.hash == hash)
      return;
    auto error = [&] {
      broken = true;
      return emitError(circuit.getLoc())
             << "the pass `" << pass << "` changed circuit @" << circuit.getSymName() << ": ";
    };
    for (Point &old : before->second.points) {
      Point now;
      now.data = old.data;
      if (now.data.size() != circuit.getDataCount()) {
        error() << "it takes " << circuit.getDataCount() << " numbers instead of "
                << now.data.size();
        return;
      }
      bool evaluated = evaluate(circuit, now);
      if (!evaluated || now.unitary.size() != old.unitary.size()) {
        error() << (evaluated ? "it has another number of qubits" : "an angle lost its value");
        return;
      }
      double alone = largestDifference(old.unitary, now.unitary);
      double controlled = largestDifference(old.controlled, now.controlled);
      if (!(alone <= tolerance) || !(controlled <= tolerance)) {
        error() << llvm::formatv("entries of its unitary differ by up to {0:e2}, under one more "
                                 "control by up to {1:e2}",
                                 alone, controlled)
                       .str();
        return;
      }
      old = std::move(now); // so that rounding of many passes does not add up
    }
    before->second.hash = hash;
  });
  return failure(broken);
}
