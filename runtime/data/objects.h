// SPDX-License-Identifier: Apache-2.0
// Data sets and rows as objects of a run.
// In: declarations and sources. Out: what the handles qdo_dataset and qdo_row point at.
// Why: parts, rows and matrices are made once each, however often a loop asks for them.
#pragma once

#include "runtime/base/object.h"
#include "runtime/data/dataset.h"

#include <unordered_map>

namespace qdo::data {

/// One row of a source, all fields.
struct Row final : base::Object {
  Row(std::shared_ptr<const Source> source, size_t row)
      : Object(base::ObjectKind::Row), source(std::move(source)), row(row) {}
  /// "row 17 of flowers", counted from 0.
  std::string format(std::string_view spec) const override;

  /// The numbers of a field: a view of the source. Fails like numericField.
  base::Array *array(base::Context &ctx, qdo_site site, std::string_view fieldName);

  const std::shared_ptr<const Source> source;
  const size_t row;

private:
  std::unordered_map<std::string, base::Array *> arrays_;
};

/// A data set while it is declared, and afterwards a list of rows of its source. A part, and the
/// chosen rows of a selection, are data sets too.
struct Dataset final : base::Object {
  Dataset() : Object(base::ObjectKind::Dataset) {}
  Dataset(std::shared_ptr<const Source> source, std::vector<size_t> rows, std::string name)
      : Object(base::ObjectKind::Dataset), source(std::move(source)), rows(std::move(rows)),
        name(std::move(name)) {}
  /// "flowers.train: 90 rows".
  std::string format(std::string_view spec) const override;

  /// Reads the file, and becomes the whole data set. False after a failure.
  bool finish(base::Context &ctx);
  /// The rows of a part as a data set. Fails with DataPartMissing.
  Dataset *part(base::Context &ctx, qdo_site site, std::string_view partName);
  /// Batch number `which` of `count` rows: consecutive places in passes over the rows, each pass in
  /// a random order of its own. Fails with BadValue unless 1 <= count <= rows and which >= 0.
  Dataset *batch(base::Context &ctx, qdo_site site, int64_t count, int64_t which);
  /// Fails with IndexOutOfRange.
  Row *row(base::Context &ctx, qdo_site site, int64_t index);
  /// A field of these rows: rows x columns, or rows numbers for a field of one column. A new array
  /// when the rows have changed. Fails when the field is not numeric.
  base::Array *matrix(base::Context &ctx, qdo_site site, std::string_view fieldName);

  DatasetSpec spec; ///< of the whole data set, until it is finished
  std::shared_ptr<const Source> source;
  std::vector<size_t> rows;
  std::string name; ///< "flowers.train"

private:
  std::unordered_map<std::string, Dataset *> parts_;
  std::unordered_map<size_t, Row *> rowObjects_;
  struct Matrix {
    base::Array *array = nullptr;
    std::vector<size_t> rows; ///< that it was made of
  };
  std::unordered_map<std::string, Matrix> matrices_;
};

/// Fails with BadValue: there is no such field.
void failNoField(base::Context &ctx, qdo_site site, const Source &source, std::string_view name);

/// The numbers of a field, or null after a failure: failNoField, or the field holds text
/// (DataNotANumber, at the first cell that is not a number).
const Field *numericField(base::Context &ctx, qdo_site site, const Source &source,
                          std::string_view fieldName);

} // namespace qdo::data
