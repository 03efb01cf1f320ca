// SPDX-License-Identifier: Apache-2.0
// The table behind status.h.
// Why: generated from status.def so that a new row needs no change here.
#include "runtime/base/status.h"

namespace qdo::base {

static constexpr KindInfo table[] = {
#define QDO_DIAG(kind, code, level, text) {#kind, #code, Level::level, text},
#include "qdo/runtime/status.def"
    {"Interrupted", "", Level::Error, "interrupted"},
    {"ClosedPipe", "", Level::Error, "the reader of the output is gone"},
};

const KindInfo &info(Kind kind) { return table[static_cast<uint8_t>(kind)]; }

} // namespace qdo::base
