// SPDX-License-Identifier: Apache-2.0
// What an expression is worth while a program is elaborated: a constant, an SSA value, or a
// structure of them. Why: sizes, structure and parameters are numbers here, so circuits come out
// straight-line and specialised. Must not: own IR; an mlir::Value is only a reference.
#pragma once

#include "compiler/sema/program.h"

#include "mlir/IR/Value.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qdo::lower {

/// Index of a live qubit; Elaborator::wires holds its newest SSA value.
using QubitId = uint32_t;

enum class ValueKind : uint8_t {
  Unit,
  Int,
  Real,     ///< elements: members of its own, named by `type`
  Complex,  ///< two elements: real and imaginary part
  Duration, ///< seconds, as a Real
  Bool,
  String,
  Array, ///< elements one by one
  List,  ///< a runtime list; elements[0] is the shape of what it holds
  Tuple, ///< `type` has the names of a record's fields
  Function,
  Interval, ///< two elements
  Handle,   ///< a runtime object; `type` says which
  Pauli,    ///< X, Y or Z without a qubit, in `text`
  Observable,
  Encoding,
  Kernel,
  Dataset,
  Row,
  Selection,
  Qubits, ///< a qubit or a register
  Spent,
};

struct Value;

/// A product of Paulis with a weight.
struct PauliTerm {
  std::shared_ptr<Value> weight;
  std::map<int64_t, char> factors; ///< qubit -> X, Y or Z
};

/// A circuit with some arguments given and one data argument left open.
struct EncodingValue {
  sema::SymbolId circuit;
  std::map<std::string, std::shared_ptr<Value>> given;
  std::vector<std::string> holes;
};

struct Frame;

/// A function as a value: a declared one, or a lambda with the variables that it saw.
struct FunctionValue {
  sema::SymbolId symbol = sema::SymbolId::None;
  const syntax::LambdaExpr *lambda = nullptr;
  std::shared_ptr<const Frame> captured;
};

/// How a recipe was put together, as far as it is known while the program is elaborated: what a
/// gate statement needs to apply it.
struct RecipeParts {
  enum class Op : uint8_t { Circuit, Then, Tensor, Adjoint, Power, Control };
  Op op = Op::Circuit;
  sema::SymbolId circuit = sema::SymbolId::None;
  std::vector<Value> arguments;
  std::vector<std::shared_ptr<const RecipeParts>> parts;
  int64_t number = 0; ///< qubits of a circuit; the power; how many controls
};

/// What is known of a dataset before the first shot.
struct DataShape {
  bool known = false; ///< false when the file could not be read
  int64_t rows = 0;
  std::map<std::string, int64_t> partRows;
  std::map<std::string, int64_t> distinctRows; ///< by part, "" for all: rows with data of their own
  std::map<std::string, int64_t> widths;       ///< columns of each field that is a matrix
};

struct Value {
  ValueKind kind = ValueKind::Unit;
  sema::TypeRef type;   ///< of handles; else may be null
  mlir::Value ssa;      ///< null while a constant
  int64_t integer = 0;  ///< Int constant; qubits of a recipe handle
  double real = 0;      ///< Real constant
  bool boolean = false; ///< Bool constant
  bool traced = false;  ///< a number of the record of a gradient, or a recipe of such numbers
  std::string text;     ///< String constant; part of a dataset; cost key of a recipe
  std::string derived;  ///< of a dataset: what was made of the one in the file, for its costs
  std::vector<Value> elements;
  std::vector<PauliTerm> terms;
  std::shared_ptr<EncodingValue> encoding;
  std::shared_ptr<DataShape> shape;
  sema::SymbolId symbol = sema::SymbolId::None; ///< of a kernel, dataset or selection
  std::vector<QubitId> qubits;
  std::shared_ptr<const FunctionValue> function;
  std::shared_ptr<const RecipeParts> recipe; ///< of a recipe handle; null when not known

  /// A single number, text or bool that is known; parts of structures say it for themselves.
  [[nodiscard]] bool isConstant() const { return !ssa; }
  /// Nothing in it waits for the run.
  [[nodiscard]] bool isKnown() const {
    return !ssa && std::ranges::all_of(elements, [](const Value &e) { return e.isKnown(); });
  }
  static Value unit() { return {}; }
  static Value ofInt(int64_t v) {
    Value r;
    r.kind = ValueKind::Int;
    r.integer = v;
    return r;
  }
  static Value ofReal(double v) {
    Value r;
    r.kind = ValueKind::Real;
    r.real = v;
    return r;
  }
  static Value ofBool(bool v) {
    Value r;
    r.kind = ValueKind::Bool;
    r.boolean = v;
    return r;
  }
  static Value ofComplex(Value re, Value im) {
    Value r;
    r.kind = ValueKind::Complex;
    r.elements = {std::move(re), std::move(im)};
    return r;
  }
  static Value ofText(std::string v) {
    Value r;
    r.kind = ValueKind::String;
    r.text = std::move(v);
    return r;
  }
  static Value ofDuration(double seconds) {
    Value r;
    r.kind = ValueKind::Duration;
    r.real = seconds;
    return r;
  }
  static Value ofSsa(ValueKind kind, mlir::Value v) {
    Value r;
    r.kind = kind;
    r.ssa = v;
    return r;
  }
  static Value ofArray(std::vector<Value> v) {
    Value r;
    r.kind = ValueKind::Array;
    r.elements = std::move(v);
    return r;
  }
  static Value ofQubits(std::vector<QubitId> v, sema::TypeRef type) {
    Value r;
    r.kind = ValueKind::Qubits;
    r.qubits = std::move(v);
    r.type = std::move(type);
    return r;
  }
  static Value handle(mlir::Value v, sema::TypeRef type) {
    Value r;
    r.kind = ValueKind::Handle;
    r.ssa = v;
    r.type = std::move(type);
    return r;
  }
};

} // namespace qdo::lower
