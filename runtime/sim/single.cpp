// SPDX-License-Identifier: Apache-2.0
// States of either precision.
#include "runtime/sim/single.h"

#include <cmath>

namespace qdo::sim {

double Ready::expectPauli(uint64_t x, uint64_t z) const {
  return single_ ? sim::expectPauli(single_->view(), x, z) / single_->squaredNorm
                 : sim::expectPauli(double_->view(), x, z);
}

std::vector<Counts::Entry> Ready::sample(base::Context &ctx, uint64_t stream, int64_t shots) const {
  return single_ ? sampleOutcomes(ctx, single_->view(), stream, shots)
                 : sampleOutcomes(ctx, double_->view(), stream, shots);
}

Amplitude innerProduct(const Ready &bra, const Ready &ket) {
  if (!bra.single_)
    return innerProduct(bra.double_->view(), ket.double_->view());
  return innerProduct(bra.single_->view(), ket.single_->view()) /
         std::sqrt(bra.single_->squaredNorm * ket.single_->squaredNorm);
}

Ready ready(base::Context &ctx, qdo_site site, const Recipe &recipe) {
  if (isSingle(ctx, recipe.qubits))
    return Ready(prepareSingle(ctx, site, recipe));
  return Ready(prepare(ctx, site, recipe));
}

} // namespace qdo::sim
