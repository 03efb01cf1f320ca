// SPDX-License-Identifier: Apache-2.0
// Three small pieces of work whose instructions are counted: states of many rows, their Gram
// matrix, random layers on one state. In: the name of one and an instruction set. Out: a line with
// a sum over what was computed, so that nothing can be left out. Why `counted` has a plain name:
// the counter is switched on inside of it alone.
#include "bench/circuits.h"
#include "runtime/batch/overlaps.h"
#include "runtime/batch/states.h"
#include "runtime/sweep/run.h"

#include <cstdio>
#include <cstring>

using namespace qdo;

static std::function<void()> work;
extern "C" [[gnu::noinline]] void counted() { work(); }

static const batch::Kernels *kernelsNamed(const char *name) {
  static const batch::Kernels *kernels[4];
  const int64_t count = batch::availableKernels(kernels, 4);
  for (int64_t k = 0; k < count; ++k)
    if (std::strcmp(kernels[k]->name, name) == 0)
      return kernels[k];
  return nullptr;
}

static std::vector<gates::GateCall> layers(int qubits, int depth) {
  const auto named = [](std::string_view name) {
    int row = 0;
    while (gates::all()[static_cast<size_t>(row)].name != name)
      ++row;
    return row;
  };
  std::vector<gates::GateCall> calls;
  for (int d = 0; d < depth; ++d) {
    for (int q = 0; q < qubits; ++q)
      for (const char *name : {"rz", "ry", "rz"})
        calls.push_back({named(name), false, 0, q, -1, {0.1 * (d + 1) + 0.7 * q}});
    for (int q = 0; q + 1 < qubits; ++q)
      calls.push_back({named("cz"), false, uint64_t{1} << q, q + 1, -1, {}});
  }
  return calls;
}

int main(int argc, char **argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const batch::Kernels *kernels = argc > 2 ? kernelsNamed(argv[2]) : nullptr;
  if (!kernels) {
    std::puts("unavailable");
    return 0;
  }
  constexpr int qubits = 8, largeQubits = 13;
  constexpr int64_t rows = 64;
  base::ThreadPool pool(1);
  const bench::Circuit circuit = bench::zz(qubits);
  const std::vector<double> data = bench::data(circuit, rows);
  const batch::Plan plan(circuit.table());
  batch::Panels panels(rows, qubits, *kernels);
  const batch::SlotsOfRow slots = [&](int64_t row, double *out) {
    std::copy_n(data.data() + row * circuit.slots, circuit.slots, out);
  };
  double sum = 0;
  if (what == "states") {
    work = [&] { batch::prepare(pool, plan, slots, panels); };
    counted();
    for (int64_t row = 0; row < rows; ++row)
      sum += *panels.row(row);
  } else if (what == "gram") {
    batch::prepare(pool, plan, slots, panels);
    std::vector<double> matrix(static_cast<size_t>(rows * rows));
    work = [&] { batch::gram(pool, panels, matrix.data(), rows); };
    counted();
    for (double value : matrix)
      sum += value;
  } else if (what == "layers") {
    const auto calls = layers(largeQubits, 4);
    std::vector<std::complex<double>> state(size_t{1} << largeQubits);
    state[0] = 1;
    const sweep::Isa isa =
        std::strcmp(kernels->name, "baseline") == 0 ? sweep::Isa::Baseline : sweep::Isa::Avx2;
    work = [&] {
      sweep::run<double>(pool, calls, state.data(), largeQubits, {.isa = isa, .fromZero = true});
    };
    counted();
    for (const auto &amplitude : state)
      sum += std::norm(amplitude);
  } else {
    std::puts("usage: kernels states|gram|layers INSTRUCTION_SET");
    return 2;
  }
  std::printf("%.9f\n", sum);
  return 0;
}
