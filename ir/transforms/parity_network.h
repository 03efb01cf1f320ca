// SPDX-License-Identifier: Apache-2.0
// CNOT circuits that pass through given parities and end in a given linear map.
#ifndef QDO_IR_TRANSFORMS_PARITY_NETWORK_H
#define QDO_IR_TRANSFORMS_PARITY_NETWORK_H

#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace qdo::ir {

/// Bit i is wire i at the start.
using Parity = uint64_t;

struct ParityStep {
  unsigned control, target; // cx
  /// What the network was asked for and `target` holds now: indices of `parities`.
  llvm::SmallVector<unsigned, 1> found;
};

/// CNOTs on `ends.size()` wires, after which wire i holds ends[i], and which produce every one of
/// `parities` (of two wires or more) on the way. Nothing when that takes `most` CNOTs or more.
std::optional<std::vector<ParityStep>> parityNetwork(const std::vector<Parity> &parities,
                                                     const std::vector<Parity> &ends, size_t most);

} // namespace qdo::ir

#endif
