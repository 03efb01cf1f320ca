// SPDX-License-Identifier: Apache-2.0
// What a handle of abi.h points at: the common base, text and arrays.
// In: handles from generated code. Out: typed objects and their printed form.
// Why: every object lives until its run is closed (Context::make), so views may point into others.
// Must not: be destroyed or moved by anyone but the context.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::base {

enum class ObjectKind : uint8_t {
  String,
  Array,
  List,
  Recipe,
  Observable,
  Amplitudes,
  Counts,
  Policy,
  Estimate,
  Traced,
  Optimizer,
  Fit,
  Dataset,
  Row,
  Kernel,
  Model,
  Selection,
  Noise,
  Device,
  Shadow,
};

struct Object {
  explicit Object(ObjectKind kind) : kind(kind) {}
  Object(const Object &) = delete;
  Object &operator=(const Object &) = delete;
  virtual ~Object();

  /// The text of `{value:spec}`; `spec` is fmt's, without the colon, and may be empty.
  /// Throws fmt::format_error when the spec does not fit (base/format.h reports it as BadFormat).
  virtual std::string format(std::string_view spec) const = 0;

  const ObjectKind kind;
};

/// Handles are `Object *` behind `void *`: convert with these two and nothing else.
inline void *handle(Object *object) { return object; }
template <class T> T *as(void *handle) { return static_cast<T *>(static_cast<Object *>(handle)); }

struct String final : Object {
  explicit String(std::string text = {}) : Object(ObjectKind::String), text(std::move(text)) {}
  std::string format(std::string_view spec) const override;

  std::string text;
};

/// Reals in row-major order: `rows` numbers (columns == 0) or rows x columns. The shape is fixed.
struct Array final : Object {
  Array(int64_t rows, int64_t columns);
  /// A view: one row of another array, or memory of another object of the same run.
  Array(double *data, int64_t rows, int64_t columns)
      : Object(ObjectKind::Array), rows(rows), columns(columns), data(data) {}
  /// Of these numbers, rows x columns.
  Array(int64_t rows, int64_t columns, std::vector<double> numbers);
  std::string format(std::string_view spec) const override;

  /// Count of numbers.
  int64_t size() const { return columns == 0 ? rows : rows * columns; }
  /// Numbers a row; 1 for one dimension.
  int64_t width() const { return columns == 0 ? 1 : columns; }
  std::span<const double> values() const { return {data, static_cast<size_t>(size())}; }
  std::span<double> values() { return {data, static_cast<size_t>(size())}; }
  std::span<const double> row(int64_t i) const {
    return {data + i * width(), static_cast<size_t>(width())};
  }

  const int64_t rows, columns;
  double *const data;

private:
  std::vector<double> storage_;
};

/// Elements of any kind, flattened: generated code knows what the slots of one element mean.
struct List final : Object {
  List() : Object(ObjectKind::List) {}
  std::string format(std::string_view spec) const override;

  union Slot {
    int64_t whole;
    double real;
    void *object;
  };
  std::vector<Slot> slots;
  int64_t size = 0; ///< finished elements
  int64_t stride() const { return size == 0 ? 0 : static_cast<int64_t>(slots.size()) / size; }
};

} // namespace qdo::base
