// SPDX-License-Identifier: Apache-2.0
// The Fourier transform as it is in textbooks (h, controlled phases, swaps at the end), after
// RY(0.1 (q + 1)) on each qubit.
// Out: milliseconds from the gate list to the state (planning included), medians of five.
#include "bench/machine.h"
#include "runtime/sweep/run.h"

#include <cmath>

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
