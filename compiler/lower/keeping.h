// SPDX-License-Identifier: Apache-2.0
// Decay curves and what outlives a run, lowered through a few functions of the elaborator.
// Why not members of it: they need little, and a small interface keeps them testable and apart.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/lower/value.h"

#include "mlir/IR/Location.h"
#include "mlir/IR/ValueRange.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <functional>

namespace qdo::lower {

/// What the elaborator does for the functions below.
struct Emitter {
  /// A call of the runtime; of what gives any object, with the type that it has.
  std::function<mlir::Value(llvm::StringRef entry, mlir::ValueRange arguments)> rt;
  std::function<mlir::Value(llvm::StringRef entry, mlir::ValueRange arguments,
                            const sema::Type &result)>
      object;
  std::function<mlir::Value(const Value &value)> ssa; ///< arrays as runtime arrays of reals
  std::function<mlir::Value(llvm::StringRef constant)> text;
  std::function<std::optional<int64_t>(const sema::Size &size)> size;
  std::function<mlir::Value(const Value &observable, int64_t qubits)> observable;
  std::function<void(const std::string &what, int64_t circuits)> charge;
  std::function<void(std::string_view what)> notYet; ///< does not return
  std::function<std::string(const sema::Type &type)> show;
  diag::Engine &diagnostics;
  std::string folder; ///< of the program's file

  [[nodiscard]] mlir::Value whole(int64_t number) const { return ssa(Value::ofInt(number)); }
};

/// Whether `keeping` does this.
bool isKeeping(llvm::StringRef name);
/// "decay", "benchmark", "benchmark_interleaved", "decay.MEMBER" of a fit, "decay:SPEC" for its
/// text, "save", "load", "report".
Value keeping(const Emitter &emit, const std::string &name, const std::vector<Value> &arguments,
              base::Span span);

/// What was fitted to a decay curve, or the number that it gives ("t1", "t2", "error" in `text`):
/// the number of the curve, under the type that the library declares.
inline bool isCoherence(const Value &v) {
  return v.kind == ValueKind::Handle && v.type && v.type->is(sema::TypeKind::Tuple);
}

// ---- decay.cpp
Value decay(const Emitter &emit, const std::vector<Value> &arguments, base::Span span);
Value coherenceMember(const Emitter &emit, const Value &fit, const std::string &member,
                      base::Span span);
// ---- benchmarking.cpp
Value benchmark(const Emitter &emit, const std::vector<Value> &arguments);
Value interleavedBenchmark(const Emitter &emit, const std::vector<Value> &arguments);
// ---- saved.cpp
void save(const Emitter &emit, const Value &value, const Value &label, base::Span span);
/// `wanted` has the type.
Value loaded(const Emitter &emit, const Value &name, const sema::TypeRef &wanted, base::Span span);

} // namespace qdo::lower
