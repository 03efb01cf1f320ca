// SPDX-License-Identifier: Apache-2.0
// Builds a data set: columns, types, split, scale, in this order.
#include "runtime/data/dataset.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/data/columns.h"
#include "runtime/data/scale.h"
#include "runtime/data/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace qdo::data {

using base::Kind;

const Field *Source::field(std::string_view fieldName) const {
  auto found = std::find_if(fields.begin(), fields.end(),
                            [&](const Field &field) { return field.name == fieldName; });
  return found == fields.end() ? nullptr : &*found;
}

const Part *Source::part(std::string_view partName) const {
  auto found = std::find_if(parts.begin(), parts.end(),
                            [&](const Part &part) { return part.name == partName; });
  return found == parts.end() ? nullptr : &*found;
}

namespace {

/// The only field that `wanted` holds for, or null.
template <class Wanted> const Field *onlyField(const std::vector<Field> &fields, Wanted wanted) {
  const Field *only = nullptr;
  for (const Field &field : fields)
    if (wanted(field)) {
      if (only)
        return nullptr;
      only = &field;
    }
  return only;
}

} // namespace

const Field *Source::labels() const {
  if (const Field *y = field("y"); y && !y->matrix)
    return y;
  if (const Field *text = onlyField(fields, [](const Field &f) { return !f.matrix && !f.numeric; }))
    return text;
  return onlyField(fields, [](const Field &f) { return !f.matrix; });
}

const Field *Source::features() const {
  if (const Field *x = field("x"); x && x->numeric)
    return x;
  return onlyField(fields, [](const Field &f) { return f.matrix; });
}

Classes Source::classesOf(const Field &oneColumn) const {
  Classes classes;
  const size_t rows = table->rowCount();
  classes.ofRow.resize(rows);
  auto number = [&](const auto &keyOf, const auto &nameOf) {
    std::map<std::decay_t<decltype(keyOf(0))>, uint32_t> index;
    for (size_t row = 0; row < rows; ++row)
      index.emplace(keyOf(row), 0);
    for (auto &[key, value] : index) {
      value = static_cast<uint32_t>(classes.names.size());
      classes.names.push_back(nameOf(key));
    }
    for (size_t row = 0; row < rows; ++row)
      classes.ofRow[row] = index.at(keyOf(row));
  };
  if (oneColumn.numeric)
    // -0 + 0 is 0: the two zeros are one class.
    number([&](size_t row) { return oneColumn.values[row] + 0.0; },
           [](double value) { return fmt::format("{}", value); });
  else
    number([&](size_t row) { return table->text(row, oneColumn.columns[0]); },
           [](const std::string &text) { return text; });
  return classes;
}

namespace {

class Builder {
public:
  Builder(base::Context &ctx, const DatasetSpec &spec, Source &source)
      : ctx_(ctx), spec_(spec), source_(source), table_(*source.table) {}

  bool run() {
    std::optional<size_t> splitColumn;
    if (spec_.splitColumn) {
      splitColumn = findColumn(ctx_, spec_.splitSite, table_, *spec_.splitColumn);
      if (!splitColumn)
        return false;
    }
    auto fields = readFields(ctx_, spec_, table_, splitColumn);
    if (!fields)
      return false;
    source_.fields = std::move(*fields);
    return (splitColumn ? splitBy(*splitColumn) : splitByFractions()) && scaleFields();
  }

private:
  /// Parts in the order in which their names first appear.
  bool splitBy(size_t column) {
    for (size_t row = 0; row < table_.rowCount(); ++row) {
      std::string name = table_.text(row, column);
      if (name.empty()) {
        failEmptyCell(ctx_, spec_.splitSite, table_, row, column);
        return false;
      }
      auto part = std::find_if(source_.parts.begin(), source_.parts.end(),
                               [&](const Part &p) { return p.name == name; });
      if (part == source_.parts.end())
        part = source_.parts.insert(part, {name, {}});
      part->rows.push_back(row);
    }
    return true;
  }

  bool splitByFractions() {
    if (spec_.parts.empty())
      return true;
    std::vector<double> fractions;
    for (const PartSpec &part : spec_.parts) {
      if (!(part.fraction > 0 && part.fraction <= 1)) {
        ctx_.fail(part.site, Kind::BadValue, fmt::format("the share of the part `{}`", part.name),
                  fmt::format("{:g} %", part.fraction * 100), "more than 0 % and at most 100 %");
        return false;
      }
      fractions.push_back(part.fraction);
    }
    double sum = std::accumulate(fractions.begin(), fractions.end(), 0.0);
    if (sum > 1 + 1e-9) {
      ctx_.fail(spec_.splitSite, Kind::DataSplitSum, sum * 100).help =
          "rows that no part takes stay unused, so the parts may add up to less than 100 %";
      return false;
    }
    auto strata = stratumOfRow();
    if (!strata)
      return false;
    uint64_t stream = base::Hasher("split").add(std::string_view(spec_.name)).value();
    std::vector<uint64_t> words(table_.rowCount());
    for (size_t row = 0; row < words.size(); ++row)
      words[row] = base::RandomStream(ctx_.seed(), stream, row).next();
    std::vector<uint32_t> partOf = splitRows(fractions, *strata, words);
    for (const PartSpec &part : spec_.parts)
      source_.parts.push_back({part.name, {}});
    for (size_t row = 0; row < partOf.size(); ++row)
      if (partOf[row] != noPart)
        source_.parts[partOf[row]].rows.push_back(row);
    for (const PartSpec &part : spec_.parts)
      if (source_.part(part.name)->rows.empty()) {
        ctx_.fail(part.site, Kind::DataPartEmpty, part.name, spec_.name).note =
            fmt::format("the file has {} rows", table_.rowCount());
        return false;
      }
    return true;
  }

  std::optional<std::vector<uint32_t>> stratumOfRow() {
    if (!spec_.stratified)
      return std::vector<uint32_t>(table_.rowCount(), 0);
    const Field *labels = source_.labels();
    if (labels)
      return source_.classesOf(*labels).ofRow;
    ctx_.fail(spec_.splitSite, Kind::DataNoLabels, spec_.name).help =
        "name the field of labels `y`: one column";
    return std::nullopt;
  }

  bool scaleFields() {
    for (size_t i = 0; i < spec_.fields.size(); ++i)
      if (spec_.fields[i].scaled && !scaleField(spec_.fields[i], source_.fields[i]))
        return false;
    return true;
  }

  bool scaleField(const FieldSpec &declared, Field &field) {
    auto [low, high] = *declared.scaled;
    if (!(low < high) || !std::isfinite(low) || !std::isfinite(high)) {
      ctx_.fail(declared.scaledSite, Kind::BadValue, "the interval of `scaled`",
                fmt::format("{} to {}", low, high), "from a lower to a higher number");
      return false;
    }
    std::vector<size_t> fitted(table_.rowCount());
    std::iota(fitted.begin(), fitted.end(), size_t{0});
    const Part *train = source_.part("train");
    if (train) {
      fitted = train->rows;
    } else if (!source_.parts.empty()) {
      ctx_.fail(declared.scaledSite, Kind::DataPartMissing, spec_.name, "train").help =
          "`scaled` is fitted on the part `train`, so that no other part leaks into it";
      return false;
    }
    Ranges ranges = fitRanges(field, fitted);
    warnConstant(declared, field, ranges);
    for (const Part &part : source_.parts) {
      auto outside = std::count_if(part.rows.begin(), part.rows.end(),
                                   [&](size_t row) { return ranges.outside(field.row(row)); });
      if (outside > 0)
        ctx_.warn(declared.scaledSite, Kind::DataOutsideRange, outside, part.rows.size(),
                  spec_.name + "." + part.name);
    }
    scale(field, ranges, low, high);
    return true;
  }

  void warnConstant(const FieldSpec &declared, const Field &field, const Ranges &ranges) {
    std::string names;
    size_t count = 0;
    for (size_t c = 0; c < field.width(); ++c)
      if (ranges.constant(c)) {
        constexpr size_t mostNamed = 5;
        if (++count <= mostNamed)
          names += fmt::format("{}`{}`", count > 1 ? ", " : "", table_.columns()[field.columns[c]]);
        else if (count == mostNamed + 1)
          names += ", ...";
      }
    if (count > 0)
      ctx_.warn(declared.scaledSite, Kind::DataConstantColumn, count, field.width(), field.name,
                names);
  }

  base::Context &ctx_;
  const DatasetSpec &spec_;
  Source &source_;
  const Table &table_;
};

} // namespace

std::shared_ptr<const Source> build(base::Context &ctx, const DatasetSpec &spec,
                                    std::shared_ptr<const Table> table) {
  auto source = std::make_shared<Source>();
  source->name = spec.name;
  source->table = std::move(table);
  if (!Builder(ctx, spec, *source).run())
    return nullptr;
  return source;
}

} // namespace qdo::data
