// SPDX-License-Identifier: Apache-2.0
// The laws of live values: no cloning, no silent deletion, no aliasing, loops and arms that agree.
// In: a program whose names and types are known. Out: E0201, E0202, E0204, E0205, E0206, E0210.
// Why one pass without fixed points: a loop must leave what it found, so its start is known at
// once. Must not: report what names and types have reported; a type that is Error is silence.
#pragma once

#include "compiler/sema/program.h"

namespace qdo::sema {

/// Checks every function, circuit, block and the top level of every module.
void checkLinearity(const Program &program, const base::SourceMap &sources,
                    diag::Engine &diagnostics);

} // namespace qdo::sema
