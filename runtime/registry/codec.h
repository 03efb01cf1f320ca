// SPDX-License-Identifier: Apache-2.0
// Objects of the run as contents of the registry, and back.
// Why text with hexadecimal numbers: exact, the same for the same values, and readable in any tool.
#pragma once

#include "runtime/base/context.h"
#include "runtime/estimate/estimate.h"
#include "runtime/registry/registry.h"

namespace qdo::registry {

// Kinds as messages name them.
inline constexpr std::string_view estimateKind = "an estimate";
inline constexpr std::string_view arrayKind = "an array of reals";
inline constexpr std::string_view realKind = "a real";

Kept keep(const estimate::Estimate &estimate);
/// `kind` is arrayKind, or realKind for the one number of a scalar.
Kept keep(const base::Array &array, std::string_view kind = arrayKind);

/// Null when the contents are damaged.
estimate::Estimate *estimateOf(base::Context &ctx, std::string_view content);
base::Array *arrayOf(base::Context &ctx, std::string_view content);

/// Lines of words, written and read in order.
class Writer {
public:
  Writer &line(std::string_view word);
  Writer &add(double value);
  Writer &add(int64_t value);
  Writer &add(uint64_t value);
  std::string text;
};
class Reader {
public:
  explicit Reader(std::string_view text) : rest_(text) {}
  /// The next word; empty at the end.
  std::string_view word();
  bool expect(std::string_view word) { return ok_ &= this->word() == word; }
  double real();
  int64_t whole();
  uint64_t bits();
  /// Everything so far could be read.
  bool ok() const { return ok_; }
  bool atEnd() const { return rest_.find_first_not_of(" \n") == rest_.npos; }

private:
  std::string_view rest_;
  bool ok_ = true;
};

} // namespace qdo::registry
