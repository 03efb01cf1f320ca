// SPDX-License-Identifier: Apache-2.0
// Plans of circuits of random structure against dense matrices.
#include "runtime/gates/gates.h"
#include "tests/unit/batch/table.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numbers>
#include <random>

using namespace qdo;

namespace {

struct Case {
  table::Circuit circuit;
  std::vector<std::vector<double>> values;
};

/// Any gates on any wires; angles are constants (often multiples of pi/4) or differ from row to
/// row.
Case randomCase(uint64_t seed) {
  std::mt19937_64 random(seed);
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<uint64_t>(n)); };
  const int qubits = 1 + below(8), rows = 1 + below(20), gateCount = below(40);
  // Some circuits are of one family only, where layers are long.
  const std::vector<std::vector<std::string>> families = {{},
                                                          {"h", "rz", "rzz", "cx", "p"},
                                                          {"h", "cx", "p", "x", "swap", "cz"},
                                                          {"ry", "rz", "cx", "rx"},
                                                          {"rxx", "ryy", "rzz", "u"},
                                                          {"ccx", "cswap", "cu", "h", "crx", "t"}};
  const auto &family = families[below(static_cast<int>(families.size()))];
  Case out{table::Circuit(qubits), {}};
  table::Circuit &c = out.circuit;
  for (int i = 0; i < 6; ++i)
    c.constants.push_back(below(2) != 0 ? below(17) * std::numbers::pi / 4 - 2 * std::numbers::pi
                                        : below(1000) * 0.01 - 5);
  const int dataSlots = 1 + below(6);
  c.slots = 6 + dataSlots;
  const auto all = gates::all();
  for (int i = 0; i < gateCount; ++i) {
    int gate = below(static_cast<int>(all.size()));
    if (!family.empty())
      gate = table::row(family[below(static_cast<int>(family.size()))]);
    const auto &info = all[gate];
    std::vector<int> wires(qubits);
    std::iota(wires.begin(), wires.end(), 0);
    std::ranges::shuffle(wires, random);
    int controls = info.controls;
    if (below(6) == 0)
      controls += 1 + below(4);
    if (controls + info.targets > qubits)
      continue;
    std::vector<int32_t> slots;
    for (int p = 0; p < info.parameters; ++p)
      slots.push_back(below(static_cast<int>(c.slots)));
    c.gate(info.name, {wires.begin() + info.targets, wires.begin() + info.targets + controls},
           wires[0], info.targets == 2 ? wires[1] : -1, slots, below(3) == 0);
    if (below(20) == 0)
      c.globalPhase(below(static_cast<int>(c.slots)));
  }
  for (int row = 0; row < rows; ++row) {
    out.values.push_back(c.constants);
    for (int s = 0; s < dataSlots; ++s)
      out.values.back().push_back(below(1000) * 0.0123 - 6);
  }
  return out;
}

} // namespace

TEST(Batch, RandomCircuitsEqualDenseMatrices) {
  const batch::Kernels *kernels[4];
  const int64_t count = batch::availableKernels(kernels, 4);
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const Case random = randomCase(seed);
    for (int64_t k = 0; k < count; ++k)
      ASSERT_LT(table::error(random.circuit, random.values, *kernels[k]), 1e-12)
          << "seed " << seed << ", " << kernels[k]->name << ", " << random.circuit.qubits
          << " qubits, " << random.circuit.gates.size() << " gates";
  }
}
