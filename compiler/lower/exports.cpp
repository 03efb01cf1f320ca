// SPDX-License-Identifier: Apache-2.0
// What a library of the program offers to others: encodings and kernels whose size is known, as
// circuits with a place for a row of data.
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

/// An encoding with its data open, filled by rows of `width` numbers.
std::optional<std::string> Elaborator::exportRows(Export &exported, const EncodingValue &encoding,
                                                  std::optional<int64_t> width, base::Span span) {
  const sema::Signature &signature = program.signatures.at(encoding.circuit);
  if (auto reason = whyNot(signature, encoding))
    return reason;
  if (!width)
    return "its size is open";
  mlir::Location at = loc(span);
  std::vector<Value> args, data;
  for (const sema::Signature::Parameter &p : signature.parameters) {
    if (auto given = encoding.given.find(p.name); given != encoding.given.end()) {
      args.push_back(*given->second);
      if (!p.structure)
        flattenData(args.back(), data, at);
      continue;
    }
    exported.hole = static_cast<int64_t>(data.size());
    std::vector<Value> zeros(static_cast<size_t>(*width), Value::ofReal(0));
    data.insert(data.end(), zeros.begin(), zeros.end());
    args.push_back(p.type->is(sema::TypeKind::Array) ? Value::ofArray(std::move(zeros))
                                                     : Value::ofReal(0));
  }
  for (const Value &number : data) {
    if (!number.isConstant())
      return "it depends on what only a run knows";
    exported.data.push_back(number.kind == ValueKind::Int ? static_cast<double>(number.integer)
                                                          : number.real);
  }
  if (isFixed(signature, args))
    return "its circuit depends on data";
  Instance instance = instantiate(encoding.circuit, args, span);
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
    return "its body is more than a fidelity";
  const Value encoding = expr(*decl.via);
  if (encoding.kind != ValueKind::Encoding)
    return "its states have no data";
  return exportRows(exported, *encoding.encoding, rowWidth(symbol.type->fields[0].type),
                    symbol.span);
}

void Elaborator::exportAll(std::vector<Export> &exports) {
  for (const StmtPtr &stmt : program.modules.front().ast.stmts) {
    Export exported;
    std::optional<std::string> problem;
    const bool isKernel = stmt->kind == StmtKind::Kernel;
    if (isKernel)
      exported.name = as<KernelStmt>(*stmt).name.text;
    else if (stmt->kind == StmtKind::Circuit && as<CircuitStmt>(*stmt).isEncoding)
      exported.name = as<CircuitStmt>(*stmt).name.text;
    if (exported.name.empty() || exported.name.starts_with("_"))
      continue;
    exported.kernel = isKernel;
    exported.doc = stmt->doc;
    const sema::SymbolId id = declared(stmt->id, 0);
    problem = isKernel ? exportKernel(exported, id) : exportEncoding(exported, id);
    exported.problem = problem.value_or("");
    exports.push_back(std::move(exported));
  }
}

} // namespace qdo::lower
