// SPDX-License-Identifier: Apache-2.0
// How much of a state a noisy device loses while it prepares it, without a simulation.
#pragma once

#include "runtime/sim/recipe.h"

#include <optional>

namespace qdo::observe {

/// 1 - product over the channels of the recipe's circuit (after gates, and while qubits wait) of
/// their entanglement fidelity: the chance that nothing happened to a state about which nothing is
/// known, in [0, 1]. 0 on a device without noise; errors of reading are no part of it. Depolarising
/// p on k qubits: 1 - p (1 - 4^-k); amplitude damping g: (1 + sqrt(1 - g))^2 / 4; phase damping l:
/// (1 + sqrt(1 - l)) / 2. Source: Nielsen and Chuang, section 9.3. Null after a failure.
std::optional<double> risk(base::Context &ctx, qdo_site site, const sim::Recipe &recipe);

} // namespace qdo::observe
