// SPDX-License-Identifier: Apache-2.0
// Matrices and states of rows for callers that bring their own memory.
#include "runtime/learn/gram.h"
#include "tests/unit/data/run.h"
#include "tests/unit/learn/circuits.h"

#include <gtest/gtest.h>

using namespace qdo;

namespace {

/// RY(x_i) on every qubit, a chain of cx, and the qubits in reverse order: a permutation that a
/// plan keeps as a relabelling.
template <int n> void reversed(qdo_sink *sink, const double *x) {
  for (int i = 0; i < n; ++i)
    sink->gate({test::ryGate, false, 0, i, -1, {x[i]}});
  for (int i = 1; i < n; ++i)
    sink->gate({test::cxGate, false, uint64_t{1} << (i - 1), i, -1, {}});
  for (int i = 0; i < n - 1 - i; ++i)
    sink->gate({test::swapGate, false, 0, i, n - 1 - i, {}});
}

std::vector<double> numbers(int64_t count) {
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back(std::sin(1.7 * static_cast<double>(i) + 0.3));
  return values;
}

/// The amplitudes of each row, gate by gate.
template <int n> std::vector<sim::Amplitude> expected(const std::vector<double> &rows) {
  std::vector<sim::Amplitude> all;
  for (size_t at = 0; at < rows.size(); at += n) {
    sim::State state(n);
    sim::StateView view = state.view();
    sim::setZero(view);
    sim::StateSink sink(view);
    reversed<n>(&sink, rows.data() + at);
    all.insert(all.end(), state.amplitudes().begin(), state.amplitudes().end());
  }
  return all;
}

template <int n> void statesAreThose(int64_t count) {
  test::Run run(1, 2);
  const std::vector<double> rows = numbers(count * n), blank(n);
  const sim::RowCircuit circuit{test::tabled<reversed<n>>(n), blank, 0, n};
  std::vector<sim::Amplitude> found(static_cast<size_t>(count) << n);
  ASSERT_TRUE(sim::statesOf(run.ctx, 0, circuit, rows, found.data()));
  const auto right = expected<n>(rows);
  for (size_t z = 0; z < right.size(); ++z)
    ASSERT_LT(std::abs(found[z] - right[z]), 1e-13) << n << " qubits, amplitude " << z;
}

} // namespace

TEST(StatesOfRows, AreInTheirNaturalOrder) {
  statesAreThose<1>(5);
  statesAreThose<5>(37);
  statesAreThose<16>(2);
  statesAreThose<17>(2); // done in sweeps
}

TEST(GramOfRows, EqualsProductsOfStates) {
  constexpr int n = 5;
  constexpr int64_t count = 61;
  test::Run run(1, 2);
  const std::vector<double> rows = numbers(count * n), blank(n);
  const sim::RowCircuit circuit{test::tabled<reversed<n>>(n), blank, 0, n};
  std::vector<double> gram(count * count), cross(count * 20);
  ASSERT_TRUE(learn::gramOf(run.ctx, 0, circuit, {rows, count}, gram.data()));
  ASSERT_TRUE(learn::crossOf(run.ctx, 0, circuit, {rows, count},
                             {std::span(rows).first(20 * n), 20}, cross.data()));
  const auto states = expected<n>(rows);
  for (int64_t i = 0; i < count; ++i)
    for (int64_t j = 0; j < count; ++j) {
      sim::Amplitude overlap = 0;
      for (int64_t z = 0; z < 1 << n; ++z)
        overlap += std::conj(states[static_cast<size_t>((i << n) + z)]) *
                   states[static_cast<size_t>((j << n) + z)];
      ASSERT_NEAR(gram[static_cast<size_t>(i * count + j)], std::norm(overlap), 1e-13);
      if (j < 20)
        ASSERT_NEAR(cross[static_cast<size_t>(i * 20 + j)], std::norm(overlap), 1e-13);
    }
}

TEST(GramOfRows, OfNoRowsIsEmpty) {
  test::Run run(1, 1);
  const std::vector<double> blank(3);
  const sim::RowCircuit circuit{test::tabled<reversed<3>>(3), blank, 0, 3};
  EXPECT_TRUE(learn::gramOf(run.ctx, 0, circuit, {{}, 0}, nullptr));
  EXPECT_TRUE(sim::statesOf(run.ctx, 0, circuit, {}, nullptr));
}
