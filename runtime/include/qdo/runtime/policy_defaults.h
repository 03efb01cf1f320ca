/* SPDX-License-Identifier: Apache-2.0
 * What a policy means that leaves a clause out, where the compiler has to know it too.
 * Why: E0209 compares the least shots that a run would spend with the budget; both must start from
 * the same numbers. */
#ifndef QDO_RUNTIME_POLICY_DEFAULTS_H
#define QDO_RUNTIME_POLICY_DEFAULTS_H

#include <stdint.h>

/* LOW of `each LOW to HIGH`: the pilot and first look of every circuit. */
enum { QdoDefaultPilotShots = 100 };

#endif
