// SPDX-License-Identifier: Apache-2.0
// Sweeps over the tiles of a state on all threads.
#include "runtime/sweep/run.h"

#include "runtime/sweep/compile.h"
#include "runtime/sweep/tiles.h"

#include <atomic>

namespace qdo::sweep {

/// Tiles are handed to threads in portions of about this many amplitudes.
static constexpr int64_t portion = 1 << 16;

template <class T>
void run(base::ThreadPool &pool, const Plan &plan, std::complex<T> *state,
         const RunOptions &options) {
  const Kernels<T> &kernels = kernelsFor<T>(options.isa, plan.qubits);
  T *reals = reinterpret_cast<T *>(state);
  Shape shape = shapeFor(plan.qubits, sizeof(std::complex<T>));
  double scale = 1;
  uint64_t alive = options.fromZero ? 0 : ~uint64_t{0}; // places that may be 1 somewhere
  std::atomic<bool> stopped = false;
  for (const Sweep &sweep : plan.sweeps) {
    const bool last = &sweep == &plan.sweeps.back();
    const Compiled<T> compiled = compile<T>(sweep, shape, kernels.laneBits, last, scale);
    const int tileBits = compiled.program.tileBits;
    const Tiles tiles(plan.qubits, sweep.local, sweep.rowBits);
    const int64_t tile = std::max<int64_t>(1, portion >> tileBits);
    pool.forTiles(tiles.count(), tile, [&](int64_t begin, int64_t end) {
      std::vector<TilePhase> phases(compiled.outside.size());
      T *buffer = sweep.inPlace() ? nullptr : tileBuffer<T>(uint64_t{2} << tileBits);
      for (int64_t i = begin; i < end; ++i) {
        const uint64_t index = tiles.index(i);
        if ((index & ~alive) != 0)
          continue;
        if (options.stop && options.stop())
          stopped.store(true, std::memory_order_relaxed);
        if (stopped.load(std::memory_order_relaxed))
          return;
        for (size_t d = 0; d < phases.size(); ++d)
          phases[d] = compiled.outside[d].at(index);
        T *first = reals + 2 * index;
        if (buffer)
          kernels.gather(buffer, first, tiles.offsets().data(), tiles.offsets().size(),
                         tiles.rowReals());
        kernels.run(buffer ? buffer : first, compiled.program, index, phases.data());
        if (buffer)
          kernels.scatter(first, buffer, tiles.offsets().data(), tiles.offsets().size(),
                          tiles.rowReals());
      }
    });
    if (stopped)
      return;
    for (int place : sweep.local)
      alive |= uint64_t{1} << place;
  }
  permute(pool, state, plan.place, options.stop);
}

template <class T>
void run(base::ThreadPool &pool, std::span<const GateCall> calls, std::complex<T> *state,
         int qubits, const RunOptions &options) {
  run(pool, makePlan(normalForm(calls, qubits), qubits, sizeof(std::complex<T>)), state, options);
}

template void run(base::ThreadPool &, const Plan &, std::complex<double> *, const RunOptions &);
template void run(base::ThreadPool &, const Plan &, std::complex<float> *, const RunOptions &);
template void run(base::ThreadPool &, std::span<const GateCall>, std::complex<double> *, int,
                  const RunOptions &);
template void run(base::ThreadPool &, std::span<const GateCall>, std::complex<float> *, int,
                  const RunOptions &);

} // namespace qdo::sweep
