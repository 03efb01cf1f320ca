// SPDX-License-Identifier: Apache-2.0
// Answers of a record in a run without sampling error.
// In: a record and a question. Out: the answer of the state that was recorded, with no error.
// Why not always: where a device errs there is no exact value of some answers, and the record gives
// them as ever.
#pragma once

#include "runtime/shadow/record.h"

namespace qdo::shadow {

// Each gives nothing, without a failure, when the record has to answer: in a run that has sampling
// errors, and where the device has no such exact value. Nothing with a failure as of the device.

/// All of these, or none.
std::optional<std::vector<estimate::Estimate *>>
exactExpect(base::Context &ctx, qdo_site site, const Record &record,
            std::span<const sim::Observable *const> observables);
estimate::Estimate *exactFidelity(base::Context &ctx, qdo_site site, const Record &record,
                                  const sim::Recipe &r);
estimate::Estimate *exactPurity(base::Context &ctx, qdo_site site, const Record &record,
                                uint64_t qubits, bool entropy);

} // namespace qdo::shadow
