// SPDX-License-Identifier: Apache-2.0
// A program's steps on one panel. For the kernel sources of one instruction set only.
#pragma once

#include "runtime/batch/doubling.h"
#include "runtime/batch/hand_over.h"
#include "runtime/batch/kernels.h"
#include "runtime/batch/overlap.h"
#include "runtime/batch/pairs.h"
#include "runtime/batch/sweep.h"

namespace qdo::batch {
namespace {

template <int L> int64_t scratchOf(const Program &p) {
  return (Prelude<L>::size(p) + 7) / 8 * 8 + p.scratchAmplitudes * 2 * L;
}

template <int L>
void states(const Program &p, const double *slots, double *panel, double *scratch) {
  const Prelude<L> prelude(p, slots, scratch);
  double *memory = scratch + (Prelude<L>::size(p) + 7) / 8 * 8;
  auto area = [&](int32_t i) { return i == 0 ? panel : memory + p.areas[i] * 2 * L; };
  const Doubling<L> doubling(p, prelude, area(static_cast<int32_t>(p.factorArea)));
  for (int32_t i = 0; i < p.stepCount; ++i) {
    const int32_t index = p.steps[i].index;
    switch (p.steps[i].kind) {
    case Step::Seeds:
      doubling.seed(area(p.seeds[index].area), p.seeds[index]);
      break;
    case Step::Extends: {
      const Extend &e = p.extends[index];
      doubling.extend(area(e.area), e, e.twin < 0 ? nullptr : area(e.twin));
      break;
    }
    case Step::Sweeps: {
      const Sweep &s = p.sweeps[index];
      runSweep<L>(p, prelude, s, area(s.from), area(s.to), s.before < 0 ? nullptr : area(s.before),
                  s.diagonal < 0 ? nullptr : area(s.diagonal));
      break;
    }
    case Step::Multiplies: {
      constexpr int64_t A = 2 * L;
      double *state = area(p.multiplies[index].area);
      const double *diagonal = area(p.multiplies[index].diagonal);
      const int64_t bits = p.multiplies[index].bits;
      for (int64_t z = 0; z < int64_t{1} << p.qubits; ++z)
        (Complex<L>::at(state + z * A) * Complex<L>::at(diagonal + (z & bits) * A))
            .to(state + z * A);
      break;
    }
    case Step::PairSteps:
      runPairs<L>(p, prelude, p.pairs[index], area(p.pairs[index].area));
      break;
    }
  }
}

/// The program of a product state: its doublings have one factor a bit, (1, a) unnormalised.
template <int L>
void vectors(const Program &p, const double *slots, double *panel, double *scratch) {
  const Prelude<L> prelude(p, slots, scratch);
  for (int32_t i = 0; i < p.stepCount; ++i) {
    if (p.steps[i].kind != Step::Extends)
      continue;
    const Extend &e = p.extends[p.steps[i].index];
    const Complex<L> a = prelude.phasor(e.constant) * (prelude.tangent(e.turn) * e.factor);
    const V<L> square = fma(a.re, a.re, a.im * a.im), norm = square + 1;
    double *out = panel + int64_t{3 * L} * e.bit;
    store<L>(out, 2 * a.re / norm);
    store<L>(out + L, 2 * a.im / norm);
    store<L>(out + int64_t{2 * L}, (1 - square) / norm);
  }
}

template <int L> constexpr Kernels kernels(const char *name) {
  return {name, L, scratchOf<L>, states<L>, overlaps<L>, vectors<L>, fidelities<L>, handOver<L>};
}

} // namespace
} // namespace qdo::batch
