// SPDX-License-Identifier: Apache-2.0
// Regions become functions; constants are made again there, everything else is captured.
// RUN: %qdo-opt %s --qdo-outline | FileCheck %s

// CHECK-LABEL: func.func @policy
// CHECK-SAME: %[[N:.*]]: i64, %[[EPS:.*]]: f64
func.func @policy(%n: i64, %eps: f64) -> !qdo.policy {
  %half = arith.constant 0.5 : f64
  // CHECK: %[[NAME:.*]] = qdo.text "careful"
  // CHECK: %[[P:.*]] = qdo.rt @policy_new(%[[NAME]])
  // CHECK: qdo.rt @policy_budget(%[[P]], %[[N]])
  // CHECK: %[[NONE:.*]] = arith.constant -1 : i64
  // CHECK: qdo.rt @policy_each(%[[P]], %[[N]], %[[NONE]])
  // CHECK: qdo.rt @policy_confidence(%[[P]], %[[EPS]])
  // CHECK: %[[NEYMAN:.*]] = arith.constant 1 : i64
  // CHECK: qdo.rt @policy_allocate(%[[P]], %[[NEYMAN]])
  // CHECK: %[[ENV:.*]] = qdo.capture(%[[EPS]]) : f64
  // CHECK: %[[FN:.*]] = qdo.function @policy.until
  // CHECK: qdo.rt @policy_until(%[[P]], %[[FN]], %[[ENV]])
  // CHECK: return %[[P]]
  %p = qdo.policy "careful" budget %n low %n confidence %eps allocate neyman until {
  ^bb0(%value: f64, %stderr: f64, %halfwidth: f64, %low: f64, %high: f64, %shots: i64, %batches: i64):
    %limit = arith.mulf %eps, %half : f64
    %done = arith.cmpf ole, %halfwidth, %limit : f64
    qdo.yield %done : i1
  }
  return %p : !qdo.policy
}
// A nested one: the estimate's captures are captures of the score.
// CHECK-LABEL: func.func @select
// CHECK-SAME: %[[D:.*]]: !qdo.dataset, %[[N:.*]]: i64, %[[K:.*]]: !qdo.kernel, %[[P:.*]]: !qdo.policy
func.func @select(%d: !qdo.dataset, %n: i64, %k: !qdo.kernel, %p: !qdo.policy) -> !qdo.selection {
  // CHECK: %[[S:.*]] = qdo.rt @select_new(%{{.*}}, %[[D]])
  // CHECK: qdo.rt @select_start(%[[S]], %[[N]], %true)
  // CHECK: qdo.rt @select_take(%[[S]], %[[N]])
  // CHECK: qdo.rt @select_with(%[[S]], %[[P]])
  // CHECK: qdo.capture(%[[S]], %[[K]]) : !qdo.selection, !qdo.kernel
  // CHECK: qdo.rt @select_learn
  // CHECK: qdo.capture(%[[K]]) : !qdo.kernel
  // CHECK: qdo.rt @select_score
  // CHECK: qdo.rt @select_stop
  // CHECK: qdo.rt @select_each
  // CHECK: qdo.text "size"
  // CHECK: qdo.rt @select_reason
  // CHECK: qdo.rt @select_run(%[[S]])
  %s = qdo.select "chosen" from %d start %n stratified take %n with %p learn {
  ^bb0(%sel: !qdo.selection):
    %c = arith.constant 1.0 : f64
    %chosen = qdo.rt @select_chosen(%sel) : (!qdo.selection) -> !qdo.dataset
    %repair = qdo.rt @text_new() : () -> !qdo.string
    %m = qdo.rt @svm_train(%k, %chosen, %c, %repair) : (!qdo.kernel, !qdo.dataset, f64, !qdo.string) -> !qdo.model
    qdo.yield %m : !qdo.model
  } score {
  ^bb0(%sel: !qdo.selection, %it: !qdo.row):
    %x = qdo.text "x"
    %a = qdo.rt @row_array(%it, %x) : (!qdo.row, !qdo.text) -> !qdo.array
    %e = qdo.rt @kernel_exact(%k, %a, %a) : (!qdo.kernel, !qdo.array, !qdo.array) -> f64
    qdo.yield %e : f64
  } stop reasons ["size"] {
  ^bb0(%sel: !qdo.selection):
    %round = qdo.rt @select_round(%sel) : (!qdo.selection) -> i64
    %full = arith.cmpi sge, %round, %n : i64
    %r = arith.extui %full : i1 to i64
    qdo.yield %r : i64
  } each {
  ^bb0(%sel: !qdo.selection):
    qdo.yield
  }
  return %s : !qdo.selection
}

// CHECK-LABEL: func.func @shot
// CHECK-SAME: %[[P:.*]]: !qdo.prep<1>
func.func @shot(%p: !qdo.prep<1>) -> !qdo.estimate {
  // CHECK: %[[ENV:.*]] = qdo.capture(%[[P]]) : !qdo.prep<1>
  // CHECK: %[[FN:.*]] = qdo.function @shot.shot
  // CHECK: qdo.rt @estimate_block(%[[FN]], %[[ENV]], %{{.*}})
  %e = qdo.estimate {
    %q = qdo.prepare %p : !qdo.prep<1>
    %m = qc.measure %q
    qdo.yield %m : i1
  }
  return %e : !qdo.estimate
}

// Both bodies of a kernel get two rows, and what each of them does names it.
// CHECK-LABEL: func.func @kernel
// CHECK-SAME: %[[G:.*]]: f64
func.func @kernel(%gamma: f64) -> !qdo.kernel {
  // CHECK: %[[EXACT:.*]] = qdo.capture(%[[G]]) : f64
  // CHECK: %[[FN:.*]] = qdo.function @kernel.kernel
  // CHECK: qdo.capture(%[[G]]) : f64
  // CHECK: qdo.function @kernel.measured
  // CHECK: qdo.rt @kernel_general(%{{.*}}, %{{.*}}, %[[FN]], %[[EXACT]], %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}})
  %k = qdo.general_kernel "k" width 3 exact {
  ^bb0(%a: !qdo.array, %b: !qdo.array):
    %d = qdo.rt @array_dot(%a, %b) : (!qdo.array, !qdo.array) -> f64
    %v = arith.mulf %d, %gamma : f64
    qdo.yield %v : f64
  } measured {
  ^bb0(%a: !qdo.array, %b: !qdo.array):
    %e = qdo.rt @estimate_number(%gamma) : (f64) -> !qdo.estimate
    qdo.yield %e : !qdo.estimate
  }
  return %k : !qdo.kernel
}

// CHECK-LABEL: func.func private @policy.until(
// CHECK-SAME: %[[ENV:.*]]: !qdo.env, %{{.*}}: f64, %{{.*}}: f64, %[[HALF:.*]]: f64, %{{.*}}: f64, %{{.*}}: f64, %{{.*}}: i64, %{{.*}}: i64) -> i1
// CHECK: %[[EPS:.*]] = qdo.captured %[[ENV]] : f64
// CHECK: %[[CST:.*]] = arith.constant 5.0
// CHECK: %[[LIMIT:.*]] = arith.mulf %[[EPS]], %[[CST]]
// CHECK: %[[DONE:.*]] = arith.cmpf ole, %[[HALF]], %[[LIMIT]]
// CHECK: return %[[DONE]]

// CHECK-LABEL: func.func private @select.learn(
// CHECK-SAME: !qdo.env) -> !qdo.model
// CHECK-LABEL: func.func private @select.score(
// CHECK-SAME: !qdo.env, %{{.*}}: !qdo.row) -> f64
// CHECK-LABEL: func.func private @select.stop(
// CHECK-SAME: !qdo.env) -> i64
// CHECK-LABEL: func.func private @select.each(
// CHECK-SAME: !qdo.env) {
// CHECK-LABEL: func.func private @shot.shot(
// CHECK-SAME: !qdo.env) -> i1
// CHECK-LABEL: func.func private @kernel.kernel(
// CHECK-SAME: !qdo.env, %{{.*}}: !qdo.array, %{{.*}}: !qdo.array) -> f64
// CHECK-LABEL: func.func private @kernel.measured(
// CHECK-SAME: !qdo.env, %{{.*}}: !qdo.array, %{{.*}}: !qdo.array) -> !qdo.estimate
