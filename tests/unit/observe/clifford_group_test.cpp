// SPDX-License-Identifier: Apache-2.0
// The Clifford group: how many elements, made of how many gates, and whether circuits are them.
#include "runtime/observe/clifford_group.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <complex>
#include <map>

using namespace qdo;
using observe::CliffordGroup;

namespace {

using Matrix = std::array<std::array<std::complex<double>, 4>, 4>;
const std::vector<std::string> common = {"h", "s", "sdg", "x", "y", "z", "cx"};

/// The unitary of a circuit on two qubits, gate by gate, from the matrices of gates.def.
Matrix unitaryOf(const std::vector<gates::GateCall> &circuit) {
  Matrix u{};
  for (size_t i = 0; i < 4; ++i)
    u[i][i] = 1;
  for (const gates::GateCall &call : circuit) {
    const auto g = gates::gateMatrix(call);
    Matrix next{};
    for (unsigned from = 0; from < 4; ++from) {
      const bool acts = (from & call.controls) == call.controls;
      const unsigned bit = from >> call.target0 & 1;
      for (unsigned to = 0; to < 2; ++to) {
        const unsigned row = (from & ~(1u << call.target0)) | to << call.target0;
        const std::complex<double> entry = acts ? g[2 * to + bit] : to == bit ? 1.0 : 0.0;
        for (size_t column = 0; column < 4; ++column)
          next[row][column] += entry * u[from][column];
      }
    }
    u = next;
  }
  return u;
}

/// |tr(A^+ B)| / 4: 1 for equal unitaries up to a phase.
double likeness(const Matrix &a, const Matrix &b) {
  std::complex<double> trace = 0;
  for (size_t i = 0; i < 4; ++i)
    for (size_t j = 0; j < 4; ++j)
      trace += std::conj(a[i][j]) * b[i][j];
  return std::abs(trace) / 4;
}

Matrix matrixOf(const CliffordGroup &group, size_t index) {
  std::vector<gates::GateCall> circuit;
  group.append(index, circuit);
  return unitaryOf(circuit);
}

} // namespace

TEST(CliffordGroup, HasEveryOperationOfAQubitOnce) {
  const CliffordGroup group(1, common);
  ASSERT_EQ(group.problem(), "");
  ASSERT_EQ(group.size(), 24u);
  for (size_t a = 0; a < 24; ++a)
    for (size_t b = 0; b < a; ++b)
      EXPECT_LT(likeness(matrixOf(group, a), matrixOf(group, b)), 0.9) << a << " " << b;
}

// Of the 11,520 operations 576 need no CX, 5,184 one, 5,184 two, 576 three (Corcoles et al., PRA
// 87, 030301, 2013).
TEST(CliffordGroup, OfTwoQubitsTakesAsFewCxAsCanBe) {
  const CliffordGroup group(2, common);
  ASSERT_EQ(group.problem(), "");
  ASSERT_EQ(group.size(), 11'520u);
  std::map<int, int> by;
  for (size_t i = 0; i < group.size(); ++i) {
    std::vector<gates::GateCall> circuit;
    group.append(i, circuit);
    int cx = 0;
    for (const gates::GateCall &call : circuit)
      cx += call.controls != 0;
    ++by[cx];
  }
  EXPECT_EQ(by, (std::map<int, int>{{0, 576}, {1, 5184}, {2, 5184}, {3, 576}}));
}

TEST(CliffordGroup, ProductsAndInversesAreThoseOfTheCircuits) {
  for (const std::vector<std::string> &gates :
       {common, std::vector<std::string>{"sx", "s", "cz"}, {"h", "s", "cy"}}) {
    const CliffordGroup group(2, gates);
    ASSERT_EQ(group.problem(), "");
    for (size_t i = 1; i < group.size(); i += 97) {
      const size_t j = (i * 7919 + 13) % group.size();
      std::vector<gates::GateCall> circuit;
      group.append(i, circuit);
      group.append(j, circuit);
      const auto both = CliffordGroup::product(group.element(i), group.element(j));
      group.append(group.inverseOf(both), circuit);
      EXPECT_NEAR(likeness(unitaryOf(circuit), unitaryOf({})), 1, 1e-12) << i << " " << j;
    }
  }
}

TEST(CliffordGroup, SaysWhatIsWrongWithGates) {
  auto problem = [](int qubits, std::vector<std::string> gates) {
    return CliffordGroup(qubits, gates).problem();
  };
  EXPECT_EQ(problem(1, {"h", "s"}), "");
  EXPECT_EQ(problem(2, {"h", "s"}),
            "these gates make 576 of the 11520 Clifford operations of two qubits");
  EXPECT_EQ(problem(1, {"x", "z"}), "these gates make 4 of the 24 Clifford operations of a qubit");
  EXPECT_EQ(problem(1, {"t"}), "`t` is no Clifford gate");
  EXPECT_EQ(problem(1, {"rx"}), "`rx` has an angle");
  EXPECT_EQ(problem(1, {"hadamard"}), "there is no gate `hadamard`");
  EXPECT_EQ(problem(2, {}), "these gates make 1 of the 11520 Clifford operations of two qubits");
}
