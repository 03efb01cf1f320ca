// SPDX-License-Identifier: Apache-2.0
// entry_points.def, noise and devices.
#include "runtime/base/format.h"
#include "runtime/base/guard.h"
#include "runtime/device/density_matrix.h"
#include "runtime/device/stabilizer.h"
#include "runtime/device/trajectories.h"
#include "runtime/sim/ideal.h"

#include <algorithm>

using namespace qdo::base;
using qdo::device::DensityMatrix;
using qdo::device::Stabilizer;
using qdo::device::Trajectories;
using qdo::noise::Channel;
using qdo::noise::Noise;
using qdo::sim::Backend;
using qdo::sim::Devices;
using qdo::sim::Recipe;
using qdo::sim::StateVector;

static bool isProbability(Context &context, qdo_site site, const char *clause, double p) {
  if (p >= 0 && p <= 1)
    return true;
  context.fail(site, Kind::NoiseProbability, clause, formatReal("", p));
  return false;
}

static bool isTime(Context &context, qdo_site site, const char *clause, double seconds, bool zero) {
  if (zero ? seconds >= 0 : seconds > 0)
    return true;
  context.fail(site, Kind::NoiseTime, clause, formatDuration("", seconds));
  return false;
}

/// Puts a rule in the place of the one for the same gate.
template <class Rule, class Same>
static void replace(std::vector<Rule> &rules, Rule rule, Same same) {
  std::erase_if(rules, same);
  rules.push_back(rule);
}

static bool isSize(Context &context, qdo_site site, const char *what, int64_t qubits,
                   int64_t most) {
  if (qubits >= 1 && qubits <= most)
    return true;
  context.fail(site, Kind::BadValue, fmt::format("the number of qubits of {}", what), qubits,
               fmt::format("1 to {}", most));
  return false;
}

/// No noise at all is the ideal device, whose results are those of the state vector.
static const Noise *orNone(const Noise *noise) {
  const bool none = noise->rules.empty() && !noise->relaxes() && noise->readout.none();
  return none ? nullptr : noise;
}

/// A device with this noise, or with its times where it is none.
template <class Device, class... More>
static Backend *made(Context &context, std::string name, int64_t qubits, const Noise *noise,
                     More... more) {
  auto *device = context.make<Device>(std::move(name), qubits, orNone(noise), more...);
  device->timedBy(noise);
  return device;
}

extern "C" {

qdo_noise qdo_rt_noise_new(qdo_ctx *ctx, qdo_text name) {
  return guarded(ctx, 0, [&](Context &context) { return handle(context.make<Noise>(name)); });
}

void qdo_rt_noise_time(qdo_ctx *ctx, qdo_site site, qdo_noise noise, int64_t which,
                       double seconds) {
  guarded(ctx, site, [&](Context &context) {
    static constexpr const char *names[] = {"t1", "t2", "readout_time"};
    if (!isTime(context, site, names[which], seconds, which == 2))
      return;
    Noise &n = *as<Noise>(noise);
    (which == 0 ? n.t1 : which == 1 ? n.t2 : n.readoutSeconds) = seconds;
  });
}

void qdo_rt_noise_channel(qdo_ctx *ctx, qdo_site site, qdo_noise noise, int64_t channel,
                          int64_t gate, double probability) {
  guarded(ctx, site, [&](Context &context) {
    static constexpr const char *names[] = {"depolarizing", "amplitude_damping", "phase_damping"};
    if (!isProbability(context, site, names[channel], probability))
      return;
    const Noise::Rule rule{static_cast<Channel>(channel), static_cast<int>(gate), probability};
    replace(as<Noise>(noise)->rules, rule, [&](const Noise::Rule &old) {
      return old.channel == rule.channel && old.gate == rule.gate;
    });
  });
}

void qdo_rt_noise_duration(qdo_ctx *ctx, qdo_site site, qdo_noise noise, int64_t gate,
                           double seconds) {
  guarded(ctx, site, [&](Context &context) {
    if (!isTime(context, site, "duration", seconds, true))
      return;
    const Noise::Time time{static_cast<int>(gate), seconds};
    replace(as<Noise>(noise)->times, time,
            [&](const Noise::Time &old) { return old.gate == time.gate; });
  });
}

void qdo_rt_noise_readout(qdo_ctx *ctx, qdo_site site, qdo_noise noise, double p01, double p10) {
  guarded(ctx, site, [&](Context &context) {
    if (isProbability(context, site, "readout", p01) &&
        isProbability(context, site, "readout", p10))
      as<Noise>(noise)->readout = {p01, p10};
  });
}

void qdo_rt_noise_finish(qdo_ctx *ctx, qdo_site site, qdo_noise noise) {
  guarded(ctx, site, [&](Context &context) {
    const Noise &n = *as<Noise>(noise);
    if (n.t2 != Noise::never && n.t2 > 2 * n.t1 * (1 + 1e-12))
      context.fail(site, Kind::NoisePhase, formatDuration("", n.t2), formatDuration("", n.t1))
          .help = "t2 is at most " + formatDuration("", 2 * n.t1);
  });
}

qdo_device qdo_rt_device_state_vector(qdo_ctx *ctx, qdo_site site, int64_t qubits) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (qubits != 0 && !isSize(context, site, "a state vector", qubits, 62))
      return nullptr;
    return handle(context.make<StateVector>("state_vector", qubits));
  });
}

qdo_device qdo_rt_device_density_matrix(qdo_ctx *ctx, qdo_site site, int64_t qubits,
                                        qdo_noise noise) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (!isSize(context, site, "a density matrix", qubits, DensityMatrix::mostQubits))
      return nullptr;
    return handle(made<DensityMatrix>(context, "density_matrix", qubits, as<Noise>(noise)));
  });
}

qdo_device qdo_rt_device_trajectories(qdo_ctx *ctx, qdo_site site, int64_t qubits,
                                      qdo_noise noise) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (!isSize(context, site, "trajectories", qubits, 40))
      return nullptr;
    return handle(made<Trajectories>(context, "trajectories", qubits, as<Noise>(noise)));
  });
}

qdo_device qdo_rt_device_stabilizer(qdo_ctx *ctx, qdo_site site, int64_t qubits, qdo_noise noise,
                                    bool twirl) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    if (!isSize(context, site, "a stabiliser tableau", qubits, Stabilizer::mostQubits))
      return nullptr;
    const Noise &n = *as<Noise>(noise);
    if (const std::string what = qdo::noise::notPauli(n); !twirl && !what.empty()) {
      context.fail(site, Kind::DeviceNotPauli, "stabilizer", what, n.name).help =
          "give it `twirl: true` to put Pauli errors in its place, or take `density_matrix(..)` or "
          "`trajectories(..)`";
      return nullptr;
    }
    return handle(made<Stabilizer>(context, "stabilizer", qubits, &n, twirl));
  });
}

qdo_device qdo_rt_device_of_noise(qdo_ctx *ctx, qdo_noise noise) {
  return guarded(ctx, 0, [&](Context &context) {
    Noise *n = as<Noise>(noise);
    return handle(made<DensityMatrix>(context, n->name, DensityMatrix::mostQubits, n));
  });
}

void qdo_rt_device_name(qdo_ctx *ctx, qdo_device device, qdo_text name) {
  guarded(ctx, 0, [&](Context &) { as<Backend>(device)->name = name; });
}

void qdo_rt_device_push(qdo_ctx *ctx, qdo_device device) {
  guarded(ctx, 0, [&](Context &context) { context.part<Devices>().push(as<Backend>(device)); });
}

void qdo_rt_device_pop(qdo_ctx *ctx) {
  guarded(ctx, 0, [](Context &context) { context.part<Devices>().pop(); });
}

double qdo_rt_exact_purity(qdo_ctx *ctx, qdo_site site, qdo_prep p, int64_t qubits) {
  return guarded(ctx, site, [&](Context &context) {
    return qdo::sim::backend(context)
        .purity(context, site, *as<Recipe>(p), static_cast<uint64_t>(qubits))
        .value_or(0);
  });
}

} // extern "C"
