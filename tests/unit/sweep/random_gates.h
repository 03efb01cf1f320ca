// SPDX-License-Identifier: Apache-2.0
// Random circuits over all gates of the record, and a plain simulator of the gates' definitions.
// Why: the reference shares nothing with the runtime but the names of gates.
#pragma once

#include "runtime/gates/gates.h"
#include "tests/unit/sim/dense.h"

#include <algorithm>
#include <random>
#include <vector>

namespace random_gates {

using qdo::gates::GateCall;
using State = std::vector<std::complex<double>>;

/// Gates on random wires, inverse or not, with up to `extra` further controls where they fit.
inline std::vector<GateCall> circuit(int qubits, int gates, int extra, std::mt19937_64 &engine) {
  std::vector<GateCall> calls;
  const auto all = qdo::gates::all();
  std::uniform_real_distribution<double> angle(-4, 4);
  auto upTo = [&](int most) { return std::uniform_int_distribution<int>(0, most)(engine); };
  while (std::ssize(calls) < gates) {
    const int gate = upTo(static_cast<int>(all.size()) - 1);
    const auto &info = all[static_cast<size_t>(gate)];
    const int controls = info.controls + upTo(extra);
    if (controls + info.targets > qubits)
      continue;
    std::vector<int> wires(static_cast<size_t>(qubits));
    for (int q = 0; q < qubits; ++q)
      wires[static_cast<size_t>(q)] = q;
    std::ranges::shuffle(wires, engine);
    GateCall call{gate, upTo(3) == 0, 0, wires[0], info.targets == 2 ? wires[1] : -1, {}};
    for (int c = 0; c < controls; ++c)
      call.controls |= uint64_t{1} << wires[static_cast<size_t>(info.targets + c)];
    for (int a = 0; a < info.parameters; ++a)
      call.angles[a] = upTo(5) == 0 ? 0 : angle(engine);
    calls.push_back(call);
  }
  return calls;
}

inline void apply(State &state, const GateCall &call) {
  dense::Matrix u =
      dense::gate(std::string(qdo::gates::all()[static_cast<size_t>(call.gate)].name), call.angles);
  if (call.inverse)
    u = dense::Matrix(u.adjoint());
  std::vector<uint64_t> offsets{0, uint64_t{1} << call.target0};
  uint64_t targets = offsets[1];
  if (call.target1 >= 0) {
    const uint64_t second = uint64_t{1} << call.target1;
    offsets.push_back(second);
    offsets.push_back(second | offsets[1]);
    targets |= second;
  }
  for (uint64_t k = 0; k < state.size(); ++k) {
    if ((k & targets) != 0 || (k & call.controls) != call.controls)
      continue;
    dense::Vector in(static_cast<Eigen::Index>(offsets.size()));
    for (size_t i = 0; i < offsets.size(); ++i)
      in[static_cast<Eigen::Index>(i)] = state[k | offsets[i]];
    const dense::Vector out = u * in;
    for (size_t i = 0; i < offsets.size(); ++i)
      state[k | offsets[i]] = out[static_cast<Eigen::Index>(i)];
  }
}

inline State randomState(int qubits, std::mt19937_64 &engine) {
  std::normal_distribution<double> normal;
  State state(size_t{1} << qubits);
  double norm = 0;
  for (auto &a : state) {
    a = {normal(engine), normal(engine)};
    norm += std::norm(a);
  }
  for (auto &a : state)
    a /= std::sqrt(norm);
  return state;
}

template <class A, class B> double distance(const std::vector<A> &a, const std::vector<B> &b) {
  double worst = 0;
  for (size_t k = 0; k < a.size(); ++k)
    worst = std::max(worst, std::abs(std::complex<double>(a[k]) - std::complex<double>(b[k])));
  return worst;
}

} // namespace random_gates
