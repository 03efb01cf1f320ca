// SPDX-License-Identifier: Apache-2.0
// The types of the language and the symbolic sizes inside them.
// In: built by the checker. Out: immutable values shared by pointer; printing as people write them.
// Why: sizes are `n`, `n + c`, `n * c`, `2^n` in one unknown, so solving is arithmetic and never a
// search. Must not: know the syntax tree; a size variable is just a number given by the checker.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::sema {

/// coefficient * factor * base + offset, where base is a variable, 2^variable, or absent; or not
/// known until elaboration. The factor is a second variable, such as `layers` in `2 * n * layers`:
/// known before `base` is solved for, or the other way round.
struct Size {
  static constexpr uint32_t NoFactor = 0xffffffff;
  enum class Base : uint8_t { None, Variable, PowerOfTwo, Unknown };
  Base base = Base::None;
  uint32_t variable = 0;
  int64_t coefficient = 0;
  int64_t offset = 0;
  uint32_t factor = NoFactor; ///< only with a Variable

  static Size constant(int64_t value) { return {Base::None, 0, 0, value}; }
  static Size of(uint32_t variable) { return {Base::Variable, variable, 1, 0}; }
  static Size unknown() { return {Base::Unknown, 0, 0, 0}; }
  [[nodiscard]] bool isProduct() const { return factor != NoFactor; }
  [[nodiscard]] bool isConstant() const { return base == Base::None; }
  [[nodiscard]] bool isUnknown() const { return base == Base::Unknown; }
  bool operator==(const Size &) const = default;
};

/// Sums, products and powers of sizes where the result is still of the permitted form, else
/// unknown.
Size operator+(const Size &a, const Size &b);
Size operator-(const Size &a, const Size &b);
Size operator*(const Size &a, const Size &b);
Size powerOfTwo(const Size &exponent);

/// Values of size variables, found by solving.
using SizeBindings = std::map<uint32_t, Size>;
Size substitute(const Size &size, const SizeBindings &bindings);
/// Solves `pattern == actual` for the pattern's variable when that is in `solvable` and not bound
/// yet; otherwise compares. False when it has no solution in whole numbers; unknown sizes always
/// match.
bool solve(const Size &pattern, const Size &actual, const std::vector<uint32_t> &solvable,
           SizeBindings &bindings);

enum class TypeKind : uint8_t {
  Error, ///< already reported; agrees with everything
  Unit,
  Int,
  Real,
  Complex,
  Bool,
  String,
  Duration,
  Label, ///< a class label read from data: text or number
  Interval,
  Array,
  Tuple,
  Function,
  Estimate,
  Counts,
  Amplitudes,
  Unitary,
  Prep,
  Ensemble,
  Qubit,
  Register,
  Encoding,
  Kernel,
  Policy,
  Pauli, ///< X, Y or Z without a qubit: an axis
  Observable,
  Dataset,
  Row,
  Model,
  Noise,
  Device,
  Selection,
  Shadow,
  Spent,
  Optimizer,
  Hole,
};

struct Type;
using TypeRef = std::shared_ptr<const Type>;
/// What a function that is held in a value is made of; only the checker looks inside.
struct Closure;

struct TypeField {
  std::string name; ///< empty in a tuple
  TypeRef type;
};

/// What a dataset's rows hold, as far as the program text says.
struct Schema {
  std::string name;
  std::vector<TypeField> fields;
  std::vector<std::string> parts; ///< empty with `openParts`: the data brings its own parts
  bool openParts = false;
  bool hasErrors = false; ///< it may have more than what is listed here
};

struct Type {
  TypeKind kind = TypeKind::Error;
  TypeRef element;               ///< of an array; result of a function
  std::vector<Size> sizes;       ///< of an array; one size for recipes and registers
  std::vector<TypeField> fields; ///< of a tuple; parameters of a function, encoding or kernel
  std::shared_ptr<const Schema> schema;   ///< of a dataset, row or selection; may be null
  bool hidesLabel = false;                ///< a candidate row: the label cannot be read
  std::shared_ptr<const Closure> closure; ///< of a function whose code is known; may be null

  [[nodiscard]] bool is(TypeKind k) const { return kind == k; }
  [[nodiscard]] bool isError() const { return kind == TypeKind::Error; }
  [[nodiscard]] bool isNumber() const {
    return kind == TypeKind::Int || kind == TypeKind::Real || kind == TypeKind::Complex;
  }
  [[nodiscard]] bool isRecipe() const {
    return kind == TypeKind::Unitary || kind == TypeKind::Prep || kind == TypeKind::Ensemble;
  }
  /// Live: a qubit, a register, or a tuple that holds one.
  [[nodiscard]] bool isLive() const;
};

/// A type without parameters.
TypeRef simple(TypeKind kind);
TypeRef arrayOf(TypeRef element, std::vector<Size> sizes);
TypeRef sized(TypeKind kind, Size size);
TypeRef tupleOf(std::vector<TypeField> fields);
TypeRef functionOf(std::vector<TypeField> parameters, TypeRef result);
TypeRef datasetOf(std::shared_ptr<const Schema> schema);
/// A real or an estimate with members of its own, such as the `.undecided` of an accuracy.
TypeRef numberWith(TypeKind kind, std::vector<TypeField> members);

/// int, int[..], string, string[..], pauli, pauli[..] and bool: part of a circuit's shape.
bool isStructure(const Type &type);
/// A parameter `within: real`.
bool isTolerance(const Type &type, std::string_view name);

using SizeNames = std::map<uint32_t, std::string>;
std::string toString(const Size &size, const SizeNames &names);
std::string toString(const Type &type, const SizeNames &names);
TypeRef substitute(const TypeRef &type, const SizeBindings &bindings);

enum class Fit : uint8_t {
  Yes,
  SizeMismatch, ///< the shapes agree but a size has no solution
  No,
};
/// Whether a value of type `actual` may stand where `pattern` is asked for (int -> real -> complex,
/// unitary -> prep -> ensemble, unknown sizes). Binds solvable size variables of the pattern.
Fit fits(const TypeRef &pattern, const TypeRef &actual, const std::vector<uint32_t> &solvable,
         SizeBindings &bindings);

} // namespace qdo::sema
