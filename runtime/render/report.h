// SPDX-License-Identifier: Apache-2.0
// A page of everything a run has measured so far.
// In: the run. Out: one HTML file that needs nothing else; the same run gives the same bytes.
#pragma once

#include "runtime/base/context.h"

namespace qdo::render {

/// The page as text.
std::string reportPage(base::Context &ctx);
/// Writes it at once: readers see the old file or the new one. Fails with FileNotWritten.
void writeReport(base::Context &ctx, qdo_site site, const std::string &path);

} // namespace qdo::render
