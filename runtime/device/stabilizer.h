// SPDX-License-Identifier: Apache-2.0
// The device for Clifford circuits: tableaus, and Pauli errors as bits.
// In: recipes whose gates are Clifford, of up to 4,096 qubits. Out: exact means under noise, exact
// fidelities where few outcomes are certain to agree, shots everywhere.
// Why two ways: what a Pauli string meets on its way back through the circuit is a product of
// numbers; a fidelity is a sum of 2^k of them, and where k is large its shots are drawn instead.
#pragma once

#include "runtime/device/mixed.h"
#include "runtime/sim/stabilizer.h"
#include "runtime/stabilizer/frames.h"

#include <unordered_map>

namespace qdo::device {

class Stabilizer final : public Mixed {
public:
  /// `twirl`: noise that is no mixture of Pauli operators is replaced by its Pauli twirl.
  Stabilizer(std::string name, int64_t qubits, const noise::Noise *noise, bool twirl)
      : Mixed(std::move(name), qubits, noise), twirl_(twirl) {}
  static constexpr int64_t mostQubits = QDO_MOST_QUBITS;
  /// Exact numbers that are sums have at most 2^20 terms.
  static constexpr int mostBits = 20;

  bool tableau() const override { return true; }
  uint64_t identity() const override;
  /// Fails: a tableau has no amplitudes.
  std::shared_ptr<const sim::State> state(base::Context &ctx, qdo_site site,
                                          const sim::Recipe &recipe) override;
  std::optional<double> fidelity(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                 const sim::Recipe &r) override;
  std::optional<std::vector<double>> means(base::Context &ctx, qdo_site site,
                                           const sim::Recipe &recipe,
                                           std::span<const sim::PauliString> strings) override;
  std::optional<std::vector<double>> probabilities(base::Context &ctx, qdo_site site,
                                                   const sim::Recipe &recipe) override;
  std::optional<double> purity(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                               uint64_t qubits) override;
  std::optional<sim::Sampled> sample(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                                     uint64_t stream, int64_t shots) override;
  std::optional<std::vector<uint64_t>> flippedSnapshots(base::Context &ctx, qdo_site site,
                                                        const sim::Recipe &recipe,
                                                        std::span<const sim::PauliString> bases,
                                                        std::span<const uint64_t> flips,
                                                        uint64_t stream, uint64_t first) override;
  std::optional<sim::Coin> fidelityCoin(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                        const sim::Recipe &r,
                                        const sim::Mitigation &mitigation) override;
  std::shared_ptr<const sim::JointShots> joint(base::Context &ctx, qdo_site site,
                                               const sim::Recipe &recipe,
                                               const sim::PauliString &axes,
                                               const sim::Mitigation &mitigation) override;

private:
  /// A circuit with its errors, and what it makes of |0..0> without them.
  struct Run {
    std::shared_ptr<const sim::StabilizerState> ideal;
    stabilizer::NoisyClifford circuit;
    double fold;
  };
  std::shared_ptr<const Run> run(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                                 const sim::Mitigation &mitigation = {});
  /// p and the inverse of r.
  std::shared_ptr<const Run> runBoth(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                     const sim::Recipe &r, const sim::Mitigation &mitigation = {});
  /// Adds the gates of a recipe and their errors; each qubit is flipped before with `excited`.
  bool extend(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
              const sim::Mitigation &mitigation, double excited, Run &run) const;
  std::shared_ptr<const Run> keep(uint64_t key, std::shared_ptr<Run> run);

  const bool twirl_;
  std::unordered_map<uint64_t, std::shared_ptr<const Run>> runs_; ///< by recipe and mitigation
  size_t kept_ = 0;                                               ///< their operations
};

} // namespace qdo::device
