// SPDX-License-Identifier: Apache-2.0
// One piece of work done by qdo and by a program written by hand, taking turns in one run.
// Out: medians of both in milliseconds, and their ratio with its goal.
// Why: figures of two runs differ by what else the machine did meanwhile.
#pragma once

#include "bench/hand/vectors.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <complex>
#include <functional>
#include <string>
#include <vector>

namespace hand {

/// `goal`: the ratio of ours to the other is at most this. `agrees` is asked after both have run
/// once: a yardstick must compute the same thing.
inline void beside(benchmark::State &bench, double goal, const std::function<void()> &ours,
                   const std::function<void()> &byHand, const std::function<bool()> &agrees) {
  ours();
  byHand();
  if (!agrees())
    return bench.SkipWithError("the program by hand computes something else");
  std::vector<double> times[2];
  for (auto _ : bench)
    for (const auto *work : {&ours, &byHand}) {
      const auto begin = std::chrono::steady_clock::now();
      (*work)();
      const std::chrono::duration<double, std::milli> taken =
          std::chrono::steady_clock::now() - begin;
      times[work == &byHand].push_back(taken.count());
    }
  double medians[2];
  for (int i : {0, 1}) {
    std::ranges::sort(times[i]);
    medians[i] = times[i][times[i].size() / 2];
  }
  bench.counters["ours_ms"] = medians[0];
  bench.counters["hand_ms"] = medians[1];
  const double ratio = medians[0] / medians[1];
  bench.counters["ratio"] = ratio;
  bench.counters["goal"] = goal;
  bench.SetLabel(ratio <= goal ? "reached" : "missed");
}

/// Whether a(i) and b(i) are near each other for all i below `count`.
template <class A, class B> bool near(int64_t count, const A &a, const B &b) {
  for (int64_t i = 0; i < count; ++i)
    if (!(std::abs(a(i) - b(i)) < 1e-10))
      return false;
  return true;
}

/// Registers `run` where the programs by hand can run, and else a line that says why not.
inline benchmark::internal::Benchmark *add(const std::string &name,
                                           std::function<void(benchmark::State &)> run) {
  if (!available())
    run = [](benchmark::State &bench) { bench.SkipWithError("needs AVX2"); };
  return benchmark::RegisterBenchmark(name.c_str(), run)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
}

} // namespace hand
