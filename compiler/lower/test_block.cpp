// SPDX-License-Identifier: Apache-2.0
// One `test` block as a program of its own.
// In: the block. Out: ops for the declarations that it needs, in program order, then for its body.
// Why only those: a test of a formula should neither read a data set nor wait for a selection.
#include "compiler/lower/elaborator.h"

#include <algorithm>

namespace qdo::lower {

using namespace syntax;

namespace {

/// Which top-level statements of the main file another one leans on, through functions too.
class Needs {
public:
  explicit Needs(const sema::ModuleInfo &module) : module(module) {
    for (const auto &[place, symbol] : module.declared)
      declaredIn[symbol] = statementOf(place.first);
  }

  std::set<size_t> of(size_t statement) {
    add(statement);
    return found;
  }

private:
  const sema::ModuleInfo &module;
  std::map<sema::SymbolId, size_t> declaredIn;
  std::set<size_t> found;

  [[nodiscard]] size_t statementOf(uint32_t node) const {
    const auto &starts = module.ast.starts;
    return static_cast<size_t>(std::upper_bound(starts.begin(), starts.end(), node) -
                               starts.begin()) -
           1;
  }

  void add(size_t statement) {
    if (!found.insert(statement).second)
      return;
    const auto &starts = module.ast.starts;
    const size_t end = statement + 1 < starts.size() ? starts[statement + 1] : module.ast.nodeCount;
    for (size_t id = starts[statement]; id < std::min(end, module.uses.size()); ++id)
      if (auto declared = declaredIn.find(module.uses[id]); declared != declaredIn.end())
        add(declared->second);
  }
};

} // namespace

void Elaborator::testBlock(const TestStmt &test) {
  const sema::ModuleInfo &main = program.modules.front();
  const auto &all = main.ast.stmts;
  const auto own =
      std::find_if(all.begin(), all.end(), [&](const StmtPtr &s) { return s.get() == &test; });
  const auto position = static_cast<size_t>(own - all.begin());
  auto nothing = [] { return Flow{}; };
  for (size_t needed : Needs(main).of(position))
    if (needed != position)
      stmts(llvm::ArrayRef(all).slice(needed, 1), nothing);
  try {
    stmts(test.body.stmts, nothing);
  } catch (const Abandon &) { // reported
  }
}

} // namespace qdo::lower
