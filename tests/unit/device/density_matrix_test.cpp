// SPDX-License-Identifier: Apache-2.0
// The density-matrix device against dense matrices and Kraus operators.
#include "runtime/device/density_matrix.h"
#include "runtime/sim/ideal.h"
#include "tests/unit/device/joint_mean.h"
#include "tests/unit/device/noisy_reference.h"

#include <gtest/gtest.h>

using namespace qdo;
using device::DensityMatrix;
using noisy::Matrix;
using sim::PauliString;

static std::string lettersOf(const PauliString &string, int qubits) {
  std::string letters;
  for (int q = 0; q < qubits; ++q) {
    const bool x = string.x >> q & 1, z = string.z >> q & 1;
    letters += x ? (z ? 'Y' : 'X') : (z ? 'Z' : 'I');
  }
  return letters;
}

/// The basis change that makes a letter a bit, then the mean of the signs that are read.
static double readMean(const Matrix &rho, const PauliString &string, int qubits,
                       const noise::Readout &readout) {
  Matrix turned = rho;
  const std::complex<double> i(0, 1);
  const double r = std::sqrt(0.5);
  for (int q = 0; q < qubits; ++q) {
    if (!(string.x >> q & 1))
      continue;
    const Matrix u = string.z >> q & 1 ? noisy::one(r, -i * r, r, i * r) : noisy::one(r, r, r, -r);
    const Matrix whole = dense::embed(u, {}, {q}, qubits);
    turned = Matrix(whole * turned * whole.adjoint());
  }
  const auto outcomes = noisy::read(turned, readout);
  double mean = 0;
  for (size_t k = 0; k < outcomes.size(); ++k)
    mean += (std::popcount(k & (string.x | string.z)) % 2 ? -1 : 1) * outcomes[k];
  return mean;
}

TEST(DensityMatrix, RandomNoisyCircuitsEqualKrausOperators) {
  base::Context ctx(qdo_options{});
  const noisy::Numbers numbers;
  const noise::Noise &noise = *noisy::noiseOf(ctx, numbers);
  std::mt19937_64 engine(51);
  for (int qubits = 1; qubits <= 4; ++qubits)
    for (int round = 0; round < 3; ++round) {
      DensityMatrix device("dm", qubits, &noise);
      const auto calls = random_gates::circuit(qubits, 12, 0, engine);
      const auto *recipe = noisy::recipeOf(ctx, calls, qubits);
      const Matrix rho = noisy::evolved(calls, qubits, noise, numbers).rho;

      const auto outcomes = device.probabilities(ctx, 0, *recipe);
      ASSERT_TRUE(outcomes);
      const auto expected = noisy::read(rho, noise.readout);
      for (size_t k = 0; k < expected.size(); ++k)
        ASSERT_NEAR((*outcomes)[k], expected[k], 1e-13);

      std::vector<PauliString> strings;
      const uint64_t all = (uint64_t{1} << qubits) - 1;
      for (int s = 0; s < 8; ++s)
        if (PauliString string{engine() & all, engine() & all}; (string.x | string.z) != 0)
          strings.push_back(string);
      const auto means = device.means(ctx, 0, *recipe, strings);
      ASSERT_TRUE(means);
      for (size_t s = 0; s < strings.size(); ++s) {
        ASSERT_NEAR((*means)[s], readMean(rho, strings[s], qubits, noise.readout), 1e-13);
        ASSERT_NEAR(noisy::jointMean(ctx, device, *recipe, strings[s], {}), (*means)[s], 1e-13);
        const double without =
            (rho * dense::pauliString(lettersOf(strings[s], qubits))).trace().real();
        ASSERT_NEAR(noisy::jointMean(ctx, device, *recipe, strings[s], {.readout = true}), without,
                    1e-12);
      }
      for (uint64_t kept = 1; kept <= all; ++kept) {
        // Tr(rho_A^2) by tracing the others out.
        const int dim = 1 << std::popcount(kept);
        Matrix part = Matrix::Zero(dim, dim);
        auto inner = [&](uint64_t k) {
          uint64_t out = 0;
          int bit = 0;
          for (int q = 0; q < qubits; ++q)
            if (kept >> q & 1)
              out |= (k >> q & 1) << bit++;
          return static_cast<Eigen::Index>(out);
        };
        for (uint64_t a = 0; a <= all; ++a)
          for (uint64_t b = 0; b <= all; ++b)
            if ((a & ~kept) == (b & ~kept))
              part(inner(a), inner(b)) +=
                  rho(static_cast<Eigen::Index>(a), static_cast<Eigen::Index>(b));
        ASSERT_NEAR(*device.purity(ctx, 0, *recipe, kept), (part * part).trace().real(), 1e-12);
      }
    }
}

/// p, all wait, the inverse of r, read 0..0: computed as one circuit.
TEST(DensityMatrix, FidelityIsComputeUncompute) {
  base::Context ctx(qdo_options{});
  const noisy::Numbers numbers;
  const noise::Noise &noise = *noisy::noiseOf(ctx, numbers);
  std::mt19937_64 engine(52);
  constexpr int qubits = 3;
  DensityMatrix device("dm", qubits, &noise);
  for (int round = 0; round < 4; ++round) {
    auto p = random_gates::circuit(qubits, 8, 0, engine),
         r = random_gates::circuit(qubits, 8, 0, engine);
    const auto *pr = noisy::recipeOf(ctx, p, qubits), *rr = noisy::recipeOf(ctx, r, qubits);
    if (pr->hash > rr->hash)
      std::swap(p, r);
    auto reference = noisy::evolved(p, qubits, noise, numbers);
    for (auto call = r.rbegin(); call != r.rend(); ++call) {
      gates::GateCall inverse = *call;
      inverse.inverse = !inverse.inverse;
      reference.gate(inverse, numbers.p1, numbers.p2, numbers.damping, numbers.dephasing);
    }
    reference.end();
    const double expected = noisy::read(reference.rho, noise.readout)[0];
    ASSERT_NEAR(*device.fidelity(ctx, 0, *pr, *rr), expected, 1e-13);
    EXPECT_EQ(*device.fidelity(ctx, 0, *pr, *rr), *device.fidelity(ctx, 0, *rr, *pr));
    const auto coin = device.fidelityCoin(ctx, 0, *pr, *rr, {.readout = true});
    ASSERT_NEAR(coin->offset + coin->scale * coin->probability, reference.rho(0, 0).real(), 1e-12);
  }
}

TEST(DensityMatrix, WithoutNoiseItIsTheStateVector) {
  base::Context ctx(qdo_options{});
  std::mt19937_64 engine(53);
  DensityMatrix device("dm", 4, nullptr);
  sim::StateVector ideal("sv");
  EXPECT_TRUE(device.ideal());
  for (int round = 0; round < 3; ++round) {
    const auto *p = noisy::recipeOf(ctx, random_gates::circuit(4, 15, 1, engine), 4);
    const auto *r = noisy::recipeOf(ctx, random_gates::circuit(4, 15, 1, engine), 4);
    EXPECT_NEAR(*device.fidelity(ctx, 0, *p, *r), *ideal.fidelity(ctx, 0, *p, *r), 1e-12);
    for (uint64_t kept = 1; kept < 16; ++kept)
      EXPECT_NEAR(*device.purity(ctx, 0, *p, kept), *ideal.purity(ctx, 0, *p, kept), 1e-12);
    EXPECT_TRUE(device.state(ctx, 0, *p));
  }
}

/// e^(-t/T1) and e^(-t/T2).
TEST(DensityMatrix, WaitingLosesWhatTheTimesSay) {
  base::Context ctx(qdo_options{});
  auto *noise = ctx.make<noise::Noise>("lab");
  noise->t1 = 50e-6;
  noise->t2 = 30e-6;
  noise->times = {{noise::Noise::everyGate, 0.0}};
  DensityMatrix device("dm", 1, noise);
  const int x = noise::gateNamed("x"), h = noise::gateNamed("h");
  const auto *excited = noisy::recipeOf(ctx, {{x, false, 0, 0, -1, {}}}, 1);
  const auto *plus = noisy::recipeOf(ctx, {{h, false, 0, 0, -1, {}}}, 1);
  const std::vector<PauliString> z{{0, 1}}, alongX{{1, 0}};
  for (double t : {1e-6, 20e-6, 200e-6}) {
    EXPECT_NEAR((*device.means(ctx, 0, *sim::makeIdle(ctx, 0, excited, t), z))[0],
                1 - 2 * std::exp(-t / 50e-6), 1e-14);
    EXPECT_NEAR((*device.means(ctx, 0, *sim::makeIdle(ctx, 0, plus, t), alongX))[0],
                std::exp(-t / 30e-6), 1e-14);
  }
}

TEST(DensityMatrix, Limits) {
  base::Context ctx(qdo_options{});
  const noise::Noise &noise = *noisy::noiseOf(ctx, {});
  DensityMatrix device("dm", 1, &noise);
  const auto *two = noisy::recipeOf(ctx, {}, 2);
  EXPECT_FALSE(device.probabilities(ctx, 0, *two));
  EXPECT_EQ(ctx.takeFailure()->message, "`dm` has 1 qubits and this needs 2");
  const auto *one = noisy::recipeOf(ctx, {}, 1);
  EXPECT_FALSE(device.state(ctx, 0, *one));
  EXPECT_EQ(ctx.takeFailure()->kind, base::Kind::DeviceNoState);
}
