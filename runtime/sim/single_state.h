// SPDX-License-Identifier: Apache-2.0
// State vectors in single precision: memory, sums over them.
// Why: a large state is bound by memory; half of it is twice as fast. All sums are in double.
// Must not: be used below 17 qubits, see single.h.
#pragma once

#include "runtime/sim/state.h"

#include <complex>

namespace qdo::sim {

struct SingleView {
  std::complex<float> *amplitudes;
  int qubits;

  uint64_t size() const { return uint64_t{1} << qubits; }
};

/// A state that owns its amplitudes.
class SingleState {
public:
  /// Throws std::bad_alloc.
  explicit SingleState(int qubits);

  SingleView view() const { return {data_.get(), qubits_}; }
  int qubits() const { return qubits_; }
  size_t bytes() const { return view().size() * sizeof(std::complex<float>); }

  double squaredNorm = 1; ///< as it came out

private:
  struct Free {
    void operator()(std::complex<float> *p) const { std::free(p); }
  };
  std::unique_ptr<std::complex<float>[], Free> data_;
  int qubits_;
};

/// checkMemory() for amplitudes of another size.
bool checkMemoryOf(base::Context &ctx, qdo_site site, int64_t qubits, int64_t states,
                   size_t amplitudeBytes, std::string_view note = {});

Amplitude innerProduct(SingleView a, SingleView b);
double expectPauli(SingleView state, uint64_t x, uint64_t z);

} // namespace qdo::sim
