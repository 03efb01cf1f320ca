// SPDX-License-Identifier: Apache-2.0
// Column lookup with helpful failures, and the reading of cells.
#include "runtime/data/columns.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

namespace qdo::data {

using base::Kind;

namespace {

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> twoAbove, above, here(b.size() + 1);
  std::iota(here.begin(), here.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    twoAbove = std::exchange(above, here);
    here[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
      here[j] = std::min({replaced, above[j] + 1, here[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        here[j] = std::min(here[j], twoAbove[j - 2] + 1);
    }
  }
  return here.back();
}

/// "columns of the file: `a`, `b`, ...", shortened for wide files.
std::string columnList(const Table &table) {
  constexpr size_t most = 20;
  const auto &names = table.columns();
  std::string list = "columns of the file: ";
  for (size_t i = 0; i < std::min(names.size(), most); ++i)
    list += fmt::format("{}`{}`", i ? ", " : "", names[i]);
  if (names.size() > most)
    list += fmt::format(" and {} more", names.size() - most);
  return list;
}

base::Failure &failMissing(base::Context &ctx, qdo_site site, const Table &table,
                           std::string_view name) {
  base::Failure &failure = ctx.fail(site, Kind::DataColumnMissing, table.fileName(), name);
  failure.place = table.headerPlace(0);
  failure.note = columnList(table);
  const auto &names = table.columns();
  if (std::string near = nearestName(name, names); !near.empty())
    failure.help = fmt::format("did you mean `{}`?", near);
  else if (names.size() == 1 && names[0].find_first_of(";\t") != std::string::npos)
    failure.help = "separate the columns of the file with commas";
  return failure;
}

/// Reports a cell that should hold a number.
void failNumber(base::Context &ctx, qdo_site site, const Table &table, size_t row, size_t column,
                Number::Status status) {
  if (status == Number::Status::Empty)
    return failEmptyCell(ctx, site, table, row, column);
  bool text = status == Number::Status::Text;
  base::Failure &failure = ctx.fail(site, text ? Kind::DataNotANumber : Kind::DataNotFinite,
                                    table.text(row, column), table.columns()[column]);
  failure.place = table.place(row, column);
  if (!text)
    failure.help = "replace the value or remove the row";
}

/// Columns that a field takes, except for `others`.
bool resolve(base::Context &ctx, const FieldSpec &spec, const Table &table, Field &field) {
  for (const std::string &name : spec.columns) {
    auto column = findColumn(ctx, spec.site, table, name);
    if (!column)
      return false;
    field.columns.push_back(*column);
  }
  if (spec.range) {
    auto [first, last] = *spec.range;
    auto count = static_cast<int64_t>(table.columns().size());
    if (first < 0 || first >= last) {
      ctx.fail(spec.site, Kind::BadValue, "the range of columns",
               fmt::format("{}..{}", first, last),
               "a range that is not empty and starts at 0 or later");
      return false;
    }
    if (last > count) {
      failMissing(ctx, spec.site, table, std::to_string(std::max(first, count))).help =
          fmt::format("columns are numbered from 0, the last is {}", count - 1);
      return false;
    }
    for (int64_t column = first; column < last; ++column)
      field.columns.push_back(static_cast<size_t>(column));
  }
  return true;
}

/// Fills `values`. A field of one column is numeric when every cell is a number, and holds labels
/// otherwise; a list of columns and whatever is scaled must be numeric.
bool read(base::Context &ctx, const FieldSpec &spec, const Table &table, Field &field) {
  const bool mayBeText = !field.matrix && !spec.scaled;
  std::optional<size_t> notFinite; // its first row, in a field that may be text
  bool text = false;
  field.values.reserve(table.rowCount() * field.width());
  for (size_t row = 0; row < table.rowCount(); ++row)
    for (size_t column : field.columns) {
      Number number = readNumber(table.text(row, column));
      field.values.push_back(number.value);
      if (number.status == Number::Status::Finite)
        continue;
      if (!mayBeText || number.status == Number::Status::Empty) {
        failNumber(ctx, spec.site, table, row, column, number.status);
        return false;
      }
      // "nan" may be a label; whether it is one is known when the whole column was seen.
      if (number.status == Number::Status::Text)
        text = true;
      else if (!notFinite)
        notFinite = row;
    }
  if (notFinite && !text) {
    failNumber(ctx, spec.site, table, *notFinite, field.columns[0], Number::Status::NotFinite);
    return false;
  }
  field.numeric = !text;
  if (text)
    field.values = {};
  return true;
}

} // namespace

std::string nearestName(std::string_view name, const std::vector<std::string> &candidates) {
  std::string wanted = lowered(name), best;
  size_t least = std::max<size_t>(1, name.size() / 3) + 1;
  for (const std::string &candidate : candidates)
    // A distance of the whole length means that nothing is alike.
    if (size_t distance = editDistance(wanted, lowered(candidate));
        distance < least && distance < std::max(name.size(), candidate.size())) {
      least = distance;
      best = candidate;
    }
  return best;
}

void failEmptyCell(base::Context &ctx, qdo_site site, const Table &table, size_t row,
                   size_t column) {
  base::Failure &failure = ctx.fail(site, Kind::DataCellEmpty, table.columns()[column]);
  failure.place = table.place(row, column);
  failure.help = "fill the cell or remove the row: there are no missing values";
}

std::optional<size_t> findColumn(base::Context &ctx, qdo_site site, const Table &table,
                                 std::string_view name) {
  const auto &names = table.columns();
  auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    failMissing(ctx, site, table, name);
    return std::nullopt;
  }
  auto second = std::find(found + 1, names.end(), name);
  if (second != names.end()) {
    ctx.fail(site, Kind::DataColumnTwice, table.fileName(), name).place =
        table.headerPlace(static_cast<size_t>(second - names.begin()));
    return std::nullopt;
  }
  return static_cast<size_t>(found - names.begin());
}

std::optional<std::vector<Field>> readFields(base::Context &ctx, const DatasetSpec &spec,
                                             const Table &table,
                                             std::optional<size_t> splitColumn) {
  std::vector<Field> fields(spec.fields.size());
  std::vector<bool> named(table.columns().size(), false);
  if (splitColumn)
    named[*splitColumn] = true;
  for (size_t i = 0; i < fields.size(); ++i) {
    fields[i].name = spec.fields[i].name;
    fields[i].matrix = spec.fields[i].matrix || spec.fields[i].others;
    if (!resolve(ctx, spec.fields[i], table, fields[i]))
      return std::nullopt;
    for (size_t column : fields[i].columns)
      named[column] = true;
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    if (spec.fields[i].others)
      for (size_t column = 0; column < named.size(); ++column)
        if (!named[column])
          fields[i].columns.push_back(column);
    if (fields[i].columns.empty()) {
      ctx.fail(spec.fields[i].site, Kind::DataNoColumns, table.fileName(), fields[i].name).note =
          columnList(table);
      return std::nullopt;
    }
    if (!read(ctx, spec.fields[i], table, fields[i]))
      return std::nullopt;
  }
  return fields;
}

} // namespace qdo::data
