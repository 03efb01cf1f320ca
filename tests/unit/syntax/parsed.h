// SPDX-License-Identifier: Apache-2.0
// Parsing a text in a test: the tree, the diagnostics and the sources they point into.
#pragma once

#include "compiler/diag/render.h"
#include "compiler/syntax/parse.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace qdo::syntax::test {

struct Parsed {
  base::SourceMap sources;
  diag::Engine diagnostics;
  base::FileId file;
  Ast ast;

  explicit Parsed(std::string text) : file(sources.add("test.qdo", std::move(text))) {
    ast = parse(file, sources, diagnostics);
  }

  [[nodiscard]] std::string dump() const { return dumpAst(ast, sources); }
  [[nodiscard]] std::string rendered() const {
    std::string result;
    for (const diag::Diagnostic &diagnostic : diagnostics.all())
      result += diag::renderText(diagnostic, sources, {}) + "\n";
    return result;
  }
  [[nodiscard]] std::string_view text(const Node &node) const { return sources.text(node.span); }
  /// The dump without places.
  [[nodiscard]] std::string shape() const {
    std::istringstream lines(dump());
    std::string result;
    for (std::string line; std::getline(lines, line);)
      result += line.substr(0, line.find(" @")) + "\n";
    return result;
  }
};

struct Program {
  std::string name;
  std::string text;
};

/// Every program of tests/programs, by name.
inline std::vector<Program> programs() {
  std::vector<Program> result;
  for (const auto &entry : std::filesystem::directory_iterator("tests/programs")) {
    if (entry.path().extension() != ".qdo")
      continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    result.push_back({entry.path().filename(), text.str()});
  }
  std::sort(result.begin(), result.end(),
            [](const Program &a, const Program &b) { return a.name < b.name; });
  return result;
}

} // namespace qdo::syntax::test
