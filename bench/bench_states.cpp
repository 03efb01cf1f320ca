// SPDX-License-Identifier: Apache-2.0
// Preparing 200 states on one thread, by instruction set.
// Goal: zz within 1.3x of a program written by hand for that circuit alone.
#include "runtime/batch/states.h"
#include "bench/circuits.h"

#include <benchmark/benchmark.h>

using namespace qdo;

static constexpr int64_t rows = 200;

static void prepareStates(benchmark::State &state, const bench::Circuit &circuit,
                          const batch::Kernels &kernels) {
  const batch::Plan plan(circuit.table());
  const std::vector<double> data = bench::data(circuit, rows);
  batch::Panels panels(rows, circuit.qubits, kernels);
  base::ThreadPool pool(1);
  auto slots = [&](int64_t row, double *out) {
    std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
  };
  for (auto _ : state)
    batch::prepare(pool, plan, slots, panels);
  state.counters["sweeps"] = plan.sweeps();
}

static void makePlan(benchmark::State &state, const bench::Circuit &circuit) {
  for (auto _ : state) {
    batch::Plan plan(circuit.table());
    benchmark::DoNotOptimize(plan.program());
  }
}

static const bool registered = [] {
  static const batch::Kernels *kernels[4];
  static const int64_t count = batch::availableKernels(kernels, 4);
  for (int n : {8, 10, 12}) {
    const std::pair<const char *, bench::Circuit> circuits[] = {
        {"zz", bench::zz(n)},
        {"iqp_1", bench::iqp(n, 1)},
        {"iqp_5", bench::iqp(n, 5)},
        {"hardware_efficient", bench::hardwareEfficient(n)},
        {"reupload", bench::reupload(n)},
        {"random", bench::random(n)}};
    for (const auto &[name, circuit] : circuits) {
      const std::string label = std::string(name) + "/" + std::to_string(n);
      for (int64_t k = 0; k < count; ++k)
        benchmark::RegisterBenchmark((label + "/" + kernels[k]->name).c_str(), prepareStates,
                                     circuit, *kernels[k])
            ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark((label + "/plan").c_str(), makePlan, circuit)
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();
