// SPDX-License-Identifier: Apache-2.0
// Generated code against a runtime that only takes notes.
#include "compiler/codegen/jit.h"

#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "qdo/ir/pipeline.h"
#include "qdo/ir/sites.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <chrono>
#include <cstring>
#include <span>
#include <sstream>
#include <vector>

namespace {

std::ostringstream notes;
int32_t failAt = -1; // the call of int_div that fails

struct Taken {
  int64_t slots[8];
} environment;

} // namespace

extern "C" {
qdo_prep qdo_rt_recipe_new(qdo_ctx *, qdo_site, qdo_fn fn, qdo_data data, int64_t count) {
  const auto &circuit = *static_cast<const qdo_circuit *>(fn);
  notes << "recipe " << circuit.name << ' ' << circuit.qubits << " qubits:";
  std::vector<double> slots(static_cast<size_t>(circuit.slot_count));
  std::copy_n(circuit.constants, circuit.constant_count, slots.begin());
  circuit.angles(nullptr, data, slots.data());
  for (const qdo_gate &gate : std::span(circuit.gates, static_cast<size_t>(circuit.gate_count))) {
    notes << " [" << gate.gate << (gate.inverse ? "' " : " ") << gate.controls << ' '
          << int{gate.target0} << ' ' << int{gate.target1};
    if (gate.angles[0] >= 0)
      notes << ' ' << slots[static_cast<size_t>(gate.angles[0])];
    notes << ']';
  }
  notes << " from " << count << " numbers\n";
  static int recipe;
  return &recipe;
}

int64_t qdo_rt_int_div(qdo_ctx *context, qdo_site site, int64_t a, int64_t b) {
  notes << "div " << a << ' ' << b << '\n';
  if (b == 0) {
    failAt = static_cast<int32_t>(site);
    context->status = 1;
    return 0;
  }
  return a / b;
}

qdo_env qdo_rt_env_new(qdo_ctx *, int64_t slots) {
  notes << "slots " << slots << '\n';
  return &environment;
}

qdo_estimate qdo_rt_estimate_block(qdo_ctx *context, qdo_site, qdo_fn shot, qdo_env env, int64_t) {
  bool outcome = reinterpret_cast<bool (*)(qdo_ctx *, qdo_env)>(shot)(context, env);
  notes << "shot " << outcome << '\n';
  static int estimate;
  return &estimate;
}

int64_t qdo_rt_live_prepare(qdo_ctx *, qdo_site, qdo_prep) { return 10; }

void qdo_rt_live_gate(qdo_ctx *, qdo_site, int64_t gate, bool inverse, qdo_wires wires,
                      int64_t count, double, double, double, double) {
  notes << "live " << gate << (inverse ? "'" : "");
  for (int64_t i = 0; i < count; ++i)
    notes << ' ' << wires[i];
  notes << '\n';
}

bool qdo_rt_live_measure(qdo_ctx *, qdo_site, int64_t id) {
  notes << "measure " << id << '\n';
  return true;
}
}

namespace {

class Jit : public ::testing::Test {
protected:
  Jit() : context(makeRegistry(), mlir::MLIRContext::Threading::DISABLED) {
    notes.str("");
    failAt = -1;
  }

  static mlir::DialectRegistry makeRegistry() {
    mlir::DialectRegistry registry;
    qdo::ir::registerDialects(registry);
    return registry;
  }

  std::string run(const char *text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!module || failed(qdo::ir::optimise(*module)) || failed(qdo::ir::toLlvm(*module)))
      return "does not convert";
    auto program = qdo::codegen::compile(*module);
    if (!program)
      return program.error();
    qdo_ctx state{};
    program->run(&state);
    return notes.str();
  }

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

TEST_F(Jit, CircuitsAreTablesWithAnglesOfTheirData) {
  EXPECT_EQ(run(R"(
    qc.circuit @c(%x: f64, %y: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q)
        attributes {display = "ring"} {
      %two = arith.constant 2.0 : f64
      %t = arith.mulf %x, %two : f64
      %0 = qc.ry(%t) %q
      %1, %2 = qc.cx %r, %0
      %3, %4 = qc.ctrl(%1) targets(%a = %2) {
        %5 = qc.sx %a
        %6 = qc.inv targets(%b = %5) {
          %7 = qc.sx %b
          qc.yield %7 : !qc.q
        }
        qc.yield %6 : !qc.q
      }
      %8 = qc.inv targets(%b = %4) {
        %9 = qc.sx %b
        qc.yield %9 : !qc.q
      }
      qc.return %8, %3
    }
    func.func @main() {
      %a = arith.constant 0.25 : f64
      %p = qdo.prep @c(%a, %a) : !qdo.prep<2>
      return
    })"),
            // The inverse of sx is rx(-pi/2) and a global phase, which is p and rz of one wire.
            "recipe ring 2 qubits: [11 0 0 -1 0.5] [14 2 0 -1] [10 0 0 -1 -1.5708] "
            "[-1 0 -1 -1 -0.785398] from 2 numbers\n");
}

TEST_F(Jit, FailureLeavesEveryFunction) {
  EXPECT_EQ(run(R"(
    func.func private @inner(%a: i64) -> i64 {
      %zero = arith.constant 0 : i64
      %x = qdo.rt @int_div(%a, %zero) : (i64, i64) -> i64
      %y = qdo.rt @int_div(%x, %a) : (i64, i64) -> i64
      return %y : i64
    }
    func.func @main() {
      %n = arith.constant 6 : i64
      %two = arith.constant 2 : i64
      %r = qdo.rt @int_div(%n, %two) : (i64, i64) -> i64
      %s = func.call @inner(%r) : (i64) -> i64
      %t = qdo.rt @int_div(%s, %two) : (i64, i64) -> i64
      return
    })"),
            "div 6 2\ndiv 3 0\n");
  qdo::ir::SiteTable sites = qdo::ir::siteTable(*module);
  ASSERT_GE(failAt, 0);
  auto place = mlir::dyn_cast<mlir::FileLineColLoc>(sites.locations.at(failAt));
  ASSERT_TRUE(place);
  EXPECT_EQ(place.getLine(), 4u);
}

TEST_F(Jit, ShotsSeeTheirCapturesAndQubits) {
  EXPECT_EQ(run(R"(
    qc.circuit @c(%q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "c"} {
      qc.return %q, %r
    }
    func.func @main() {
      %a = arith.constant 7 : i64
      %n = arith.constant 3 : i64
      %m = qdo.rt @int_div(%a, %n) : (i64, i64) -> i64
      %p = qdo.prep @c() : !qdo.prep<2>
      %e = qdo.estimate {
        %q:2 = qdo.prepare %p : !qdo.prep<2>
        %zero = arith.constant 0 : i64
        %one = arith.constant 1 : i64
        %l = qc.for %i = %zero to %m step %one args(%t = %q#1 : !qc.q) {
          %h = qc.h %t
          qc.yield %h : !qc.q
        }
        %c:2 = qc.cx %q#0, %l
        %b = qc.measure %c#1
        %k = qc.if %b args(%c#0 : !qc.q) -> (!qc.q) {
        ^bb0(%t: !qc.q):
          %x = qc.x %t
          qc.yield %x : !qc.q
        } else {
        ^bb0(%t: !qc.q):
          qc.yield %t : !qc.q
        }
        %d = qc.measure %k
        qdo.yield %d : i1
      }
      return
    })"),
            "div 7 3\nrecipe c 2 qubits: from 0 numbers\nslots 2\nlive 3 11\nlive 3 11\n"
            "live 14 10 11\nmeasure 11\nlive 0 10\nmeasure 10\nshot 1\n");
}

TEST_F(Jit, MathFunctionsAreFound) {
  // A function of the program may have the name of one of C.
  EXPECT_EQ(run(R"(
    func.func private @sin(%x: f64) -> f64 {
      %i = arith.fptosi %x : f64 to i64
      %n = arith.constant 1 : i64
      %r = qdo.rt @int_div(%i, %n) : (i64, i64) -> i64
      return %x : f64
    }
    func.func @main() {
      %a = arith.constant 7 : i64
      %n = arith.constant 2 : i64
      %i = qdo.rt @int_div(%a, %n) : (i64, i64) -> i64
      %x = arith.sitofp %i : i64 to f64
      %0 = math.sin %x : f64
      %1 = math.exp %0 : f64
      %2 = math.powf %1, %x : f64
      %3 = math.log %2 : f64
      %4 = math.tan %3 : f64
      %5 = math.atan2 %4, %x : f64
      %6 = math.sqrt %5 : f64
      %7 = math.floor %6 : f64
      %8 = math.absf %7 : f64
      %9 = arith.fptosi %8 : f64 to i64
      %r = qdo.rt @int_div(%9, %n) : (i64, i64) -> i64
      return
    })"),
            "div 7 2\ndiv 0 2\n");
}

TEST_F(Jit, TextIsWhatRuns) {
  run("func.func @main() { return }");
  std::string text = qdo::codegen::llvmText(*module);
  EXPECT_NE(text.find("define void @qdo_main(ptr"), std::string::npos) << text;
}

// Not an exact measurement: a guard against compile time growing by an order of magnitude.
TEST_F(Jit, SmallProgramsCompileInTensOfMilliseconds) {
  const char *program = "func.func @main() { %s = qdo.rt @text_new() : () -> !qdo.string\n"
                        "qdo.rt @print(%s) : (!qdo.string) -> ()\nreturn }";
  run(program); // tables and the target are made once a process
  auto start = std::chrono::steady_clock::now();
  run(program);
  auto spent = std::chrono::steady_clock::now() - start;
  EXPECT_LT(spent, std::chrono::milliseconds(500));
}

} // namespace
