// SPDX-License-Identifier: Apache-2.0
// Density matrices: ten layers of a random gate on each qubit and CZ on neighbours, with 1 %
// depolarising on each touched qubit after every gate. Goal: within 1.5x of a program written by
// hand for them alone, whose matrices are made before its time is taken; two threads 1.3x one.
// Out: milliseconds from the gate list to the state (folding included), medians of five.
#include "bench/angles.h"
#include "bench/hand/beside.h"
#include "bench/hand/density.h"
#include "bench/machine.h"
#include "bench/turns.h"
#include "runtime/density/state.h"

#include <memory>

using namespace qdo;

static constexpr int depth = 10;
static constexpr double probability = 0.01;

static density::Maps layers(int qubits) {
  const auto angles = bench::anglesOf(qubits, depth);
  const density::Map1 noise = density::depolarising(probability);
  density::Maps maps(qubits);
  for (int d = 0; d < depth; ++d) {
    for (int q = 0; q < qubits; ++q) {
      const auto &[a, b, c] = angles[static_cast<size_t>(d * qubits + q)];
      maps.gate({machine::gate("u"), false, 0, q, -1, {a, b, c}});
      maps.map(q, noise);
    }
    for (int q = 0; q + 1 < qubits; ++q) {
      maps.gate({machine::gate("cz"), false, uint64_t{1} << q, q + 1, -1, {}});
      maps.map(q, noise);
      maps.map(q + 1, noise);
    }
  }
  return maps;
}

static void depolarisedLayers(benchmark::State &bench) {
  const int qubits = static_cast<int>(bench.range(0));
  base::ThreadPool pool(static_cast<int>(bench.range(1)));
  density::State state(qubits);
  for (auto _ : bench)
    density::run(pool, layers(qubits), state);
}

static void besideHand(benchmark::State &bench, int qubits, int threads) {
  base::ThreadPool pool(threads);
  const density::State zero(qubits);
  density::State state(qubits);
  hand::DepolarisedLayers byHand(qubits, bench::anglesOf(qubits, depth), probability);
  hand::beside(
      bench, 1.5,
      [&] {
        std::ranges::copy(zero.coefficients(), state.coefficients().begin());
        density::run(pool, layers(qubits), state);
      },
      [&] { byHand.run(pool); },
      [&] {
        return hand::near(
            std::ssize(state.coefficients()),
            [&](int64_t i) { return state.coefficients()[static_cast<size_t>(i)]; },
            [&](int64_t i) { return byHand.coefficients()[static_cast<size_t>(i)]; });
      });
}

static void sizes(benchmark::internal::Benchmark *bench) {
  for (int qubits : {8, 10, 12})
    for (int threads : {1, 2})
      bench->Args({qubits, threads});
  machine::medians(bench);
}
BENCHMARK(depolarisedLayers)->Apply(sizes);

static const bool registered = [] {
  bench::addSpeedup("density/10", 1.3, [](base::ThreadPool &pool) {
    auto state = std::make_shared<density::State>(10);
    return [state, &pool] { density::run(pool, layers(10), *state); };
  });
  for (int threads : {1, 2})
    hand::add("hand/density/10/" + std::to_string(threads) + "_threads",
              [=](benchmark::State &bench) { besideHand(bench, 10, threads); });
  return true;
}();
