// SPDX-License-Identifier: Apache-2.0
// Hosting a run through the C interface.
#include "compiler/launcher/run.h"

#include "qdo/runtime/host.h"

#include <atomic>

namespace qdo::launcher {

static std::atomic<qdo_ctx *> running{nullptr};

int64_t spentShots() {
  qdo_ctx *c = running.load();
  return c ? qdo_rt_spent_shots(c) : 0;
}

void interrupt() {
  if (qdo_ctx *c = running.load())
    qdo_rt_interrupt(c);
}

RunResult run(const Runnable &program, diag::Engine &diagnostics, const Write &write) {
  struct Host {
    const Write &write;
    std::function<void(const qdo_failure &)> warn;
    qdo_ctx *context = nullptr;
  } host{write,
         [&](const qdo_failure &w) { reportFailure(w, program.spanOf(w.site), diagnostics); }};
  qdo_options options{};
  options.seed = program.seed;
  options.threads = program.threads;
  options.exact = program.exact;
  options.write_user = options.warn_user = &host;
  options.write = [](void *user, const char *bytes, size_t count) {
    auto &h = *static_cast<Host *>(user);
    if (!h.write({bytes, count}))
      qdo_rt_output_closed(h.context);
  };
  options.warn = [](void *user, const qdo_failure *w) { static_cast<Host *>(user)->warn(*w); };
  qdo_ctx *context = host.context = qdo_rt_open(&options);
  if (program.single)
    qdo_rt_use_single_precision(context);
  running = context;
  program.entry(context);
  running = nullptr;
  RunResult result;
  result.spent = qdo_rt_spent_text(context);
  if (const qdo_failure *failure = qdo_rt_failure(context)) {
    const std::string_view kind = failure->kind;
    result.end = kind == "Interrupted"  ? RunResult::End::Interrupted
                 : kind == "ClosedPipe" ? RunResult::End::ClosedPipe
                                        : RunResult::End::Failed;
    const bool budget = kind == "BudgetExhausted" || kind == "Overspending";
    if (result.end == RunResult::End::Failed)
      reportFailure(*failure, program.spanOf(failure->site), diagnostics,
                    budget ? program.changed : "");
  }
  qdo_rt_close(context);
  return result;
}

} // namespace qdo::launcher
