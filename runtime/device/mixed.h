// SPDX-License-Identifier: Apache-2.0
// What density matrices and trajectories share: a size, a noise, and no state vector.
#pragma once

#include "runtime/device/noisy_circuit.h"
#include "runtime/sim/backend.h"

namespace qdo::device {

class Mixed : public sim::Backend {
public:
  /// `noise` may be null; it outlives the device.
  Mixed(std::string name, int64_t qubits, const noise::Noise *noise)
      : Backend(std::move(name)), qubits_(qubits), noise_(noise), none_("none") {}

  const noise::Noise *noise() const override { return noise_; }
  bool fits(base::Context &ctx, qdo_site site, int64_t qubits) const override;
  int64_t capacity() const override { return qubits_; }
  /// Fails with DeviceNoState where there is noise.
  std::shared_ptr<const sim::State> state(base::Context &ctx, qdo_site site,
                                          const sim::Recipe &recipe) override;
  double seconds(base::Context &ctx, qdo_site site, const sim::Recipe &recipe) override;

protected:
  const noise::Noise &noiseOrNone() const { return noise_ ? *noise_ : none_; }
  /// Whether errors of reading can be undone; otherwise fails.
  bool readoutInvertible(base::Context &ctx, qdo_site site) const;

  const int64_t qubits_;

private:
  const noise::Noise *noise_;
  const noise::Noise none_;
};

} // namespace qdo::device
