// SPDX-License-Identifier: Apache-2.0
// How long a shot takes on the device, by a model.
// In: recipes. Out: seconds. Why: `deadline`, `reset` and `spent.time` are about the device's time;
// a model of it is the same in every run, and this computer's time is not.
#pragma once

#include "qdo/runtime/policy_defaults.h"
#include "runtime/sim/recipe.h"

namespace qdo::sim {

/// Where a device says nothing, these hold: a part of the run.
struct DeviceTime {
  double oneQubit = QdoDefaultOneQubitSeconds;
  double twoQubit = QdoDefaultTwoQubitSeconds;
  double measurement = QdoDefaultMeasurementSeconds;
  double reset = QdoDefaultResetSeconds; ///< between shots, unless a policy says otherwise
  double t1 = QdoDefaultT1Seconds;
  double oneAsZero = 0, zeroAsOne = 0; ///< probabilities of reading wrongly

  /// A gate with more controls is built of six two-qubit gates for each further control.
  double gate(int controls, bool twoTargets) const;
};

/// Of the device in force: the times of its noise, where it has some.
DeviceTime deviceTime(base::Context &ctx);

/// The critical path of a recipe's gates: gates on different qubits run at the same time.
double circuitSeconds(const Recipe &recipe, const DeviceTime &device);
/// The same on the device in force, of recipes of any width.
double circuitSeconds(base::Context &ctx, const Recipe &recipe);
double circuitSeconds(const qdo_circuit &circuit, const DeviceTime &device);

} // namespace qdo::sim
