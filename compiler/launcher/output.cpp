// SPDX-License-Identifier: Apache-2.0
// Writing to stdout with a thread that flushes late.
#include "compiler/launcher/output.h"

#include <chrono>
#include <cstdio>
#include <unistd.h>

namespace qdo::launcher {

Output::Output() : terminal(isatty(STDOUT_FILENO)), flusher([this] { flushLate(); }) {}

Output::~Output() {
  {
    std::lock_guard lock(mutex);
    ending = true;
  }
  wake.notify_one();
  flusher.join();
}

bool Output::put(std::string_view text, bool flush) {
  std::lock_guard lock(mutex);
  good = good && std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (flush || terminal)
    good = good && std::fflush(stdout) == 0;
  else if (!pending) {
    pending = true;
    wake.notify_one();
  }
  return good;
}

void Output::flushLate() {
  std::unique_lock lock(mutex);
  while (!ending) {
    wake.wait(lock, [&] { return pending || ending; });
    wake.wait_for(lock, std::chrono::milliseconds(50), [&] { return ending; });
    pending = false;
    good = good && std::fflush(stdout) == 0;
  }
}

} // namespace qdo::launcher
