// SPDX-License-Identifier: Apache-2.0
// Noisy circuits in the Pauli basis against dense density matrices and Kraus operators.
#include "runtime/density/state.h"
#include "tests/unit/sweep/random_gates.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace qdo;
using dense::Matrix;

static Matrix kraus(std::complex<double> a, std::complex<double> b, std::complex<double> c,
                    std::complex<double> d) {
  Matrix m(2, 2);
  m << a, b, c, d;
  return m;
}

/// The channels from their Kraus operators.
static std::vector<Matrix> krausOf(int channel, double p) {
  switch (channel) {
  case 0:
    return {std::sqrt(1 - p) * dense::pauli('I'), std::sqrt(p / 3) * dense::pauli('X'),
            std::sqrt(p / 3) * dense::pauli('Y'), std::sqrt(p / 3) * dense::pauli('Z')};
  case 1:
    return {kraus(1, 0, 0, std::sqrt(1 - p)), kraus(0, std::sqrt(p), 0, 0)};
  default:
    return {kraus(1, 0, 0, std::sqrt(1 - p)), kraus(0, 0, 0, std::sqrt(p))};
  }
}

static density::Map1 mapOf(int channel, double p) {
  return channel == 0   ? density::depolarising(p)
         : channel == 1 ? density::amplitudeDamping(p)
                        : density::phaseDamping(p);
}

static Matrix unitaryOf(const gates::GateCall &call, int qubits) {
  Matrix u =
      dense::gate(std::string(gates::all()[static_cast<size_t>(call.gate)].name), call.angles);
  if (call.inverse)
    u = Matrix(u.adjoint());
  std::vector<int> controls, targets{call.target0};
  for (int q = 0; q < qubits; ++q)
    if (call.controls >> q & 1)
      controls.push_back(q);
  if (call.target1 >= 0)
    targets.push_back(call.target1);
  return dense::embed(u, controls, targets, qubits);
}

static void expectSame(const density::State &state, const Matrix &rho, const char *what) {
  static constexpr char letters[] = "IXYZ";
  const int qubits = state.qubits();
  for (size_t index = 0; index < state.coefficients().size(); ++index) {
    std::string string;
    for (int q = 0; q < qubits; ++q)
      string += letters[index >> 2 * q & 3];
    const double expected = (rho * dense::pauliString(string)).trace().real();
    ASSERT_NEAR(state.coefficients()[index], expected, 1e-12) << string << ", " << what;
  }
  const auto outcomes = density::probabilities(state);
  for (Eigen::Index k = 0; k < rho.rows(); ++k)
    ASSERT_NEAR(outcomes[static_cast<size_t>(k)], rho(k, k).real(), 1e-12);
  ASSERT_NEAR(density::overlap(state, state), (rho * rho).trace().real(), 1e-12);
}

TEST(Density, RandomNoisyCircuitsEqualKrausOperators) {
  std::mt19937_64 engine(31);
  std::uniform_real_distribution<double> share(0, 0.5);
  base::ThreadPool pool(1);
  for (int qubits = 1; qubits <= 5; ++qubits)
    for (int round = 0; round < 6; ++round) {
      density::Maps maps(qubits);
      Matrix rho = Matrix::Zero(1 << qubits, 1 << qubits);
      rho(0, 0) = 1;
      for (const auto &call : random_gates::circuit(qubits, 25, qubits > 4 ? 1 : 2, engine)) {
        maps.gate(call);
        const Matrix u = unitaryOf(call, qubits);
        rho = Matrix(u * rho * u.adjoint());
        if (round % 2 == 0)
          continue;
        const int channel = static_cast<int>(engine() % 3);
        const double p = share(engine);
        const int qubit = call.target0;
        maps.map(qubit, mapOf(channel, p));
        Matrix sum = Matrix::Zero(rho.rows(), rho.cols());
        for (const Matrix &k : krausOf(channel, p)) {
          const Matrix whole = dense::embed(k, {}, {qubit}, qubits);
          sum += whole * rho * whole.adjoint();
        }
        rho = sum;
      }
      density::State state(qubits);
      density::run(pool, maps, state);
      expectSame(state, rho, round % 2 ? "noisy" : "unitary");
    }
}

TEST(Density, AnyMapOfTwoQubits) {
  constexpr int qubits = 4;
  std::mt19937_64 engine(32);
  std::normal_distribution<double> normal;
  base::ThreadPool pool(1);
  for (auto [first, second] : {std::pair{0, 1}, {1, 0}, {3, 1}, {2, 3}, {0, 3}, {3, 0}}) {
    density::Map2 map;
    for (double &x : map)
      x = normal(engine);
    density::State state(qubits);
    for (double &x : state.coefficients())
      x = normal(engine);
    std::vector<double> expected(state.coefficients().size());
    for (size_t i = 0; i < expected.size(); ++i)
      for (size_t k = 0; k < 16; ++k) {
        const size_t row = (i >> 2 * first & 3) | (i >> 2 * second & 3) << 2;
        const size_t from = (i & ~(size_t{3} << 2 * first) & ~(size_t{3} << 2 * second)) |
                            (k & 3) << 2 * first | (k >> 2) << 2 * second;
        expected[i] += map[row * 16 + k] * state.coefficients()[from];
      }
    density::Maps maps(qubits);
    maps.map(first, second, map);
    density::run(pool, maps, state);
    for (size_t i = 0; i < expected.size(); ++i)
      ASSERT_NEAR(state.coefficients()[i], expected[i], 1e-12) << first << " " << second;
  }
}

/// Tiles of several kinds: against the state vector, and for other numbers of threads.
TEST(Density, LargerPureStates) {
  std::mt19937_64 engine(33);
  for (int qubits : {6, 8, 9}) {
    const auto calls = random_gates::circuit(qubits, 60, 0, engine);
    random_gates::State psi(size_t{1} << qubits);
    psi[0] = 1;
    density::Maps maps(qubits);
    for (const auto &call : calls) {
      random_gates::apply(psi, call);
      maps.gate(call);
    }
    density::State one(qubits), two(qubits);
    base::ThreadPool alone(1), both(2);
    density::run(alone, maps, one);
    density::run(both, maps, two);
    ASSERT_EQ(std::memcmp(one.coefficients().data(), two.coefficients().data(),
                          one.coefficients().size_bytes()),
              0);
    EXPECT_NEAR(density::overlap(one, two), 1, 1e-12);
    const auto outcomes = density::probabilities(one);
    for (size_t k = 0; k < psi.size(); ++k)
      ASSERT_NEAR(outcomes[k], std::norm(psi[k]), 1e-12);
    for (int round = 0; round < 20; ++round) {
      const uint64_t x = engine() & (psi.size() - 1), z = engine() & (psi.size() - 1);
      std::complex<double> sum = 0;
      for (uint64_t k = 0; k < psi.size(); ++k) {
        std::complex<double> factor = std::popcount(k & z) % 2 ? -1 : 1;
        for (int y = 0; y < std::popcount(x & z); ++y)
          factor *= std::complex<double>(0, 1);
        sum += std::conj(psi[k ^ x]) * factor * psi[k];
      }
      ASSERT_NEAR(density::expectPauli(one, x, z), sum.real(), 1e-12);
    }
  }
}

TEST(Density, InstructionSetsAgree) {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    GTEST_SKIP() << "this machine has no AVX2";
#else
  GTEST_SKIP() << "one instruction set";
#endif
  std::mt19937_64 engine(34);
  std::uniform_real_distribution<double> share(0, 0.2);
  base::ThreadPool pool(1);
  double worst = 0;
  for (int qubits : {1, 2, 3, 5, 8}) {
    density::Maps maps(qubits);
    for (const auto &call : random_gates::circuit(qubits, 80, qubits > 4 ? 1 : 2, engine)) {
      maps.gate(call);
      maps.map(call.target0, mapOf(static_cast<int>(engine() % 3), share(engine)));
    }
    density::State wide(qubits), plain(qubits);
    density::run(pool, maps, wide, {}, true);
    density::run(pool, maps, plain, {}, false);
    for (size_t i = 0; i < wide.coefficients().size(); ++i)
      worst = std::max(worst, std::fabs(wide.coefficients()[i] - plain.coefficients()[i]));
  }
  EXPECT_LE(worst, 1e-13);
  EXPECT_GT(worst, 0); // they are two: one fuses its products and sums
}

TEST(Density, NoiseIsFoldedIntoGates) {
  density::Maps maps(2);
  const auto row = [](std::string_view name) {
    for (size_t i = 0; i < gates::all().size(); ++i)
      if (gates::all()[i].name == name)
        return static_cast<int>(i);
    return -1;
  };
  maps.gate({row("ry"), false, 0, 0, -1, {0.3}});
  maps.map(0, density::depolarising(0.01));
  maps.gate({row("cz"), false, 1, 1, -1, {}});
  maps.map(0, density::depolarising(0.01));
  maps.map(1, density::depolarising(0.01));
  EXPECT_EQ(maps.list().size(), 2u);
}
