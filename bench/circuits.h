// SPDX-License-Identifier: Apache-2.0
// Circuits that benchmarks run, as tables, with random data in their slots.
// Why: the gates are those of the standard library's encodings of the same names.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/gates/gates.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace bench {

class Circuit {
public:
  explicit Circuit(int qubits) : qubits(qubits) {}

  void gate(std::string_view name, uint64_t controls, int target0, int target1 = -1,
            std::vector<int32_t> slots = {}) {
    qdo_gate g{controls,        0, 0, static_cast<int16_t>(target0), static_cast<int16_t>(target1),
               {-1, -1, -1, -1}};
    while (qdo::gates::all()[g.gate].name != name)
      ++g.gate;
    std::copy(slots.begin(), slots.end(), g.angles);
    gates.push_back(g);
  }
  int32_t slot() { return slots++; }
  qdo_circuit table() const {
    qdo_circuit made{};
    made.name = "bench";
    made.content = 1;
    made.qubits = qubits;
    made.gates = gates.data();
    made.gate_count = std::ssize(gates);
    made.slot_count = slots;
    return made;
  }

  int qubits;
  std::vector<qdo_gate> gates;
  int32_t slots = 0;
};

inline Circuit zz(int n, int reps = 2) {
  Circuit c(n);
  std::vector<int32_t> of(static_cast<size_t>(n * n));
  for (auto &slot : of)
    slot = -1;
  auto at = [&](int i, int j) {
    int32_t &slot = of[static_cast<size_t>(i * n + j)];
    return slot < 0 ? slot = c.slot() : slot;
  };
  for (int r = 0; r < reps; ++r) {
    for (int i = 0; i < n; ++i) {
      c.gate("h", 0, i);
      c.gate("p", 0, i, -1, {at(i, i)});
    }
    for (int i = 0; i < n; ++i)
      for (int j = i + 1; j < n; ++j) {
        c.gate("cx", 1ull << i, j);
        c.gate("p", 0, j, -1, {at(i, j)});
        c.gate("cx", 1ull << i, j);
      }
  }
  return c;
}

inline Circuit iqp(int n, int repeats) {
  Circuit c(n);
  c.slots = n + n * (n - 1) / 2;
  for (int r = 0; r < repeats; ++r) {
    for (int i = 0; i < n; ++i) {
      c.gate("h", 0, i);
      c.gate("rz", 0, i, -1, {i});
    }
    int32_t slot = n;
    for (int i = 0; i < n; ++i)
      for (int j = i + 1; j < n; ++j)
        c.gate("rzz", 0, i, j, {slot++});
  }
  return c;
}

inline Circuit hardwareEfficient(int n, int layers = 4) {
  Circuit c(n);
  for (int l = 0; l < layers; ++l) {
    for (int i = 0; i < n; ++i)
      c.gate("ry", 0, i, -1, {c.slot()});
    for (int i = 0; i < n; ++i)
      c.gate("rz", 0, i, -1, {c.slot()});
    for (int i = 1; i < n; ++i)
      c.gate("cx", 1ull << (i - 1), i);
  }
  return c;
}

inline Circuit reupload(int n, int layers = 6) {
  Circuit c(n);
  c.slots = n;
  for (int l = 0; l < layers; ++l) {
    for (int i = 0; i < n; ++i) {
      c.gate("rx", 0, i, -1, {i});
      c.gate("rz", 0, i, -1, {c.slot()});
      c.gate("ry", 0, i, -1, {c.slot()});
      c.gate("rz", 0, i, -1, {c.slot()});
    }
    for (int i = 1; i < n; ++i)
      c.gate("cx", 1ull << (i - 1), i);
  }
  return c;
}

/// Forty gates a qubit of any kind on any wires.
inline Circuit random(int n) {
  Circuit c(n);
  std::mt19937_64 draw(17);
  const auto all = qdo::gates::all();
  for (int g = 0; g < 40 * n / 4; ++g) {
    const auto &info = all[draw() % all.size()];
    std::vector<int> wires(static_cast<size_t>(n));
    for (int i = 0; i < n; ++i)
      wires[static_cast<size_t>(i)] = i;
    std::shuffle(wires.begin(), wires.end(), draw);
    uint64_t controls = 0;
    for (int i = 0; i < info.controls; ++i)
      controls |= 1ull << wires[static_cast<size_t>(2 + i)];
    std::vector<int32_t> slots;
    for (int i = 0; i < info.parameters; ++i)
      slots.push_back(c.slot());
    c.gate(info.name, controls, wires[0], info.targets == 2 ? wires[1] : -1, slots);
  }
  return c;
}

/// Eight gates a qubit on random wires, most of them rotations of two.
inline Circuit pairs(int n) {
  Circuit c(n);
  std::mt19937_64 draw(11);
  const auto below = [&](int count) {
    return static_cast<int>(draw() % static_cast<uint64_t>(count));
  };
  for (int g = 0; g < 8 * n; ++g) {
    const int a = below(n), b = (a + 1 + below(n - 1)) % n;
    switch (below(6)) {
    case 0:
      c.gate("rxx", 0, a, b, {c.slot()});
      break;
    case 1:
      c.gate("ryy", 0, a, b, {c.slot()});
      break;
    case 2:
      c.gate("rzz", 0, a, b, {c.slot()});
      break;
    case 3:
      c.gate("rx", 1ull << a, b, -1, {c.slot()});
      break;
    case 4:
      c.gate("ry", 0, a, -1, {c.slot()});
      break;
    default:
      c.gate("rz", 0, a, -1, {c.slot()});
    }
  }
  return c;
}

/// `rows` x slots angles.
inline std::vector<double> data(const Circuit &circuit, int64_t rows) {
  std::mt19937_64 draw(5);
  std::uniform_real_distribution<double> angle(-3, 3);
  std::vector<double> values(static_cast<size_t>(rows * circuit.slots));
  for (double &value : values)
    value = angle(draw);
  return values;
}

} // namespace bench
