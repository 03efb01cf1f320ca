// SPDX-License-Identifier: Apache-2.0
// The program's output. People see each line at once; a pipe gets lines in bunches, at most 50 ms
// late even when the program then computes for an hour.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string_view>
#include <thread>

namespace qdo::launcher {

class Output {
public:
  Output();
  ~Output();
  /// False once the reader is gone.
  bool put(std::string_view text, bool flush = false);

private:
  void flushLate();

  const bool terminal;
  bool good = true, pending = false, ending = false;
  std::mutex mutex;
  std::condition_variable wake;
  std::thread flusher;
};

} // namespace qdo::launcher
