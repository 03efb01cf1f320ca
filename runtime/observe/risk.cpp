// SPDX-License-Identifier: Apache-2.0
// The product of entanglement fidelities over the steps of a noisy circuit.
#include "runtime/observe/risk.h"

#include "runtime/device/noisy_circuit.h"
#include "runtime/sim/backend.h"

#include <bit>
#include <cmath>

namespace qdo::observe {

using device::Step;
using noise::Channel;

/// Of amplitude damping with probability g: both Kraus operators, traced (Nielsen and Chuang,
/// equation 9.131): |tr K0|^2 / 4 with K0 = diag(1, sqrt(1 - g)); K1 has no trace.
static double damped(double g) {
  const double root = 1 + std::sqrt(1 - g);
  return root * root / 4;
}

static double fidelityOf(const Step &step) {
  if (step.kind == Step::Kind::Relax) {
    // A phase flip after the damping: with Z, |tr Z K0|^2 / 4.
    const auto [gamma, flip] = step.relaxation;
    const double other = 1 - std::sqrt(1 - gamma);
    return (1 - flip) * damped(gamma) + flip * other * other / 4;
  }
  const auto qubits = static_cast<double>(step.wireCount);
  switch (step.channel) {
  case Channel::Depolarizing:
    return 1 - step.probability * (1 - std::pow(4, -qubits));
  case Channel::AmplitudeDamping:
    return std::pow(damped(step.probability), qubits);
  case Channel::PhaseDamping:
    return std::pow((1 + std::sqrt(1 - step.probability)) / 2, qubits);
  }
  return 1;
}

std::optional<double> risk(base::Context &ctx, qdo_site site, const sim::Recipe &recipe) {
  const sim::Backend &device = sim::backend(ctx);
  if (!device.fits(ctx, site, recipe.qubits))
    return std::nullopt;
  const noise::Noise *noise = device.noise();
  if (!noise)
    return 0;
  const auto circuit = device::noisyCircuit(ctx, site, recipe, *noise);
  if (!circuit)
    return std::nullopt;
  double survival = 1;
  for (const Step &step : circuit->steps)
    if (step.kind != Step::Kind::Gate)
      survival *= fidelityOf(step);
  return 1 - survival;
}

} // namespace qdo::observe
