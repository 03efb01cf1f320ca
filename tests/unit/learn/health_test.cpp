// SPDX-License-Identifier: Apache-2.0
// What a Gram matrix says of a kernel: alignment, geometric difference, concentration; each beside
// its definition, computed in another way.
#include "runtime/estimate/policy.h"
#include "runtime/learn/concentration.h"
#include "runtime/learn/geometry.h"
#include "runtime/learn/health.h"
#include "tests/unit/data/run.h"
#include "tests/unit/learn/circuits.h"

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include <cmath>

using namespace qdo;
using estimate::Policy;

namespace {

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr int qubits = 3;
constexpr std::array<double, qubits> blank{};

struct Lab {
  explicit Lab(int64_t shots, int64_t count = 12, uint64_t seed = 1)
      : run(seed), kernel(learn::fidelityKernel(
                       run.ctx, "k",
                       {test::tabled<test::iqp<qubits, 1>>(qubits, "h", 78), blank, 0, qubits})) {
    auto *policy = run.ctx.make<Policy>(shots ? Policy::Mode::Fixed : Policy::Mode::Exact, "p");
    policy->low = shots;
    run.ctx.part<estimate::Policies>().push(policy);
    std::vector<double> numbers;
    for (int64_t i = 0; i < count * qubits; ++i)
      numbers.push_back(1.4 * std::sin(1.9 * static_cast<double>(i) + 0.2));
    rows = run.ctx.make<base::Array>(count, qubits, std::move(numbers));
  }
  /// exp(-gamma |a - b|^2), by hand.
  Dense gaussian(double gamma) const {
    Dense k(rows->rows, rows->rows);
    for (int64_t i = 0; i < rows->rows; ++i)
      for (int64_t j = 0; j < rows->rows; ++j) {
        double square = 0;
        for (size_t c = 0; c < qubits; ++c)
          square += std::pow(rows->row(i)[c] - rows->row(j)[c], 2);
        k(i, j) = std::exp(-gamma * square);
      }
    return k;
  }

  test::Run run;
  learn::Kernel *kernel;
  base::Array *rows = nullptr;
};

Dense numbersIn(const base::Array &array) {
  return Eigen::Map<const Dense>(array.data, array.rows, array.columns);
}

/// Positive semidefinite, with trace N.
Dense scaled(const Dense &m) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{Eigen::MatrixXd(m)};
  const Dense positive = solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).asDiagonal() *
                         solver.eigenvectors().transpose();
  return positive * (static_cast<double>(m.rows()) / positive.trace());
}

Dense root(const Dense &m) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{Eigen::MatrixXd(m)};
  return solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal() *
         solver.eigenvectors().transpose();
}

double largest(const Dense &m) { return m.jacobiSvd().singularValues()(0); }

/// The definition with inverses and singular values.
double defined(const Dense &quantum, const Dense &classical) {
  const Dense q = scaled(quantum), c = scaled(classical),
              identity = Dense::Identity(q.rows(), q.rows());
  for (double lambda : {1.0, 0.5, 0.25, 0.1, 0.05, 0.025, 0.01, 1e-3, 1e-4, 1e-5, 1e-6}) {
    const Dense inverse = (c + lambda * identity).inverse();
    const double training = lambda * largest(inverse * root(q));
    if (training <= 0.045 || lambda == 1e-6)
      return largest(inverse * root(c) * root(q));
  }
  return 0;
}

} // namespace

TEST(GeometricDifference, IsItsDefinition) {
  for (int64_t shots : {0, 20})
    for (double gamma : {0.3, 1.0, 10.0}) {
      Lab lab(shots);
      learn::Kernel &classical = *learn::rbfKernel(lab.run.ctx, 0, gamma);
      base::Array *values = nullptr;
      double g = 0;
      if (shots == 0) {
        values = learn::exactGram(lab.run.ctx, 0, *lab.kernel, *lab.rows, *lab.rows);
        g = learn::geometricDifference(lab.run.ctx, 0, *values, classical);
      } else {
        auto *list = learn::measuredGram(lab.run.ctx, 0, *lab.kernel, *lab.rows, *lab.rows);
        values = learn::numbersOf(lab.run.ctx, 0, *list, true, 0);
        g = learn::geometricDifference(lab.run.ctx, 0, *list, classical)->value;
        // Shot noise has made it indefinite, or this would test nothing more.
        const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver{
            Eigen::MatrixXd(numbersIn(*values))};
        EXPECT_LT(solver.eigenvalues().minCoeff(), -0.01);
      }
      EXPECT_NEAR(g, defined(numbersIn(*values), lab.gaussian(gamma)), 1e-6 * g)
          << gamma << " with " << shots << " shots";
      EXPECT_TRUE(lab.run.ctx.ok());
    }
}

TEST(GeometricDifference, OfAKernelToItselfIsAtMostOne) {
  Lab lab(0);
  learn::Kernel &classical = *learn::rbfKernel(lab.run.ctx, 0, 2);
  auto *matrix = learn::exactGram(lab.run.ctx, 0, classical, *lab.rows, *lab.rows);
  const double g = learn::geometricDifference(lab.run.ctx, 0, *matrix, classical);
  EXPECT_GT(g, 0.9); // lambda is small beside these eigenvalues
  EXPECT_LE(g, 1);
}

TEST(MeasuredMatrix, IntervalsHoldTheTrueNumbers) {
  Lab truth(0);
  const auto *exact = learn::exactGram(truth.run.ctx, 0, *truth.kernel, *truth.rows, *truth.rows);
  const double least = learn::leastEigenvalueOf(truth.run.ctx, 0, *exact);
  for (int64_t shots : {20, 500})
    for (double gamma : {0.3, 3.0}) {
      const double difference = learn::geometricDifference(
          truth.run.ctx, 0, *exact, *learn::rbfKernel(truth.run.ctx, 0, gamma));
      int held = 0, heldDifference = 0;
      constexpr int seeds = 200;
      for (uint64_t seed = 0; seed < seeds; ++seed) {
        Lab lab(shots, 12, seed);
        const auto *list = learn::measuredGram(lab.run.ctx, 0, *lab.kernel, *lab.rows, *lab.rows);
        const auto *e = learn::leastEigenvalueOf(lab.run.ctx, 0, *list);
        held += e->low <= least && least <= e->high;
        EXPECT_EQ(e->shots, 66 * shots); // every pair once
        const auto *g = learn::geometricDifference(lab.run.ctx, 0, *list,
                                                   *learn::rbfKernel(lab.run.ctx, 0, gamma));
        heldDifference += g->low <= difference && difference <= g->high;
        EXPECT_LE(g->low, g->value);
        EXPECT_GE(g->high, g->value);
        EXPECT_GT(g->standardError, 0);
      }
      EXPECT_GE(held, 184) << shots; // 95 % less two standard errors
      EXPECT_GE(heldDifference, 184) << shots << " " << gamma;
    }
}

TEST(MeasuredMatrix, NoiseMovesTheLeastEigenvalueFurtherThanItsError) {
  constexpr int64_t many = 60;
  Lab truth(0, many);
  const double least = learn::leastEigenvalueOf(
      truth.run.ctx, 0,
      *learn::exactGram(truth.run.ctx, 0, *truth.kernel, *truth.rows, *truth.rows));
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Lab lab(50, many, seed);
    const auto *e = learn::leastEigenvalueOf(
        lab.run.ctx, 0, *learn::measuredGram(lab.run.ctx, 0, *lab.kernel, *lab.rows, *lab.rows));
    EXPECT_LT(e->value + 3 * e->standardError, least);
    EXPECT_LE(e->low, least);
    EXPECT_GE(e->high, least);
  }
}

TEST(MeasuredMatrix, SlopesAreThoseOfTheDefinition) {
  // The standard error at many shots is the spread of the value.
  double sum = 0, squares = 0, claimed = 0;
  constexpr int seeds = 200;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    Lab lab(100'000, 6, seed);
    const auto *list = learn::measuredGram(lab.run.ctx, 0, *lab.kernel, *lab.rows, *lab.rows);
    const auto *g =
        learn::geometricDifference(lab.run.ctx, 0, *list, *learn::rbfKernel(lab.run.ctx, 0, 1));
    sum += g->value;
    squares += g->value * g->value;
    claimed += g->standardError / seeds;
  }
  const double spread = std::sqrt(squares / seeds - std::pow(sum / seeds, 2));
  EXPECT_NEAR(claimed / spread, 1, 0.2);
}

TEST(GeometricDifference, NeedsTheRowsOfTheMatrix) {
  Lab lab(0);
  auto *made = lab.run.ctx.make<base::Array>(2, 2, std::vector<double>{1, 0, 0, 1});
  EXPECT_EQ(learn::geometricDifference(lab.run.ctx, 0, *made, *learn::rbfKernel(lab.run.ctx, 0, 1)),
            0);
  EXPECT_EQ(lab.run.failed(), "BadValue");
}

TEST(Alignment, OfMatricesIsTheirCosine) {
  base::Context ctx(qdo_options{});
  auto *a = ctx.make<base::Array>(2, 2, std::vector<double>{1, 0.6, 0.6, 1});
  auto *b = ctx.make<base::Array>(2, 2, std::vector<double>{1, -1, -1, 1});
  // (2 - 1.2) / (sqrt(2.72) 2)
  EXPECT_NEAR(learn::alignmentOf(ctx, 0, *a, *b), 0.24253562503633297, 1e-15);
  EXPECT_NEAR(learn::alignmentOf(ctx, 0, *a, *a), 1, 1e-15);
}

TEST(Concentration, IsSaidOnceWhenShotsAreTooFew) {
  Lab known(0);
  auto ids = *learn::internMatrix(known.run.ctx, 0, *known.kernel, *known.rows);
  ASSERT_TRUE(known.kernel->prepare(known.run.ctx, 0, ids, ids));
  const learn::Spread spread = learn::spreadOf(*known.kernel, ids);
  double sum = 0, squares = 0, noise = 0, count = 0;
  for (size_t i = 0; i < ids.size(); ++i)
    for (size_t j = 0; j < i; ++j, ++count) {
      const double value = known.kernel->exact(ids[i], ids[j]);
      sum += value;
      squares += value * value;
      noise += value * (1 - value);
    }
  const double mean = sum / count, variance = (squares - count * mean * mean) / (count - 1);
  EXPECT_NEAR(spread.mean, mean, 1e-12);
  EXPECT_NEAR(spread.deviation, std::sqrt(variance), 1e-12);
  EXPECT_NEAR(spread.shotsNeeded, noise / count / variance, 1e-9);
  ASSERT_GT(spread.shotsNeeded, 1);

  const auto enough = static_cast<int64_t>(std::ceil(spread.shotsNeeded));
  for (auto [shots, warnings] : {std::pair{enough - 1, 1}, {enough, 0}}) {
    Lab lab(shots);
    for (int again = 0; again < 2; ++again)
      ASSERT_TRUE(learn::measuredGram(lab.run.ctx, 0, *lab.kernel, *lab.rows, *lab.rows));
    EXPECT_EQ(std::ssize(lab.run.warnings), warnings) << shots << " shots";
  }
}
