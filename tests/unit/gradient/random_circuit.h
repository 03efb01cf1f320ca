// SPDX-License-Identifier: Apache-2.0
// Random circuits of every gate with angles, whose angles are smooth functions of data.
#pragma once

#include "runtime/gates/gates.h"
#include "runtime/sim/observable.h"

#include <cmath>
#include <deque>
#include <random>
#include <vector>

namespace qdo::test {

/// Numbers that the angles of a random circuit are made of.
constexpr int64_t dataCount = 4;

/// Slot s of a circuit: something of two numbers, different for each slot.
inline double slotOf(int64_t s, const double *x) {
  const double a = x[s % dataCount], b = x[(s + 1) % dataCount];
  return (0.4 + 0.1 * static_cast<double>(s % 7)) * a + 0.3 * std::sin(b) * a + 0.2;
}

inline void pullSlot(int64_t s, const double *x, double slope, double *out) {
  const double a = x[s % dataCount], b = x[(s + 1) % dataCount];
  out[s % dataCount] += slope * (0.4 + 0.1 * static_cast<double>(s % 7) + 0.3 * std::sin(b));
  out[(s + 1) % dataCount] += slope * 0.3 * std::cos(b) * a;
}

constexpr int64_t slotCount = 24;

/// Gates in a random order on `qubits` qubits, with and without controls and adjoints, and global
/// phases. It lives as long as the program.
inline const qdo_circuit *randomCircuit(int qubits, int count, uint32_t seed) {
  struct Made {
    std::vector<qdo_gate> gates;
    qdo_circuit circuit{};
  };
  static std::deque<Made> all;
  Made &made = all.emplace_back();
  std::mt19937 random(seed);
  auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  int32_t next = 0;
  for (int i = 0; i < count; ++i) {
    qdo_gate gate{};
    gate.gate = static_cast<int16_t>(below(static_cast<int>(gates::all().size()) + 1) - 1);
    std::fill(std::begin(gate.angles), std::end(gate.angles), -1);
    if (gate.gate == QDO_GLOBAL_PHASE) {
      gate.target0 = gate.target1 = -1;
      gate.angles[0] = next++ % slotCount;
      made.gates.push_back(gate);
      continue;
    }
    const gates::GateInfo &info = gates::all()[static_cast<size_t>(gate.gate)];
    const int wanted = info.controls + (below(4) == 0 ? 1 : 0);
    if (info.targets + wanted > qubits) {
      --i;
      continue;
    }
    std::vector<int> wires(static_cast<size_t>(qubits));
    for (int q = 0; q < qubits; ++q)
      wires[static_cast<size_t>(q)] = q;
    std::shuffle(wires.begin(), wires.end(), random);
    gate.inverse = static_cast<int8_t>(below(3) == 0);
    gate.target0 = static_cast<int8_t>(wires[0]);
    gate.target1 = static_cast<int8_t>(info.targets > 1 ? wires[1] : -1);
    for (int c = 0; c < wanted; ++c)
      gate.controls |= uint64_t{1} << wires[static_cast<size_t>(info.targets + c)];
    for (int a = 0; a < info.parameters; ++a)
      gate.angles[a] = next++ % slotCount;
    made.gates.push_back(gate);
  }
  made.circuit.name = "random";
  made.circuit.content = static_cast<int64_t>(seed) * 1000 + qubits * 100 + count;
  made.circuit.qubits = qubits;
  made.circuit.gates = made.gates.data();
  made.circuit.gate_count = std::ssize(made.gates);
  made.circuit.slot_count = slotCount;
  made.circuit.angles = [](qdo_sink *, const double *data, double *slots) {
    for (int64_t s = 0; s < slotCount; ++s)
      slots[s] = slotOf(s, data);
  };
  made.circuit.pull_back = [](const double *data, const double *slots, double *out) {
    for (int64_t s = 0; s < slotCount; ++s)
      pullSlot(s, data, slots[s], out);
  };
  return &made.circuit;
}

/// A few random Pauli strings.
inline void randomObservable(sim::Observable &observable, int qubits, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> weight(-1, 1);
  std::uniform_int_distribution<uint64_t> mask(0, (uint64_t{1} << qubits) - 1);
  for (int i = 0; i < 3; ++i) {
    const double w = weight(random);
    const uint64_t x = mask(random), z = mask(random);
    observable.add(w, x, z);
  }
}

} // namespace qdo::test
