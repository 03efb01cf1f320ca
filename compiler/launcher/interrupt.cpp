// SPDX-License-Identifier: Apache-2.0
// Signal handlers. Must not: call anything that is not safe in one.
#include "compiler/launcher/interrupt.h"

#include "compiler/launcher/run.h"
#include "compiler/launcher/status.h"

#include <charconv>
#include <csignal>
#include <string_view>
#include <sys/time.h>
#include <unistd.h>

namespace qdo::launcher {

namespace {

/// The run did not answer: it computes without measuring or printing. What it has spent is a plain
/// number, spelled here without memory, for a signal handler may take none.
void leave(int) {
  char line[64] = "interrupted: ";
  char *end = std::to_chars(line + 13, line + 40, spentShots()).ptr;
  for (char letter : std::string_view(" shots spent\n"))
    *end++ = letter;
  [[maybe_unused]] auto written = write(STDERR_FILENO, line, static_cast<size_t>(end - line));
  _exit(InterruptedStatus);
}

void onInterrupt(int) {
  interrupt();
  std::signal(SIGINT, leave);
  std::signal(SIGALRM, leave);
  itimerval patience{};
  patience.it_value.tv_usec = 800'000;
  setitimer(ITIMER_REAL, &patience, nullptr);
}

} // namespace

void endOnInterrupt() {
  std::signal(SIGINT, onInterrupt);
  std::signal(SIGPIPE, SIG_IGN);
}

void runEnded() { std::signal(SIGALRM, SIG_IGN); }

} // namespace qdo::launcher
