// SPDX-License-Identifier: Apache-2.0
// The device that runs every shot: quantum trajectories, 2^n numbers instead of 4^n.
// In: recipes. Out: shots; nothing is known exactly, as Mixed has it.
#pragma once

#include "runtime/device/mixed.h"

namespace qdo::device {

class Trajectories final : public Mixed {
public:
  using Mixed::Mixed;

  uint64_t identity() const override;
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
};

} // namespace qdo::device
