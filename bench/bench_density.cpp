// SPDX-License-Identifier: Apache-2.0
// Density matrices: ten layers of a random gate on each qubit and CZ on neighbours, with 1 %
// depolarising on each touched qubit after every gate.
// Out: milliseconds from the gate list to the state (folding included), medians of five.
#include "bench/machine.h"
#include "runtime/density/state.h"

#include <random>

using namespace qdo;

static void depolarisedLayers(benchmark::State &bench) {
  const int qubits = static_cast<int>(bench.range(0));
  base::ThreadPool pool(static_cast<int>(bench.range(1)));
  density::State state(qubits);
  for (auto _ : bench) {
    std::mt19937_64 engine(1234);
    std::uniform_real_distribution<double> angle(0, 6.28);
    const density::Map1 noise = density::depolarising(0.01);
    density::Maps maps(qubits);
    for (int d = 0; d < 10; ++d) {
      for (int q = 0; q < qubits; ++q) {
        const double a = angle(engine), b = angle(engine), c = angle(engine);
        maps.gate({machine::gate("u"), false, 0, q, -1, {a, b, c}});
        maps.map(q, noise);
      }
      for (int q = 0; q + 1 < qubits; ++q) {
        maps.gate({machine::gate("cz"), false, uint64_t{1} << q, q + 1, -1, {}});
        maps.map(q, noise);
        maps.map(q + 1, noise);
      }
    }
    density::run(pool, maps, state);
  }
}

static void sizes(benchmark::internal::Benchmark *bench) {
  for (int qubits : {8, 10, 12})
    for (int threads : {1, 2})
      bench->Args({qubits, threads});
  machine::medians(bench);
}
BENCHMARK(depolarisedLayers)->Apply(sizes);
