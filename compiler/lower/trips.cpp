// SPDX-License-Identifier: Apache-2.0
// Bounds of counted loops.
#include "compiler/lower/trips.h"

#include "mlir/IR/Matchers.h"
#include "qdo/ir/qdo.h"

#include <algorithm>

namespace qdo::lower {

namespace data = qdo::ir::data;

static std::optional<int64_t> constant(mlir::Value value) {
  mlir::APInt number;
  if (!mlir::matchPattern(value, mlir::m_ConstantInt(&number)))
    return std::nullopt;
  return number.getSExtValue();
}

/// The most rows of a batch whose size this is.
static std::optional<int64_t> batchRows(mlir::Value size) {
  auto asked = size.getDefiningOp<data::RtOp>();
  if (!asked || asked.getEntry() != "dataset_size")
    return std::nullopt;
  auto batch = asked.getArguments()[0].getDefiningOp<data::RtOp>();
  if (!batch || batch.getEntry() != "dataset_batch")
    return std::nullopt;
  return constant(batch.getArguments()[1]);
}

Trips tripsOf(ir::qc::ForOp loop) {
  const auto lower = constant(loop.getLower()), step = constant(loop.getStep());
  if (!lower || !step || *step <= 0)
    return {};
  const auto upper = constant(loop.getUpper());
  const auto last = upper ? upper : batchRows(loop.getUpper());
  if (!last)
    return {};
  const int64_t turns = std::max<int64_t>(0, (*last - *lower + *step - 1) / *step);
  return {turns, upper && turns > 0};
}

} // namespace qdo::lower
