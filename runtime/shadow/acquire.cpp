// SPDX-License-Identifier: Apache-2.0
// Taking the snapshots of a shadow, and how many to take.
#include "runtime/shadow/record.h"

#include "qdo/runtime/shadow_plan.h"
#include "runtime/base/hash.h"
#include "runtime/base/quantity.h"
#include "runtime/shadow/bases.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/device_time.h"

#include <algorithm>
#include <cmath>

namespace qdo::shadow {

/// More than a record may have: a number that only a mistake asks for.
constexpr int64_t mostSnapshots = 1'000'000'000;

std::string Record::format(std::string_view) const {
  return fmt::format("shadow of {} qubit{}, {} snapshots in {} Pauli bases", snapshots.qubits(),
                     snapshots.qubits() == 1 ? "" : "s", base::grouped(snapshots.size()),
                     bases == Bases::Random ? "random" : "chosen");
}

static bool checkPrecision(base::Context &ctx, qdo_site site, double within) {
  if (within > 0 && std::isfinite(within))
    return true;
  ctx.fail(site, base::Kind::BadValue, "`within`", within, "above 0");
  return false;
}

int64_t snapshotsFor(base::Context &ctx, qdo_site site,
                     std::span<const sim::Observable *const> observables, double within,
                     double confidence) {
  if (!checkPrecision(ctx, site, within))
    return 0;
  if (!(confidence > 0 && confidence < 1)) {
    ctx.fail(site, base::Kind::BadValue, "the confidence", fmt::format("{}%", confidence * 100),
             "above 0% and below 100%");
    return 0;
  }
  double most = 1;
  const int64_t count = std::ssize(observables);
  for (const sim::Observable *observable : observables)
    most = std::max(most, snapshotsFor(spreadOf(observable->terms), count, within, confidence));
  if (most <= 9e18)
    return static_cast<int64_t>(most);
  ctx.fail(site, base::Kind::BadValue, "the number of snapshots that this takes", most,
           "below 2^63: ask for less precision, or for observables on fewer qubits");
  return 0;
}

/// Each string of these observables with the snapshots that have to measure it so that all of them
/// are within `within` (Hoeffding on each string, given the bases); `most` of them without one.
static std::vector<Wanted> wantedBy(std::span<const sim::Observable *const> observables,
                                    std::optional<double> within, double confidence, int64_t most) {
  std::vector<Wanted> wanted;
  for (const sim::Observable *observable : observables) {
    double size = 0, strings = 0;
    for (const auto &term : observable->terms)
      if (!term.identity() && term.weight != 0)
        size += std::fabs(term.weight), ++strings;
    const double hits =
        !within ? static_cast<double>(most)
                : std::ceil(2 * std::pow(size / *within, 2) *
                            std::log(2 * strings * static_cast<double>(observables.size()) /
                                     (1 - confidence)));
    for (const auto &term : observable->terms)
      if (!term.identity() && term.weight != 0)
        wanted.push_back({term.x, term.z, static_cast<int64_t>(std::min(hits, 1e18))});
  }
  return wanted;
}

namespace {
constexpr int64_t mostShadowQubits = 62; ///< the bits of a snapshot are in one word

/// How often a recipe was recorded under a policy.
struct Repetitions {
  std::unordered_map<uint64_t, uint64_t> count;
};
} // namespace

Record *acquire(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                const Purpose &purpose, const estimate::Policy &policy) {
  auto bad = [&](const char *what, auto value, const char *allowed) {
    ctx.fail(site, base::Kind::BadValue, what, value, allowed);
    return nullptr;
  };
  if (purpose.within && !checkPrecision(ctx, site, *purpose.within))
    return nullptr;
  if (!purpose.snapshots && (purpose.observables.empty() || !purpose.within))
    return bad("the number of snapshots", "missing",
               "given, or `observables:` and `within:` are: observables and how precisely");
  const int64_t most = purpose.snapshots.value_or(mostSnapshots);
  if (most < 1 || most > mostSnapshots)
    return bad("the number of snapshots", most, "from 1 to 1,000,000,000");
  if (recipe.qubits > mostShadowQubits)
    return bad("the number of qubits of a recorded shadow", recipe.qubits,
               "at most 62: record a smaller recipe, or measure `<p|A|p>` itself");
  for (const sim::Observable *observable : purpose.observables)
    if (!sim::checkFits(ctx, site, *observable, recipe.qubits))
      return nullptr;
  sim::Backend &device = sim::backend(ctx);
  if (!device.fits(ctx, site, recipe.qubits))
    return nullptr;

  const uint64_t key = base::Hasher("shadow").add(recipe.hash).add(policy.streamKey()).value();
  const uint64_t stream = base::mix(key + ctx.part<Repetitions>().count[key]++);
  const bool chosen = !purpose.observables.empty();
  std::vector<PauliBasis> bases;
  if (chosen) {
    const auto wanted = wantedBy(purpose.observables, purpose.within, policy.confidence, most);
    double least = 1; // every basis measures a string at most once
    for (const Wanted &w : wanted)
      least = std::max(least, static_cast<double>(w.hits));
    if (!purpose.snapshots && least > static_cast<double>(mostSnapshots))
      return bad("the number of snapshots that this takes", least, "at most 1,000,000,000");
    bases = chosenBases(recipe.qubits, wanted, most);
  } else {
    bases = randomBases(ctx.seed(), base::Hasher("bases").add(stream).value(), recipe.qubits, most);
  }
  const auto count = std::ssize(bases);
  Snapshots plan(recipe.qubits, bases, std::vector<uint64_t>(bases.size(), 0));
  if (!ctx.part<estimate::Policies>().pay(
          ctx, site, policy, count, plan.countBases(),
          static_cast<double>(count) *
              estimate::shotSeconds(ctx, policy, sim::circuitSeconds(ctx, recipe))))
    return nullptr;
  std::vector<sim::PauliString> axes;
  axes.reserve(bases.size());
  for (const PauliBasis &basis : bases)
    axes.push_back({basis.x, basis.z});
  const auto outcomes = device.snapshots(ctx, site, recipe, axes, sim::streamOn(device, stream), 0);
  if (!outcomes)
    return nullptr;
  auto *record = ctx.make<Record>(chosen ? Record::Bases::Chosen : Record::Bases::Random,
                                  Snapshots(recipe.qubits, bases, *outcomes), stream);
  record->within = purpose.within;
  return record;
}

} // namespace qdo::shadow
