// SPDX-License-Identifier: Apache-2.0
// As soon as possible.
#include "runtime/noise/clock.h"

#include <algorithm>
#include <bit>

namespace qdo::noise {

std::vector<int> qubitsOf(const gates::GateCall &call) {
  std::vector<int> qubits;
  for (uint64_t rest = call.controls; rest != 0; rest &= rest - 1)
    qubits.push_back(std::countr_zero(rest));
  qubits.push_back(call.target0);
  if (call.target1 >= 0)
    qubits.push_back(call.target1);
  std::ranges::sort(qubits);
  return qubits;
}

void Clock::start(std::span<const int> qubits, const Passed &passed) {
  double begin = 0;
  for (int q : qubits)
    begin = std::max(begin, free_[static_cast<size_t>(q)]);
  for (int q : qubits) {
    double &free = free_[static_cast<size_t>(q)];
    if (free < begin)
      passed(q, begin - free);
    free = begin;
  }
}

void Clock::finish(int name, std::span<const int> qubits, const Passed &passed) {
  const double seconds = noise_.duration(name, static_cast<int>(qubits.size()));
  for (int q : qubits) {
    free_[static_cast<size_t>(q)] += seconds;
    if (seconds > 0)
      passed(q, seconds);
  }
}

void Clock::all(double seconds, const Passed &passed) {
  const double end = now() + seconds;
  for (size_t q = 0; q < free_.size(); ++q) {
    if (free_[q] < end)
      passed(static_cast<int>(q), end - free_[q]);
    free_[q] = end;
  }
}

double Clock::now() const { return free_.empty() ? 0 : *std::ranges::max_element(free_); }

} // namespace qdo::noise
