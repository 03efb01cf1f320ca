// SPDX-License-Identifier: Apache-2.0
// All squared inner products of 200 and 1,000 prepared states, beside the measured FMA peak.
// Goals: 75 % of that peak (`beside_peak`); two threads 1.7x one at n = 12 (`threads`).
#include "bench/circuits.h"
#include "bench/turns.h"
#include "runtime/batch/overlaps.h"

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>

using namespace qdo;

/// The product of prepared states.
static std::function<void()> gramOf(int qubits, int64_t rows, base::ThreadPool &pool,
                                    const batch::Kernels &kernels) {
  const bench::Circuit circuit = bench::zz(qubits);
  const batch::Plan plan(circuit.table());
  const std::vector<double> data = bench::data(circuit, rows);
  auto panels = std::make_shared<batch::Panels>(rows, qubits, kernels);
  batch::prepare(
      pool, plan,
      [&](int64_t row, double *out) {
        std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
      },
      *panels);
  auto matrix = std::make_shared<std::vector<double>>(static_cast<size_t>(rows * rows));
  return [=, &pool] { batch::gram(pool, *panels, matrix->data(), rows); };
}

/// A product of complex numbers and its sum: four multiply-adds.
static double flopsOf(int qubits, int64_t rows) {
  return 4.0 * static_cast<double>(rows * (rows - 1)) * std::ldexp(1, qubits);
}

static void gramMatrix(benchmark::State &state, int qubits, int64_t rows, int threads,
                       const batch::Kernels &kernels) {
  base::ThreadPool pool(threads);
  const auto work = gramOf(qubits, rows, pool, kernels);
  for (auto _ : state)
    work();
  state.counters["flop/s"] =
      benchmark::Counter(flopsOf(qubits, rows), benchmark::Counter::kIsIterationInvariantRate);
}

#if defined(__x86_64__)
/// Independent chains of multiply-adds, as many as hide their latency. Two flops a lane.
template <class Vector> __attribute__((always_inline)) inline double chains(int64_t steps) {
  constexpr int count = 12;
  Vector sums[count], factor, summand;
  volatile double one = 1 + 1e-9, little = 1e-9; // what a compiler cannot know
  factor = Vector{} + one;
  summand = Vector{} + little;
  for (Vector &sum : sums)
    sum = summand;
  for (int64_t step = 0; step < steps; ++step)
    for (Vector &sum : sums)
      sum = sum * factor + summand;
  double total = 0;
  for (const Vector &sum : sums)
    total += sum[0];
  return total;
}
using Four = double __attribute__((vector_size(32)));
using Eight = double __attribute__((vector_size(64)));
__attribute__((target("avx2,fma"))) static double chains4(int64_t steps) {
#pragma clang fp contract(fast)
  return chains<Four>(steps);
}
__attribute__((target("avx512f"))) static double chains8(int64_t steps) {
#pragma clang fp contract(fast)
  return chains<Eight>(steps);
}

constexpr int64_t steps = 2'000'000;

/// What the machine could do if it did nothing else.
static std::function<void()> peakOf(int lanes, base::ThreadPool &pool) {
  return [=, &pool] {
    pool.forTiles(pool.threads(), 1, [&](int64_t, int64_t) {
      benchmark::DoNotOptimize(lanes == 8 ? chains8(steps) : chains4(steps));
    });
  };
}

static void peak(benchmark::State &state, int threads, int lanes) {
  base::ThreadPool pool(threads);
  const auto work = peakOf(lanes, pool);
  for (auto _ : state)
    work();
  state.counters["flop/s"] = benchmark::Counter(2.0 * 12 * lanes * steps * threads,
                                                benchmark::Counter::kIsIterationInvariantRate);
}

/// The share of the peak that products of 1,000 rows reach, with the fastest kernels.
static void besidePeak(benchmark::State &state, int qubits, int threads, int lanes) {
  constexpr int64_t rows = 1000;
  base::ThreadPool pool(threads);
  const auto [product, chains] = bench::takingTurns(
      state, gramOf(qubits, rows, pool, batch::kernelsFor(qubits)), peakOf(lanes, pool));
  bench::judge(state,
               flopsOf(qubits, rows) / product / (2.0 * 12 * lanes * steps * threads / chains),
               0.75, false);
}
#endif

static const bool registered = [] {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    for (int threads : {1, 2}) {
      const int lanes = __builtin_cpu_supports("avx512f") ? 8 : 4;
      const std::string with = std::to_string(threads) + "_threads";
      benchmark::RegisterBenchmark(("peak/" + with).c_str(), peak, threads, lanes)
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime();
      for (int n : {8, 10, 12})
        benchmark::RegisterBenchmark(("beside_peak/" + std::to_string(n) + "/" + with).c_str(),
                                     besidePeak, n, threads, lanes)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime()
            ->MinTime(1);
    }
#endif
  for (int n : {8, 10, 12})
    bench::addSpeedup("gram/" + std::to_string(n), n < 12 ? 1.3 : 1.7, [n](base::ThreadPool &pool) {
      return gramOf(n, 1000, pool, batch::kernelsFor(n));
    });
  static const batch::Kernels *kernels[4];
  static const int64_t count = batch::availableKernels(kernels, 4);
  for (int64_t rows : {200, 1000})
    for (int n : {8, 10, 12})
      for (int threads : {1, 2})
        for (int64_t k = 0; k < count; ++k)
          benchmark::RegisterBenchmark((std::to_string(rows) + "/" + std::to_string(n) + "/" +
                                        std::to_string(threads) + "_threads/" + kernels[k]->name)
                                           .c_str(),
                                       gramMatrix, n, rows, threads, *kernels[k])
              ->Unit(benchmark::kMillisecond)
              ->UseRealTime();
  return true;
}();
