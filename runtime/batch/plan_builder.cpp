// SPDX-License-Identifier: Apache-2.0
// Rows of a program's tables.
#include "runtime/batch/plan_builder.h"

#include "runtime/batch/plan.h"

#include <algorithm>

namespace qdo::batch {

using std::numbers::pi;

Sum PlanBuilder::sum(const Angle &angle) {
  const Sum out{angle.constant, static_cast<int32_t>(terms.size()),
                static_cast<int32_t>(angle.terms.size())};
  for (auto [slot, factor] : angle.terms)
    terms.push_back({factor, slot});
  return out;
}

int32_t PlanBuilder::phasor(const Angle &angle) {
  auto [place, fresh] =
      phasorOf_.try_emplace({angle.constant, angle.terms}, static_cast<int32_t>(phasors.size()));
  if (fresh)
    phasors.push_back(sum(angle));
  return place->second;
}

int32_t PlanBuilder::turn(const Angle &angle) {
  auto [place, fresh] =
      turnOf_.try_emplace({angle.constant, angle.terms}, static_cast<int32_t>(turns.size()));
  if (fresh)
    turns.push_back(sum(angle * 0.5));
  return place->second;
}

int32_t PlanBuilder::scale(std::vector<int32_t> list, int hadamards) {
  std::ranges::sort(list);
  largestLayer = std::max(largestLayer, list.size());
  for (size_t i = 0; i < scales.size(); ++i)
    if (scales[i].hadamards == hadamards && scales[i].count == static_cast<int32_t>(list.size()) &&
        std::equal(list.begin(), list.end(), scaleTurns.begin() + scales[i].first))
      return static_cast<int32_t>(i);
  scales.push_back(
      {static_cast<int32_t>(scaleTurns.size()), static_cast<int32_t>(list.size()), hadamards});
  scaleTurns.insert(scaleTurns.end(), list.begin(), list.end());
  return static_cast<int32_t>(scales.size() - 1);
}

int32_t PlanBuilder::table(const std::function<IndexTable()> &make) {
  // Tables of states too large for a plan would be large themselves.
  indexTables.push_back(qubits <= Plan::mostQubits ? make() : IndexTable{});
  return static_cast<int32_t>(indexTables.size() - 1);
}

void PlanBuilder::fuse(const Fusion &fusion) {
  fusions.push_back({static_cast<int32_t>(fusionSums.size()),
                     static_cast<int32_t>(fusion.angles.size()), fusion.into});
  for (const Angle &angle : fusion.angles)
    fusionSums.push_back(sum(angle));
}

void PlanBuilder::seed(int32_t area, const Angle &constant, int32_t scale) {
  step(Step::Seeds, seeds, {area, constant.is(0) ? -1 : phasor(constant), scale});
}

void PlanBuilder::extend(int32_t area, int bit, Angle constant,
                         const std::map<int, Angle> &weightOf, BitFactor factor, int32_t twin,
                         uint64_t among) {
  if (constant.is(pi)) {
    factor.factor = -factor.factor;
    constant = 0;
  }
  const auto first = static_cast<int32_t>(weights.size());
  for (const auto &[bit, angle] : weightOf)
    if (!angle.is(0))
      weights.push_back({bit, phasor(angle)});
  const auto count = static_cast<int32_t>(weights.size()) - first;
  if (count > 0)
    use(Factors, weights.back().bit - weights[first].bit + 1);
  step(Step::Extends, extends,
       {area, bit, constant.is(0) ? -1 : phasor(constant), factor.turn, factor.factor, first, count,
        twin, static_cast<int64_t>(among)});
}

int32_t PlanBuilder::twinArea(int depth) {
  const int32_t area = FirstTwin + depth;
  use(area, std::max(0, qubits - 1 - depth));
  return area;
}

void PlanBuilder::use(int32_t area, int bits) {
  areaBits_.resize(std::max(areaBits_.size(), static_cast<size_t>(area) + 1), -1);
  areaBits_[area] = std::max(areaBits_[area], bits);
}

void PlanBuilder::layOut() {
  // Powers of two apart, areas would share cache sets; some lines more keep them off each other.
  constexpr int64_t gap = 19;
  int64_t offset = 0;
  for (size_t i = 0; i < areaBits_.size(); ++i) {
    areas.push_back(offset);
    if (i != Result && areaBits_[i] >= 0)
      offset += (int64_t{1} << areaBits_[i]) + gap;
  }
  scratchAmplitudes = offset;
  for (const IndexTable &table : indexTables)
    tables.push_back({table.high.data(), table.low.data()});
}

Program PlanBuilder::program() const {
  Program p{};
  p.qubits = qubits;
  p.slots = slots;
  p.values = values;
  p.terms = terms.data();
  p.fusionSums = fusionSums.data();
  p.fusions = fusions.data();
  p.fusionCount = static_cast<int32_t>(fusions.size());
  p.phasors = phasors.data();
  p.phasorCount = static_cast<int32_t>(phasors.size());
  p.turns = turns.data();
  p.turnCount = static_cast<int32_t>(turns.size());
  // Products of tangents and of cosines stay within the range of a double.
  p.smallestCosine = std::ldexp(1, -static_cast<int>(std::min<size_t>(56, 960 / largestLayer)));
  p.scaleTurns = scaleTurns.data();
  p.scales = scales.data();
  p.scaleCount = static_cast<int32_t>(scales.size());
  p.seeds = seeds.data();
  p.extends = extends.data();
  p.weights = weights.data();
  p.passes = passes.data();
  p.sweeps = sweeps.data();
  p.multiplies = multiplies.data();
  p.pairs = pairs.data();
  p.tables = tables.data();
  p.steps = steps.data();
  p.stepCount = static_cast<int32_t>(steps.size());
  p.areas = areas.data();
  p.scratchAmplitudes = scratchAmplitudes;
  p.factorArea = Factors;
  return p;
}

} // namespace qdo::batch
