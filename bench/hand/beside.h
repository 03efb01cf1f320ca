// SPDX-License-Identifier: Apache-2.0
// One piece of work done by qdo and by a program written by hand, taking turns in one run.
// Out: medians of both in milliseconds, and their ratio with its goal.
#pragma once

#include "bench/hand/vectors.h"
#include "bench/turns.h"

#include <cmath>
#include <complex>

namespace hand {

/// `goal`: the ratio of ours to the other is at most this. `agrees` is asked after both have run
/// once: a yardstick must compute the same thing.
inline void beside(benchmark::State &state, double goal, const std::function<void()> &ours,
                   const std::function<void()> &byHand, const std::function<bool()> &agrees) {
  ours();
  byHand();
  if (!agrees())
    return state.SkipWithError("the program by hand computes something else");
  const auto [mine, theirs] = bench::takingTurns(state, ours, byHand);
  state.counters["ours_ms"] = mine;
  state.counters["hand_ms"] = theirs;
  bench::judge(state, mine / theirs, goal, true);
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
