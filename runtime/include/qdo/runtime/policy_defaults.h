/* SPDX-License-Identifier: Apache-2.0
 * What a policy means that leaves a clause out, where the compiler has to know it too.
 * Why: E0209 compares the least shots that a run would spend with the budget; both must start from
 * the same numbers. */
#ifndef QDO_RUNTIME_POLICY_DEFAULTS_H
#define QDO_RUNTIME_POLICY_DEFAULTS_H

#include <stdint.h>

/* LOW of `each LOW to HIGH`: the pilot and first look of every circuit. */
enum { QdoDefaultPilotShots = 100 };

/* Most shots of one circuit when neither HIGH nor a budget says so. */
enum { QdoDefaultMostShots = 1000000 };

/* Most shots of a circuit that a shot-frugal optimiser asks for: a slope of exactly 0 needs no
 * more. */
enum { QdoFrugalMostShots = 1 << 24 };

/* `c` of `gradient spsa`: the half-width of its differences. Spall, IEEE Transactions on Aerospace
 * and Electronic Systems 34, 817 (1998): about the standard deviation of the measurements. */
#define QdoDefaultSpsaStep 0.1

/* Directions that `grad` takes under `gradient spsa`, or all there are up to their sign. */
enum { QdoSpsaDirections = 8 };

/* Times of a device that says nothing else, as of a superconducting one with fixed frequencies, and
 * its T1. Resets between shots are a wait, unless a policy says otherwise. */
#define QdoDefaultOneQubitSeconds 50e-9
#define QdoDefaultTwoQubitSeconds 300e-9
#define QdoDefaultMeasurementSeconds 1e-6
#define QdoDefaultResetSeconds 250e-6
#define QdoDefaultT1Seconds 100e-6

#endif
