// SPDX-License-Identifier: Apache-2.0
// The hash of a circuit is that of what it does.
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/qdo.h"
#include "gtest/gtest.h"

using namespace qdo::ir;

namespace {

uint64_t hashOf(const std::string &text, const char *symbol) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  EXPECT_TRUE(module) << text;
  return qc::contentHash(module->lookupSymbol(symbol));
}

std::string circuit(const std::string &name, const std::string &display, const std::string &gate) {
  return "qc.circuit @" + name + "(%x: f64, %q: !qc.q) -> !qc.q attributes {display = \"" +
         display + "\"} {\n%0 = " + gate + "\nqc.return %0\n}\n";
}

TEST(ContentHash, IgnoresNamesAndPlaces) {
  uint64_t hash = hashOf(circuit("a", "first", "qc.ry(%x) %q"), "a");
  EXPECT_EQ(hash, hashOf("\n\n" + circuit("b", "second", "qc.ry(%x) %q"), "b"));
  EXPECT_NE(hash, hashOf(circuit("a", "first", "qc.rx(%x) %q"), "a"));
}

// A registry keeps hashes across runs and versions: a change here loses what people have paid for.
TEST(ContentHash, IsStable) {
  EXPECT_EQ(hashOf(circuit("a", "first", "qc.ry(%x) %q"), "a"), 0xa4681e248ad0a493u);
}

TEST(ContentHash, FollowsReferences) {
  auto program = [](const std::string &name, const std::string &gate) {
    return circuit(name, "c", gate) + "func.func @f(%a: f64) {\n%p = qdo.prep @" + name +
           "(%a) : !qdo.prep<1>\nfunc.call @f(%a) : (f64) -> ()\nreturn\n}";
  };
  uint64_t hash = hashOf(program("c", "qc.ry(%x) %q"), "f");
  EXPECT_EQ(hash, hashOf(program("other", "qc.ry(%x) %q"), "f"));
  EXPECT_NE(hash, hashOf(program("c", "qc.rz(%x) %q"), "f"));
}

} // namespace
