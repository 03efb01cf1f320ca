// SPDX-License-Identifier: Apache-2.0
// Data sets and rows as objects: made on demand, kept by the run.
#include "runtime/data/objects.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/data/columns.h"

#include <algorithm>
#include <numeric>

namespace qdo::data {

using base::Kind;

std::string Row::format(std::string_view spec) const {
  return base::formatText(spec, fmt::format("row {} of {}", row, source->name));
}

base::Array *Row::array(base::Context &ctx, qdo_site site, std::string_view fieldName) {
  const Field *field = numericField(ctx, site, *source, fieldName);
  if (!field)
    return nullptr;
  base::Array *&made = arrays_[std::string(fieldName)];
  if (!made) // arrays of a data set are never assigned to: `let` binds them, `var` copies
    made = ctx.make<base::Array>(const_cast<double *>(field->row(row).data()),
                                 static_cast<int64_t>(field->width()), 0);
  return made;
}

std::string Dataset::format(std::string_view spec) const {
  return base::formatText(
      spec, fmt::format("{}: {} row{}", name, rows.size(), rows.size() == 1 ? "" : "s"));
}

bool Dataset::finish(base::Context &ctx) {
  auto table = readTable(ctx, spec.site, spec.path);
  if (!table)
    return false;
  source = build(ctx, spec, table);
  if (!source)
    return false;
  name = spec.name;
  rows.resize(table->rowCount());
  std::iota(rows.begin(), rows.end(), size_t{0});
  return true;
}

Dataset *Dataset::part(base::Context &ctx, qdo_site site, std::string_view partName) {
  if (auto known = parts_.find(std::string(partName)); known != parts_.end())
    return known->second;
  const Part *part = source->part(partName);
  if (!part) {
    base::Failure &failure = ctx.fail(site, Kind::DataPartMissing, name, partName);
    std::vector<std::string> names;
    for (const Part &other : source->parts)
      names.push_back(other.name);
    failure.note =
        names.empty() ? "it has no `split`" : fmt::format("its parts: {}", fmt::join(names, ", "));
    if (std::string near = nearestName(partName, names); !near.empty())
      failure.help = fmt::format("did you mean `{}`?", near);
    return nullptr;
  }
  auto *made = ctx.make<Dataset>(source, part->rows, fmt::format("{}.{}", name, partName));
  parts_.emplace(partName, made);
  return made;
}

Dataset *Dataset::batch(base::Context &ctx, qdo_site site, int64_t count, int64_t which) {
  const auto size = static_cast<int64_t>(rows.size());
  if (count < 1 || count > size) {
    ctx.fail(site, Kind::BadValue, "the rows of a batch", count,
             fmt::format("from 1 to the {} rows of `{}`", size, name));
    return nullptr;
  }
  if (which < 0 || which > INT64_MAX / size) {
    ctx.fail(site, Kind::BadValue, "the number of the batch", which, "0 or more");
    return nullptr;
  }
  std::vector<size_t> chosen, order;
  int64_t pass = -1;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t place = which * count + i;
    if (place / size != pass) { // Fisher and Yates, in the version of Durstenfeld (1964)
      pass = place / size;
      order = rows;
      base::RandomStream stream(
          ctx.seed(), base::Hasher("batch").add(name).add(static_cast<uint64_t>(pass)).value());
      for (size_t k = order.size(); k > 1; --k)
        std::swap(order[k - 1], order[stream.below(k)]);
    }
    chosen.push_back(order[static_cast<size_t>(place % size)]);
  }
  return ctx.make<Dataset>(source, std::move(chosen), name);
}

Row *Dataset::row(base::Context &ctx, qdo_site site, int64_t index) {
  if (index < 0 || index >= static_cast<int64_t>(rows.size())) {
    ctx.fail(site, Kind::IndexOutOfRange, index, rows.size());
    return nullptr;
  }
  size_t row = rows[static_cast<size_t>(index)];
  Row *&made = rowObjects_[row];
  if (!made)
    made = ctx.make<Row>(source, row);
  return made;
}

base::Array *Dataset::matrix(base::Context &ctx, qdo_site site, std::string_view fieldName) {
  const Field *field = numericField(ctx, site, *source, fieldName);
  if (!field)
    return nullptr;
  Matrix &made = matrices_[std::string(fieldName)];
  if (made.array && made.rows == rows)
    return made.array;
  made.rows = rows;
  made.array = ctx.make<base::Array>(static_cast<int64_t>(rows.size()),
                                     field->matrix ? static_cast<int64_t>(field->width()) : 0);
  double *to = made.array->data;
  for (size_t row : rows)
    to = std::copy_n(field->row(row).data(), field->width(), to);
  return made.array;
}

void failNoField(base::Context &ctx, qdo_site site, const Source &source, std::string_view name) {
  ctx.fail(site, Kind::BadValue, "a field", fmt::format("`{}`", name),
           fmt::format("one that the data set `{}` declares", source.name));
}

const Field *numericField(base::Context &ctx, qdo_site site, const Source &source,
                          std::string_view fieldName) {
  const Field *field = source.field(fieldName);
  if (!field) {
    failNoField(ctx, site, source, fieldName);
    return nullptr;
  }
  if (field->numeric)
    return field;
  const Table &table = *source.table;
  const size_t column = field->columns[0];
  size_t row = 0;
  while (readNumber(table.text(row, column)).status != Number::Status::Text)
    ++row;
  ctx.fail(site, Kind::DataNotANumber, table.text(row, column), table.columns()[column]).place =
      table.place(row, column);
  return nullptr;
}

} // namespace qdo::data
