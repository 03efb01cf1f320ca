// SPDX-License-Identifier: Apache-2.0
// Plans of encodings by name: what they must recognise, and that they are right.
#include "runtime/gates/gates.h"
#include "tests/unit/batch/table.h"

#include <gtest/gtest.h>

#include <numbers>

using namespace qdo;

namespace {

std::vector<std::vector<double>> rowsOf(const table::Circuit &circuit, int64_t rows,
                                        double step = 0.37) {
  std::vector<std::vector<double>> values;
  for (int64_t row = 0; row < rows; ++row) {
    values.push_back(circuit.constants);
    for (auto slot = std::ssize(circuit.constants); slot < circuit.slots; ++slot)
      values.back().push_back(std::sin(static_cast<double>(row * 31 + slot * 7) * step) *
                              std::numbers::pi);
  }
  return values;
}

double error(const table::Circuit &circuit) {
  return table::error(circuit, rowsOf(circuit, 11), batch::kernelsFor(circuit.qubits));
}

table::Circuit zz(int n, int reps) {
  table::Circuit c(n);
  c.slots = n * n;
  for (int r = 0; r < reps; ++r) {
    for (int i = 0; i < n; ++i) {
      c.one("h", i);
      c.one("p", i, {i * n + i});
    }
    for (int i = 0; i < n; ++i)
      for (int j = i + 1; j < n; ++j) {
        c.gate("cx", {i}, j);
        c.one("p", j, {i * n + j});
        c.gate("cx", {i}, j);
      }
  }
  return c;
}

int extendsOf(const batch::Plan &plan) {
  int count = 0;
  for (int i = 0; i < plan.program().stepCount; ++i)
    count += plan.program().steps[i].kind == batch::Step::Extends;
  return count;
}

} // namespace

TEST(Plans, ZzIsOneDiagonalAndTwoTransforms) {
  for (int n : {1, 2, 3, 5, 8})
    for (int reps : {1, 2, 3})
      EXPECT_LT(error(zz(n, reps)), 1e-13) << n << " qubits, " << reps << " repetitions";
  // The second transform is three passes, and the diagonal of both repetitions is built once.
  const batch::Plan plan(zz(8, 2).circuit());
  EXPECT_EQ(plan.sweeps(), 3);
  EXPECT_EQ(extendsOf(plan), 8);
  EXPECT_EQ(batch::Plan(zz(8, 1).circuit()).sweeps(), 0);
}

TEST(Plans, IqpSharesItsDiagonalToo) {
  table::Circuit c(7);
  c.slots = 49;
  for (int r = 0; r < 4; ++r) {
    for (int i = 0; i < 7; ++i) {
      c.one("h", i);
      c.one("rz", i, {i});
    }
    for (int i = 0; i < 7; ++i)
      for (int j = i + 1; j < 7; ++j)
        c.gate("rzz", {}, i, j, {7 * (i + 1) + j - 7});
  }
  EXPECT_LT(error(c), 1e-13);
  EXPECT_EQ(extendsOf(batch::Plan(c.circuit())), 7);
}

TEST(Plans, ALayerOfRotationsIsOneTransform) {
  table::Circuit c(7);
  for (int layer = 0; layer < 4; ++layer) {
    for (int i = 0; i < 7; ++i)
      c.one("ry", i, {static_cast<int32_t>(c.slots++)});
    for (int i = 0; i < 7; ++i)
      c.one("rz", i, {static_cast<int32_t>(c.slots++)});
    for (int i = 1; i < 7; ++i)
      c.gate("cx", {i - 1}, i);
  }
  EXPECT_LT(error(c), 1e-13);
  EXPECT_EQ(batch::Plan(c.circuit()).sweeps(), 3 * 3);
}

TEST(Plans, NeighboursOnAWireAreOneRotation) {
  table::Circuit c(6);
  for (int layer = 0; layer < 6; ++layer) {
    for (int i = 0; i < 6; ++i)
      for (const char *name : {"rx", "rz", "ry", "rz"})
        c.one(name, i, {static_cast<int32_t>(c.slots++)});
    for (int i = 1; i < 6; ++i)
      c.gate("cx", {i - 1}, i);
  }
  EXPECT_LT(error(c), 1e-13);
  EXPECT_EQ(batch::Plan(c.circuit()).sweeps(), 5 * 2);
}

TEST(Plans, PermutationsMoveNothing) {
  table::Circuit c(6);
  for (int i = 0; i < 6; ++i)
    c.one("ry", i, {static_cast<int32_t>(c.slots++)});
  for (int i = 0; i < 40; ++i) {
    if (i % 3 != 0)
      c.gate("cx", {i * 7 % 6}, (i * 7 + 1 + i % 5) % 6);
    else if (i % 2 != 0)
      c.gate("swap", {}, i % 6, (i + 2) % 6);
    else
      c.one("x", i % 6);
  }
  EXPECT_LT(error(c), 1e-14);
  EXPECT_EQ(batch::Plan(c.circuit()).sweeps(), 0);
  EXPECT_TRUE(batch::Plan(c.circuit()).product());
}

TEST(Plans, LongParitiesNeedNoSweep) {
  table::Circuit c(8);
  for (int i = 0; i < 8; ++i)
    c.one("h", i);
  for (int word = 0; word < 30; ++word) { // a phase on the parity of some wires
    std::vector<int> wires;
    for (int i = 0; i < 8; ++i)
      if ((word * 37 + 11) >> i & 1)
        wires.push_back(i);
    for (size_t i = 1; i < wires.size(); ++i)
      c.gate("cx", {wires[i - 1]}, wires[i]);
    c.one("p", wires.back(), {static_cast<int32_t>(c.slots++)});
    for (size_t i = wires.size(); i-- > 1;)
      c.gate("cx", {wires[i - 1]}, wires[i]);
  }
  EXPECT_LT(error(c), 1e-13);
  EXPECT_EQ(batch::Plan(c.circuit()).sweeps(), 0);
}

TEST(Plans, RotationsByExactlyHalfATurnKeepTheirAccuracy) {
  table::Circuit c(5);
  for (int layer = 0; layer < 3; ++layer) {
    for (int i = 0; i < 5; ++i)
      c.one(layer == 1 ? "rx" : "ry", i, {static_cast<int32_t>(c.slots++)});
    for (int i = 1; i < 5; ++i)
      c.gate("cz", {i - 1}, i);
  }
  std::vector<std::vector<double>> values;
  for (int row = 0; row < 20; ++row) {
    values.emplace_back();
    for (int slot = 0; slot < c.slots; ++slot) {
      const double nearly[] = {std::numbers::pi,
                               -std::numbers::pi,
                               0.0,
                               3 * std::numbers::pi,
                               std::nextafter(std::numbers::pi, 4.0),
                               1e-9,
                               0.3};
      values.back().push_back(nearly[(row * 5 + slot * 3) % 7]);
    }
  }
  EXPECT_LT(table::error(c, values, batch::kernelsFor(5)), 1e-13);
}

TEST(Plans, LargeAnglesAreReducedRight) {
  const batch::Kernels *kernels[4];
  const int64_t count = batch::availableKernels(kernels, 4);
  table::Circuit c(2);
  c.slots = 2;
  c.one("ry", 0, {0});
  c.one("p", 0, {1});
  std::vector<std::vector<double>> values;
  for (double scale : {1.0, 1e3, 9.9e5, 1.1e6, 1e12, 1e22, 1e300})
    values.push_back({scale * 1.234567, scale * -0.987});
  for (int64_t k = 0; k < count; ++k)
    EXPECT_LT(table::error(c, values, *kernels[k]), 1e-15) << kernels[k]->name;
}

TEST(Plans, EmptyCircuitsAndUntouchedWires) {
  table::Circuit nothing(3);
  EXPECT_LT(error(nothing), 1e-15);
  table::Circuit some(4);
  some.slots = 1;
  some.one("x", 2);
  some.one("h", 2);
  some.globalPhase(0);
  EXPECT_LT(error(some), 1e-15);
}

TEST(Plans, RefuseAWireNamedTwice) {
  table::Circuit c(2);
  c.gate("cx", {1}, 1);
  EXPECT_THROW(batch::Plan plan(c.circuit()), std::invalid_argument);
}

TEST(Plans, KnowEveryGateOfTheRecord) {
  for (const auto &info : gates::all()) {
    table::Circuit c(4);
    c.slots = 4;
    for (int i = 0; i < 4; ++i)
      c.one("ry", i, {i});
    std::vector<int> controls;
    for (int i = 0; i < info.controls; ++i)
      controls.push_back(3 - i);
    std::vector<int32_t> slots;
    for (int i = 0; i < info.parameters; ++i)
      slots.push_back(i);
    for (bool inverse : {false, true}) {
      c.gate(info.name, controls, 0, info.targets == 2 ? 1 : -1, slots, inverse);
      c.one("h", 0);
      EXPECT_LT(error(c), 1e-13) << info.name;
    }
  }
}
