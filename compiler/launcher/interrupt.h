// SPDX-License-Identifier: Apache-2.0
// ^C while a program runs: it ends at its next batch, or soon after if it never gets there.
#pragma once

namespace qdo::launcher {

void endOnInterrupt();
/// The run has ended; what follows is not to be cut off.
void runEnded();

} // namespace qdo::launcher
