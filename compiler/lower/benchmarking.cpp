// SPDX-License-Identifier: Apache-2.0
// `randomized_benchmarking(1, lengths: [1, 10, 100])` and `interleaved_benchmarking(p, lengths:
// ..)`: which curves, what they cost, what they give.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/keeping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qdo::lower {

using sema::TypeKind;

namespace {
/// What both kinds are asked for.
struct Request {
  std::vector<int64_t> lengths;
  mlir::Value axis, sequences, gates; ///< as the runtime takes them
  std::string key;                    ///< what of them names the circuits
};
} // namespace

/// `args` from `first`: lengths, sequences, gates.
static Request requestOf(const Emitter &emit, const std::vector<Value> &args, size_t first) {
  Request request;
  std::vector<Value> axis;
  for (const Value &length : args[first].elements) {
    if (!length.isConstant())
      emit.notYet("lengths of a benchmark that are known only while the program runs");
    request.lengths.push_back(length.integer);
    axis.push_back(Value::ofReal(static_cast<double>(length.integer)));
  }
  if (args[first].kind != ValueKind::Array || !args[first + 1].isConstant())
    emit.notYet("a benchmark whose size is known only while the program runs");
  std::vector<std::string> gates;
  for (const Value &gate : args[first + 2].elements) {
    if (!gate.isConstant())
      emit.notYet("gates of a benchmark that are known only while the program runs");
    gates.push_back(gate.text);
  }
  const std::string names = fmt::format("{}", fmt::join(gates, " "));
  request.axis = emit.ssa(Value::ofArray(axis));
  request.sequences = emit.ssa(args[first + 1]);
  request.gates = emit.text(names);
  request.key = fmt::format("{} {}", args[first + 1].integer, names);
  return request;
}

/// A charge for each point; the points as a list of records.
static Value pointsOf(const Emitter &emit, const Request &request, const std::string &what,
                      mlir::Value curve) {
  const sema::TypeRef type = sema::tupleOf(
      {{"length", sema::simple(TypeKind::Int)}, {"value", sema::simple(TypeKind::Estimate)}});
  std::vector<Value> points;
  for (size_t k = 0; k < request.lengths.size(); ++k) {
    Value point;
    point.kind = ValueKind::Tuple;
    point.type = type;
    point.elements = {
        Value::ofInt(request.lengths[k]),
        Value::handle(emit.rt("decay_value", {curve, emit.whole(static_cast<int64_t>(k))}),
                      sema::simple(TypeKind::Estimate))};
    points.push_back(std::move(point));
    emit.charge(fmt::format("benchmark {} {} {}", what, request.key, request.lengths[k]), 1);
  }
  return Value::ofArray(std::move(points));
}

/// What was fitted to a curve; `error` is its number.
static Value fitOf(mlir::Value curve) {
  Value fit = Value::handle(curve, sema::tupleOf({}));
  fit.text = "error";
  return fit;
}

Value benchmark(const Emitter &emit, const std::vector<Value> &args) {
  const Request request = requestOf(emit, args, 1);
  mlir::Value curve =
      emit.rt("benchmark", {emit.ssa(args[0]), request.axis, request.sequences, request.gates});
  Value result;
  result.kind = ValueKind::Tuple;
  result.elements = {
      pointsOf(emit, request, args[0].isConstant() ? std::to_string(args[0].integer) : "?", curve),
      fitOf(curve), Value::ofSsa(ValueKind::Real, emit.rt("benchmark_gates", {curve}))};
  result.type = sema::tupleOf({{"points", nullptr},
                               {"fit", result.elements[1].type},
                               {"gates", sema::simple(TypeKind::Real)}});
  return result;
}

Value interleavedBenchmark(const Emitter &emit, const std::vector<Value> &args) {
  const Value &recipe = args[0];
  const Request request = requestOf(emit, args, 1);
  mlir::Value curve = emit.rt("benchmark_interleaved",
                              {recipe.ssa, request.axis, request.sequences, request.gates});
  mlir::Value plain = emit.rt("benchmark_reference", {curve});
  Value reference;
  reference.kind = ValueKind::Tuple;
  reference.elements = {pointsOf(emit, request, std::to_string(recipe.integer), plain),
                        fitOf(plain)};
  reference.type = sema::tupleOf({{"points", nullptr}, {"fit", reference.elements[1].type}});
  Value result;
  result.kind = ValueKind::Tuple;
  result.elements = {pointsOf(emit, request, "with " + recipe.text, curve), fitOf(curve),
                     std::move(reference)};
  result.type = sema::tupleOf({{"points", nullptr},
                               {"fit", result.elements[1].type},
                               {"reference", result.elements[2].type}});
  return result;
}

} // namespace qdo::lower
