// SPDX-License-Identifier: Apache-2.0
// The pool behind parallel.h: tiles are taken from one counter.
// Why: threads start once, at the first loop that has more than one tile.
#include "runtime/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace qdo::base {

/// Set while a thread runs a tile: a loop inside a loop must not wait for the same workers.
static thread_local bool insideTile = false;

namespace {
struct Loop {
  int64_t count, tile, tiles;
  const std::function<void(int64_t, int64_t)> &body;
  std::atomic<int64_t> next{0};
  std::mutex errorMutex{};
  int64_t errorTile = INT64_MAX;
  std::exception_ptr error{};

  void work() {
    insideTile = true;
    for (int64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < tiles;) {
      try {
        body(i * tile, std::min(count, (i + 1) * tile));
      } catch (...) {
        std::lock_guard lock(errorMutex);
        if (i < errorTile) {
          errorTile = i;
          error = std::current_exception();
        }
      }
    }
    insideTile = false;
  }
};
} // namespace

struct ThreadPool::Shared {
  std::mutex mutex;
  std::condition_variable wake, done;
  Loop *loop = nullptr;
  uint64_t generation = 0; ///< tells a worker that the loop is another one
  int busy = 0;
  bool closing = false;
  std::vector<std::thread> workers;

  void serve() {
    uint64_t seen = 0;
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, [&] { return closing || generation != seen; });
      if (closing)
        return;
      seen = generation;
      Loop *mine = loop;
      lock.unlock();
      mine->work();
      lock.lock();
      if (--busy == 0)
        done.notify_one();
    }
  }
};

ThreadPool::ThreadPool(int threads)
    : threads_(threads > 0 ? threads
                           : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()))) {}

ThreadPool::~ThreadPool() {
  if (!shared_)
    return;
  {
    std::lock_guard lock(shared_->mutex);
    shared_->closing = true;
  }
  shared_->wake.notify_all();
  for (std::thread &worker : shared_->workers)
    worker.join();
}

void ThreadPool::forTiles(int64_t count, int64_t tile,
                          const std::function<void(int64_t, int64_t)> &body) {
  if (count <= 0)
    return;
  Loop loop{count, tile, (count + tile - 1) / tile, body};
  if (threads_ == 1 || loop.tiles == 1 || insideTile) {
    for (int64_t begin = 0; begin < count; begin += tile)
      body(begin, std::min(count, begin + tile));
    return;
  }
  if (!shared_) {
    shared_ = std::make_unique<Shared>();
    for (int i = 1; i < threads_; ++i)
      shared_->workers.emplace_back([shared = shared_.get()] { shared->serve(); });
  }
  {
    std::lock_guard lock(shared_->mutex);
    shared_->loop = &loop;
    shared_->busy = threads_ - 1;
    ++shared_->generation;
  }
  shared_->wake.notify_all();
  loop.work();
  std::unique_lock lock(shared_->mutex);
  shared_->done.wait(lock, [&] { return shared_->busy == 0; });
  if (loop.error)
    std::rethrow_exception(loop.error);
}

} // namespace qdo::base
