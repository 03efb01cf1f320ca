// SPDX-License-Identifier: Apache-2.0
// Shots that are simulated one after another.
// Why a limit: their number may come from a slip of the finger, and what takes days looks like what
// never ends.
#pragma once

#include "runtime/base/context.h"

namespace qdo::sim {

/// Whether so many shots come to an end; fails with BadValue otherwise.
bool fewEnough(base::Context &ctx, qdo_site site, int64_t shots);

} // namespace qdo::sim
