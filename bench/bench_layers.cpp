// SPDX-License-Identifier: Apache-2.0
// Random layers on large states: 20 times RZ RY RZ on every qubit, then CZ on neighbours; and
// circuits of random structure beside them. Goal: within 1.3x of a program written by hand for such
// layers alone, whose tables are made before its time is taken; two threads 1.7x one from n = 22
// on, 1.3x below (`threads`).
// Out: seconds from the gate list to the state (planning included), medians of five.
#include "bench/angles.h"
#include "bench/hand/beside.h"
#include "bench/hand/layers.h"
#include "bench/machine.h"
#include "bench/turns.h"
#include "runtime/sweep/run.h"

#include <memory>
#include <random>

using namespace qdo;

static std::vector<gates::GateCall> layers(int qubits, int depth) {
  const auto angles = bench::anglesOf(qubits, depth);
  std::vector<gates::GateCall> calls;
  for (int d = 0; d < depth; ++d) {
    for (int q = 0; q < qubits; ++q) {
      const auto &[first, second, third] = angles[static_cast<size_t>(d * qubits + q)];
      calls.push_back({machine::gate("rz"), false, 0, q, -1, {first}});
      calls.push_back({machine::gate("ry"), false, 0, q, -1, {second}});
      calls.push_back({machine::gate("rz"), false, 0, q, -1, {third}});
    }
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

static void besideHand(benchmark::State &bench, int qubits, int threads) {
  constexpr int depth = 20;
  const auto calls = layers(qubits, depth);
  base::ThreadPool pool(threads);
  machine::Memory<std::complex<double>> state(size_t{1} << qubits);
  hand::RandomLayers byHand(qubits, bench::anglesOf(qubits, depth));
  hand::beside(
      bench, 1.3,
      [&] {
        machine::setZero(pool, state.data(), state.size());
        sweep::run<double>(pool, calls, state.data(), qubits, {.fromZero = true});
      },
      [&] { byHand.run(pool); },
      [&] {
        return hand::near(
            static_cast<int64_t>(state.size()), [&](int64_t z) { return state.data()[z]; },
            [&](int64_t z) { return byHand.amplitude(static_cast<uint64_t>(z)); });
      });
}

static std::function<void()> layersOn(int qubits, base::ThreadPool &pool) {
  auto state = std::make_shared<machine::Memory<std::complex<double>>>(size_t{1} << qubits);
  return [calls = layers(qubits, 20), state, qubits, &pool] {
    machine::setZero(pool, state->data(), state->size());
    sweep::run<double>(pool, calls, state->data(), qubits, {.fromZero = true});
  };
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

static const bool registered = [] {
  for (int qubits : {20, 22, 24})
    bench::addSpeedup("layers/" + std::to_string(qubits), qubits < 22 ? 1.3 : 1.7,
                      [qubits](base::ThreadPool &pool) { return layersOn(qubits, pool); });
  for (int qubits : {20, 22, 24, 26})
    for (int threads : {1, 2})
      hand::add("hand/layers/" + std::to_string(qubits) + "/" + std::to_string(threads) +
                    "_threads",
                [=](benchmark::State &bench) { besideHand(bench, qubits, threads); })
          ->Iterations(5);
  return true;
}();
