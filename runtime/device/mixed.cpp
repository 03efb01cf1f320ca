// SPDX-License-Identifier: Apache-2.0
// Limits of noisy devices.
#include "runtime/device/mixed.h"

#include "runtime/estimate/policy.h"
#include "runtime/sim/ideal.h"

#include <fmt/format.h>

namespace qdo::device {

bool Mixed::fits(base::Context &ctx, qdo_site site, int64_t qubits) const {
  return qubits <= qubits_ || !sim::tooManyQubits(ctx, site, *this, qubits_, qubits);
}

double Mixed::excited(base::Context &ctx) const {
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  return noise_ && policy ? estimate::resetOf(ctx, *policy).excited : 0;
}

std::shared_ptr<const sim::State> Mixed::state(base::Context &ctx, qdo_site site,
                                               const sim::Recipe &recipe) {
  if (!fits(ctx, site, recipe.qubits))
    return nullptr;
  if (!noise_)
    return sim::prepare(ctx, site, recipe);
  ctx.fail(site, base::Kind::DeviceNoState, name).help =
      "look at it on `state_vector()`, or measure what you want to know";
  return nullptr;
}

std::nullopt_t Mixed::noExact(base::Context &ctx, qdo_site site, const char *what) const {
  ctx.fail(site, base::Kind::DeviceNoExact, name, what).help =
      "ask `density_matrix(..)` with the same noise, or put it under a policy with shots";
  return std::nullopt;
}

std::optional<double> Mixed::fidelity(base::Context &ctx, qdo_site site, const sim::Recipe &,
                                      const sim::Recipe &) {
  return noExact(ctx, site, "fidelity");
}
std::optional<std::vector<double>> Mixed::means(base::Context &ctx, qdo_site site,
                                                const sim::Recipe &,
                                                std::span<const sim::PauliString>) {
  return noExact(ctx, site, "expectation value");
}
std::optional<std::vector<double>> Mixed::probabilities(base::Context &ctx, qdo_site site,
                                                        const sim::Recipe &) {
  return noExact(ctx, site, "probabilities");
}
std::optional<double> Mixed::purity(base::Context &ctx, qdo_site site, const sim::Recipe &,
                                    uint64_t) {
  return noExact(ctx, site, "purity");
}

double Mixed::seconds(base::Context &ctx, qdo_site site, const sim::Recipe &recipe) {
  auto circuit = noisyCircuit(ctx, site, recipe, noiseOrNone());
  return circuit ? circuit->seconds + noiseOrNone().readoutSeconds : 0;
}

bool Mixed::readable(base::Context &ctx, qdo_site site, const sim::Mitigation &mitigation) const {
  const noise::Readout &r = noiseOrNone().readout;
  if (!mitigation.readout || r.p01 + r.p10 < 1)
    return true;
  ctx.fail(site, base::Kind::BadValue, "the sum of both readout errors of `" + name + "`",
           r.p01 + r.p10, "below 1, or `mitigate readout` cannot undo them");
  return false;
}

void Mixed::correct(sim::JointShots &shots, const sim::Mitigation &mitigation) const {
  if (!mitigation.readout)
    return;
  const auto sign = noise::correctedSign(noiseOrNone().readout, 1);
  shots.zero = sign.zero;
  shots.one = sign.one;
}

} // namespace qdo::device
