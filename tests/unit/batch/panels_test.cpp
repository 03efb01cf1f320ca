// SPDX-License-Identifier: Apache-2.0
// Panels and their products: the same bits for any threads, near ones for any instruction set.
#include "runtime/batch/overlaps.h"
#include "runtime/gates/gates.h"
#include "tests/unit/batch/table.h"

#include <gtest/gtest.h>

using namespace qdo;

namespace {

/// A circuit with every kind of step.
table::Circuit mixed(int n) {
  table::Circuit c(n);
  c.slots = 5;
  for (int layer = 0; layer < 3; ++layer) {
    for (int i = 0; i < n; ++i) {
      c.one("rx", i, {(layer + i) % 5});
      c.one(i % 2 != 0 ? "h" : "ry", i, i % 2 != 0 ? std::vector<int32_t>{} : std::vector{1});
    }
    for (int i = 1; i < n; ++i) {
      c.gate("cx", {i - 1}, i);
      c.gate("rzz", {}, i, 0, {(layer + 2 * i) % 5});
    }
    c.gate("cu", {0}, n - 1, -1, {0, 1, 2, 3});
  }
  return c;
}

std::vector<double> numbers(int64_t count) {
  std::vector<double> out;
  for (int64_t i = 0; i < count; ++i)
    out.push_back(3 * std::sin(static_cast<double>(i * i % 1013)));
  return out;
}

struct Prepared {
  Prepared(int n, std::span<const double> data, const batch::Kernels &kernels, int threads)
      : circuit(mixed(n)), plan(circuit.circuit()), pool(threads),
        panels(std::ssize(data) / 5, n, kernels) {
    batch::prepare(
        pool, plan,
        [&](int64_t row, double *slots) { std::copy_n(data.data() + 5 * row, 5, slots); }, panels);
  }
  std::vector<std::complex<double>> state(int64_t row) const {
    std::vector<std::complex<double>> out(size_t{1} << circuit.qubits);
    panels.copy(row, plan, out);
    return out;
  }
  std::vector<double> gram() {
    const int64_t n = panels.rows();
    std::vector<double> matrix(static_cast<size_t>(n * n));
    batch::gram(pool, panels, matrix.data(), n);
    return matrix;
  }

  table::Circuit circuit;
  batch::Plan plan;
  base::ThreadPool pool;
  batch::Panels panels;
};

std::vector<const batch::Kernels *> allKernels() {
  const batch::Kernels *kernels[4];
  const int64_t count = batch::availableKernels(kernels, 4);
  return {kernels, kernels + count};
}

} // namespace

TEST(Panels, BitsDoNotDependOnThreadsOrNeighbours) {
  const auto data = numbers(5 * 300);
  for (const auto *kernels : allKernels()) {
    Prepared one(7, data, *kernels, 1), two(7, data, *kernels, 2), four(7, data, *kernels, 4);
    for (int64_t row = 0; row < 300; ++row) {
      EXPECT_EQ(one.state(row), two.state(row));
      EXPECT_EQ(one.state(row), four.state(row));
    }
    EXPECT_EQ(one.gram(), two.gram());
    EXPECT_EQ(one.gram(), four.gram());
    // The last rows alone, in other lanes, beside other rows.
    Prepared some(7, std::span(data).subspan(5 * 289), *kernels, 1);
    for (int64_t row = 0; row < 11; ++row)
      EXPECT_EQ(some.state(row), one.state(289 + row)) << kernels->name;
  }
}

TEST(Panels, ACallersMemoryHasTheSameBits) {
  // 60 rows stay in the caches; 2,100 rows of 2^10 amplitudes are written past them, in lines that
  // begin at any amplitude.
  constexpr int n = 10;
  constexpr int64_t size = int64_t{1} << n;
  for (int64_t rows : {60, 2100}) {
    const auto data = numbers(5 * rows);
    for (const auto *kernels : allKernels()) {
      Prepared prepared(n, data, *kernels, 2);
      for (size_t shift : {0, 1, 3}) {
        std::vector<std::complex<double>> memory(static_cast<size_t>(rows * size) + 4);
        batch::prepareInto(
            prepared.pool, prepared.plan,
            [&](int64_t row, double *slots) { std::copy_n(data.data() + 5 * row, 5, slots); }, rows,
            *kernels, memory.data() + shift);
        for (int64_t row = 0; row < rows; row += 7) {
          const auto *found = memory.data() + shift + row * size;
          ASSERT_TRUE(std::ranges::equal(prepared.state(row), std::span(found, size)))
              << kernels->name << " row " << row << " of " << rows << " at " << shift;
        }
        for (size_t before = 0; before < shift; ++before)
          EXPECT_EQ(memory[before], 0.0);
        EXPECT_EQ(memory[shift + static_cast<size_t>(rows * size)], 0.0);
      }
    }
  }
}

TEST(Panels, InstructionSetsAgree) {
  const auto data = numbers(5 * 25);
  const auto kernels = allKernels();
  for (int n : {3, 6, 9, 10}) {
    Prepared expected(n, data, *kernels[0], 1);
    const auto gram = expected.gram();
    for (const auto *other : kernels) {
      Prepared found(n, data, *other, 1);
      for (int64_t row = 0; row < 25; ++row) {
        const auto a = expected.state(row), b = found.state(row);
        for (size_t z = 0; z < a.size(); ++z)
          ASSERT_LT(std::abs(a[z] - b[z]), 1e-13) << other->name;
      }
      const auto matrix = found.gram();
      for (size_t i = 0; i < gram.size(); ++i)
        ASSERT_LT(std::abs(gram[i] - matrix[i]), 1e-13) << other->name;
    }
  }
}

TEST(Panels, GramEqualsInnerProducts) {
  for (const auto *kernels : allKernels())
    for (auto [qubits, rows] :
         {std::pair{5, 1}, {5, 2}, {5, 47}, {5, 48}, {5, 49}, {5, 101}, {9, 53}}) {
      const auto data = numbers(5 * rows);
      Prepared prepared(qubits, data, *kernels, 2);
      const auto matrix = prepared.gram();
      std::vector<double> again(static_cast<size_t>(rows * rows));
      batch::cross(prepared.pool, prepared.panels, prepared.panels, again.data(), rows);
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t j = 0; j < rows; ++j) {
          std::complex<double> sum = 0;
          const auto a = prepared.state(i), b = prepared.state(j);
          for (size_t z = 0; z < a.size(); ++z)
            sum += std::conj(a[z]) * b[z];
          ASSERT_NEAR(matrix[static_cast<size_t>(i * rows + j)], std::norm(sum), 1e-13);
          ASSERT_NEAR(again[static_cast<size_t>(i * rows + j)], std::norm(sum), 1e-13);
        }
    }
}

TEST(Panels, LargeStatesPassThroughBlocksAndTables) {
  const auto data = numbers(5 * 3);
  for (const auto *kernels : allKernels())
    EXPECT_LT(
        table::error(mixed(11),
                     {{data.begin(), data.begin() + 5}, {data.begin() + 5, data.begin() + 10}},
                     *kernels, 2),
        1e-12)
        << kernels->name;
}

TEST(Panels, ProductStatesNeedNoAmplitudes) {
  table::Circuit c(5);
  c.slots = 5;
  for (int i = 0; i < 5; ++i) {
    c.one("rx", i, {i});
    c.one("u", i, {0, 1, 2});
    c.one(i == 3 ? "x" : "h", i);
  }
  c.gate("cx", {0}, 3); // a relabelling
  const batch::Plan plan(c.circuit());
  ASSERT_TRUE(plan.product());
  EXPECT_FALSE(batch::Plan(mixed(4).circuit()).product());
  const int64_t rows = 60;
  const auto data = numbers(5 * rows);
  base::ThreadPool pool(2);
  for (const auto *kernels : allKernels()) {
    batch::Panels states(rows, 5, *kernels);
    batch::Panels vectors(rows, 5, *kernels, batch::Panels::Form::Vectors);
    std::vector<double> slow(rows * rows), fast(rows * rows);
    for (auto *panels : {&states, &vectors}) {
      batch::prepare(
          pool, plan,
          [&](int64_t row, double *slots) { std::copy_n(data.data() + 5 * row, 5, slots); },
          *panels);
      batch::gram(pool, *panels, (panels == &states ? slow : fast).data(), rows);
    }
    for (size_t i = 0; i < slow.size(); ++i)
      ASSERT_NEAR(slow[i], fast[i], 1e-14) << kernels->name;
  }
}

TEST(Panels, PlansOfManyQubitsTakeNoMemory) {
  table::Circuit product(50), entangled(50);
  for (int i = 0; i < 50; ++i) {
    product.one("h", i);
    entangled.one("h", i);
    entangled.gate("cry", {i}, (i + 1) % 50, -1, {0});
  }
  entangled.slots = 1;
  EXPECT_TRUE(batch::Plan(product.circuit()).product());
  EXPECT_FALSE(batch::Plan(entangled.circuit()).product());
}
