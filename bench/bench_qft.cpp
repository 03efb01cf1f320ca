// SPDX-License-Identifier: Apache-2.0
// The Fourier transform as it is in textbooks (h, controlled phases, swaps at the end), after
// RY(0.1 (q + 1)) on each qubit.
// Out: milliseconds from the gate list to the state (planning included), medians of five.
// Goal: two threads 1.3x one, from n = 22 on 1.7x.
#include "bench/machine.h"
#include "bench/turns.h"
#include "runtime/sweep/run.h"

#include <cmath>
#include <memory>

using namespace qdo;

static std::vector<gates::GateCall> fourier(int qubits) {
  std::vector<gates::GateCall> calls;
  for (int q = 0; q < qubits; ++q)
    calls.push_back({machine::gate("ry"), false, 0, q, -1, {0.1 * (q + 1)}});
  for (int j = qubits - 1; j >= 0; --j) {
    calls.push_back({machine::gate("h"), false, 0, j, -1, {}});
    for (int k = j - 1; k >= 0; --k)
      calls.push_back({machine::gate("cp"),
                       false,
                       uint64_t{1} << k,
                       j,
                       -1,
                       {std::ldexp(3.14159265358979323846, k - j)}});
  }
  for (int i = 0; i < qubits / 2; ++i)
    calls.push_back({machine::gate("swap"), false, 0, i, qubits - 1 - i, {}});
  return calls;
}

template <class T> static void fourierIn(benchmark::State &bench) {
  const int qubits = static_cast<int>(bench.range(0));
  base::ThreadPool pool(static_cast<int>(bench.range(1)));
  machine::Memory<std::complex<T>> state(size_t{1} << qubits);
  const auto calls = fourier(qubits);
  for (auto _ : bench) {
    machine::setZero(pool, state.data(), state.size());
    sweep::run<T>(pool, calls, state.data(), qubits, {.fromZero = true});
  }
}
static void fourierDouble(benchmark::State &bench) { fourierIn<double>(bench); }
static void fourierSingle(benchmark::State &bench) { fourierIn<float>(bench); }

static void sizes(benchmark::internal::Benchmark *bench) {
  for (int qubits : {16, 20, 24})
    for (int threads : {1, 2})
      bench->Args({qubits, threads});
  machine::medians(bench);
}
BENCHMARK(fourierDouble)->Apply(sizes);
BENCHMARK(fourierSingle)->Apply(sizes);

static const bool registered = [] {
  for (int qubits : {20, 24})
    bench::addSpeedup(
        "fourier/" + std::to_string(qubits), qubits < 22 ? 1.3 : 1.7,
        [qubits](base::ThreadPool &pool) -> std::function<void()> {
          auto state = std::make_shared<machine::Memory<std::complex<double>>>(size_t{1} << qubits);
          return [calls = fourier(qubits), state, qubits, &pool] {
            machine::setZero(pool, state->data(), state->size());
            sweep::run<double>(pool, calls, state->data(), qubits, {.fromZero = true});
          };
        });
  return true;
}();
