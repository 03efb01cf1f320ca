// SPDX-License-Identifier: Apache-2.0
// A million shots of a state of 20 qubits.
// Out: milliseconds from the state to the counts, medians of five.
#include "bench/machine.h"
#include "runtime/sim/outcomes.h"

#include <random>

using namespace qdo;

static void shots(benchmark::State &bench) {
  const int qubits = static_cast<int>(bench.range(0));
  qdo_options options{};
  options.seed = 1;
  options.threads = static_cast<int>(bench.range(1));
  base::Context ctx(options);
  sim::State state(qubits);
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  double norm = 0;
  for (auto &a : state.view().span()) {
    a = {normal(engine), normal(engine)};
    norm += std::norm(a);
  }
  for (auto &a : state.view().span())
    a /= std::sqrt(norm);
  uint64_t stream = 0;
  for (auto _ : bench)
    benchmark::DoNotOptimize(sim::sampleOutcomes(ctx, state.view(), ++stream, 1000000));
}
BENCHMARK(shots)->Args({20, 1})->Args({20, 2})->Args({24, 2})->Apply(machine::medians);
