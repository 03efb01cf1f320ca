// SPDX-License-Identifier: Apache-2.0
// Arrays as files that NumPy reads (format 1.0 of numpy.lib.format, little-endian doubles).
#pragma once

#include "runtime/base/context.h"

#include <string>

namespace qdo::base {

/// Writes an array beside its final name and moves it there, so that nobody reads half a file.
/// False after a failure: ResultNotWritten.
bool writeNpy(Context &ctx, qdo_site site, const Array &array, const std::string &path);

} // namespace qdo::base
