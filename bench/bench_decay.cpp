// SPDX-License-Identifier: Apache-2.0
// How often the 95 % intervals of fitted T1 and T2 hold the truth, and what short delays give.
// Out: counts of 1,000 seeds; goals: 930 to 970 held, no number from delays that are too short.
#include "tests/unit/observe/simulated.h"

#include <benchmark/benchmark.h>

#include <cmath>

using namespace qdo::observe;
using simulated::curve;

static constexpr double us = 1e-6;
static constexpr int seeds = 1000;

static double relaxing(double t) { return 0.02 + 0.96 * std::exp(-t / (50 * us)); }
static double dephasing(double t) { return 0.5 + 0.48 * std::exp(-t / (30 * us)); }

/// Counts over the seeds: intervals that hold the truth, and curves without a number.
template <class FitOne>
static void study(benchmark::State &bench, double truth, const char *goal, FitOne fitOne) {
  int held = 0, refused = 0;
  for (auto _ : bench)
    for (uint64_t seed = 0; seed < seeds; ++seed) {
      const Fit fit = fitOne(seed);
      refused += !fit.identified();
      held += fit.identified() && fit.quantity.low <= truth && truth <= fit.quantity.high;
    }
  bench.counters["held"] = held;
  bench.counters["UNIDENTIFIED"] = refused;
  bench.SetLabel(goal);
}

static void t1(benchmark::State &bench) {
  study(bench, 50 * us, "held: 930 to 970 of 1000", [&](uint64_t seed) {
    return fitRelaxation(curve(seed, 21, 10 * us, bench.range(0), relaxing), 0.95);
  });
}
static void t2(benchmark::State &bench) {
  study(bench, 30 * us, "held: 930 to 970 of 1000", [&](uint64_t seed) {
    return fitDephasing(curve(seed, 31, 5 * us, bench.range(0), dephasing), 0.95);
  });
}
static void t1OfShortDelays(benchmark::State &bench) {
  study(bench, 50 * us, "UNIDENTIFIED: 1000 of 1000", [&](uint64_t seed) {
    return fitRelaxation(curve(seed, 21, 1 * us, bench.range(0), relaxing), 0.95);
  });
}
static void t2OfShortDelays(benchmark::State &bench) {
  study(bench, 30 * us, "UNIDENTIFIED: 1000 of 1000", [&](uint64_t seed) {
    return fitDephasing(curve(seed, 31, 0.5 * us, bench.range(0), dephasing), 0.95);
  });
}
BENCHMARK(t1)->Arg(1000)->Arg(20000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t2)->Arg(1000)->Arg(20000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t1OfShortDelays)->Arg(1000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t2OfShortDelays)->Arg(1000)->Iterations(1)->Unit(benchmark::kMillisecond);
