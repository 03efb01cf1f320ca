// SPDX-License-Identifier: Apache-2.0
// What `group commuting` buys: circuits, shots and device time of a sum until its standard error,
// or a third of the half-width of its 95 % interval, is small enough, beside `group qubitwise`. H2
// is that of STO-3G at 0.7414 Angstrom, Jordan-Wigner; chains are open.
#include "runtime/estimate/quantities.h"
#include "tests/unit/sim/circuits.h"

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

using namespace qdo;
using estimate::Grouping;
using estimate::Policy;

namespace {

struct Model {
  const char *name;
  std::vector<std::pair<double, std::string>> terms; ///< letter q on qubit q
  const qdo_circuit *circuit;
  std::vector<double> data;
  double error; ///< to be reached
};

std::string two(int qubits, int q, char letter) {
  std::string letters(static_cast<size_t>(qubits), 'I');
  letters[static_cast<size_t>(q)] = letters[static_cast<size_t>(q) + 1] = letter;
  return letters;
}

std::vector<double> angles(int count) {
  std::vector<double> out;
  for (int i = 0; i < count; ++i)
    out.push_back(0.3 + 0.7 * i);
  return out;
}

/// cos(a/2) |0011> - sin(a/2) |1100>: the ground state of H2 for the right angle.
void pairBody(qdo_sink *sink, const double *a) {
  circuits::one(sink, "ry", 2, -a[0]);
  circuits::one(sink, "cx", 3, 0, 4);
  for (int q : {0, 1}) {
    circuits::one(sink, "x", q);
    circuits::one(sink, "cx", q, 0, 4);
  }
}
const qdo_circuit *const pairOfElectrons = qdo::test::tabled<pairBody>(4, "pair");

Model hydrogen() {
  return {"H2",
          {{0.17141283, "ZIII"},
           {0.17141283, "IZII"},
           {-0.22343154, "IIZI"},
           {-0.22343154, "IIIZ"},
           {0.16868898, "ZZII"},
           {0.12062523, "ZIZI"},
           {0.16592785, "ZIIZ"},
           {0.16592785, "IZZI"},
           {0.12062523, "IZIZ"},
           {0.17441288, "IIZZ"},
           {-0.04530262, "XXYY"},
           {0.04530262, "XYYX"},
           {0.04530262, "YXXY"},
           {-0.04530262, "YYXX"}},
          pairOfElectrons,
          {0.2265},
          0.0016};
}

Model heisenberg() {
  Model model{"Heisenberg, 8 qubits", {}, circuits::ring<8>, angles(8), 0.05};
  for (int q = 0; q < 7; ++q)
    for (char letter : {'X', 'Y', 'Z'})
      model.terms.emplace_back(1, two(8, q, letter));
  return model;
}

Model ising() {
  Model model{"Ising with a field, 8 qubits", {}, circuits::ring<8>, angles(8), 0.05};
  for (int q = 0; q < 8; ++q) {
    if (q < 7)
      model.terms.emplace_back(1, two(8, q, 'Z'));
    std::string field(8, 'I');
    field[static_cast<size_t>(q)] = 'X';
    model.terms.emplace_back(0.7, field);
  }
  return model;
}

bool precise(qdo_ctx *, void *env, double, double error, double, double, double, int64_t, int64_t) {
  return error <= *static_cast<double *>(env);
}
bool narrow(qdo_ctx *, void *env, double, double, double halfWidth, double, double, int64_t,
            int64_t) {
  return halfWidth <= 3 * *static_cast<double *>(env);
}

void groups(benchmark::State &bench, Model (*make)(), Grouping grouping) {
  constexpr int seeds = 50;
  Model model = make();
  double circuits = 0, shots = 0, seconds = 0;
  for (auto _ : bench)
    for (int seed = 1; seed <= seeds; ++seed) {
      qdo_options options{};
      options.seed = static_cast<uint64_t>(seed);
      base::Context ctx(options);
      auto *sum = ctx.make<sim::Observable>();
      for (const auto &[weight, letters] : model.terms) {
        uint64_t x = 0, z = 0;
        for (size_t q = 0; q < letters.size(); ++q) {
          x |= uint64_t{letters[q] == 'X' || letters[q] == 'Y'} << q;
          z |= uint64_t{letters[q] == 'Z' || letters[q] == 'Y'} << q;
        }
        sum->add(weight, x, z);
      }
      Policy policy(Policy::Mode::Sequential, "p");
      policy.low = 100;
      policy.batch = 100;
      policy.high = 1'000'000;
      policy.grouping = grouping;
      policy.until = bench.range(0) ? narrow : precise;
      policy.untilEnv = &model.error;
      const auto *recipe = sim::makeLeaf(ctx, model.circuit, model.data);
      estimate::estimateExpect(ctx, 0, *recipe, *sum, policy);
      circuits += static_cast<double>(ctx.spent.circuits) / seeds;
      shots += static_cast<double>(ctx.spent.shots) / seeds;
      seconds += ctx.spent.seconds / seeds;
    }
  bench.counters["circuits"] = circuits;
  bench.counters["shots"] = shots;
  bench.counters["device s"] = seconds;
  bench.SetLabel(std::string(model.name) + (bench.range(0) ? ", half-width" : ", standard error"));
}

void qubitwise(benchmark::State &bench, Model (*make)()) {
  groups(bench, make, Grouping::Qubitwise);
}
void commuting(benchmark::State &bench, Model (*make)()) {
  groups(bench, make, Grouping::Commuting);
}

} // namespace

#define QDO_GROUPS(model)                                                                          \
  BENCHMARK_CAPTURE(qubitwise, model, model)->Arg(0)->Arg(1)->Iterations(1);                       \
  BENCHMARK_CAPTURE(commuting, model, model)->Arg(0)->Arg(1)->Iterations(1)
QDO_GROUPS(hydrogen);
QDO_GROUPS(heisenberg);
QDO_GROUPS(ising);
