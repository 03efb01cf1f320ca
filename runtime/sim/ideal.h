// SPDX-License-Identifier: Apache-2.0
// The device without noise: state vectors.
// In: recipes. Out: exact numbers and draws from exact distributions.
#pragma once

#include "runtime/sim/backend.h"

namespace qdo::sim {

class StateVector final : public Backend {
public:
  /// `qubits`: the most that the device takes; 0: as many as memory holds.
  explicit StateVector(std::string name, int64_t qubits = 0)
      : Backend(std::move(name)), qubits_(qubits) {}

  uint64_t identity() const override { return 0; }
  bool fits(base::Context &ctx, qdo_site site, int64_t qubits) const override;
  int64_t capacity() const override { return qubits_; }
  std::optional<double> fidelity(base::Context &ctx, qdo_site site, const Recipe &p,
                                 const Recipe &r) override;
  std::optional<std::vector<double>> means(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                           std::span<const PauliString> strings) override;
  std::optional<std::vector<double>> probabilities(base::Context &ctx, qdo_site site,
                                                   const Recipe &recipe) override;
  std::optional<double> purity(base::Context &ctx, qdo_site site, const Recipe &recipe,
                               uint64_t qubits) override;
  std::shared_ptr<const State> state(base::Context &ctx, qdo_site site,
                                     const Recipe &recipe) override;
  std::optional<Sampled> sample(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                uint64_t stream, int64_t shots) override;
  std::optional<std::vector<uint64_t>> flippedSnapshots(base::Context &ctx, qdo_site site,
                                                        const Recipe &recipe,
                                                        std::span<const PauliString> bases,
                                                        std::span<const uint64_t> flips,
                                                        uint64_t stream, uint64_t first) override;
  std::shared_ptr<const JointShots> joint(base::Context &ctx, qdo_site site, const Recipe &recipe,
                                          const PauliString &axes,
                                          const Mitigation &mitigation) override;

private:
  int64_t qubits_;
};

/// Fails with DeviceTooSmall, naming the device.
bool tooManyQubits(base::Context &ctx, qdo_site site, const Backend &device, int64_t most,
                   int64_t asked);

} // namespace qdo::sim
