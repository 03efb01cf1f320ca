// SPDX-License-Identifier: Apache-2.0
// From the LLVM dialect to code in a file, for machines like this one.
// Why a processor of its own: what is built here may run elsewhere, so it uses no instruction that
// not every processor of this kind has. The runtime chooses its kernels when it starts.
#ifndef QDO_CODEGEN_AOT_H
#define QDO_CODEGEN_AOT_H

#include "compiler/codegen/exports.h"
#include "compiler/codegen/program_table.h"
#include "mlir/IR/BuiltinOps.h"

namespace qdo::codegen {

enum class CodeKind : uint8_t { Object, Assembly, LlvmText };

/// The bytes of an object file, assembly or LLVM IR; nothing, with a message in `error`, when this
/// compiler cannot make them.
std::optional<std::string> generate(mlir::ModuleOp module, const ProgramTable &table,
                                    const Exports &exports, CodeKind kind, std::string &error);

} // namespace qdo::codegen

#endif
