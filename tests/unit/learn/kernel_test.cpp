// SPDX-License-Identifier: Apache-2.0
// Kernel values: exact ones against pairs of states, sampled ones against what they cost.
#include "runtime/base/philox.h"
#include "runtime/estimate/policy.h"
#include "runtime/learn/measure.h"
#include "runtime/sim/observable.h"
#include "tests/unit/data/run.h"
#include "tests/unit/learn/circuits.h"

#include <Eigen/Dense>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

using namespace qdo;
using estimate::Policy;
using learn::Kernel;
using learn::RowId;

namespace {

constexpr int qubits = 4;
constexpr std::array<double, qubits> blank{};
const sim::RowCircuit encoding{test::tabled<test::iqp<qubits, 2>>(qubits, "e", 77), blank, 0,
                               qubits};

std::vector<std::vector<double>> points(size_t count, uint64_t seed = 5) {
  std::vector<std::vector<double>> rows;
  for (size_t i = 0; i < count; ++i) {
    base::RandomStream random(seed, i);
    rows.emplace_back();
    for (int c = 0; c < qubits; ++c)
      rows.back().push_back(3 * random.uniform() - 1.5);
  }
  return rows;
}

/// A run with a fidelity kernel, some rows and a policy.
struct Bench {
  explicit Bench(size_t count, Policy::Mode mode = Policy::Mode::Exact, int threads = 1,
                 uint64_t seed = 1)
      : run(seed, threads), kernel(learn::fidelityKernel(run.ctx, "k", encoding)),
        policy(run.ctx.make<Policy>(mode, "p")), rows(points(count)) {
    policy->low = 200;
    run.ctx.part<estimate::Policies>().push(policy);
    for (const auto &row : rows)
      ids.push_back(*kernel->intern(run.ctx, 0, row));
  }
  std::vector<double> gram() { return *learn::gramMatrix(run.ctx, 0, *kernel, ids); }

  test::Run run;
  Kernel *kernel;
  Policy *policy;
  std::vector<std::vector<double>> rows;
  std::vector<RowId> ids;
};

} // namespace

TEST(Kernel, GramEqualsPairwiseFidelities) {
  Bench bench(9);
  std::vector<double> gram = bench.gram();
  for (size_t i = 0; i < 9; ++i)
    for (size_t j = 0; j < 9; ++j) {
      auto leaf = [&](size_t k) {
        return sim::makeLeaf(bench.run.ctx, encoding.circuit, bench.rows[k]);
      };
      EXPECT_NEAR(gram[i * 9 + j], sim::exactFidelity(bench.run.ctx, 0, *leaf(i), *leaf(j)), 1e-14);
    }
}

TEST(Kernel, LargeStatesAreMultipliedInPanelsToo) {
  constexpr int large = 17;
  constexpr std::array<double, large> data{};
  const qdo_circuit *circuit = test::tabled<test::iqp<large, 1>>(large, "large");
  test::Run run;
  Kernel *kernel = learn::fidelityKernel(run.ctx, "k", {circuit, data, 0, large});
  std::vector<RowId> ids;
  std::vector<sim::Recipe *> recipes;
  for (int row = 0; row < 3; ++row) {
    std::vector<double> x;
    for (int i = 0; i < large; ++i)
      x.push_back(0.05 * std::sin(row + 3 * i));
    ids.push_back(*kernel->intern(run.ctx, 0, x));
    recipes.push_back(sim::makeLeaf(run.ctx, circuit, x));
  }
  ASSERT_TRUE(kernel->prepare(run.ctx, 0, ids, ids));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < i; ++j)
      EXPECT_NEAR(kernel->exact(ids[i], ids[j]),
                  sim::exactFidelity(run.ctx, 0, *recipes[i], *recipes[j]), 1e-13);
}

RC_GTEST_PROP(Kernel, ExactGramIsSymmetricAndPositive, ()) {
  auto count = *rc::gen::inRange<size_t>(1, 40);
  Bench bench(count);
  std::vector<double> gram = bench.gram();
  Eigen::Map<Eigen::MatrixXd> matrix(gram.data(), static_cast<Eigen::Index>(count),
                                     static_cast<Eigen::Index>(count));
  RC_ASSERT(matrix == matrix.transpose());
  RC_ASSERT(matrix.diagonal() == Eigen::VectorXd::Ones(matrix.rows()));
  RC_ASSERT(Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix).eigenvalues()[0] > -1e-12);
}

TEST(Kernel, NewRowsExtendTheGram) {
  Bench whole(100), growing(100);
  std::vector<RowId> all = growing.ids;
  growing.ids.resize(70);
  growing.gram();
  growing.ids = all;
  std::vector<double> a = whole.gram(), b = growing.gram();
  for (size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a[i], b[i], 1e-14);
}

TEST(Kernel, ValuesDoNotDependOnThreads) {
  EXPECT_EQ(Bench(150, Policy::Mode::Exact, 1).gram(), Bench(150, Policy::Mode::Exact, 4).gram());
  EXPECT_EQ(Bench(40, Policy::Mode::Fixed, 1).gram(), Bench(40, Policy::Mode::Fixed, 4).gram());
}

TEST(Kernel, LargeSetsAreWorkedThroughInGroups) {
  Bench whole(100), tight(100);
  tight.kernel->stateBudget = 16 * (16 << qubits); // sixteen states at a time
  std::vector<double> a = whole.gram(), b = tight.gram();
  for (size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(a[i], b[i], 1e-14);
}

TEST(Kernel, ProspectsChangeNoValue) {
  Bench alone(60), ahead(60);
  std::span<const RowId> references(alone.ids.data(), 10);
  for (const auto &row : ahead.rows)
    ahead.run.ctx.part<learn::Prospects>().rows.emplace_back(row);
  for (size_t i = 10; i < 60; ++i) {
    std::span<const RowId> point(&alone.ids[i], 1);
    auto a = learn::kernelRows(alone.run.ctx, 0, *alone.kernel, point, references, {});
    auto b = learn::kernelRows(ahead.run.ctx, 0, *ahead.kernel, point, references, {});
    for (size_t j = 0; j < 10; ++j)
      EXPECT_NEAR((*a)[j], (*b)[j], 1e-14);
  }
}

TEST(Kernel, EqualKernelsAndEqualRowsAreOne) {
  Bench bench(3);
  EXPECT_EQ(bench.kernel, learn::fidelityKernel(bench.run.ctx, "again", encoding));
  EXPECT_EQ(bench.kernel->intern(bench.run.ctx, 0, bench.rows[1]), bench.ids[1]);
  EXPECT_EQ(learn::rbfKernel(bench.run.ctx, 0, 2), learn::rbfKernel(bench.run.ctx, 0, 2));
}

TEST(Kernel, RefusesRowsThatDoNotFit) {
  Bench bench(1);
  EXPECT_FALSE(bench.kernel->intern(bench.run.ctx, 4, std::vector<double>{1, 2, 3}));
  EXPECT_EQ(bench.run.failure().message,
            "the length of a row for the kernel `k` is 3, it must be 4");
  Bench other(1);
  EXPECT_FALSE(other.kernel->intern(other.run.ctx, 4, std::vector<double>{1, 2, NAN, 0}));
  EXPECT_EQ(other.run.failed(), "BadValue");
  Bench third(1);
  EXPECT_EQ(learn::rbfKernel(third.run.ctx, 0, 0), nullptr);
}

TEST(Kernel, SaysWhatAMatrixNeedsBeforeItTakesIt) {
  Bench bench(1);
  const std::vector<RowId> many(8'000'000, bench.ids[0]);
  EXPECT_FALSE(learn::gramMatrix(bench.run.ctx, 3, *bench.kernel, many));
  EXPECT_EQ(bench.run.failed(), "OutOfMemory");
  EXPECT_EQ(bench.run.failure().message.find("kernel values of 8000000 rows of "), 0u);
}

TEST(Kernel, RbfIsClassical) {
  test::Run run;
  Kernel *kernel = learn::rbfKernel(run.ctx, 0, 0.5);
  RowId a = *kernel->intern(run.ctx, 0, std::vector<double>{1, 2});
  RowId b = *kernel->intern(run.ctx, 0, std::vector<double>{2, 4});
  EXPECT_DOUBLE_EQ(kernel->exact(a, b), std::exp(-2.5));
  // No policy is in force: nothing has to be paid.
  EXPECT_DOUBLE_EQ((*learn::gramMatrix(run.ctx, 0, *kernel, std::vector{a, b}))[1], std::exp(-2.5));
  RowId shorter = *kernel->intern(run.ctx, 0, std::vector<double>{1});
  EXPECT_FALSE(learn::gramMatrix(run.ctx, 0, *kernel, std::vector{a, shorter}));
  EXPECT_EQ(run.failed(), "BadValue");
}

TEST(Kernel, EachPairIsPaidOnce) {
  Bench bench(12, Policy::Mode::Fixed);
  std::vector<double> first = bench.gram();
  EXPECT_EQ(bench.run.ctx.spent.shots, 200 * 12 * 11 / 2);
  EXPECT_EQ(first, bench.gram());
  EXPECT_EQ(bench.run.ctx.spent.shots, 200 * 12 * 11 / 2);
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_EQ(first[i * 12 + i], 1);
    for (size_t j = 0; j < 12; ++j)
      EXPECT_EQ(first[i * 12 + j], first[j * 12 + i]);
  }
  // Rows with the same content are one: the pair is certain and free.
  bench.ids = {bench.ids[0], *bench.kernel->intern(bench.run.ctx, 0, bench.rows[0])};
  EXPECT_EQ(bench.gram(), (std::vector<double>{1, 1, 1, 1}));
}

TEST(Kernel, AnEstimateIsTheEntryOfTheGram) {
  Bench bench(4, Policy::Mode::Fixed);
  std::vector<double> gram = bench.gram();
  int64_t spent = bench.run.ctx.spent.shots;
  auto *estimate =
      learn::kernelEstimate(bench.run.ctx, 0, *bench.kernel, bench.ids[3], bench.ids[1]);
  EXPECT_EQ(estimate->value, gram[1 * 4 + 3]);
  EXPECT_EQ(estimate->shots, 200);
  EXPECT_EQ(bench.run.ctx.spent.shots, spent);
  auto *certain =
      learn::kernelEstimate(bench.run.ctx, 0, *bench.kernel, bench.ids[2], bench.ids[2]);
  EXPECT_EQ(certain->value, 1);
  EXPECT_EQ(certain->standardError, 0);
  EXPECT_EQ(certain->shots, 0);
}

TEST(Kernel, MeasuringNeedsAPolicy) {
  test::Run run;
  Kernel *kernel = learn::fidelityKernel(run.ctx, "k", encoding);
  std::vector<RowId> ids;
  for (const auto &row : points(2))
    ids.push_back(*kernel->intern(run.ctx, 0, row));
  EXPECT_FALSE(learn::gramMatrix(run.ctx, 3, *kernel, ids));
  EXPECT_NE(run.failed(), "");
}
