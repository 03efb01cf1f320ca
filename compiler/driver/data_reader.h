// SPDX-License-Identifier: Apache-2.0
// Reads what elaboration needs of a data file, through the runtime's own reader.
// Why: what `check` says about data is then exactly what a run would say.
#pragma once

#include "compiler/driver/session.h"
#include "compiler/lower/lower.h"

#include "qdo/runtime/abi.h"

namespace qdo::driver {

lower::DataReader makeDataReader(const Options &options, diag::Engine &diagnostics);

} // namespace qdo::driver
