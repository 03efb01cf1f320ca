// SPDX-License-Identifier: Apache-2.0
// A run for tests: a context that remembers its warnings and its failure in plain words.
#pragma once

#include "runtime/base/context.h"

#include <string>
#include <vector>

namespace qdo::test {

class Run {
public:
  explicit Run(uint64_t seed = 1, int threads = 1) : ctx(options(this, seed, threads)) {}

  /// The name of the failure's kind, or "" when all is well.
  std::string failed() const { return ctx.ok() ? "" : base::info(ctx.failure()->kind).name; }
  const base::Failure &failure() const { return *ctx.failure(); }

  std::vector<std::string> warnings; ///< "Kind: message"
  base::Context ctx;

private:
  static qdo_options options(Run *run, uint64_t seed, int threads) {
    return {seed, threads, nullptr, nullptr, remember, run, 0};
  }
  static void remember(void *user, const qdo_failure *warning) {
    static_cast<Run *>(user)->warnings.push_back(std::string(warning->kind) + ": " +
                                                 warning->message);
  }
};

} // namespace qdo::test
