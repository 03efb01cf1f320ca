// SPDX-License-Identifier: Apache-2.0
// Built-in functions of kernels and data sets, with the names of their arguments.
// Why here: what they give depends on the policy in force or on the schema of a data set, so a
// declaration in the library could not say it.
#pragma once

#include "compiler/syntax/ast.h"

#include <optional>
#include <string_view>
#include <vector>

namespace qdo::sema {

struct LearningFunction {
  std::string_view name;
  std::vector<std::string_view> parameters;
  size_t required; ///< of them, from the first
};

/// gram, alignment, ...; null for any other name.
const LearningFunction *learningFunction(std::string_view name);
/// The arguments in the order of the parameters, null where none is given; nullopt when they do not
/// fit.
std::optional<std::vector<const syntax::Expr *>> ordered(const LearningFunction &function,
                                                         const std::vector<syntax::Arg> &arguments);

struct ModuleInfo;
struct Program;

/// Whether an expression of this module makes a kernel on the data themselves, as `rbf(gamma: 1.0)`
/// does: its values cost nothing.
bool makesClassicalKernel(const syntax::Expr &kernel, const ModuleInfo &module,
                          const Program &program);

} // namespace qdo::sema
