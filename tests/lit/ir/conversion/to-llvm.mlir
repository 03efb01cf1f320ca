// SPDX-License-Identifier: Apache-2.0
// RUN: %qdo-opt %s --to-llvm | FileCheck %s

// CHECK: module attributes {qdo.sites = [
// CHECK-DAG: llvm.mlir.global private constant @[[$HI:text\.[0-9A-F]+]]("hi\00")
// CHECK-DAG: llvm.func @qdo_rt_text_equal(!llvm.ptr, !llvm.ptr, !llvm.ptr) -> (i1 {llvm.zeroext})
// CHECK-DAG: llvm.func @qdo_rt_text_add_bool(!llvm.ptr, i32, !llvm.ptr, !llvm.ptr, i1 {llvm.zeroext})

// A circuit is a function of angles and a table. A gate has four words: the mask of its controls; row of gates.def,
// inverse and targets (-1: no second one); two words of slots of angles (-1: none).
// CHECK: @qdo.c.gates(dense<[2, -281474976710642, -1, -1, 0, 4294967324, -4294967295, -1, 0, -281470681743348, -4294967296, -1]> : tensor<
// CHECK: @qdo.c.constants(dense<5.000000e-01> : tensor<1xf64>)
// CHECK: @qdo.c.name("c\00")
// CHECK: @qdo.c()
// CHECK: llvm.mlir.addressof @qdo.c.angles
// CHECK-LABEL: llvm.func internal @qdo.c.angles(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[DATA:.*]]: !llvm.ptr, %[[SLOTS:.*]]: !llvm.ptr)
// CHECK: %[[P:.*]] = llvm.getelementptr %[[DATA]][0]
// CHECK: %[[X:.*]] = llvm.load %[[P]]
// CHECK: %[[XX:.*]] = llvm.fadd %[[X]], %[[X]]
// CHECK: %[[S:.*]] = llvm.getelementptr %[[SLOTS]][1]
// CHECK: llvm.store %[[XX]], %[[S]]
qc.circuit @c(%x: f64, %q: !qc.q, %r: !qc.q) -> (!qc.q, !qc.q) attributes {display = "c"} {
  %xx = arith.addf %x, %x : f64
  %0, %1 = qc.cx %r, %q
  %2, %3 = qc.rzz(%xx) %0, %1
  %half = arith.constant 0.5 : f64
  %4 = qc.rz(%half) %2
  qc.return %3, %4
}

// Angles: data into memory, one call, angles out of memory.
// CHECK-LABEL: llvm.func internal @qdo.angles.angles(
// CHECK-SAME: %[[SINK:.*]]: !llvm.ptr, %[[DATA:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr)
// CHECK-DAG: %[[IN:.*]] = llvm.alloca %{{.*}} x f64
// CHECK-DAG: %[[OUT:.*]] = llvm.alloca %{{.*}} x f64
// CHECK: llvm.store
// CHECK: llvm.store
// CHECK: llvm.call @qdo_rt_angles(%[[SINK]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}})
// CHECK: %[[T:.*]] = llvm.load
// CHECK: llvm.store %[[T]]
qc.circuit @angles(%x: f64, %y: f64, %q: !qc.q) -> !qc.q attributes {display = "angles"} {
  %t = qc.angles "state_real"(%x, %y) -> 1
  %0 = qc.ry(%t) %q
  qc.return %0
}

// Contexts go first; a failed call leaves the function with zeros.
// CHECK-LABEL: llvm.func internal @qdo.divide(
// CHECK-SAME: %[[CTX:.*]]: !llvm.ptr, %[[A:.*]]: i64, %{{.*}}: i1 {llvm.zeroext}) -> i64
// CHECK: %[[SITE:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: %[[D:.*]] = llvm.call @qdo_rt_int_div(%[[CTX]], %[[SITE]], %[[A]], %[[A]])
// CHECK: %[[STATUS:.*]] = llvm.load %[[CTX]] : !llvm.ptr -> i32
// CHECK: %[[ZERO:.*]] = llvm.mlir.constant(0 : i32)
// CHECK: %[[BAD:.*]] = llvm.icmp "ne" %[[STATUS]], %[[ZERO]]
// CHECK: llvm.cond_br %[[BAD]], ^[[EXIT:.*]], ^[[NEXT:.*]]
// CHECK: ^[[NEXT]]:
// CHECK: llvm.add %[[D]]
// CHECK: ^[[EXIT]]:
// CHECK: %[[Z:.*]] = llvm.mlir.zero : i64
// CHECK: llvm.return %[[Z]]
func.func @divide(%a: i64, %b: i1) -> i64 {
  %d = qdo.rt @int_div(%a, %a) : (i64, i64) -> i64
  %e = arith.addi %d, %a : i64
  return %e : i64
}

// What cannot fail is not checked.
// CHECK-LABEL: llvm.func internal @qdo.safe(
// CHECK-NOT: llvm.cond_br
// CHECK: llvm.return
func.func private @safe(%a: !qdo.string) -> i1 {
  %e = qdo.rt @text_equal(%a, %a) : (!qdo.string, !qdo.string) -> i1
  %f = arith.xori %e, %e : i1
  return %f : i1
}

// The entry; memory for data is taken once, before any loop.
// CHECK-LABEL: llvm.func @qdo_main(
// CHECK-SAME: %[[CTX:.*]]: !llvm.ptr)
// CHECK-NEXT: llvm.mlir.constant(1 : i64)
// CHECK-NEXT: llvm.alloca
// CHECK-NOT: llvm.alloca
// CHECK: llvm.call @qdo_rt_recipe_new(
// CHECK: llvm.mlir.addressof @[[$HI]]
// CHECK: llvm.call @qdo.divide(%[[CTX]],
// CHECK-NEXT: llvm.load
// CHECK: llvm.call @qdo.safe(%[[CTX]],
// CHECK-NOT: llvm.load
// CHECK: llvm.call @qdo_rt_text_add_bool(
func.func @main() {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %three = arith.constant 3 : i64
  %x = arith.constant 0.5 : f64
  scf.for %i = %zero to %one step %one {
    %p = qdo.prep @c(%x) : !qdo.prep<2>
  }
  %yes = arith.constant true
  %t = qdo.text "hi"
  %u = qdo.text "hi"
  %s = qdo.rt @text_new() : () -> !qdo.string
  qdo.rt @text_add(%s, %t) : (!qdo.string, !qdo.text) -> ()
  %d = func.call @divide(%three, %yes) : (i64, i1) -> i64
  %e = func.call @safe(%s) : (!qdo.string) -> i1
  qdo.rt @text_add_bool(%s, %u, %e) : (!qdo.string, !qdo.text, i1) -> ()
  return
}
