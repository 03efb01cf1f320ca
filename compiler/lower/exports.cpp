// SPDX-License-Identifier: Apache-2.0
// What a library of the program offers to others: encodings and fidelities whose size is known, as
// circuits with a place for a row of data; other kernels and functions as code.
#include "compiler/lower/elaborator.h"

#include <fmt/format.h>

namespace qdo::lower {

using namespace syntax;

/// The one parameter that rows fill, or why there is none.
static std::optional<std::string> whyNot(const sema::Signature &signature,
                                         const EncodingValue &encoding) {
  if (encoding.holes.size() != 1)
    return "more than one of its parameters is open";
  for (const sema::Signature::Parameter &p : signature.parameters)
    if (p.name == encoding.holes[0] && p.structure)
      return fmt::format("`{}` is part of its structure", p.name);
  return std::nullopt;
}

std::optional<int64_t> Elaborator::rowWidth(const sema::TypeRef &type) const {
  if (type->is(sema::TypeKind::Real))
    return 1;
  if (!type->is(sema::TypeKind::Array) || !type->element->is(sema::TypeKind::Real))
    return std::nullopt;
  int64_t size = 1;
  for (const sema::Size &each : type->sizes) {
    const auto known = evaluate(each);
    if (!known)
      return std::nullopt;
    size *= *known;
  }
  return size;
}

/// What an encoding gives to its circuit, and where a row of so many numbers goes among its data.
Elaborator::RowLayout Elaborator::rowLayout(const EncodingValue &encoding, int64_t width,
                                            mlir::Location at) {
  RowLayout layout;
  for (const sema::Signature::Parameter &p : program.signatures.at(encoding.circuit).parameters) {
    if (auto given = encoding.given.find(p.name); given != encoding.given.end()) {
      layout.arguments.push_back(*given->second);
      if (!p.structure)
        flattenData(layout.arguments.back(), layout.data, at);
      continue;
    }
    layout.hole = static_cast<int64_t>(layout.data.size());
    const std::vector<Value> zeros(static_cast<size_t>(width), Value::ofReal(0));
    layout.arguments.push_back(p.type->is(sema::TypeKind::Array) ? Value::ofArray(zeros)
                                                                 : Value::ofReal(0));
  }
  return layout;
}

/// An encoding with its data open, filled by rows of `width` numbers.
std::optional<std::string> Elaborator::exportRows(Export &exported, const EncodingValue &encoding,
                                                  std::optional<int64_t> width, base::Span span) {
  const sema::Signature &signature = program.signatures.at(encoding.circuit);
  if (auto reason = whyNot(signature, encoding))
    return reason;
  if (!width)
    return "its size is open";
  limitArray(*width, span);
  const RowLayout row = rowLayout(encoding, *width, loc(span));
  for (const Value &number : row.data) {
    if (!number.isConstant())
      return "it depends on what only a run knows";
    exported.data.push_back(number.kind == ValueKind::Int ? static_cast<double>(number.integer)
                                                          : number.real);
  }
  if (isFixed(signature, row.arguments))
    return "its circuit depends on data";
  Instance instance = instantiate(encoding.circuit, row.arguments, span);
  exported.hole = row.hole;
  exported.data.insert(exported.data.begin() + row.hole, static_cast<size_t>(*width), 0.0);
  exported.width = *width;
  exported.qubits = instance.qubits;
  exported.circuit = instance.op.getSymName().str();
  return std::nullopt;
}

std::optional<std::string> Elaborator::exportEncoding(Export &exported, sema::SymbolId id) {
  const Value encoding = encodingOf(id);
  if (encoding.kind != ValueKind::Encoding)
    return "it has no data";
  const sema::Signature &signature = program.signatures.at(id);
  std::optional<int64_t> width;
  for (const sema::Signature::Parameter &p : signature.parameters)
    if (p.name == encoding.encoding->holes[0])
      width = rowWidth(p.type);
  return exportRows(exported, *encoding.encoding, width, program.symbol(id).span);
}

std::optional<std::string> Elaborator::exportKernel(Export &exported, sema::SymbolId id) {
  const sema::Symbol &symbol = program.symbol(id);
  const auto &decl = as<KernelStmt>(*symbol.decl);
  if (!sema::isFidelity(decl))
    return exportKernelCode(exported, id);
  const Value encoding = expr(*decl.via);
  if (encoding.kind != ValueKind::Encoding)
    return "its states have no data";
  return exportRows(exported, *encoding.encoding, rowWidth(symbol.type->fields[0].type),
                    symbol.span);
}

std::optional<std::string> Elaborator::exportOne(Export &exported, const Stmt &stmt) {
  if (const auto known = options.unexportable->find(exported.name);
      known != options.unexportable->end())
    return known->second;
  const sema::SymbolId id = declared(stmt.id, 0);
  const unsigned errors = diagnostics.errorCount();
  try {
    return stmt.kind == StmtKind::Kernel    ? exportKernel(exported, id)
           : stmt.kind == StmtKind::Circuit ? exportEncoding(exported, id)
                                            : exportFunction(exported, id);
  } catch (const Abandon &) {
    std::string reason = "it cannot be compiled by itself";
    if (diagnostics.errorCount() > errors && !diagnostics.all().empty())
      reason = diagnostics.all().back().message;
    (*options.unexportable)[exported.name] = reason;
    throw WithoutIt{};
  }
}

void Elaborator::exportAll(std::vector<Export> &exports) {
  for (const StmtPtr &stmt : program.modules.front().ast.stmts) {
    Export exported;
    const Ident *name = nullptr;
    if (stmt->kind == StmtKind::Kernel) {
      name = &as<KernelStmt>(*stmt).name;
      exported.what = "kernel";
    } else if (stmt->kind == StmtKind::Circuit && as<CircuitStmt>(*stmt).isEncoding) {
      name = &as<CircuitStmt>(*stmt).name;
      exported.what = "encoding";
    } else if (stmt->kind == StmtKind::Fn) {
      name = &as<FnStmt>(*stmt).name;
      exported.what = "function";
    }
    if (!name || name->text.starts_with("_"))
      continue;
    exported.name = name->text;
    exported.span = name->span;
    exported.doc = stmt->doc;
    exported.problem = exportOne(exported, *stmt).value_or("");
    exports.push_back(std::move(exported));
  }
}

} // namespace qdo::lower
