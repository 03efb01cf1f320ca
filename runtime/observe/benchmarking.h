// SPDX-License-Identifier: Apache-2.0
// Randomised benchmarking: random Clifford operations that together do nothing, ever more of them.
// In: how many operations, how many random circuits of each length, gates to make them of; for
// interleaved benchmarking a circuit to put after each operation. Out: survival by length, and the
// error of an operation, or of the circuit, if the curve shows it.
// Sources: Magesan, Gambetta & Emerson, PRL 106, 180504 (2011); Magesan et al., PRL 109, 080505
// (2012).
#pragma once

#include "runtime/estimate/policy.h"
#include "runtime/observe/measured_curve.h"
#include "runtime/sim/recipe.h"

#include <optional>
#include <vector>

namespace qdo::observe {

struct BenchmarkingRequest {
  int64_t qubits;
  std::vector<int64_t> lengths = {}; ///< Clifford operations before the one that undoes them all
  int64_t sequences;                 ///< random circuits of each length
  std::vector<std::string> gates = {};
  const sim::Recipe *interleaved = nullptr; ///< a Clifford circuit, or none
};

/// Measures the survival at each length under the policy (its shots are dealt out to the random
/// circuits) and fits. Nothing that the policy mitigates is mitigated: errors of preparing and
/// reading are parameters of the fit. With something interleaved the curve without it comes first.
/// The number of the curve, or nothing after a failure.
std::optional<int64_t> measureBenchmarking(base::Context &ctx, qdo_site site,
                                           const BenchmarkingRequest &request,
                                           const estimate::Policy &policy);

} // namespace qdo::observe
