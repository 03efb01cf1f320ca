// SPDX-License-Identifier: Apache-2.0
// Portions of gates, and passes over large states.
#include "runtime/sim/large.h"

#include "runtime/sweep/run.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::sim {

/// Gates that are kept before they are done: some megabytes, and more than a plan can use.
static constexpr size_t portion = size_t{1} << 16;
/// Amplitudes that a thread takes at a time.
static constexpr int tileBits = 16;

void LargeSink::gate(const GateCall &call) {
  if (!wiresDiffer(call)) {
    aliased_ = true;
    return;
  }
  if (ctx_.interruptRequested())
    return;
  const int parameters = gates::all()[static_cast<size_t>(call.gate)].parameters;
  finite_ &= std::all_of(call.angles, call.angles + parameters,
                         [](double angle) { return std::isfinite(angle); });
  calls_.push_back(call);
  if (calls_.size() == portion)
    finish();
}

void LargeSink::finish() {
  if (calls_.empty() || !finite_ || ctx_.interruptRequested())
    return;
  sweep::run<double>(ctx_.pool(), calls_, state_.amplitudes, state_.qubits,
                     {.fromZero = zero_, .stop = [this] { return ctx_.interruptRequested(); }});
  zero_ = false;
  calls_.clear();
}

void setZero(base::Context &ctx, StateView state) {
  ctx.pool().forTiles(static_cast<int64_t>(state.size()), int64_t{1} << tileBits,
                      [&](int64_t begin, int64_t end) {
                        std::fill(state.amplitudes + begin, state.amplitudes + end, Amplitude(0));
                      });
  state.amplitudes[0] = 1;
}

double squaredNorm(base::Context &ctx, StateView state) {
  const int bits = std::min(tileBits, state.qubits);
  std::vector<double> parts(state.size() >> bits);
  ctx.pool().forTiles(std::ssize(parts), 1, [&](int64_t part, int64_t) {
    parts[static_cast<size_t>(part)] = squaredNorm({state.amplitudes + (part << bits), bits});
  });
  double sum = 0;
  for (double part : parts)
    sum += part;
  return sum;
}

} // namespace qdo::sim
