// SPDX-License-Identifier: Apache-2.0
// keeping.def, reports.
#include "runtime/render/report.h"
#include "qdo/runtime/keeping.h"
#include "runtime/base/guard.h"

#include <filesystem>

using namespace qdo::base;

extern "C" {

void qdo_rt_report(qdo_ctx *ctx, qdo_site site, qdo_text directory, qdo_string path) {
  guarded(ctx, site, [&](Context &context) {
    // An absolute path stays as it is.
    qdo::render::writeReport(context, site,
                             (std::filesystem::path(directory) / as<String>(path)->text).string());
  });
}

} // extern "C"
