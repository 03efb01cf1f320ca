// SPDX-License-Identifier: Apache-2.0
// keeping.h, what a host says of its program.
#include "runtime/base/guard.h"
#include "runtime/base/host.h"

extern "C" void qdo_rt_set_host(qdo_ctx *ctx, const qdo_host *host) {
  qdo::base::guarded(ctx, 0, [&](qdo::base::Context &context) {
    if (host)
      context.part<qdo::base::Host>().set(*host);
  });
}
