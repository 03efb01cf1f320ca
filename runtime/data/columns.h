// SPDX-License-Identifier: Apache-2.0
// From a declaration's column names to typed fields of a table.
// In: field declarations and a table. Out: fields with numbers, not yet scaled.
// Must not: split or scale.
#pragma once

#include "runtime/data/dataset.h"

namespace qdo::data {

/// Finds the column called `name`. Fails with DataColumnMissing (with the nearest name and the list
/// of columns) or DataColumnTwice.
std::optional<size_t> findColumn(base::Context &ctx, qdo_site site, const Table &table,
                                 std::string_view name);

/// Resolves and reads every field. `splitColumn` is the column a `split by` uses. Fails like
/// findColumn, or with DataNoColumns, DataNotANumber, DataNotFinite, DataCellEmpty, BadValue.
std::optional<std::vector<Field>> readFields(base::Context &ctx, const DatasetSpec &spec,
                                             const Table &table, std::optional<size_t> splitColumn);

/// Fails with DataCellEmpty for a cell of a column that labels or parts are read from.
void failEmptyCell(base::Context &ctx, qdo_site site, const Table &table, size_t row,
                   size_t column);

/// The name in `candidates` that `name` most likely meant, or empty: at most a third of its
/// letters are wrong (edit distance, letters compared without case).
std::string nearestName(std::string_view name, const std::vector<std::string> &candidates);

} // namespace qdo::data
