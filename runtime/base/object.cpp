// SPDX-License-Identifier: Apache-2.0
// Text and arrays: construction and printed form.
#include "runtime/base/object.h"

#include "runtime/base/format.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::base {

Object::~Object() = default;

std::string String::format(std::string_view spec) const { return formatText(spec, text); }

static size_t countOf(int64_t rows, int64_t columns) {
  return static_cast<size_t>(std::max<int64_t>(rows, 0) * std::max<int64_t>(columns, 1));
}

Array::Array(int64_t rows, int64_t columns)
    : Array(std::max<int64_t>(rows, 0), std::max<int64_t>(columns, 0),
            std::vector<double>(countOf(rows, columns))) {}

Array::Array(int64_t rows, int64_t columns, std::vector<double> storage)
    : Object(ObjectKind::Array), rows(rows), columns(columns), data(storage.data()),
      storage_(std::move(storage)) {}

std::string List::format(std::string_view spec) const {
  return formatText(spec, fmt::format("{} elements", size));
}

static std::string formatRow(std::string_view spec, std::span<const double> values) {
  std::string out = "[";
  for (size_t i = 0; i < values.size(); ++i) {
    if (i != 0)
      out += ", ";
    out += formatReal(spec, values[i]);
  }
  return out + "]";
}

std::string Array::format(std::string_view spec) const {
  if (columns == 0)
    return formatRow(spec, values());
  std::string out = "[";
  for (int64_t i = 0; i < rows; ++i) {
    if (i != 0)
      out += ", ";
    out += formatRow(spec, row(i));
  }
  return out + "]";
}

} // namespace qdo::base
