// SPDX-License-Identifier: Apache-2.0
// What outlives a run: `save x as "name"`, `load("name@2")`, reports; and who asks for what here.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/keeping.h"

#include <fmt/format.h>

namespace qdo::lower {

using sema::TypeKind;

void save(const Emitter &emit, const Value &value, const Value &label, base::Span span) {
  mlir::Value name = emit.ssa(label);
  auto keep = [&](const char *kind, mlir::Value object) {
    emit.rt("registry_save", {emit.text(emit.folder), name, emit.text(kind), object});
  };
  if (isEstimate(value))
    return keep("estimate", value.ssa);
  if (value.kind == ValueKind::Handle && value.type && value.type->is(TypeKind::Shadow))
    return keep("shadow", value.ssa);
  if (value.kind == ValueKind::Int || value.kind == ValueKind::Real)
    return keep("real", emit.ssa(Value::ofArray({value})));
  if (value.kind == ValueKind::Array ||
      (value.kind == ValueKind::Handle && value.type && value.type->is(TypeKind::Array)))
    return keep("array", emit.ssa(value));
  emit.notYet("saving this value");
}

Value loaded(const Emitter &emit, const Value &name, const sema::TypeRef &type, base::Span span) {
  mlir::Value label = emit.ssa(name);
  const auto array = sema::arrayOf(sema::simple(TypeKind::Real), {sema::Size::unknown()});
  auto object = [&](const char *kind, const sema::Type &as) {
    return emit.object("registry_load", {emit.text(emit.folder), label, emit.text(kind)}, as);
  };
  switch (type->kind) {
  case TypeKind::Estimate:
    return Value::handle(object("estimate", *type), type);
  case TypeKind::Shadow:
    return Value::handle(object("shadow", *type), type);
  case TypeKind::Real:
    return Value::ofSsa(ValueKind::Real,
                        emit.rt("array_get", {object("real", *array), emit.whole(0)}));
  case TypeKind::Array: {
    mlir::Value loadedArray = object("array", *array);
    auto size = [&](size_t i) { return emit.whole(emit.size(type->sizes[i]).value_or(-1)); };
    emit.rt("registry_shape",
            {loadedArray, size(0), type->sizes.size() > 1 ? size(1) : emit.whole(0)});
    return Value::handle(loadedArray, type);
  }
  default:
    emit.notYet(fmt::format("loading {}", emit.show(*type)));
    throw Abandon{};
  }
}

bool isKeeping(llvm::StringRef name) {
  return name == "save" || name == "load" || name == "report" || name.starts_with("decay") ||
         name.starts_with("benchmark");
}

Value keeping(const Emitter &emit, const std::string &name, const std::vector<Value> &args,
              base::Span span) {
  if (name == "decay")
    return decay(emit, args, span);
  if (name == "benchmark")
    return benchmark(emit, args);
  if (name == "benchmark_interleaved")
    return interleavedBenchmark(emit, args);
  if (name.starts_with("decay."))
    return coherenceMember(emit, args[0], name.substr(6), span);
  if (name.starts_with("decay:"))
    return Value::ofSsa(ValueKind::String,
                        emit.rt("decay_text", {args[0].ssa, emit.text(name.substr(6))}));
  if (name == "load")
    return loaded(emit, args[0], args[1].type, span);
  if (name == "save")
    save(emit, args[0], args[1], span);
  else
    emit.rt(name, {emit.text(emit.folder), emit.ssa(args[0])});
  return Value::unit();
}

} // namespace qdo::lower
