// SPDX-License-Identifier: Apache-2.0
// Circuits written as code that sends gates, turned into what the compiler makes: a table of gates
// and a function from data to angles.
#pragma once

#include "runtime/base/hash.h"
#include "runtime/sim/sink.h"

#include <deque>
#include <limits>

namespace qdo::test {

/// A circuit's table from `body`, void(qdo_sink *, const double *data), which sends the same gates
/// for any data. Its content is a hash of name and gates unless given.
template <auto body>
const qdo_circuit *tabled(int64_t qubits, const char *name = "c", int64_t content = 0) {
  struct Made {
    explicit Made(int64_t qubits, const char *name, int64_t content) {
      sim::Recorder recorder;
      const std::vector<double> data(4096, std::numeric_limits<double>::quiet_NaN());
      body(&recorder, data.data());
      base::Hasher hash(name);
      for (const gates::GateCall &call : recorder.calls()) {
        qdo_gate gate{call.controls,
                      static_cast<int16_t>(call.gate),
                      static_cast<int16_t>(call.inverse),
                      static_cast<int16_t>(call.target0),
                      static_cast<int16_t>(call.target1),
                      {-1, -1, -1, -1}};
        const int parameters = gates::all()[static_cast<size_t>(call.gate)].parameters;
        for (int i = 0; i < parameters; ++i)
          gate.angles[i] = static_cast<int32_t>(circuit.slot_count++);
        hash.add(gate.controls).add(static_cast<uint64_t>(call.gate * 2 + call.inverse));
        hash.add(static_cast<uint64_t>(call.target0 * 64 + call.target1));
        gates.push_back(gate);
      }
      circuit.name = name;
      circuit.content = content ? content : static_cast<int64_t>(hash.value());
      circuit.qubits = qubits;
      circuit.gates = gates.data();
      circuit.gate_count = std::ssize(gates);
      circuit.angles = [](qdo_sink *sink, const double *data, double *slots) {
        sim::Recorder recorder;
        body(&recorder, data);
        sink->refuse(recorder.refused());
        for (const gates::GateCall &call : recorder.calls())
          for (int i = 0; i < gates::all()[static_cast<size_t>(call.gate)].parameters; ++i)
            *slots++ = call.angles[i];
      };
    }
    std::vector<qdo_gate> gates;
    qdo_circuit circuit{};
  };
  static std::deque<Made> made;
  return &made.emplace_back(qubits, name, content).circuit;
}

} // namespace qdo::test
