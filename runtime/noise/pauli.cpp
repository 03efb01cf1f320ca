// SPDX-License-Identifier: Apache-2.0
// Which noise is a mixture of Pauli operators, and the one that is nearest to the rest.
// Source: twirling, Emerson et al., Science 317, 1893 (2007); of amplitude damping, Ghosh, Fowler
// and Geller, Physical Review A 86, 062318 (2012), section II.
#include "runtime/base/format.h"
#include "runtime/noise/noise.h"

#include <algorithm>
#include <cmath>

namespace qdo::noise {

PauliErrors phaseErrors(double p) { return {.z = (1 - std::sqrt(1 - p)) / 2}; }

PauliErrors twirledDecay(double gamma) {
  // The twirl keeps the diagonal of the map on X, Y, Z: sqrt(1 - gamma) twice, and 1 - gamma.
  return {gamma / 4, gamma / 4, (2 - gamma - 2 * std::sqrt(1 - gamma)) / 4};
}

std::string notPauli(const Noise &noise) {
  if (noise.t1 != Noise::never)
    return "t1 " + base::formatDuration("", noise.t1);
  for (const Noise::Rule &rule : noise.rules)
    if (rule.channel == Channel::AmplitudeDamping && rule.probability > 0)
      return "amplitude_damping " + base::formatReal("", rule.probability);
  return "";
}

} // namespace qdo::noise
