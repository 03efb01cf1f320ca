// SPDX-License-Identifier: Apache-2.0
// From a phase polynomial to doublings.
// Why: for the highest bit k, a parity of two bits is, where k is 1, a phase that depends on one
// lower bit, so the upper half is the lower one times a product of single-bit phases. A longer
// parity turns one phase into its conjugate instead: its half-angle goes into a twin table.
#include "runtime/batch/diagonal.h"

#include "runtime/batch/plan_builder.h"

namespace qdo::batch {

namespace {
/// What bit k adds to a table of the bits below.
struct Level {
  Angle constant;
  std::map<int, Angle> weights;
  Phases twin;
};
} // namespace

static void build(PlanBuilder &plan, int32_t area, int bits, Phases phases,
                  const std::vector<BitFactor> &factors, int32_t scale, uint64_t among, int depth) {
  std::vector<Level> levels(bits);
  for (int k = bits; k-- > 0;) {
    Level &level = levels[k];
    const uint64_t bit = uint64_t{1} << k;
    // Masks ascend, so those with bit k are the last.
    auto first = phases.masks.lower_bound(bit);
    std::vector<std::pair<uint64_t, Angle>> with(first, phases.masks.end());
    phases.masks.erase(first, phases.masks.end());
    for (auto &[mask, angle] : with) {
      const uint64_t rest = mask ^ bit;
      if (std::popcount(rest) <= 1) {
        level.constant += angle;
        if (rest != 0) {
          level.weights[std::countr_zero(rest)] += angle * -2;
          phases.add({rest, false}, angle);
        }
      } else {
        // e^{i a (b xor m)} = e^{i a/2} g or e^{i a/2} conj(g), with g = e^{-i a/2 (-1)^m}.
        phases.constant += angle * 0.5;
        level.twin.constant += angle * -0.5;
        level.twin.add({rest, false}, angle);
      }
    }
  }
  plan.seed(area, phases.constant, scale);
  for (int k = 0; k < bits; ++k) {
    if ((among >> k & 1) == 0)
      continue;
    const Level &level = levels[k];
    int32_t twin = -1;
    if (!level.twin.masks.empty() || !level.twin.constant.is(0)) {
      twin = plan.twinArea(depth);
      build(plan, twin, k, level.twin, {}, -1, among, depth + 1);
    }
    plan.extend(area, k, level.constant, level.weights, factors.empty() ? BitFactor{} : factors[k],
                twin, among);
  }
}

uint64_t bitsOf(const Diagonal &diagonal) {
  uint64_t bits = 0;
  for (const auto &[mask, angle] : diagonal.phases.masks)
    bits |= mask;
  for (size_t k = 0; k < diagonal.factors.size(); ++k)
    bits |= uint64_t{!(diagonal.factors[k] == BitFactor{})} << k;
  return bits;
}

void buildDiagonal(PlanBuilder &plan, int32_t area, int bits, const Diagonal &diagonal,
                   uint64_t among) {
  build(plan, area, bits, diagonal.phases, diagonal.factors, diagonal.scale, among, 0);
}

} // namespace qdo::batch
