// SPDX-License-Identifier: Apache-2.0
// Costs of circuits from the IR, bounds of shots from what elaboration noted.
#include "compiler/driver/cost.h"

#include "compiler/driver/live_cost.h"
#include "compiler/lower/lower.h"

#include "qdo/ir/qc.h"
#include "qdo/ir/qdo.h"
#include "qdo/ir/resources.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace qdo::driver {

using namespace qdo::ir;

namespace {

/// A block of live qubits: its longest path.
CircuitCost liveBlock(data::EstimateOp block, const base::SourceMap &sources) {
  const lower::DeviceTimes device;
  const LiveCost path = liveCost(block, RecipeWalk(block, device, nullptr));
  CircuitCost cost;
  cost.name = "estimate";
  if (auto span = lower::spanOf(block.getLoc(), sources))
    cost.name += fmt::format(" (line {})", sources.position(span->file, span->begin).line);
  block->walk([&](data::PrepareOp prepare) {
    cost.qubits += static_cast<int64_t>(prepare.getQubits().size());
  });
  cost.gates = path.gates;
  cost.twoQubit = path.twoQubit;
  cost.larger = path.larger;
  return cost;
}

} // namespace

std::vector<CircuitCost> circuitCosts(mlir::Operation *module, const base::SourceMap &sources) {
  std::vector<CircuitCost> costs;
  module->walk([&](mlir::Operation *op) {
    if (auto circuit = mlir::dyn_cast<qc::CircuitOp>(op)) {
      const Resources r = resources(circuit);
      costs.push_back(
          {circuit.getDisplay().str(), r.qubits, r.depth, r.gates, r.twoQubit, r.larger});
    } else if (auto block = mlir::dyn_cast<data::EstimateOp>(op)) {
      costs.push_back(liveBlock(block, sources));
    }
  });
  std::stable_sort(costs.begin(), costs.end(), [](const CircuitCost &a, const CircuitCost &b) {
    return std::tie(a.name, a.qubits) < std::tie(b.name, b.qubits);
  });
  return costs;
}

std::optional<int64_t> Cost::bytes(int64_t qubits) {
  return qubits < 58 ? std::optional(int64_t{16} << qubits) : std::nullopt;
}

std::optional<int64_t> Cost::most(const std::string &purse) const {
  std::optional<int64_t> sum = 0;
  for (const lower::Measurement &m : spending.measurements) {
    if (std::find(m.purses.begin(), m.purses.end(), purse) == m.purses.end() || !sum)
      continue;
    int64_t shots = 0;
    if (!m.mostCircuits || !m.mostEach ||
        __builtin_mul_overflow(*m.mostCircuits, *m.mostEach, &shots) ||
        __builtin_add_overflow(*sum, shots, &*sum))
      sum = std::nullopt;
  }
  const auto found = spending.purses.find(purse);
  if (found == spending.purses.end() || !found->second.budget)
    return sum;
  return std::min(sum.value_or(*found->second.budget), *found->second.budget);
}

/// Inner purses are bounded by the outer ones that they stand in.
static std::set<std::string> outermost(const lower::Spending &spending) {
  std::set<std::string> purses;
  for (const lower::Measurement &m : spending.measurements)
    if (!m.purses.empty())
      purses.insert(m.purses.front());
  return purses;
}

std::optional<int64_t> Cost::mostShots() const {
  int64_t sum = 0;
  for (const std::string &purse : outermost(spending)) {
    const auto one = most(purse);
    if (!one || __builtin_add_overflow(sum, *one, &sum))
      return std::nullopt;
  }
  return sum;
}

std::optional<double> Cost::shotSeconds(const lower::Measurement &m) {
  if (!m.shot.most || !m.mostGates || m.fold == 0)
    return std::nullopt;
  // A fold may be one gate more than its factor asks for.
  return *m.shot.most + *m.mostGates * (m.folds > 1 ? m.fold + 1 : 1);
}

const char *Cost::unknownTime(const lower::Measurement &m) {
  if (m.mostCircuits == 0)
    return nullptr;
  if (!m.mostGates)
    return m.gatesUnknown ? m.gatesUnknown : "which circuits it measures, the run decides";
  if (!m.shot.most)
    return "the times of its device are known when it runs";
  if (m.fold == 0)
    return "the factors of its `zne` are known when it runs";
  if (!m.mostCircuits)
    return "how often it is measured, the run decides";
  return m.mostEach ? nullptr : "only a budget bounds its shots";
}

std::optional<double> Cost::mostSeconds(const std::string &purse) const {
  std::optional<double> sum = 0, longest = 0;
  for (const lower::Measurement &m : spending.measurements) {
    if (std::ranges::find(m.purses, purse) == m.purses.end() || m.mostCircuits == 0)
      continue;
    const auto shot = shotSeconds(m);
    longest = longest && shot ? std::optional(std::max(*longest, *shot)) : std::nullopt;
    sum = sum && shot && m.mostCircuits && m.mostEach
              ? std::optional(*sum + *shot * static_cast<double>(*m.mostCircuits) *
                                         static_cast<double>(*m.mostEach))
              : std::nullopt;
  }
  auto limit = [&](std::optional<double> bound) {
    if (bound)
      sum = sum ? std::min(*sum, *bound) : *bound;
  };
  if (const auto found = spending.purses.find(purse); found != spending.purses.end()) {
    limit(found->second.deadline);
    if (longest && found->second.budget)
      limit(*longest * static_cast<double>(*found->second.budget));
  }
  return sum;
}

std::optional<double> Cost::mostSeconds() const {
  double sum = 0;
  for (const std::string &purse : outermost(spending)) {
    const auto one = mostSeconds(purse);
    if (!one)
      return std::nullopt;
    sum += *one;
  }
  return sum;
}

std::optional<int64_t> Cost::mostCircuits() const {
  int64_t sum = 0;
  for (const lower::Measurement &m : spending.measurements)
    if (!m.mostCircuits || __builtin_add_overflow(sum, *m.mostCircuits, &sum))
      return std::nullopt;
  return sum;
}

} // namespace qdo::driver
