// SPDX-License-Identifier: Apache-2.0
// Loops over tiles: each tile once, for any number of threads; errors come out in tile order.
#include "runtime/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

using qdo::base::ThreadPool;

TEST(ThreadPool, EveryTileOnce) {
  for (int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    EXPECT_EQ(pool.threads(), threads);
    for (int64_t count : {0, 1, 7, 8, 9, 1000}) {
      std::vector<int> seen(static_cast<size_t>(count));
      pool.forTiles(count, 8, [&](int64_t begin, int64_t end) {
        EXPECT_EQ(begin % 8, 0);
        EXPECT_LE(end - begin, 8);
        for (int64_t i = begin; i < end; ++i)
          ++seen[static_cast<size_t>(i)];
      });
      EXPECT_EQ(seen, std::vector<int>(static_cast<size_t>(count), 1));
    }
  }
}

TEST(ThreadPool, LoopsInsideLoopsEnd) {
  ThreadPool pool(3);
  std::atomic<int> inner = 0;
  pool.forTiles(
      10, 1, [&](int64_t, int64_t) { pool.forTiles(10, 1, [&](int64_t, int64_t) { ++inner; }); });
  EXPECT_EQ(inner, 100);
}

TEST(ThreadPool, FirstErrorInTileOrder) {
  ThreadPool pool(4);
  for (int round = 0; round < 20; ++round) {
    try {
      pool.forTiles(100, 1, [&](int64_t begin, int64_t) {
        if (begin >= 40)
          throw std::runtime_error(std::to_string(begin));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error &error) {
      EXPECT_STREQ(error.what(), "40");
    }
  }
}
