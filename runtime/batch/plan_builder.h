// SPDX-License-Identifier: Apache-2.0
// The tables of a program while it grows.
// In: angles, layers' parts. Out: rows of the tables of program.h, numbered.
// Why: equal angles are one row, so their sines and cosines are calculated once.
#pragma once

#include "runtime/batch/diagonal.h"
#include "runtime/batch/lower.h"

#include <functional>

namespace qdo::batch {

class PlanBuilder {
public:
  /// Areas that every program may use; twins come after them.
  enum Area : int32_t { Result, Work, Diagonal0, Diagonal1, Factors, FirstTwin };

  explicit PlanBuilder(int qubits) : qubits(qubits), areaBits_{-1, -1, -1, -1, -1} {}

  Sum sum(const Angle &angle);
  int32_t phasor(const Angle &angle);
  int32_t turn(const Angle &angle); ///< `angle` is the whole one
  int32_t scale(std::vector<int32_t> turns, int hadamards);
  int32_t table(const std::function<IndexTable()> &make);
  void fuse(const Fusion &fusion);

  void seed(int32_t area, const Angle &constant, int32_t scale);
  void extend(int32_t area, int bit, Angle constant, const std::map<int, Angle> &weights,
              BitFactor factor, int32_t twin, uint64_t among);
  int32_t twinArea(int depth);
  void sweep(const Sweep &sweep) { step(Step::Sweeps, sweeps, sweep); }
  void multiply(const Multiply &multiply) { step(Step::Multiplies, multiplies, multiply); }
  void pair(const Pairs &pair) { step(Step::PairSteps, pairs, pair); }
  /// Makes room for 2^bits amplitudes in an area.
  void use(int32_t area, int bits);
  /// Places the areas in the scratch memory; nothing may be added afterwards.
  void layOut();
  /// The program over this object's tables, which must stay where they are.
  Program program() const;

  const int qubits;
  int32_t slots = 0, values = 0;
  std::vector<Term> terms;
  std::vector<Sum> fusionSums, phasors, turns;
  std::vector<FusionSums> fusions;
  std::vector<int32_t> scaleTurns;
  std::vector<Scale> scales;
  std::vector<Seed> seeds;
  std::vector<Extend> extends;
  std::vector<Weight> weights;
  std::vector<Pass> passes;
  std::vector<Sweep> sweeps;
  std::vector<Multiply> multiplies;
  std::vector<Pairs> pairs;
  std::vector<IndexTable> indexTables;
  std::vector<Table> tables;
  std::vector<Step> steps;
  std::vector<int64_t> areas;
  int64_t scratchAmplitudes = 0;
  size_t largestLayer = 1; ///< turns that are multiplied before a scale makes up for them

private:
  template <class Row> void step(Step::Kind kind, std::vector<Row> &rows, const Row &row) {
    steps.push_back({kind, static_cast<int32_t>(rows.size())});
    rows.push_back(row);
  }
  using Key = std::pair<double, std::vector<std::pair<int32_t, double>>>;
  std::map<Key, int32_t> phasorOf_, turnOf_;
  std::vector<int> areaBits_; ///< -1: not used
};

} // namespace qdo::batch
