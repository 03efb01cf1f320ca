// SPDX-License-Identifier: Apache-2.0
// Looking rules up, and printing them.
#include "runtime/noise/noise.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::noise {

int gateNamed(std::string_view name) {
  auto all = gates::all();
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].name == name)
      return static_cast<int>(i);
  return -1;
}

int nameOf(const gates::GateCall &call) {
  return nameOf(call.gate, call.inverse, std::popcount(call.controls));
}

int nameOf(int gate, bool inverse, int controls) {
  const gates::GateInfo &info = gates::all()[static_cast<size_t>(gate)];
  if (controls != info.controls) {
    // The names of controlled gates begin with one `c` for each control.
    std::string name(static_cast<size_t>(controls), 'c');
    name += info.name.substr(static_cast<size_t>(info.controls));
    const int row = gateNamed(name);
    const bool same = row >= 0 && gates::all()[static_cast<size_t>(row)].controls == controls &&
                      gates::all()[static_cast<size_t>(row)].parameters == info.parameters;
    return same ? row : -1;
  }
  if (!inverse)
    return gate;
  for (auto [one, other] : {std::pair{"s", "sdg"}, {"sdg", "s"}, {"t", "tdg"}, {"tdg", "t"}})
    if (info.name == one)
      return gateNamed(other);
  return gate;
}

double Noise::probability(Channel channel, int gate) const {
  double every = 0;
  for (const Rule &rule : rules) {
    if (rule.channel != channel)
      continue;
    if (rule.gate == gate && gate >= 0)
      return rule.probability;
    if (rule.gate == everyGate)
      every = rule.probability;
  }
  return every;
}

double Noise::duration(int gate, int qubits) const {
  double every = qubits == 1 ? oneQubitTime : severalQubitsTime;
  for (const Time &time : times) {
    if (time.gate == gate && gate >= 0)
      return time.seconds;
    if (time.gate == everyGate)
      every = time.seconds;
  }
  return every;
}

Relaxation Noise::after(double seconds) const {
  if (!(seconds > 0) || !relaxes())
    return {};
  const double decay = t1 == never ? 0 : seconds / t1;
  // Without t2 the phase is lost by decay alone: T2 = 2 T1.
  const double dephasing = t2 == never ? 0 : std::max(0.0, seconds / t2 - decay / 2);
  return {-std::expm1(-decay), -std::expm1(-dephasing) / 2};
}

std::vector<AfterGate> channelsAfter(const Noise &noise, const gates::GateCall &call) {
  return channelsAfter(noise, nameOf(call));
}

std::vector<AfterGate> channelsAfter(const Noise &noise, int name) {
  std::vector<AfterGate> out;
  for (Channel channel : {Channel::Depolarizing, Channel::AmplitudeDamping, Channel::PhaseDamping})
    if (const double p = noise.probability(channel, name); p > 0)
      out.push_back({channel, p});
  return out;
}

uint64_t Noise::hash() const {
  base::Hasher hasher("noise");
  hasher.add(t1).add(t2).add(readout.p01).add(readout.p10).add(readoutSeconds);
  auto sorted = rules;
  std::ranges::sort(sorted, {}, [](const Rule &r) { return std::pair(r.channel, r.gate); });
  for (const Rule &rule : sorted)
    hasher.add(static_cast<uint64_t>(rule.channel))
        .add(static_cast<uint64_t>(rule.gate))
        .add(rule.probability);
  auto clocks = times;
  std::ranges::sort(clocks, {}, &Time::gate);
  for (const Time &time : clocks)
    hasher.add(static_cast<uint64_t>(time.gate)).add(time.seconds);
  return hasher.value() | 1; // 0 is the ideal device
}

std::string Noise::format(std::string_view spec) const {
  std::string out = "noise " + name;
  const char *comma = ": ";
  auto part = [&](const std::string &text) {
    out += comma + text;
    comma = ", ";
  };
  auto on = [](int gate) {
    return gate == everyGate
               ? std::string()
               : " on [" + std::string(gates::all()[static_cast<size_t>(gate)].name) + "]";
  };
  if (t1 != never)
    part("t1 " + base::formatDuration(spec, t1));
  if (t2 != never)
    part("t2 " + base::formatDuration(spec, t2));
  static constexpr const char *words[] = {"depolarizing ", "amplitude_damping ", "phase_damping "};
  for (const Rule &rule : rules)
    part(words[static_cast<size_t>(rule.channel)] + base::formatReal(spec, rule.probability) +
         on(rule.gate));
  for (const Time &time : times)
    part("duration " + base::formatDuration(spec, time.seconds) + on(time.gate));
  if (!readout.none())
    part("readout " + base::formatReal(spec, readout.p01) +
         (readout.p01 == readout.p10 ? "" : ", " + base::formatReal(spec, readout.p10)));
  return out;
}

} // namespace qdo::noise
