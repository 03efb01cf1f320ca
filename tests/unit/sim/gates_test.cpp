// SPDX-License-Identifier: Apache-2.0
// Every gate of gates.def against its definition, everywhere it can be put.
#include "runtime/sim/sink.h"
#include "runtime/sim/state.h"
#include "tests/unit/sim/dense.h"

#include <gtest/gtest.h>

#include <random>

using namespace qdo::sim;

static constexpr double angles[4] = {0.37, -1.21, 2.63, 0.81};

static dense::Matrix asDense(const qdo::gates::GateMatrix &m, int targets) {
  const int size = 1 << targets;
  dense::Matrix out(size, size);
  for (int r = 0; r < size; ++r)
    for (int c = 0; c < size; ++c)
      out(r, c) = m[static_cast<size_t>(r * size + c)];
  return out;
}

static GateCall call(int gate, bool inverse) {
  return {gate, inverse, 0, 0, -1, {angles[0], angles[1], angles[2], angles[3]}};
}

TEST(Gates, MatricesAreThoseOfTheDefinitions) {
  for (int g = 0; g < std::ssize(qdo::gates::all()); ++g) {
    const qdo::gates::GateInfo &info = qdo::gates::all()[static_cast<size_t>(g)];
    const std::string name(info.name);
    auto expected = dense::gate(name, angles);
    auto matrix = asDense(gateMatrix(call(g, false)), info.targets);
    EXPECT_LT((matrix - expected).norm(), 1e-14) << name;
    EXPECT_LT(
        (matrix * matrix.adjoint() - dense::Matrix::Identity(matrix.rows(), matrix.cols())).norm(),
        1e-14)
        << name << " is not unitary";
    auto inverse = asDense(gateMatrix(call(g, true)), info.targets);
    EXPECT_LT((inverse - expected.adjoint()).norm(), 1e-14) << name;
    EXPECT_EQ(info.controls, dense::controlsIn(name)) << name;
  }
}

/// Calls visit(wires) for every ordered choice of `count` different wires.
template <class Visit>
static void placements(int qubits, int count, std::vector<int> &wires, Visit visit) {
  if (static_cast<int>(wires.size()) == count)
    return visit();
  for (int q = 0; q < qubits; ++q) {
    if (std::ranges::find(wires, q) != wires.end())
      continue;
    wires.push_back(q);
    placements(qubits, count, wires, visit);
    wires.pop_back();
  }
}

static State randomState(int qubits, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> normal;
  State state(qubits);
  double norm = 0;
  for (Amplitude &a : state.view().span()) {
    a = {normal(engine), normal(engine)};
    norm += std::norm(a);
  }
  for (Amplitude &a : state.view().span())
    a /= std::sqrt(norm);
  return state;
}

static dense::Vector vectorOf(const State &state) {
  dense::Vector out(static_cast<Eigen::Index>(state.size()));
  for (uint64_t k = 0; k < state.size(); ++k)
    out[static_cast<Eigen::Index>(k)] = state.amplitudes()[k];
  return out;
}

TEST(Gates, EveryPlacementWithUpToTwoMoreControls) {
  int64_t checked = 0;
  for (int qubits = 1; qubits <= 4; ++qubits) {
    const State start = randomState(qubits, 17u + static_cast<unsigned>(qubits));
    const dense::Vector before = vectorOf(start);
    for (int g = 0; g < std::ssize(qdo::gates::all()); ++g) {
      const qdo::gates::GateInfo &info = qdo::gates::all()[static_cast<size_t>(g)];
      const dense::Matrix unitary = dense::gate(std::string(info.name), angles);
      for (int extra = 0; extra <= 2; ++extra) {
        const int controls = info.controls + extra, wires = controls + info.targets;
        std::vector<int> placed;
        if (wires <= qubits)
          placements(qubits, wires, placed, [&] {
            GateCall gate = call(g, false);
            std::vector<int> on(placed.begin(), placed.begin() + controls);
            std::vector<int> targets(placed.begin() + controls, placed.end());
            for (int control : on)
              gate.controls |= uint64_t{1} << control;
            gate.target0 = targets[0];
            gate.target1 = info.targets == 2 ? targets[1] : -1;

            State state(qubits);
            std::ranges::copy(start.amplitudes(), state.view().amplitudes);
            apply(state.view(), gate);
            const dense::Vector expected = dense::embed(unitary, on, targets, qubits) * before;
            ASSERT_LT((vectorOf(state) - expected).norm(), 1e-14)
                << info.name << " on " << ::testing::PrintToString(placed) << " of " << qubits;
            ASSERT_NEAR(squaredNorm(state.view()), 1, 1e-14);
            gate.inverse = true;
            apply(state.view(), gate);
            ASSERT_LT((vectorOf(state) - before).norm(), 1e-14) << info.name << ", undone";
            ++checked;
          });
      }
    }
  }
  EXPECT_GT(checked, 1500);
}

// Runs of neighbouring amplitudes take other paths on larger states than a dense matrix can check:
// the action on a qubit must not depend on where the qubit is.
TEST(Gates, FarQubitsBehaveAsNearOnes) {
  constexpr int qubits = 9;
  for (int g = 0; g < std::ssize(qdo::gates::all()); ++g) {
    const qdo::gates::GateInfo &info = qdo::gates::all()[static_cast<size_t>(g)];
    const int wires = info.controls + info.targets;
    State near = randomState(qubits, 5);
    State far(qubits);
    auto mirrored = [](uint64_t k) {
      uint64_t out = 0;
      for (int q = 0; q < qubits; ++q)
        out |= (k >> q & 1) << (qubits - 1 - q);
      return out;
    };
    for (uint64_t k = 0; k < near.size(); ++k)
      far.view().amplitudes[mirrored(k)] = near.amplitudes()[k];
    auto put = [&](bool mirror) {
      GateCall gate = call(g, false);
      auto wire = [&](int w) { return mirror ? qubits - 1 - 2 * w : 2 * w; };
      for (int c = 0; c < info.controls; ++c)
        gate.controls |= uint64_t{1} << wire(c);
      gate.target0 = wire(info.controls);
      gate.target1 = info.targets == 2 ? wire(wires - 1) : -1;
      return gate;
    };
    apply(near.view(), put(false));
    apply(far.view(), put(true));
    for (uint64_t k = 0; k < near.size(); ++k)
      ASSERT_LT(std::abs(far.amplitudes()[mirrored(k)] - near.amplitudes()[k]), 1e-15) << info.name;
  }
}

TEST(Gates, RepeatedWiresAreSeen) {
  EXPECT_TRUE(wiresDiffer({0, false, 0b10, 0, -1, {}}));
  EXPECT_FALSE(wiresDiffer({0, false, 0b10, 1, -1, {}}));
  EXPECT_FALSE(wiresDiffer({0, false, 0, 2, 2, {}}));
  EXPECT_FALSE(wiresDiffer({0, false, 0b100, 1, 2, {}}));
}
