// SPDX-License-Identifier: Apache-2.0
// Whole circuits through sweeps: against the gates' definitions, the gate-by-gate simulator, other
// numbers of threads and other instruction sets.
#include "runtime/sim/state.h"
#include "runtime/sweep/run.h"
#include "tests/unit/sweep/random_gates.h"

#include <gtest/gtest.h>

#include <cstring>

using namespace qdo;
using random_gates::State;

static const sweep::Isa isas[] = {sweep::Isa::Baseline, sweep::Isa::Avx2, sweep::Isa::Avx512};

template <class T>
static std::vector<std::complex<T>> swept(const std::vector<gates::GateCall> &calls,
                                          const State &start, int qubits, sweep::Isa isa,
                                          int threads) {
  std::vector<std::complex<T>> state(start.begin(), start.end());
  base::ThreadPool pool(threads);
  sweep::run<T>(pool, calls, state.data(), qubits, {.isa = isa});
  return state;
}

TEST(Sweep, EqualsTheDefinitionsOfTheGates) {
  std::mt19937_64 engine(11);
  for (int qubits = 1; qubits <= 10; ++qubits)
    for (int round = 0; round < 20; ++round) {
      const auto calls = random_gates::circuit(qubits, 60, round % 3, engine);
      const State start = random_gates::randomState(qubits, engine);
      State expected = start;
      for (const auto &call : calls)
        random_gates::apply(expected, call);
      for (sweep::Isa isa : isas) {
        if (isa > sweep::bestIsa())
          continue;
        ASSERT_LT(random_gates::distance(swept<double>(calls, start, qubits, isa, 1), expected),
                  1e-12)
            << qubits << " qubits, round " << round << ", isa " << static_cast<int>(isa);
        ASSERT_LT(random_gates::distance(swept<float>(calls, start, qubits, isa, 1), expected),
                  1e-5)
            << qubits << " qubits, round " << round << ", isa " << static_cast<int>(isa);
      }
    }
}

static State gateByGate(const std::vector<gates::GateCall> &calls, State state, int qubits) {
  for (const auto &call : calls)
    sim::apply({state.data(), qubits}, call);
  return state;
}

TEST(Sweep, LargeStatesEqualGateByGate) {
  std::mt19937_64 engine(12);
  for (int qubits : {11, 12, 13, 14, 16, 17})
    for (int round = 0; round < 3; ++round) {
      const auto calls = random_gates::circuit(qubits, 150, round, engine);
      const State start = random_gates::randomState(qubits, engine);
      const State expected = gateByGate(calls, start, qubits);
      const auto one = swept<double>(calls, start, qubits, sweep::bestIsa(), 1);
      ASSERT_LT(random_gates::distance(one, expected), 1e-12) << qubits << ", round " << round;
      const auto two = swept<double>(calls, start, qubits, sweep::bestIsa(), 2);
      ASSERT_EQ(std::memcmp(one.data(), two.data(), one.size() * sizeof(one[0])), 0)
          << qubits << ", round " << round;
      for (sweep::Isa isa : isas)
        if (isa <= sweep::bestIsa())
          ASSERT_LT(random_gates::distance(swept<double>(calls, start, qubits, isa, 2), one), 1e-13)
              << qubits << ", round " << round;
      ASSERT_LT(
          random_gates::distance(swept<float>(calls, start, qubits, sweep::bestIsa(), 2), expected),
          1e-5)
          << qubits << ", round " << round;
    }
}

TEST(Sweep, FromZeroIsTheSameAsAFullState) {
  std::mt19937_64 engine(13);
  for (int qubits : {5, 14, 16, 18}) {
    const auto calls = random_gates::circuit(qubits, 80, 1, engine);
    State zero(size_t{1} << qubits);
    zero[0] = 1;
    const auto full = swept<double>(calls, zero, qubits, sweep::bestIsa(), 2);
    State sparse = zero;
    base::ThreadPool pool(2);
    sweep::run<double>(pool, calls, sparse.data(), qubits, {.fromZero = true});
    ASSERT_LT(random_gates::distance(full, sparse), 1e-15) << qubits;
  }
}

/// Layers of h, ladders of controlled phases and swaps: what a Fourier transform is made of.
TEST(Sweep, FourierTransformOfABasisState) {
  constexpr int qubits = 15;
  auto row = [](std::string_view name) {
    for (size_t i = 0; i < gates::all().size(); ++i)
      if (gates::all()[i].name == name)
        return static_cast<int>(i);
    return -1;
  };
  std::vector<gates::GateCall> calls;
  for (int j = qubits - 1; j >= 0; --j) {
    calls.push_back({row("h"), false, 0, j, -1, {}});
    for (int k = j - 1; k >= 0; --k)
      calls.push_back({row("cp"), false, uint64_t{1} << k, j, -1, {M_PI / (1 << (j - k))}});
  }
  for (int i = 0; i < qubits / 2; ++i)
    calls.push_back({row("swap"), false, 0, i, qubits - 1 - i, {}});
  const uint64_t x = 12345;
  State state(size_t{1} << qubits);
  state[x] = 1;
  const auto out = swept<double>(calls, state, qubits, sweep::bestIsa(), 2);
  const double size = 1 << qubits;
  for (uint64_t k = 0; k < out.size(); ++k) {
    const double turns = static_cast<double>(x * k % out.size()) / size;
    ASSERT_LT(std::abs(out[k] - std::polar(1 / std::sqrt(size), 2 * M_PI * turns)), 1e-14) << k;
  }
}

TEST(Sweep, StopsWhenAsked) {
  std::mt19937_64 engine(14);
  constexpr int qubits = 16;
  const auto calls = random_gates::circuit(qubits, 2000, 0, engine);
  State state(size_t{1} << qubits);
  state[0] = 1;
  base::ThreadPool pool(2);
  std::atomic<int> asked = 0;
  sweep::run<double>(pool, calls, state.data(), qubits,
                     {.stop = [&] { return asked.fetch_add(1) >= 3; }});
  EXPECT_LE(asked, 8);
}
