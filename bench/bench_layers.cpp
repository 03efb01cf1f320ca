// SPDX-License-Identifier: Apache-2.0
// Random layers on large states: 20 times RZ RY RZ on every qubit, then CZ on neighbours; and
// circuits of random structure beside them.
// Out: seconds from the gate list to the state (planning included), medians of five.
#include "bench/machine.h"
#include "runtime/sweep/run.h"

#include <random>

using namespace qdo;

static std::vector<gates::GateCall> layers(int qubits, int depth) {
  std::mt19937_64 engine(1234);
  std::uniform_real_distribution<double> angle(0, 6.28);
  std::vector<gates::GateCall> calls;
  for (int d = 0; d < depth; ++d) {
    for (int q = 0; q < qubits; ++q)
      for (const char *name : {"rz", "ry", "rz"})
        calls.push_back({machine::gate(name), false, 0, q, -1, {angle(engine)}});
    for (int q = 0; q + 1 < qubits; ++q)
      calls.push_back({machine::gate("cz"), false, uint64_t{1} << q, q + 1, -1, {}});
  }
  return calls;
}

/// As many gates as 20 layers have, of any kind, on any wires.
static std::vector<gates::GateCall> unordered(int qubits, int count) {
  std::mt19937_64 engine(99);
  std::uniform_real_distribution<double> angle(0, 6.28);
  std::vector<gates::GateCall> calls;
  const char *const ones[] = {"h", "u", "rx", "ry", "rz", "t", "sx"};
  const char *const twos[] = {"cx", "cz", "cp", "cry", "cx", "cz", "ch"};
  for (int i = 0; i < count; ++i) {
    const int a = static_cast<int>(engine() % static_cast<uint64_t>(qubits));
    const int b = (a + 1 + static_cast<int>(engine() % static_cast<uint64_t>(qubits - 1))) % qubits;
    const bool two = engine() % 2 == 0;
    calls.push_back({machine::gate((two ? twos : ones)[engine() % 7]),
                     false,
                     two ? uint64_t{1} << b : 0,
                     a,
                     -1,
                     {angle(engine), angle(engine), angle(engine)}});
  }
  return calls;
}

template <class T>
static void runCircuit(benchmark::State &bench, const std::vector<gates::GateCall> &calls) {
  const int qubits = static_cast<int>(bench.range(0));
  base::ThreadPool pool(static_cast<int>(bench.range(1)));
  machine::Memory<std::complex<T>> state(size_t{1} << qubits);
  for (auto _ : bench) {
    machine::setZero(pool, state.data(), state.size());
    sweep::run<T>(pool, calls, state.data(), qubits, {.fromZero = true});
  }
}

static void layersDouble(benchmark::State &bench) {
  runCircuit<double>(bench, layers(static_cast<int>(bench.range(0)), 20));
}
static void layersSingle(benchmark::State &bench) {
  runCircuit<float>(bench, layers(static_cast<int>(bench.range(0)), 20));
}
static void unorderedDouble(benchmark::State &bench) {
  runCircuit<double>(bench, unordered(static_cast<int>(bench.range(0)), 400));
}

static void sizes(benchmark::internal::Benchmark *bench) {
  for (int qubits : {14, 18, 20, 22, 24, 26})
    for (int threads : {1, 2})
      bench->Args({qubits, threads});
  machine::medians(bench);
}
BENCHMARK(layersDouble)->Apply(sizes);
BENCHMARK(layersSingle)->Apply(sizes);
BENCHMARK(unorderedDouble)->Args({20, 2})->Args({24, 2})->Apply(machine::medians);
