// SPDX-License-Identifier: Apache-2.0
// Decision-weighted allocation beside a uniform one: the least total shots (training and test) for
// which the labels of test rows agree with those of the classifier on exact kernel values for at
// least 98 % of the rows. Medians over seeds; splits, shots and (two moons) data follow the seed.
// Goal: never more than uniform, and at most half of it on two of three data sets.
#include "bench/decision.h"

#include <benchmark/benchmark.h>

using namespace qdo;

static void study(benchmark::State &state, const bench::Task &task) {
  for (auto _ : state) {
    const bench::Least uniform = bench::leastShots(task, estimate::Allocation::Uniform, 20);
    const bench::Least decision = bench::leastShots(task, estimate::Allocation::Decision, 20);
    state.counters["exact_accuracy"] = uniform.exactAccuracy;
    state.counters["uniform_shots"] = uniform.shots;
    state.counters["decision_shots"] = decision.shots;
    state.counters["ratio"] = decision.shots / uniform.shots;
    state.counters["uniform_agreement"] = uniform.agreement;
    state.counters["decision_agreement"] = decision.agreement;
  }
}

static const bool registered = [] {
  for (const bench::Task &task : bench::tasks(BENCH_DATA))
    benchmark::RegisterBenchmark(task.name.c_str(), [task](auto &state) { study(state, task); })
        ->Unit(benchmark::kSecond)
        ->Iterations(1);
  return true;
}();
