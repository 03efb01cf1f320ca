// SPDX-License-Identifier: Apache-2.0
// Data sets that are computed and not read.
// In: a source such as `two_moons:200:0.1`. Out: the text of a table, as a file would hold it.
// Why: generated rows then pass through the same columns, split and scale as any others.
#pragma once

#include "runtime/base/context.h"

#include <optional>
#include <string>

namespace qdo::data {

/// Whether this names a generator and no file.
bool isGenerated(std::string_view source);

/// The rows of a generated source, columns x0, x1 and label (0 or 1); the run's seed decides the
/// noise. Two interleaving half circles: `make_moons` of scikit-learn. Fails with BadValue unless
/// there are 2 to 10^7 rows and the noise, a standard deviation, is 0 or more.
std::optional<std::string> generate(base::Context &ctx, qdo_site site, std::string_view source);

} // namespace qdo::data
