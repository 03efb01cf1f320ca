// SPDX-License-Identifier: Apache-2.0
// What noisy devices share: a size, a noise, no state vector, and, unless they know better, nothing
// exact.
#pragma once

#include "runtime/device/noisy_circuit.h"
#include "runtime/sim/backend.h"

namespace qdo::device {

class Mixed : public sim::Backend {
public:
  /// `noise` may be null; it outlives the device.
  Mixed(std::string name, int64_t qubits, const noise::Noise *noise)
      : Backend(std::move(name)), qubits_(qubits), noise_(noise), times_(noise), none_("none") {}

  const noise::Noise *noise() const override { return noise_; }
  const noise::Noise *times() const override { return times_; }
  /// The times of a noise that does nothing else.
  void timedBy(const noise::Noise *times) { times_ = times; }
  bool fits(base::Context &ctx, qdo_site site, int64_t qubits) const override;
  int64_t capacity() const override { return qubits_; }
  double excited(base::Context &ctx) const override;
  /// Fails with DeviceNoState where there is noise.
  std::shared_ptr<const sim::State> state(base::Context &ctx, qdo_site site,
                                          const sim::Recipe &recipe) override;
  /// Fail with DeviceNoExact.
  std::optional<double> fidelity(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                 const sim::Recipe &r) override;
  std::optional<std::vector<double>> means(base::Context &ctx, qdo_site site,
                                           const sim::Recipe &recipe,
                                           std::span<const sim::PauliString> strings) override;
  std::optional<std::vector<double>> probabilities(base::Context &ctx, qdo_site site,
                                                   const sim::Recipe &recipe) override;
  std::optional<double> purity(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                               uint64_t qubits) override;
  double seconds(base::Context &ctx, qdo_site site, const sim::Recipe &recipe) override;

protected:
  const noise::Noise &noiseOrNone() const { return noise_ ? *noise_ : none_; }
  /// Whether errors of reading can be undone where a mitigation asks for that; otherwise fails.
  bool readable(base::Context &ctx, qdo_site site, const sim::Mitigation &mitigation) const;
  /// Makes what is read of Pauli strings what a mitigation asks for.
  void correct(sim::JointShots &shots, const sim::Mitigation &mitigation) const;

  const int64_t qubits_;

private:
  std::nullopt_t noExact(base::Context &ctx, qdo_site site, const char *what) const;

  const noise::Noise *noise_, *times_;
  const noise::Noise none_;
};

} // namespace qdo::device
