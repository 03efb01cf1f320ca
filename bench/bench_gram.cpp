// SPDX-License-Identifier: Apache-2.0
// All squared inner products of 200 and 1,000 prepared states, beside the measured FMA peak.
// Goal: 75 % of that peak.
#include "bench/circuits.h"
#include "runtime/batch/overlaps.h"

#include <benchmark/benchmark.h>

using namespace qdo;

static void gramMatrix(benchmark::State &state, int qubits, int64_t rows, int threads,
                       const batch::Kernels &kernels) {
  const bench::Circuit circuit = bench::zz(qubits);
  const batch::Plan plan(circuit.table());
  const std::vector<double> data = bench::data(circuit, rows);
  batch::Panels panels(rows, qubits, kernels);
  base::ThreadPool pool(threads);
  batch::prepare(
      pool, plan,
      [&](int64_t row, double *out) {
        std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
      },
      panels);
  std::vector<double> matrix(static_cast<size_t>(rows * rows));
  for (auto _ : state)
    batch::gram(pool, panels, matrix.data(), rows);
  // A product of complex numbers and its sum: four multiply-adds.
  const double flops = 4.0 * static_cast<double>(rows * (rows - 1)) * std::ldexp(1, qubits);
  state.counters["flop/s"] =
      benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate);
}

static const bool registered = [] {
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
