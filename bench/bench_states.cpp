// SPDX-License-Identifier: Apache-2.0
// Preparing 200 states on one thread, by instruction set, and beside a program written by hand; and
// many rows into a caller's memory.
// Goals: zz within 1.3x of a program written by hand for that circuit alone; a row of 100,000
// within 20 % of one of 1,000 (`many`); two threads 1.3x one (`threads`).
#include "bench/circuits.h"
#include "bench/hand/beside.h"
#include "bench/hand/zz_states.h"
#include "bench/machine.h"
#include "runtime/batch/states.h"

#include <benchmark/benchmark.h>

#include <cstring>
#include <memory>
#include <sys/mman.h>

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

static void besideHand(benchmark::State &state, int qubits) {
  const bench::Circuit circuit = bench::zz(qubits);
  const batch::Plan plan(circuit.table());
  const std::vector<double> data = bench::data(circuit, rows);
  batch::Panels panels(rows, qubits, batch::kernelsFor(qubits));
  base::ThreadPool pool(1);
  hand::ZzStates byHand(qubits, rows);
  auto slots = [&](int64_t row, double *out) {
    std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
  };
  const auto agrees = [&] {
    std::vector<std::complex<double>> amplitudes(size_t{1} << qubits);
    for (int64_t row = 0; row < rows; ++row) {
      panels.copy(row, plan, amplitudes);
      if (!hand::near(
              std::ssize(amplitudes), [&](int64_t z) { return amplitudes[static_cast<size_t>(z)]; },
              [&](int64_t z) { return byHand.amplitude(row, z); }))
        return false;
    }
    return true;
  };
  hand::beside(
      state, 1.3, [&] { batch::prepare(pool, plan, slots, panels); },
      [&] { byHand.prepare(data.data()); }, agrees);
}

/// With the fastest kernels, each row in its natural order.
static void prepareForCaller(benchmark::State &state, const bench::Circuit &circuit) {
  const batch::Plan plan(circuit.table());
  const std::vector<double> data = bench::data(circuit, rows);
  std::vector<std::complex<double>> states(static_cast<size_t>(rows) << circuit.qubits);
  base::ThreadPool pool(1);
  auto slots = [&](int64_t row, double *out) {
    std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
  };
  for (auto _ : state)
    batch::prepareInto(pool, plan, slots, rows, batch::kernelsFor(circuit.qubits), states.data());
}

/// `fresh`: memory that the system has not given yet, as of a new array.
static void prepareRows(benchmark::State &state, int64_t rows, int threads, bool fresh) {
  const bench::Circuit circuit = bench::zz(8);
  const batch::Plan plan(circuit.table());
  const std::vector<double> data = bench::data(circuit, rows);
  const size_t bytes = static_cast<size_t>(rows) * 256 * sizeof(std::complex<double>);
  base::ThreadPool pool(threads);
  auto map = [&] {
    return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  };
  void *memory = map();
  std::memset(memory, 0, bytes);
  for (auto _ : state) {
    if (fresh) {
      munmap(memory, bytes);
      memory = map();
    }
    batch::prepareInto(
        pool, plan,
        [&](int64_t row, double *out) {
          std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
        },
        rows, batch::kernelsFor(8), static_cast<std::complex<double> *>(memory));
  }
  munmap(memory, bytes);
  state.counters["time_of_a_row"] =
      benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsIterationInvariantRate |
                                                        benchmark::Counter::kInvert);
}

/// Time of a row among 100,000 and among 1,000, into memory that has been written before.
static void manyBesideFew(benchmark::State &state, int threads) {
  constexpr int64_t few = 1000, many = 100'000, turns = 20;
  const bench::Circuit circuit = bench::zz(8);
  const batch::Plan plan(circuit.table());
  const std::vector<double> data = bench::data(circuit, many);
  machine::Memory<std::complex<double>> memory(many << 8);
  base::ThreadPool pool(threads);
  auto prepare = [&](int64_t rows) {
    batch::prepareInto(
        pool, plan,
        [&](int64_t row, double *out) {
          std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
        },
        rows, batch::kernelsFor(8), memory.data());
  };
  const auto [large, small] = bench::takingTurns(
      state, [&] { prepare(many); },
      [&] {
        for (int64_t i = 0; i < turns; ++i)
          prepare(few);
      });
  const double rowOfMany = large / many, rowOfFew = small / (few * turns);
  state.counters["ns_of_many"] = 1e6 * rowOfMany;
  state.counters["ns_of_few"] = 1e6 * rowOfFew;
  bench::judge(state, rowOfMany / rowOfFew, 1.2, true);
}

static std::function<void()> statesOf(const bench::Circuit &circuit, base::ThreadPool &pool) {
  struct Work {
    bench::Circuit circuit;
    batch::Plan plan;
    std::vector<double> data;
    batch::Panels panels;
  };
  constexpr int64_t many = 2000;
  auto work = std::make_shared<Work>(
      Work{circuit, batch::Plan(circuit.table()), bench::data(circuit, many),
           batch::Panels(many, circuit.qubits, batch::kernelsFor(circuit.qubits))});
  return [work, &pool] {
    const int64_t slots = work->circuit.slots;
    batch::prepare(
        pool, work->plan,
        [&](int64_t row, double *out) { std::copy_n(work->data.data() + row * slots, slots, out); },
        work->panels);
  };
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
  for (bool fresh : {false, true})
    for (int threads : {1, 2})
      for (int64_t rows : {1000, 10000, 100000})
        benchmark::RegisterBenchmark(("rows/" + std::to_string(rows) + "/" +
                                      std::to_string(threads) + "_threads" +
                                      (fresh ? "/fresh" : ""))
                                         .c_str(),
                                     prepareRows, rows, threads, fresh)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
  for (int threads : {1, 2})
    benchmark::RegisterBenchmark(("many/" + std::to_string(threads) + "_threads").c_str(),
                                 [threads](benchmark::State &s) { manyBesideFew(s, threads); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->MinTime(2);
  for (int n : {10, 12})
    for (const auto &[name, circuit] :
         {std::pair("zz", bench::zz(n)), std::pair("random", bench::random(n))})
      bench::addSpeedup("states/" + std::string(name) + "/" + std::to_string(n), 1.3,
                        [circuit](base::ThreadPool &pool) { return statesOf(circuit, pool); });
  for (int n : {8, 10, 12})
    hand::add("hand/zz/" + std::to_string(n),
              [n](benchmark::State &state) { besideHand(state, n); });
  for (int n : {8, 10, 12}) {
    const std::pair<const char *, bench::Circuit> circuits[] = {
        {"zz", bench::zz(n)},
        {"iqp_1", bench::iqp(n, 1)},
        {"iqp_5", bench::iqp(n, 5)},
        {"hardware_efficient", bench::hardwareEfficient(n)},
        {"reupload", bench::reupload(n)},
        {"random", bench::random(n)},
        {"pairs", bench::pairs(n)}};
    for (const auto &[name, circuit] : circuits) {
      const std::string label = std::string(name) + "/" + std::to_string(n);
      for (int64_t k = 0; k < count; ++k)
        benchmark::RegisterBenchmark((label + "/" + kernels[k]->name).c_str(), prepareStates,
                                     circuit, *kernels[k])
            ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark((label + "/for_a_caller").c_str(), prepareForCaller, circuit)
          ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark((label + "/plan").c_str(), makePlan, circuit)
          ->Unit(benchmark::kMillisecond);
    }
  }
  return true;
}();
