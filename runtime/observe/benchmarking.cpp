// SPDX-License-Identifier: Apache-2.0
// From random circuits to survivals and an error.
#include "runtime/observe/benchmarking.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/spread.h"
#include "runtime/observe/random_circuits.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/device_time.h"

namespace qdo::observe {

using base::Hasher;

/// Whether the numbers of a request make sense on the device in force.
static bool sensible(base::Context &ctx, qdo_site site, const BenchmarkingRequest &request) {
  constexpr int64_t longest = 100'000, mostSequences = 10'000;
  auto wrong = [&](std::string_view what, const auto &is,
                   std::string_view mustBe) -> base::Failure & {
    return ctx.fail(site, base::Kind::BadValue, what, is, mustBe);
  };
  if (sim::backend(ctx).ideal()) {
    wrong("the noise of the device in force", "missing", "there for anything to err").help =
        "declare `noise`, a `device` with it, and measure `with` that device";
    return false;
  }
  if (request.qubits < 1 || request.qubits > CliffordGroup::mostQubits) {
    wrong("the number of qubits of a benchmark", request.qubits,
          "1 or 2: an operation on more is so many gates that little survives it");
    return false;
  }
  if (request.sequences < 2 || request.sequences > mostSequences) {
    wrong("the number of random circuits of a length", request.sequences,
          "2 to 10,000: how they differ is part of the error");
    return false;
  }
  for (int64_t length : request.lengths)
    if (length < 0 || length > longest) {
      wrong("a length of a benchmark", length, "0 to 100,000 operations");
      return false;
    }
  return sim::backend(ctx).fits(ctx, site, request.qubits);
}

namespace {
/// The circuits of one length, as the device takes them.
struct Length {
  std::vector<sim::Coin> coins;  ///< one a circuit, unless the run is exact
  std::vector<double> survivals; ///< the same, if it is
  double seconds = 0;            ///< of their gates, on average
};
} // namespace

static std::optional<Length> circuitsOf(base::Context &ctx, qdo_site site, RandomCircuits &circuits,
                                        uint64_t stream, int64_t length, int64_t sequences) {
  sim::Backend &device = sim::backend(ctx);
  const sim::Recipe *nothing = circuits.nothing();
  Length made;
  for (int64_t k = 0; k < sequences; ++k) {
    base::RandomStream random(ctx.seed(),
                              Hasher("sequence").add(stream).add(static_cast<uint64_t>(k)).value());
    const sim::Recipe *recipe = circuits.draw(random, length);
    if (!recipe || ctx.stopHere(site))
      return std::nullopt;
    made.seconds += sim::circuitSeconds(ctx, *recipe) / static_cast<double>(sequences);
    if (ctx.exact()) {
      const auto survival = device.fidelity(ctx, site, *recipe, *nothing);
      if (!survival)
        return std::nullopt;
      made.survivals.push_back(*survival);
      continue;
    }
    auto coin = device.fidelityCoin(ctx, site, *recipe, *nothing, {});
    if (!coin)
      return std::nullopt;
    made.coins.push_back(std::move(*coin));
  }
  return made;
}

/// Measures the circuits of one length: a point of the curve, and the counts of each circuit.
static bool measureLength(base::Context &ctx, qdo_site site, const Length &circuits,
                          uint64_t stream, int64_t length, const estimate::Policy &policy,
                          Curve &curve) {
  const auto x = static_cast<double>(length);
  estimate::Estimate *mean = nullptr;
  if (ctx.exact()) {
    double sum = 0;
    for (double survival : circuits.survivals) {
      sum += survival;
      curve.counts.push_back(certainPoint(x, survival));
    }
    mean = estimate::number(ctx, sum / static_cast<double>(circuits.survivals.size()));
  } else {
    const auto spread =
        estimate::estimateSpread(ctx, site, circuits.coins, stream, circuits.seconds, policy);
    if (!spread)
      return false;
    mean = spread->mean;
    for (const auto &[successes, shots] : spread->counts)
      if (shots > 0) // a policy with fewer shots than circuits leaves some out
        curve.counts.push_back({x, successes, shots});
  }
  curve.values.push_back(mean);
  curve.points.push_back({x, mean->value, mean->low, mean->high, mean->shots});
  return true;
}

std::optional<int64_t> measureBenchmarking(base::Context &ctx, qdo_site site,
                                           const BenchmarkingRequest &request,
                                           const estimate::Policy &policy) {
  if (!sensible(ctx, site, request))
    return std::nullopt;
  const CliffordGroup *group =
      cliffordGroup(ctx, site, static_cast<int>(request.qubits), request.gates);
  if (!group)
    return std::nullopt;
  RandomCircuits circuits(ctx, site, *group);
  Curve curve{};
  if (request.interleaved) {
    if (!circuits.interleave(*request.interleaved))
      return std::nullopt;
    BenchmarkingRequest without = request;
    without.interleaved = nullptr;
    const auto reference = measureBenchmarking(ctx, site, without, policy);
    if (!reference)
      return std::nullopt;
    curve.reference = *reference;
  }
  curve.site = site;
  curve.kind = request.interleaved ? Curve::Kind::GateError : Curve::Kind::CliffordError;
  curve.observable = "survival";
  curve.device = sim::backend(ctx).identity();
  curve.qubits = (uint64_t{1} << request.qubits) - 1;
  curve.meanGates = group->meanGates();
  Hasher name("benchmarking");
  name.add(static_cast<uint64_t>(request.qubits)).add(static_cast<uint64_t>(request.sequences));
  name.add(request.interleaved ? request.interleaved->hash : 0);
  for (const std::string &gate : request.gates)
    name.add(gate);
  for (int64_t length : request.lengths) {
    const uint64_t stream = Hasher(name).add(static_cast<uint64_t>(length)).value();
    const auto made = circuitsOf(ctx, site, circuits, stream, length, request.sequences);
    if (!made || !measureLength(ctx, site, *made, stream, length, policy, curve))
      return std::nullopt;
  }
  Curves &curves = ctx.part<Curves>();
  const int64_t dimension = int64_t{1} << request.qubits;
  if (request.interleaved) {
    const Curve &reference = curves.all.at(static_cast<size_t>(curve.reference));
    curve.series = 1;
    curve.fit = fitInterleaved(reference.counts, curve.counts, policy.confidence, dimension);
  } else {
    curve.fit = fitBenchmarking(curve.counts, policy.confidence, dimension);
  }
  curves.all.push_back(std::move(curve));
  return std::ssize(curves.all) - 1;
}

} // namespace qdo::observe
