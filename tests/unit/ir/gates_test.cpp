// SPDX-License-Identifier: Apache-2.0
// What gates.def claims about its rows, checked on their matrices.
#include "qdo/ir/gates.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "gtest/gtest.h"

using namespace qdo::ir;

namespace {

const double some[] = {0.7390851332, -1.8392867552, 2.3247179572, 0.5671432904};

size_t sizeOf(const GateInfo &info) { return size_t(1) << info.targets; }

GateMatrix product(const GateMatrix &a, const GateMatrix &b, size_t size) {
  GateMatrix result(size * size);
  for (size_t i = 0; i < size; ++i)
    for (size_t j = 0; j < size; ++j)
      for (size_t k = 0; k < size; ++k)
        result[i * size + j] += a[i * size + k] * b[k * size + j];
  return result;
}

GateMatrix adjoint(const GateMatrix &a, size_t size) {
  GateMatrix result(size * size);
  for (size_t i = 0; i < size; ++i)
    for (size_t j = 0; j < size; ++j)
      result[i * size + j] = std::conj(a[j * size + i]);
  return result;
}

GateMatrix identity(size_t size) {
  GateMatrix result(size * size);
  for (size_t i = 0; i < size; ++i)
    result[i * size + i] = 1;
  return result;
}

void expectEqual(const GateMatrix &a, const GateMatrix &b, llvm::StringRef what) {
  ASSERT_EQ(a.size(), b.size()) << what.str();
  for (size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(std::abs(a[i] - b[i]), 0, 1e-14) << what.str() << " at " << i;
}

TEST(Gates, AreUnitaryAndUndoneByTheirRule) {
  for (auto [index, info] : llvm::enumerate(allGates())) {
    Gate gate = static_cast<Gate>(index);
    size_t size = sizeOf(info);
    llvm::ArrayRef<double> angles(some, info.parameters);
    GateMatrix matrix = gateMatrix(gate, angles), inverse = adjoint(matrix, size);
    ASSERT_EQ(matrix.size(), size * size) << info.name.str();
    expectEqual(product(matrix, inverse, size), identity(size), info.name);
    auto negated = llvm::map_to_vector(angles, [](double angle) { return -angle; });
    switch (info.inverse) {
    case Inverse::Self:
      expectEqual(matrix, inverse, info.name);
      break;
    case Inverse::Negate:
      expectEqual(gateMatrix(gate, negated), inverse, info.name);
      break;
    case Inverse::Named:
      EXPECT_EQ(gateInfo(info.named).controls, info.controls) << info.name.str();
      expectEqual(gateMatrix(info.named, angles), inverse, info.name);
      break;
    case Inverse::Adjoint:
      break;
    }
  }
}

// What qc-merge-rotations and powers rely on.
TEST(Gates, OneNegatedAngleMeansAnglesAdd) {
  for (auto [index, info] : llvm::enumerate(allGates())) {
    if (info.inverse != Inverse::Negate)
      continue;
    Gate gate = static_cast<Gate>(index);
    EXPECT_EQ(info.parameters, 1u) << info.name.str();
    expectEqual(product(gateMatrix(gate, some[0]), gateMatrix(gate, some[1]), sizeOf(info)),
                gateMatrix(gate, some[0] + some[1]), info.name);
    expectEqual(gateMatrix(gate, 0.0), identity(sizeOf(info)), info.name);
  }
}

TEST(Gates, ControlledFormsComeFromTheRecord) {
  EXPECT_EQ(controlledGate(Gate::x, 0), Gate::x);
  EXPECT_EQ(controlledGate(Gate::x, 1), Gate::cx);
  EXPECT_EQ(controlledGate(Gate::x, 2), Gate::ccx);
  EXPECT_EQ(controlledGate(Gate::cx, 1), Gate::ccx);
  EXPECT_EQ(controlledGate(Gate::p, 1), Gate::cp);
  EXPECT_EQ(controlledGate(Gate::rz, 1), Gate::crz);
  EXPECT_EQ(controlledGate(Gate::swap, 1), Gate::cswap);
  EXPECT_EQ(controlledGate(Gate::s, 1), std::nullopt);
  EXPECT_EQ(controlledGate(Gate::ccx, 1), std::nullopt);
  // cu has a phase of its own, so it is not the control of u.
  EXPECT_EQ(controlledGate(Gate::u, 1), std::nullopt);
}

TEST(Gates, AreFoundByName) {
  for (auto [index, info] : llvm::enumerate(allGates()))
    EXPECT_EQ(gateNamed(info.name), static_cast<Gate>(index));
  EXPECT_EQ(gateNamed("toffoli"), std::nullopt);
}

} // namespace
