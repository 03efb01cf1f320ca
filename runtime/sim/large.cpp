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

template <class View> void SweepSink<View>::gate(const GateCall &call) {
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

template <class View> void SweepSink<View>::finish() {
  if (calls_.empty() || !finite_ || ctx_.interruptRequested())
    return;
  sweep::run(ctx_.pool(), std::span<const GateCall>(calls_), state_.amplitudes, state_.qubits,
             {.fromZero = zero_, .stop = [this] { return ctx_.interruptRequested(); }});
  zero_ = false;
  calls_.clear();
}

template class SweepSink<StateView>;
template class SweepSink<SingleView>;

template <class View> static void clear(base::Context &ctx, View state) {
  ctx.pool().forTiles(static_cast<int64_t>(state.size()), int64_t{1} << tileBits,
                      [&](int64_t begin, int64_t end) {
                        std::fill(state.amplitudes + begin, state.amplitudes + end, 0);
                      });
  state.amplitudes[0] = 1;
}

template <class View> static double norm(base::Context &ctx, View state) {
  const int bits = std::min(tileBits, state.qubits);
  std::vector<double> parts(state.size() >> bits);
  ctx.pool().forTiles(std::ssize(parts), 1, [&](int64_t part, int64_t) {
    const View tile{state.amplitudes + (part << bits), bits};
    parts[static_cast<size_t>(part)] = innerProduct(tile, tile).real();
  });
  double sum = 0;
  for (double part : parts)
    sum += part;
  return sum;
}

void setZero(base::Context &ctx, StateView state) { clear(ctx, state); }
void setZero(base::Context &ctx, SingleView state) { clear(ctx, state); }
double squaredNorm(base::Context &ctx, StateView state) { return norm(ctx, state); }
double squaredNorm(base::Context &ctx, SingleView state) { return norm(ctx, state); }

} // namespace qdo::sim
