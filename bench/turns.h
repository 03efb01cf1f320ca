// SPDX-License-Identifier: Apache-2.0
// Two pieces of work that take turns in one run, and the ratio of their times with its goal.
// Out: medians in milliseconds; `reached` or `missed`.
// Why: figures of two runs differ by what else the machine did meanwhile.
#pragma once

#include "runtime/base/parallel.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// Medians of both, in milliseconds.
inline std::pair<double, double> takingTurns(benchmark::State &state,
                                             const std::function<void()> &first,
                                             const std::function<void()> &second) {
  std::vector<double> times[2];
  for (auto _ : state)
    for (const auto *work : {&first, &second}) {
      const auto begin = std::chrono::steady_clock::now();
      (*work)();
      const std::chrono::duration<double, std::milli> taken =
          std::chrono::steady_clock::now() - begin;
      times[work == &second].push_back(taken.count());
    }
  double medians[2];
  for (int i : {0, 1}) {
    std::ranges::sort(times[i]);
    medians[i] = times[i][times[i].size() / 2];
  }
  return {medians[0], medians[1]};
}

/// Says whether a ratio is at most `goal`, or, of a speedup, at least.
inline void judge(benchmark::State &state, double ratio, double goal, bool atMost) {
  state.counters["ratio"] = ratio;
  state.counters["goal"] = goal;
  state.SetLabel((atMost ? ratio <= goal : ratio >= goal) ? "reached" : "missed");
}

/// How much faster two threads are than one: at least `goal`. `prepare(pool)` gives the work.
inline void speedup(benchmark::State &state, double goal,
                    const std::function<std::function<void()>(qdo::base::ThreadPool &)> &prepare) {
  qdo::base::ThreadPool one(1), two(2);
  const auto alone = prepare(one), both = prepare(two);
  alone();
  both();
  const auto [slow, fast] = takingTurns(state, alone, both);
  state.counters["one_ms"] = slow;
  state.counters["two_ms"] = fast;
  judge(state, slow / fast, goal, false);
}

/// Registers a speedup as `threads/NAME`.
inline void addSpeedup(const std::string &name, double goal,
                       std::function<std::function<void()>(qdo::base::ThreadPool &)> prepare) {
  benchmark::RegisterBenchmark(
      ("threads/" + name).c_str(),
      [goal, prepare = std::move(prepare)](benchmark::State &s) { speedup(s, goal, prepare); })
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime()
      ->MinTime(3);
}

} // namespace bench
