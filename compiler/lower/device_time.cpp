// SPDX-License-Identifier: Apache-2.0
// The time of a shot on the device in force, as far as elaboration knows it, and which op an entry
// of the report of spending belongs to.
// Why not the gates: circuits are optimised later; driver/recipe_cost.h looks at them then.
#include "compiler/lower/elaborator.h"

#include "mlir/IR/BuiltinAttributes.h"

namespace qdo::lower {

DeviceTimes Elaborator::deviceTimes() const {
  if (devices.empty())
    return {};
  if (devices.back().times)
    return *devices.back().times;
  return {.t1 = {}, .measurement = {}, .gatesKnown = false};
}

/// Measurement and reset: what every shot takes, see estimate::shotSeconds.
Seconds Elaborator::shotSeconds() const {
  const DeviceTimes device = deviceTimes();
  const Payer &payer = payers.back();
  Seconds reset{QdoDefaultResetSeconds, QdoDefaultResetSeconds};
  if (payer.reset)
    reset = device.t1 ? payer.reset(*device.t1) : Seconds{};
  const double read = device.measurement.value_or(0);
  Seconds shot{std::max(reset.least, 0.0) + read};
  if (reset.most && device.measurement)
    shot.most = *reset.most + read;
  return shot;
}

size_t Elaborator::entries() const {
  return options.spending ? options.spending->measurements.size() : 0;
}

void Elaborator::measuredBy(mlir::Operation *op, size_t first) {
  std::vector<int64_t> places;
  for (size_t i = first; i < entries(); ++i)
    places.push_back(static_cast<int64_t>(i));
  if (!places.empty())
    op->setAttr(measuredAttr, b.getDenseI64ArrayAttr(places));
}

/// Two entries: the values of the function, and the circuits that are moved for its slopes.
void Elaborator::noteGradient(mlir::Operation *op, const sema::TypeRef &point, base::Span span) {
  if (payer().exact)
    return;
  const size_t first = entries();
  note("loss ?", std::nullopt, span, -1);
  note("slopes ?", std::nullopt, span, -1);
  std::optional<int64_t> parameters = 1;
  for (const sema::Size &size : point ? point->sizes : std::vector<sema::Size>())
    if (const auto known = evaluate(size); known && parameters)
      *parameters *= *known;
    else
      parameters.reset();
  for (size_t i = first; i < entries(); ++i)
    options.spending->measurements[i].parameters = parameters;
  measuredBy(op, first);
}

} // namespace qdo::lower
