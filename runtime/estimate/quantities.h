// SPDX-License-Identifier: Apache-2.0
// Estimates of the quantities of the language: fidelities, Pauli sums, blocks of live code;
// samples. In: recipes and a policy. Out: estimates and counts, or null and a failure in the
// context. Why: a simulator knows the outcome distribution, so shots are draws from it and never
// re-runs.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/estimate/policy.h"
#include "runtime/sim/observable.h"
#include "runtime/sim/outcomes.h"

#include <functional>

namespace qdo::estimate {

/// What becomes of waiting at a fold: it is a part of the noise, or what is measured.
enum class Waits : uint8_t { Fold, Stay };

/// |<p|r>|^2 by compute-uncompute. Symmetric: (p, r) and (r, p) are one estimate. `gates`: the
/// seconds of both, where the caller knows them.
Estimate *estimateFidelity(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                           const sim::Recipe &r, const Policy &policy,
                           std::optional<double> gates = {});

/// <recipe|observable|recipe>: strings that agree qubit by qubit are read by one circuit
/// (pauli_groups.h), or those that commute, as `group` of the policy says (commuting_groups.h);
/// identity strings cost nothing. Circuits share the error probability and get
/// shots by the variance of what they tell of the sum. What earlier circuits of the run read under
/// the policy answers, too.
Estimate *estimateExpect(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                         const sim::Observable &observable, const Policy &policy,
                         Waits waits = Waits::Fold);

/// The fraction of runs of a block of live code that return true. Every call measures anew: a block
/// is code, and running it may do more than measure. `content` names its random stream.
Estimate *estimateBlock(base::Context &ctx, qdo_site site, const std::function<bool()> &shot,
                        uint64_t content, const Policy &policy);

/// Measures all qubits of a recipe; every call draws anew. Without `shots`: HIGH of the policy if
/// it has one, else LOW (for `shots(N)`: N).
sim::Counts *sample(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                    std::optional<int64_t> shots, const Policy &policy);

} // namespace qdo::estimate
