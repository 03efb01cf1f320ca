// SPDX-License-Identifier: Apache-2.0
// Documentation of a module: what it declares, with the `///` text, parameters and sizes of each.
// In: a tree and its text. Out: a model that becomes Markdown or HTML.
// Why from the tree: a module is documented as it is written, also when it lacks data or a run.
#pragma once

#include "compiler/syntax/ast.h"

#include <functional>
#include <string>
#include <vector>

namespace qdo::driver {

struct Documentation {
  struct Parameter {
    std::string name, type, defaultText;
    std::string role; ///< what it means for the shape of a circuit
  };
  struct Entry {
    std::string kind, name, signature, text;
    base::Span span; ///< of the declaration
    std::vector<Parameter> parameters;
    std::vector<std::string> sizes; ///< one sentence for each size that is solved for
  };
  std::string title, text;
  std::vector<Entry> entries;
};

/// `resultOf` names the result of a function that does not say it; empty text when it is unknown.
using ResultOf = std::function<std::string(const syntax::FnStmt &)>;

/// The public declarations of a module, in the order of its text.
Documentation documentationOf(std::string title, const syntax::Ast &ast,
                              const base::SourceMap &sources, const ResultOf &resultOf);

std::string toMarkdown(const Documentation &documentation);
/// A page of its own: no style sheet, script or font from elsewhere.
std::string toHtml(const Documentation &documentation);

} // namespace qdo::driver
