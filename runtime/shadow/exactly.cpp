// SPDX-License-Identifier: Apache-2.0
// Questions to the backend that a record was taken on.
#include "runtime/shadow/exactly.h"

#include "runtime/estimate/arithmetic.h"
#include "runtime/sim/backend.h"

#include <cmath>

namespace qdo::shadow {

using estimate::Estimate;

static Estimate *answer(base::Context &ctx, double value) {
  Estimate *e = estimate::number(ctx, value);
  e->way = "classical shadow";
  return e;
}

/// Forgets a failure that says only that the device has no such exact value.
static void fallBack(base::Context &ctx) {
  if (ctx.failure() && (ctx.failure()->kind == base::Kind::DeviceNoExact ||
                        ctx.failure()->kind == base::Kind::DeviceSumTooLong))
    ctx.takeFailure();
}

/// Whether what the record says of many shots is what the state says.
static bool errsNowhere(const Record &record) {
  return record.exactly.recipe && !record.exactly.device->noise();
}

std::optional<std::vector<Estimate *>>
exactExpect(base::Context &ctx, qdo_site site, const Record &record,
            std::span<const sim::Observable *const> observables) {
  const auto [recipe, device] = record.exactly;
  // The means of a device have its errors in them, which a calibration takes out.
  if (!recipe || (record.calibrated() && device->noise()))
    return std::nullopt;
  std::vector<Estimate *> results;
  for (const sim::Observable *observable : observables) {
    double value = 0;
    std::vector<sim::PauliString> strings;
    std::vector<double> weights;
    for (const auto &term : observable->terms)
      if (term.identity()) {
        value += term.weight;
      } else {
        strings.push_back({term.x, term.z, term.more});
        weights.push_back(term.weight);
      }
    const auto means = device->means(ctx, site, *recipe, strings);
    if (!means) {
      fallBack(ctx);
      return std::nullopt;
    }
    for (size_t i = 0; i < weights.size(); ++i)
      value += weights[i] * (*means)[i];
    results.push_back(answer(ctx, value));
  }
  return results;
}

Estimate *exactFidelity(base::Context &ctx, qdo_site site, const Record &record,
                        const sim::Recipe &r) {
  if (!errsNowhere(record))
    return nullptr;
  const auto value = record.exactly.device->fidelity(ctx, site, *record.exactly.recipe, r);
  fallBack(ctx);
  return value ? answer(ctx, *value) : nullptr;
}

Estimate *exactPurity(base::Context &ctx, qdo_site site, const Record &record, uint64_t qubits,
                      bool entropy) {
  if (!errsNowhere(record))
    return nullptr;
  const auto value = record.exactly.device->purity(ctx, site, *record.exactly.recipe, qubits);
  fallBack(ctx);
  return value ? answer(ctx, entropy ? std::log2(1 / *value) : *value) : nullptr;
}

} // namespace qdo::shadow
