// SPDX-License-Identifier: Apache-2.0
// Circuits for tests, written as the tables that compiled programs hold.
// Why: a slot's value for a row is given directly, so the tables need no code.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/batch/states.h"
#include "tests/unit/sim/dense.h"

#include <cstdlib>
#include <string_view>
#include <vector>

namespace table {

inline int16_t row(std::string_view name) {
  auto all = qdo::gates::all();
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name)
      return static_cast<int16_t>(i);
  std::abort();
}

/// A circuit and the values of its slots for some rows.
class Circuit {
public:
  explicit Circuit(int qubits) : qubits(qubits) {}

  void gate(std::string_view name, std::vector<int> controls, int target0, int target1 = -1,
            std::vector<int32_t> slots = {}, bool inverse = false) {
    add(row(name), controls, target0, target1, slots, inverse);
  }
  void one(std::string_view name, int target, std::vector<int32_t> slots = {}) {
    gate(name, {}, target, -1, std::move(slots));
  }
  void globalPhase(int32_t slot) { add(QDO_GLOBAL_PHASE, {}, 0, -1, {slot}, false); }
  void add(int16_t gate, const std::vector<int> &controls, int target0, int target1,
           const std::vector<int32_t> &slots, bool inverse) {
    qdo_gate g{0,
               gate,
               inverse,
               static_cast<int16_t>(target0),
               static_cast<int16_t>(target1),
               {-1, -1, -1, -1}};
    for (int wire : controls)
      g.controls |= uint64_t{1} << wire;
    std::ranges::copy(slots, g.angles);
    gates.push_back(g);
  }
  qdo_circuit circuit() const {
    qdo_circuit made{};
    made.name = "test";
    made.content = 1;
    made.qubits = qubits;
    made.gates = gates.data();
    made.gate_count = std::ssize(gates);
    made.constants = constants.data();
    made.constant_count = std::ssize(constants);
    made.slot_count = slots;
    return made;
  }

  /// The states of all rows by dense matrices, one below the other.
  std::vector<dense::Vector> reference(const std::vector<std::vector<double>> &values) const {
    std::vector<dense::Vector> states;
    for (const auto &row : values) {
      dense::Vector state = dense::Vector::Zero(1 << qubits);
      state(0) = 1;
      for (const qdo_gate &g : gates) {
        double angles[4] = {};
        for (int i = 0; i < 4; ++i)
          if (g.angles[i] >= 0)
            angles[i] = row[g.angles[i]];
        if (g.gate == QDO_GLOBAL_PHASE) {
          state *= std::polar(1.0, angles[0]);
          continue;
        }
        dense::Matrix matrix = dense::gate(std::string(qdo::gates::all()[g.gate].name), angles);
        if (g.inverse)
          matrix = matrix.adjoint().eval();
        state = apply(matrix, g, state);
      }
      states.push_back(state);
    }
    return states;
  }

  const int qubits;
  std::vector<qdo_gate> gates;
  std::vector<double> constants; ///< the first slots
  int64_t slots = 0;             ///< all

private:
  static dense::Vector apply(const dense::Matrix &matrix, const qdo_gate &g,
                             const dense::Vector &state) {
    dense::Vector out = state;
    const int64_t bit0 = int64_t{1} << g.target0;
    const int64_t bit1 = g.target1 < 0 ? 0 : int64_t{1} << g.target1;
    auto entry = [&](int64_t z) { return ((z & bit0) != 0) + 2 * ((z & bit1) != 0); };
    for (int64_t z = 0; z < state.size(); ++z) {
      if ((z & static_cast<int64_t>(g.controls)) != static_cast<int64_t>(g.controls))
        continue;
      out(z) = 0;
      for (int column = 0; column < matrix.cols(); ++column) {
        const int64_t from =
            (z & ~(bit0 | bit1)) | ((column & 1) != 0 ? bit0 : 0) | ((column & 2) != 0 ? bit1 : 0);
        out(z) += matrix(entry(z), column) * state(from);
      }
    }
    return out;
  }
};

/// The largest error of the states of a plan against the reference.
inline double error(const Circuit &circuit, const std::vector<std::vector<double>> &values,
                    const qdo::batch::Kernels &kernels, int threads = 1) {
  const qdo_circuit table = circuit.circuit();
  const qdo::batch::Plan plan(table);
  qdo::batch::Panels panels(static_cast<int64_t>(values.size()), circuit.qubits, kernels);
  qdo::base::ThreadPool pool(threads);
  qdo::batch::prepare(
      pool, plan, [&](int64_t row, double *slots) { std::ranges::copy(values[row], slots); },
      panels);
  const auto expected = circuit.reference(values);
  double worst = 0;
  std::vector<std::complex<double>> state(size_t{1} << circuit.qubits);
  for (size_t row = 0; row < values.size(); ++row) {
    panels.copy(static_cast<int64_t>(row), plan, state);
    for (size_t z = 0; z < state.size(); ++z) {
      const double e = std::abs(state[z] - expected[row](static_cast<Eigen::Index>(z)));
      worst = e <= worst ? worst : e; // a NaN stays
    }
  }
  return worst;
}

} // namespace table
