// SPDX-License-Identifier: Apache-2.0
// Random Clifford circuits of 1,000 qubits: 100 layers of a gate on each qubit and CX on random
// pairs, then all qubits measured.
// Out: milliseconds for the 150,000 gates, for what outcomes there can be, for 100,000 shots; with
// depolarising errors of 0.1 % after each gate, for the errors of 10,240 shots and for the means of
// 256 Pauli strings. All on one thread. Goals: 60, 60, 200, 400 and 100 ms.
#include "bench/machine.h"
#include "runtime/stabilizer/frames.h"
#include "runtime/stabilizer/outcomes.h"

#include <algorithm>
#include <numeric>
#include <random>

using namespace qdo;

namespace {

struct Circuit {
  struct Op {
    const stabilizer::Clifford *gate;
    int wires[2];
  };
  explicit Circuit(int qubits, int layers) : qubits(qubits) {
    std::mt19937_64 engine(7);
    std::vector<int> order(static_cast<size_t>(qubits));
    std::iota(order.begin(), order.end(), 0);
    const stabilizer::Clifford *single[3];
    for (int i = 0; i < 3; ++i)
      single[i] = known.find({machine::gate(i == 0   ? "h"
                                            : i == 1 ? "s"
                                                     : "sx"),
                              false,
                              0,
                              {}})
                      .gate;
    const auto *cx = known.find({machine::gate("cx"), false, 1, {}}).gate;
    for (int layer = 0; layer < layers; ++layer) {
      for (int q = 0; q < qubits; ++q)
        ops.push_back({single[engine() % 3], {q, 0}});
      std::ranges::shuffle(order, engine);
      for (size_t i = 0; i + 1 < order.size(); i += 2)
        ops.push_back({cx, {order[i], order[i + 1]}});
    }
  }
  stabilizer::Tableau run() const {
    stabilizer::Tableau tableau(qubits);
    for (const Op &op : ops)
      tableau.apply(*op.gate, op.wires);
    return tableau;
  }
  int qubits;
  stabilizer::Cliffords known;
  std::vector<Op> ops;
};

const Circuit &circuit() {
  static const Circuit made(1000, 100);
  return made;
}

void cliffordGates(benchmark::State &bench) {
  circuit();
  for (auto _ : bench)
    benchmark::DoNotOptimize(circuit().run());
}

void cliffordOutcomes(benchmark::State &bench) {
  const stabilizer::Tableau tableau = circuit().run();
  for (auto _ : bench)
    benchmark::DoNotOptimize(stabilizer::Outcomes(tableau).rank());
}

void cliffordShots(benchmark::State &bench) {
  const stabilizer::Outcomes outcomes(circuit().run());
  const int64_t shots = 100000;
  std::mt19937_64 engine(5);
  std::vector<uint64_t> bits(static_cast<size_t>(shots) * outcomes.bitWords());
  std::vector<uint64_t> out(static_cast<size_t>(shots) * outcomes.words());
  const int rest = outcomes.rank() % 64;
  for (auto _ : bench) {
    for (size_t i = 0; i < bits.size(); ++i)
      bits[i] = engine() & (rest && (i + 1) % outcomes.bitWords() == 0 ? (uint64_t{1} << rest) - 1
                                                                       : ~uint64_t{0});
    outcomes.outcomes(shots, bits.data(), out.data());
    benchmark::DoNotOptimize(out.data());
  }
}

const stabilizer::NoisyClifford &noisyCircuit() {
  static const stabilizer::NoisyClifford made = [] {
    stabilizer::NoisyClifford noisy(circuit().qubits);
    for (const Circuit::Op &op : circuit().ops) {
      const std::span wires(op.wires, static_cast<size_t>(op.gate->wires));
      noisy.gate(*op.gate, wires);
      noisy.depolarizing(wires, 0.001);
    }
    return noisy;
  }();
  return made;
}

void cliffordErrors(benchmark::State &bench) {
  const auto &noisy = noisyCircuit();
  stabilizer::NoisyClifford::Block block(noisy.qubits());
  base::RandomStream random(5, 1);
  for (auto _ : bench)
    for (int shots = 0; shots < 10'240; shots += stabilizer::NoisyClifford::runs) {
      noisy.errors(random, block);
      benchmark::DoNotOptimize(block.x.data());
    }
}

void cliffordMeans(benchmark::State &bench) {
  const auto &noisy = noisyCircuit();
  std::mt19937_64 engine(6);
  stabilizer::NoisyClifford::Block block(noisy.qubits());
  std::vector<double> factors(stabilizer::NoisyClifford::runs);
  for (auto _ : bench) {
    // A letter each, which spreads over all qubits on its way back.
    std::ranges::fill(block.x, 0);
    std::ranges::fill(block.z, 0);
    for (size_t run = 0; run < factors.size(); ++run)
      block.z[(engine() % 1000) * stabilizer::NoisyClifford::words + run / 64] |= uint64_t{1}
                                                                                  << (run % 64);
    noisy.takeBack(block, factors);
    benchmark::DoNotOptimize(factors.data());
  }
}

} // namespace

BENCHMARK(cliffordGates)->Apply(machine::medians);
BENCHMARK(cliffordOutcomes)->Apply(machine::medians);
BENCHMARK(cliffordShots)->Apply(machine::medians);
BENCHMARK(cliffordErrors)->Apply(machine::medians);
BENCHMARK(cliffordMeans)->Apply(machine::medians);
