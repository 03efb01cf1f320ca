// SPDX-License-Identifier: Apache-2.0
// Loops over fixed-size tiles on the threads of a run.
// In: a count, a tile size, a body. Out: the body was called once for every tile.
// Why: tiles never depend on the number of threads, so neither do results.
// Must not: be used with a body that writes outside its own tile's results.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace qdo::base {

/// Threads that wait for work. Made once a run; a loop inside a loop runs on its own thread.
class ThreadPool {
public:
  /// `threads` counts the calling thread; 0 means all cores.
  explicit ThreadPool(int threads);
  ~ThreadPool();

  int threads() const { return threads_; }

  /// Calls body(begin, end) for every tile of 0..count. Returns when all are done; the exception of
  /// the first tile (in tile order) that threw is thrown again here.
  void forTiles(int64_t count, int64_t tile,
                const std::function<void(int64_t begin, int64_t end)> &body);

private:
  struct Shared;
  int threads_;
  std::unique_ptr<Shared> shared_; ///< null until the first loop worth sharing
};

} // namespace qdo::base
