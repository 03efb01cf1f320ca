// SPDX-License-Identifier: Apache-2.0
// Noisy circuits on dense density matrices with Kraus operators, and recipes of random circuits.
// Why: the reference shares nothing with the runtime but the names of gates and the noise's
// numbers.
#pragma once

#include "qdo/runtime/circuit.h"
#include "runtime/noise/noise.h"
#include "runtime/sim/recipe.h"
#include "tests/unit/sweep/random_gates.h"

#include <deque>

namespace noisy {

using dense::Matrix;
using qdo::gates::GateCall;
using qdo::noise::Noise;

/// A circuit without data, as the compiler makes it; lives until the test ends.
inline const qdo_circuit *tableOf(const std::vector<GateCall> &calls, int qubits) {
  struct Made {
    std::vector<qdo_gate> gates;
    std::vector<double> constants;
    qdo_circuit circuit{};
  };
  static std::deque<Made> all;
  Made &made = all.emplace_back();
  for (const GateCall &call : calls) {
    qdo_gate gate{call.controls,
                  static_cast<int16_t>(call.gate),
                  static_cast<int16_t>(call.inverse),
                  static_cast<int16_t>(call.target0),
                  static_cast<int16_t>(call.target1),
                  {-1, -1, -1, -1}};
    for (int i = 0; i < qdo::gates::all()[static_cast<size_t>(call.gate)].parameters; ++i) {
      gate.angles[i] = static_cast<int32_t>(made.constants.size());
      made.constants.push_back(call.angles[i]);
    }
    made.gates.push_back(gate);
  }
  made.circuit = {"c",
                  static_cast<int64_t>(all.size()),
                  qubits,
                  made.gates.data(),
                  std::ssize(made.gates),
                  made.constants.data(),
                  std::ssize(made.constants),
                  std::ssize(made.constants),
                  [](qdo_sink *, const double *, double *) {},
                  nullptr};
  return &made.circuit;
}

inline qdo::sim::Recipe *recipeOf(qdo::base::Context &ctx, const std::vector<GateCall> &calls,
                                  int qubits) {
  return qdo::sim::makeLeaf(ctx, tableOf(calls, qubits), {});
}

inline Matrix one(std::complex<double> a, std::complex<double> b, std::complex<double> c,
                  std::complex<double> d) {
  Matrix m(2, 2);
  m << a, b, c, d;
  return m;
}

inline std::vector<int> wiresOf(const GateCall &call, int qubits) {
  std::vector<int> wires;
  for (int q = 0; q < qubits; ++q)
    if ((call.controls >> q & 1) || q == call.target0 || q == call.target1)
      wires.push_back(q);
  return wires;
}

inline Matrix unitaryOf(const GateCall &call, int qubits) {
  Matrix u =
      dense::gate(std::string(qdo::gates::all()[static_cast<size_t>(call.gate)].name), call.angles);
  if (call.inverse)
    u = Matrix(u.adjoint());
  std::vector<int> controls, targets{call.target0};
  for (int q = 0; q < qubits; ++q)
    if (call.controls >> q & 1)
      controls.push_back(q);
  if (call.target1 >= 0)
    targets.push_back(call.target1);
  return dense::embed(u, controls, targets, qubits);
}

/// A density matrix and the time at which each qubit is free.
class Reference {
public:
  Reference(int qubits, const Noise &noise)
      : qubits_(qubits), noise_(noise), free_(static_cast<size_t>(qubits), 0.0) {
    rho = Matrix::Zero(1 << qubits, 1 << qubits);
    rho(0, 0) = 1;
  }

  void gate(const GateCall &call, double p1, double p2, double damping, double dephasing) {
    const auto wires = wiresOf(call, qubits_);
    double begin = 0;
    for (int q : wires)
      begin = std::max(begin, free_[static_cast<size_t>(q)]);
    for (int q : wires)
      wait(q, begin);
    const Matrix u = unitaryOf(call, qubits_);
    rho = Matrix(u * rho * u.adjoint());
    // (1 - p) rho + p I/2^k: the average over all Pauli strings on the wires.
    const double p = wires.size() == 1 ? p1 : p2;
    Matrix mixed = Matrix::Zero(rho.rows(), rho.cols());
    const size_t strings = size_t{1} << 2 * wires.size();
    for (size_t s = 0; s < strings; ++s) {
      std::string letters(static_cast<size_t>(qubits_), 'I');
      for (size_t i = 0; i < wires.size(); ++i)
        letters[static_cast<size_t>(wires[i])] = "IXYZ"[s >> 2 * i & 3];
      const Matrix pauli = dense::pauliString(letters);
      mixed += pauli * rho * pauli / static_cast<double>(strings);
    }
    rho = Matrix((1 - p) * rho + p * mixed);
    for (int q : wires) {
      kraus(q, {one(1, 0, 0, std::sqrt(1 - damping)), one(0, std::sqrt(damping), 0, 0)});
      kraus(q, {one(1, 0, 0, std::sqrt(1 - dephasing)), one(0, 0, 0, std::sqrt(dephasing))});
    }
    const double seconds = wires.size() == 1 ? Noise::oneQubitTime : Noise::severalQubitsTime;
    for (int q : wires)
      wait(q, begin + seconds);
  }

  /// All qubits wait for the last one, and then some.
  void end(double more = 0) {
    const double last = *std::ranges::max_element(free_) + more;
    for (int q = 0; q < qubits_; ++q)
      wait(q, last);
  }

  Matrix rho;

private:
  void wait(int qubit, double until) {
    const double seconds = until - free_[static_cast<size_t>(qubit)];
    free_[static_cast<size_t>(qubit)] = until;
    if (!(seconds > 0) || noise_.t1 == Noise::never)
      return;
    // Populations decay with T1, coherences with T2.
    const double gamma = 1 - std::exp(-seconds / noise_.t1);
    const double lambda = 1 - std::exp(-2 * seconds / noise_.t2) / (1 - gamma);
    kraus(qubit, {one(1, 0, 0, std::sqrt(1 - gamma)), one(0, std::sqrt(gamma), 0, 0)});
    kraus(qubit, {one(1, 0, 0, std::sqrt(1 - lambda)), one(0, 0, 0, std::sqrt(lambda))});
  }
  void kraus(int qubit, const std::vector<Matrix> &operators) {
    Matrix sum = Matrix::Zero(rho.rows(), rho.cols());
    for (const Matrix &k : operators) {
      const Matrix whole = dense::embed(k, {}, {qubit}, qubits_);
      sum += whole * rho * whole.adjoint();
    }
    rho = sum;
  }

  int qubits_;
  const Noise &noise_;
  std::vector<double> free_;
};

/// Depolarising of one- and of several-qubit gates, both dampings, T1 and T2, readout.
struct Numbers {
  double p1 = 0.01, p2 = 0.04, damping = 0.02, dephasing = 0.03;
};

inline Noise *noiseOf(qdo::base::Context &ctx, const Numbers &n) {
  using qdo::noise::Channel;
  auto *noise = ctx.make<Noise>("lab");
  noise->t1 = 5e-6;
  noise->t2 = 3e-6;
  noise->readout = {0.02, 0.07};
  const auto all = qdo::gates::all();
  for (int g = 0; g < static_cast<int>(all.size()); ++g)
    if (all[static_cast<size_t>(g)].controls + all[static_cast<size_t>(g)].targets == 1)
      noise->rules.push_back({Channel::Depolarizing, g, n.p1});
  noise->rules.push_back({Channel::Depolarizing, Noise::everyGate, n.p2});
  noise->rules.push_back({Channel::AmplitudeDamping, Noise::everyGate, n.damping});
  noise->rules.push_back({Channel::PhaseDamping, Noise::everyGate, n.dephasing});
  return noise;
}

inline Reference evolved(const std::vector<GateCall> &calls, int qubits, const Noise &noise,
                         const Numbers &n) {
  Reference reference(qubits, noise);
  for (const GateCall &call : calls)
    reference.gate(call, n.p1, n.p2, n.damping, n.dephasing);
  reference.end();
  return reference;
}

/// Probabilities of what is read, from those of what is.
inline std::vector<double> read(const Matrix &rho, const qdo::noise::Readout &r) {
  std::vector<double> out(static_cast<size_t>(rho.rows()), 0.0);
  const int qubits = static_cast<int>(std::countr_zero(out.size()));
  for (size_t is = 0; is < out.size(); ++is)
    for (size_t seen = 0; seen < out.size(); ++seen) {
      double p = rho(static_cast<Eigen::Index>(is), static_cast<Eigen::Index>(is)).real();
      for (int q = 0; q < qubits; ++q) {
        const bool one = is >> q & 1, wrong = (is ^ seen) >> q & 1;
        const double error = one ? r.p10 : r.p01;
        p *= wrong ? error : 1 - error;
      }
      out[seen] += p;
    }
  return out;
}

} // namespace noisy
