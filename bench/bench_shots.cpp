// SPDX-License-Identifier: Apache-2.0
// A million shots of a state of 20 qubits. Goal: within 1.3x of a program written by hand, whose
// outcomes are sorted but not counted; two threads 1.3x one.
// Out: milliseconds from the state to the counts, medians of five.
#include "bench/hand/beside.h"
#include "bench/hand/shots.h"
#include "bench/machine.h"
#include "bench/turns.h"
#include "runtime/sim/outcomes.h"

#include <random>

using namespace qdo;

static constexpr int64_t count = 1000000;

static qdo_options optionsOf(int threads) {
  qdo_options options{};
  options.seed = 1;
  options.threads = threads;
  return options;
}

/// Random amplitudes of norm 1.
static void fill(std::span<std::complex<double>> state) {
  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal;
  double norm = 0;
  for (auto &a : state) {
    a = {normal(engine), normal(engine)};
    norm += std::norm(a);
  }
  for (auto &a : state)
    a /= std::sqrt(norm);
}

static void shots(benchmark::State &bench) {
  base::Context ctx(optionsOf(static_cast<int>(bench.range(1))));
  sim::State state(static_cast<int>(bench.range(0)));
  fill(state.view().span());
  uint64_t stream = 0;
  for (auto _ : bench)
    benchmark::DoNotOptimize(sim::sampleOutcomes(ctx, state.view(), ++stream, count));
}
BENCHMARK(shots)->Args({20, 1})->Args({20, 2})->Args({24, 2})->Apply(machine::medians);

/// Outcomes are random numbers: their means are compared, by what the state says of them.
static void besideHand(benchmark::State &bench) {
  base::Context ctx(optionsOf(1));
  sim::State state(20);
  fill(state.view().span());
  hand::Shots byHand(count);
  uint64_t stream = 0;
  std::vector<sim::Counts::Entry> ours;
  std::span<const uint32_t> theirs;
  const auto agrees = [&] {
    double mean = 0, square = 0, mineSum = 0, theirSum = 0;
    for (size_t z = 0; z < state.view().span().size(); ++z) {
      const double p = std::norm(state.view().span()[z]), x = static_cast<double>(z);
      mean += p * x;
      square += p * x * x;
    }
    for (const auto &entry : ours)
      mineSum += static_cast<double>(entry.outcome) * static_cast<double>(entry.count);
    for (uint32_t outcome : theirs)
      theirSum += outcome;
    const double five = 5 * std::sqrt((square - mean * mean) / static_cast<double>(count));
    return std::abs(mineSum / static_cast<double>(count) - mean) < five &&
           std::abs(theirSum / static_cast<double>(count) - mean) < five;
  };
  hand::beside(
      bench, 1.3, [&] { ours = sim::sampleOutcomes(ctx, state.view(), ++stream, count); },
      [&] { theirs = byHand.draw(state.view().span(), ++stream); }, agrees);
}

static void twoThreads(benchmark::State &run) {
  base::Context one(optionsOf(1)), two(optionsOf(2));
  sim::State state(20);
  fill(state.view().span());
  uint64_t stream = 0;
  auto draw = [&](base::Context &ctx) {
    benchmark::DoNotOptimize(sim::sampleOutcomes(ctx, state.view(), ++stream, count));
  };
  const auto [slow, fast] = bench::takingTurns(run, [&] { draw(one); }, [&] { draw(two); });
  bench::judge(run, slow / fast, 1.3, false);
}
BENCHMARK(twoThreads)->Name("threads/shots/20")->MinTime(1)->UseRealTime();

static const bool registered = [] {
  hand::add("hand/shots/20/1_threads", besideHand);
  return true;
}();
