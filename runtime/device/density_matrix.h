// SPDX-License-Identifier: Apache-2.0
// The device that knows its mixed state: exact numbers under noise, draws from exact distributions.
// In: recipes. Out: what infinitely many shots would give, readout errors included.
// Why: a fidelity is <<effect|state>>, so that a kernel of N rows is 2 N circuits and not N^2.
#pragma once

#include "runtime/density/state.h"
#include "runtime/device/mixed.h"

#include <list>
#include <unordered_map>

namespace qdo::device {

class DensityMatrix final : public Mixed {
public:
  using Mixed::Mixed;
  /// 8 * 4^16 bytes are 32 GiB.
  static constexpr int64_t mostQubits = 16;

  uint64_t identity() const override { return noise() ? noise()->hash() : 0; }
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
  struct Evolved {
    density::State state;
    double fold;
  };
  /// What a recipe is looked at for: its state, or what 0..0 after it looks like before it (with
  /// and without errors of reading).
  enum class What : uint8_t { State, Zeros, ZerosRead };
  std::shared_ptr<const Evolved> evolve(base::Context &ctx, qdo_site site,
                                        const sim::Recipe &recipe, What what,
                                        const sim::Mitigation &noise = {});
  std::optional<std::pair<double, double>> fidelityAndFold(base::Context &ctx, qdo_site site,
                                                           const sim::Recipe &p,
                                                           const sim::Recipe &r, bool read,
                                                           const sim::Mitigation &noise);

  struct Entry {
    uint64_t key;
    std::shared_ptr<const Evolved> evolved;
  };
  std::list<Entry> entries_; ///< most recently used first
  std::unordered_map<uint64_t, std::list<Entry>::iterator> places_;
  size_t used_ = 0;
};

} // namespace qdo::device
