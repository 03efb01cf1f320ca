// SPDX-License-Identifier: Apache-2.0
// Which device answers, and what every device can make of its exact numbers.
#include "runtime/sim/backend.h"

#include "runtime/base/hash.h"
#include "runtime/sim/ideal.h"

#include <algorithm>

namespace qdo::sim {

ShotSource::~ShotSource() = default;
Backend::~Backend() = default;

std::string Backend::format(std::string_view) const { return "device " + name; }

std::optional<Coin> Backend::fidelityCoin(base::Context &ctx, qdo_site site, const Recipe &p,
                                          const Recipe &r, const Mitigation &) {
  auto value = fidelity(ctx, site, p, r);
  if (!value)
    return std::nullopt;
  return Coin{.probability = std::clamp(*value, 0.0, 1.0)};
}

namespace {
/// Who answers where no `with` names a device.
struct Default {
  StateVector device{"state_vector"};
};
} // namespace

Backend &backend(base::Context &ctx) {
  Backend *device = ctx.part<Devices>().innermost();
  return device ? *device : ctx.part<Default>().device;
}

uint64_t streamOn(uint64_t identity, uint64_t stream) {
  return identity == 0 ? stream : base::Hasher("device").add(identity).add(stream).value();
}

uint64_t streamOn(const Backend &device, uint64_t stream) {
  return streamOn(device.identity(), stream);
}

} // namespace qdo::sim
