// SPDX-License-Identifier: Apache-2.0
// A data set: what a program declared about a file, and what came of it.
// In: a declaration and a parsed file. Out: typed fields, parts, classes.
// Why: everything that can be wrong with the data is found once, in build(), before the first shot.
// Must not: copy rows; parts are lists of row numbers.
#pragma once

#include "runtime/base/context.h"
#include "runtime/data/csv.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace qdo::data {

struct FieldSpec {
  std::string name;
  bool matrix = false;              ///< a list of columns, even of one
  bool others = false;              ///< every column that no other field and no split names
  std::vector<std::string> columns; ///< by name
  std::optional<std::pair<int64_t, int64_t>> range; ///< by number: first, past the last
  std::optional<std::pair<double, double>> scaled;  ///< low, high
  qdo_site site = 0;
  qdo_site scaledSite = 0;
};

struct PartSpec {
  std::string name;
  double fraction;
  qdo_site site = 0;
};

/// A dataset declaration, collected clause by clause.
struct DatasetSpec {
  std::string name;
  std::string path;
  qdo_site site = 0;
  std::vector<FieldSpec> fields;
  std::vector<PartSpec> parts;
  bool stratified = false;
  std::optional<std::string> splitColumn;
  qdo_site splitSite = 0;
};

/// One field of every row of the file.
struct Field {
  std::string name;
  bool matrix = false;
  bool numeric = false;
  std::vector<size_t> columns; ///< of the file
  std::vector<double> values;  ///< rows x columns, row-major, scaled; empty when not numeric

  [[nodiscard]] size_t width() const { return columns.size(); }
  [[nodiscard]] std::span<const double> row(size_t row) const {
    return std::span(values).subspan(row * width(), width());
  }
};

/// The distinct values of a one-column field, in the order scikit-learn gives classes: numbers by
/// value, texts by bytes.
struct Classes {
  std::vector<std::string> names; ///< texts, or the shortest spelling of numbers
  std::vector<uint32_t> ofRow;    ///< one per row of the file
};

struct Part {
  std::string name;
  std::vector<size_t> rows; ///< ascending
};

/// What `pca` or `standardise` learnt from training rows: x -> (x - centre) directions.
struct Fitted {
  std::string name;               ///< "pca" or "standardise"
  std::vector<double> centre;     ///< of each column before
  std::vector<double> directions; ///< columns before x columns after, row-major
  std::vector<double> variance;   ///< of the fitted rows along each new column
};

/// The contents of a declared data set; immutable after build().
struct Source {
  std::string name;
  std::shared_ptr<const Table> table;
  std::vector<Field> fields;
  std::vector<Part> parts;
  std::shared_ptr<const Source> origin; ///< what it was made of; null for a file
  Fitted fitted = {};                   ///< how

  [[nodiscard]] const Field *field(std::string_view fieldName) const;
  [[nodiscard]] const Part *part(std::string_view partName) const;
  /// The field of labels: the one-column field `y`, else the only one-column field of text, else
  /// the only one-column field; null when that leaves several or none.
  [[nodiscard]] const Field *labels() const;
  /// The field of features: the numeric field `x`, else the only list of columns; null otherwise.
  [[nodiscard]] const Field *features() const;
  [[nodiscard]] Classes classesOf(const Field &oneColumn) const;
};

/// Makes the data set that `spec` declares out of `table`: columns, types, split, scale, in this
/// order. The run's seed decides the split, together with the data set's name and the row number
/// and nothing else: another --seed gives another split, and two data sets of one file are split
/// independently. Null after a failure: those of readFields, DataNoLabels, DataPartMissing (no
/// `train` to fit on), DataPartEmpty, DataSplitSum, BadValue. Warns with DataOutsideRange and
/// DataConstantColumn.
std::shared_ptr<const Source> build(base::Context &ctx, const DatasetSpec &spec,
                                    std::shared_ptr<const Table> table);

/// The parsed file at `path`, read once a run. Null after a failure: DataFileMissing or those of
/// Table::parse.
std::shared_ptr<const Table> readTable(base::Context &ctx, qdo_site site, const std::string &path);

} // namespace qdo::data
