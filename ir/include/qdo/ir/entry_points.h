// SPDX-License-Identifier: Apache-2.0
// entry_points.def for the compiler: which runtime calls exist and what they take.
// Why: `qdo.rt` is verified against it, and the conversion to LLVM declares from it.
#ifndef QDO_IR_ENTRY_POINTS_H
#define QDO_IR_ENTRY_POINTS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace qdo::ir {

/// The types of abi.h that cross the interface.
enum class AbiType {
  Void,
  Bool,
  Int64,
  Double,
  Text,
  Data,
  Wires,
  Fn,
  Env,
  Object,
  String,
  Array,
  List,
  Amplitudes,
  Prep,
  Observable,
  Policy,
  Estimate,
  Counts,
  Dataset,
  Row,
  Kernel,
  Model,
  Selection,
  Noise,
  Device,
  Optimizer,
  Fit
};

struct EntryPoint {
  llvm::StringRef name; // without the prefix qdo_rt_
  AbiType result;
  llvm::SmallVector<AbiType, 8> parameters; // without the context and the site
  bool fallible;                            // takes a site, so it can end the run
};

/// Null when there is no such entry point.
const EntryPoint *entryPointNamed(llvm::StringRef name);

/// `qdo_array` for AbiType::Array, as in abi.h.
llvm::StringRef abiTypeName(AbiType type);

} // namespace qdo::ir

#endif
