// SPDX-License-Identifier: Apache-2.0
// How often the 95 % intervals of fitted T1, T2 and errors of Clifford operations hold the truth,
// and what short delays give. Out: counts of 1,000 seeds; goals: 930 to 970 held, no number from
// delays that are too short.
#include "runtime/observe/clifford_group.h"
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
static void t1OfExtrapolations(benchmark::State &bench) {
  study(bench, 50 * us, "held: 930 to 970 of 1000", [&](uint64_t seed) {
    return fitRelaxation(simulated::extrapolated(seed, 21, 10 * us, bench.range(0), relaxing),
                         0.95);
  });
}
static void t2OfExtrapolations(benchmark::State &bench) {
  study(bench, 30 * us, "held: 930 to 970 of 1000", [&](uint64_t seed) {
    return fitDephasing(simulated::extrapolated(seed, 31, 5 * us, bench.range(0), dephasing), 0.95);
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
/// Random circuits of a qubit whose h alone errs, so that those of one length differ.
class Sequences {
public:
  Sequences() : group_(1, std::vector<std::string>{"h", "s", "sdg", "x", "y", "z"}) {
    for (size_t i = 0; i < group_.size(); ++i) {
      std::vector<qdo::gates::GateCall> circuit;
      group_.append(i, circuit);
      int64_t noisy = 0;
      for (const auto &call : circuit)
        noisy += qdo::gates::all()[static_cast<size_t>(call.gate)].name == "h";
      left_.push_back(std::pow(0.98, static_cast<double>(noisy)));
    }
  }
  /// The error of an operation.
  double truth() const {
    double mean = 0;
    for (double left : left_)
      mean += left / static_cast<double>(left_.size());
    return (1 - mean) / 2;
  }
  std::vector<CurvePoint> counts(uint64_t seed, int64_t sequences, int64_t shots) const {
    qdo::base::RandomStream random(seed, 17);
    std::vector<CurvePoint> points;
    for (int64_t length : {1, 5, 10, 20, 35, 50, 75, 100})
      for (int64_t k = 0; k < sequences; ++k) {
        double left = 0.95;
        for (int64_t i = 0; i < length; ++i)
          left *= left_[random.below(left_.size())];
        points.push_back({static_cast<double>(length), 0, shots / sequences});
        points.back().successes =
            qdo::base::countSuccesses(seed, random.next(), 0, points.back().shots, (1 + left) / 2);
      }
    return points;
  }

private:
  qdo::observe::CliffordGroup group_;
  std::vector<double> left_;
};

static void cliffordError(benchmark::State &bench) {
  const Sequences sequences;
  study(bench, sequences.truth(), "held: 930 to 970 of 1000", [&](uint64_t seed) {
    return fitBenchmarking(sequences.counts(seed, bench.range(0), bench.range(1)), 0.95, 2);
  });
}
BENCHMARK(cliffordError)
    ->Args({10, 1000})
    ->Args({30, 3000})
    ->Args({30, 30000})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

BENCHMARK(t1)->Arg(1000)->Arg(20000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t2)->Arg(1000)->Arg(20000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t1OfExtrapolations)->Arg(1000)->Arg(20000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t2OfExtrapolations)->Arg(1000)->Arg(20000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t1OfShortDelays)->Arg(1000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(t2OfShortDelays)->Arg(1000)->Iterations(1)->Unit(benchmark::kMillisecond);
