// SPDX-License-Identifier: Apache-2.0
// Renders finished diagnostics as text for people and as JSON lines for tools.
// In: a diagnostic and the SourceMap. Out: a string. Must not: write to streams or decide on
// colour.
#pragma once

#include "compiler/diag/diagnostic.h"

namespace qdo::diag {

struct TextOptions {
  bool colour = false;
};

/// The form people read: header, arrow, source lines with carets, `= law`, `= note`, `= help`,
/// `= edit`. Ends with a line end; a caller that writes several puts an empty line between them.
std::string renderText(const Diagnostic &diagnostic, const base::SourceMap &sources,
                       TextOptions options);

/// One JSON object without a line end: code, level, message, law, primary (null when there is no
/// place), places, notes, helps, edits and the text form as `rendered`. Offsets are bytes, lines
/// and columns count code points from 1.
std::string renderJson(const Diagnostic &diagnostic, const base::SourceMap &sources);

} // namespace qdo::diag
