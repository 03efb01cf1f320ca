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
/// In Clifford bases, which take a word a qubit each.
constexpr int64_t mostCliffords = 10'000'000;

std::string Record::format(std::string_view) const {
  std::string text = fmt::format("shadow of {} qubit{}, {} snapshots in {} bases", qubits(),
                                 qubits() == 1 ? "" : "s", base::grouped(size()),
                                 bases == Bases::Random   ? "random Pauli"
                                 : bases == Bases::Chosen ? "chosen Pauli"
                                                          : "random Clifford");
  if (calibrated())
    text += fmt::format(", {} of |0..0>", base::grouped(calibration()));
  return text;
}

static bool checkPrecision(base::Context &ctx, qdo_site site, double within) {
  if (within > 0 && std::isfinite(within))
    return true;
  ctx.fail(site, base::Kind::BadValue, "`within`", within, "above 0");
  return false;
}

static bool checkConfidence(base::Context &ctx, qdo_site site, double confidence) {
  if (confidence > 0 && confidence < 1)
    return true;
  ctx.fail(site, base::Kind::BadValue, "the confidence", fmt::format("{}%", confidence * 100),
           "above 0% and below 100%");
  return false;
}

static int64_t wholeSnapshots(base::Context &ctx, qdo_site site, double most, const char *help) {
  if (most <= 9e18)
    return static_cast<int64_t>(most);
  ctx.fail(site, base::Kind::BadValue, "the number of snapshots that this takes", most, help);
  return 0;
}

int64_t snapshotsFor(base::Context &ctx, qdo_site site,
                     std::span<const sim::Observable *const> observables, double within,
                     double confidence, std::optional<int64_t> clifford) {
  if (!checkPrecision(ctx, site, within) || !checkConfidence(ctx, site, confidence))
    return 0;
  if (clifford && (*clifford < 1 || *clifford > mostCliffordQubits)) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits of Clifford bases", *clifford,
             "from 1 to 1,000: `snapshots(.., by: \"clifford\", qubits: 4)`");
    return 0;
  }
  double most = 1;
  const int64_t count = std::ssize(observables);
  for (const sim::Observable *observable : observables) {
    if (clifford && !sim::checkFits(ctx, site, *observable, *clifford))
      return 0;
    const Spread spread =
        clifford ? cliffordSpreadOf(observable->terms, *clifford) : spreadOf(observable->terms);
    most = std::max(most, snapshotsFor(spread, count, within, confidence));
  }
  return wholeSnapshots(ctx, site, most,
                        "below 2^63: ask for less precision, or for observables on fewer qubits");
}

int64_t snapshotsForFidelities(base::Context &ctx, qdo_site site, int64_t count, double within,
                               double confidence) {
  if (!checkPrecision(ctx, site, within) || !checkConfidence(ctx, site, confidence))
    return 0;
  if (count < 1) {
    ctx.fail(site, base::Kind::BadValue, "the number of fidelities", count, "1 or more");
    return 0;
  }
  return wholeSnapshots(ctx, site, fidelitySnapshots(count, within, confidence),
                        "below 2^63: ask for less precision");
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
        wanted.push_back({{term.x, term.z, term.more}, static_cast<int64_t>(std::min(hits, 1e18))});
  }
  return wanted;
}

namespace {
/// How often a recipe was recorded under a policy.
struct Repetitions {
  std::unordered_map<uint64_t, uint64_t> count;
};

/// What every measurement of a record shares.
struct Acquisition {
  base::Context &ctx;
  qdo_site site;
  const sim::Recipe &recipe;
  const estimate::Policy &policy;
  uint64_t stream;
  int64_t calibration;
  sim::Backend &device = sim::backend(ctx);

  uint64_t part(const char *name) const { return base::Hasher(name).add(stream).value(); }
  bool pay(int64_t shots, int64_t circuits, double seconds) const {
    return ctx.part<estimate::Policies>().pay(ctx, site, policy, shots, circuits, seconds);
  }
  void giveBack(int64_t shots, int64_t circuits, double seconds) const {
    ctx.part<estimate::Policies>().giveBack(ctx, policy, shots, circuits, seconds);
  }
  double shot(double circuit) const { return estimate::shotSeconds(ctx, policy, circuit); }
  /// Which qubits are read turned over, in each of these shots.
  std::vector<uint64_t> flips(const char *name, int64_t count) const {
    base::RandomStream random(ctx.seed(), part(name));
    const size_t words = maskWords(recipe.qubits);
    std::vector<uint64_t> flips(static_cast<size_t>(count) * words);
    for (size_t i = 0; i < flips.size(); ++i)
      flips[i] = random.next() & ((i + 1) % words == 0 ? lastMask(recipe.qubits) : ~uint64_t{0});
    return flips;
  }
};

/// Whether there is room for so many Pauli bases and what is read in them.
bool pauliBasesFit(const Acquisition &a, int64_t count) {
  const auto words = static_cast<double>(maskWords(a.recipe.qubits));
  return sim::checkBytes(a.ctx, a.site, base::grouped(count) + " snapshots in Pauli bases",
                         static_cast<double>(count) * (sizeof(PauliString) + 64 * words));
}

Record *acquirePaulis(const Acquisition &a, Record::Bases kind,
                      std::span<const PauliString> bases) {
  const auto count = std::ssize(bases);
  double seconds = static_cast<double>(count) * a.shot(sim::circuitSeconds(a.ctx, a.recipe));
  if (a.calibration > 0)
    seconds += static_cast<double>(a.calibration) * a.shot(0);
  const int64_t circuits = differentBases(a.recipe.qubits, bases) + (a.calibration > 0);
  if (!a.pay(count + a.calibration, circuits, seconds))
    return nullptr;
  const uint64_t stream = sim::streamOn(a.device, a.stream);
  if (a.calibration == 0) {
    const auto outcomes = a.device.snapshots(a.ctx, a.site, a.recipe, bases, stream, 0);
    if (outcomes)
      return a.ctx.make<Record>(kind, Snapshots(a.recipe.qubits, bases, *outcomes), a.stream);
    a.giveBack(count, circuits, seconds);
    return nullptr;
  }
  const auto outcomes =
      a.device.flippedSnapshots(a.ctx, a.site, a.recipe, bases, a.flips("flips", count), stream, 0);
  if (!outcomes) {
    a.giveBack(count + a.calibration, circuits, seconds);
    return nullptr;
  }
  const sim::Appended zeros(nullptr, a.recipe.qubits, {});
  const std::vector<PauliString> axes(static_cast<size_t>(a.calibration));
  auto read = a.device.flippedSnapshots(a.ctx, a.site, zeros.recipe(), axes,
                                        a.flips("flips of zeros", a.calibration),
                                        sim::streamOn(a.device, a.part("zeros")), 0);
  if (!read)
    return nullptr;
  auto *record = a.ctx.make<Record>(kind, Snapshots(a.recipe.qubits, bases, *outcomes), a.stream);
  record->zeros = std::move(*read);
  return record;
}

Record *acquireCliffords(const Acquisition &a, int64_t count) {
  const int64_t qubits = a.recipe.qubits;
  auto draw = [&](const sim::Recipe *recipe, const char *name, int64_t shots) {
    const uint64_t stream = a.part(name);
    // A basis twice, each with a row a pivot.
    if (!sim::checkBytes(
            a.ctx, a.site, fmt::format("{} snapshots in Clifford bases", base::grouped(shots)),
            2.0 * static_cast<double>(shots) *
                static_cast<double>(sizeof(CliffordSnapshot) +
                                    8 * maskWords(qubits) * static_cast<size_t>(qubits + 2))))
      return std::optional<std::vector<CliffordSnapshot>>();
    const auto bases = randomCliffords(a.ctx.seed(), stream, qubits, 0, shots);
    // Who calibrates takes the errors of all of a random Clifford circuit to be alike.
    const auto scrambles = a.calibration > 0 && a.device.noise()
                               ? randomScrambles(a.ctx.seed(), stream, qubits, shots)
                               : std::vector<stabilizer::Scramble>();
    std::optional<std::vector<CliffordSnapshot>> snapshots;
    double seconds = 0;
    for (double circuit : secondsOf(a.ctx, recipe, qubits, bases, scrambles))
      seconds += a.shot(circuit);
    if (!a.pay(shots, shots, seconds))
      return snapshots;
    const auto outcomes = sim::measureInStabilizerBases(a.ctx, a.site, recipe, qubits, bases,
                                                        scrambles, sim::streamOn(a.device, stream));
    if (!outcomes) {
      a.giveBack(shots, shots, seconds);
      return snapshots;
    }
    snapshots.emplace();
    auto outcome = outcomes->begin();
    for (const stabilizer::Basis &basis : bases) {
      const auto end = outcome + static_cast<std::ptrdiff_t>(basis.words());
      snapshots->push_back({basis, {outcome, end}});
      outcome = end;
    }
    return snapshots;
  };
  auto snapshots = draw(&a.recipe, "cliffords", count);
  if (!snapshots)
    return nullptr;
  std::vector<CliffordSnapshot> zeros;
  if (a.calibration > 0) {
    auto drawn = draw(nullptr, "clifford zeros", a.calibration);
    if (!drawn)
      return nullptr;
    zeros = std::move(*drawn);
  }
  auto *record = a.ctx.make<Record>(qubits, std::move(*snapshots), a.stream);
  record->zeroCliffords = std::move(zeros);
  return record;
}
} // namespace

Record *acquire(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                const Purpose &purpose, const estimate::Policy &policy) {
  auto bad = [&](const char *what, auto value, const char *allowed) {
    ctx.fail(site, base::Kind::BadValue, what, value, allowed);
    return nullptr;
  };
  if (purpose.within && !checkPrecision(ctx, site, *purpose.within))
    return nullptr;
  const bool chosen = !purpose.observables.empty();
  if (purpose.clifford && chosen)
    return bad("`observables` of a shadow in Clifford bases", "given",
               "left out: bases are chosen among those of Pauli strings");
  if (!purpose.snapshots && (!chosen || !purpose.within))
    return bad("the number of snapshots", "missing",
               purpose.clifford ? "given: `shadow(p, fidelity_snapshots(within: 0.1), by: "
                                  "\"clifford\")`"
                                : "given, or `observables:` and `within:` are: observables and how "
                                  "precisely");
  const int64_t most = purpose.snapshots.value_or(mostSnapshots);
  if (most < 1 || most > mostSnapshots)
    return bad("the number of snapshots", most, "from 1 to 1,000,000,000");
  if (purpose.clifford && most > mostCliffords)
    return bad("the number of snapshots in Clifford bases", most, "from 1 to 10,000,000");
  if (purpose.calibration < 0 || purpose.calibration > mostCliffords)
    return bad("the number of shots of the calibration", purpose.calibration,
               "from 0 to 10,000,000");
  if (purpose.clifford && recipe.qubits > mostCliffordQubits)
    return bad("the number of qubits of a shadow in Clifford bases", recipe.qubits,
               "at most 1,000: leave `by` out for Pauli bases, which take any number");
  for (const sim::Observable *observable : purpose.observables)
    if (!sim::checkFits(ctx, site, *observable, recipe.qubits))
      return nullptr;
  if (!sim::backend(ctx).fits(ctx, site, recipe.qubits))
    return nullptr;

  const uint64_t key = base::Hasher(purpose.clifford ? "clifford shadow" : "shadow")
                           .add(recipe.hash)
                           .add(policy.streamKey())
                           .value();
  const Acquisition acquisition{ctx,
                                site,
                                recipe,
                                policy,
                                base::mix(key + ctx.part<Repetitions>().count[key]++),
                                purpose.calibration};
  Record *record = nullptr;
  if (purpose.clifford) {
    record = acquireCliffords(acquisition, most);
  } else if (chosen) {
    const double error =
        (1 - policy.confidence) * static_cast<double>(purpose.observables.size()) /
        static_cast<double>(std::max<int64_t>(std::ssize(purpose.observables), policy.joint));
    const auto wanted = wantedBy(purpose.observables, purpose.within, 1 - error, most);
    double least = 1; // every basis measures a string at most once
    for (const Wanted &w : wanted)
      least = std::max(least, static_cast<double>(w.hits));
    if (!purpose.snapshots && least > static_cast<double>(mostSnapshots))
      return bad("the number of snapshots that this takes", least, "at most 1,000,000,000");
    record =
        acquirePaulis(acquisition, Record::Bases::Chosen, chosenBases(recipe.qubits, wanted, most));
  } else if (pauliBasesFit(acquisition, most)) {
    const uint64_t stream = base::Hasher("bases").add(acquisition.stream).value();
    record = acquirePaulis(acquisition, Record::Bases::Random,
                           randomBases(ctx.seed(), stream, recipe.qubits, most));
  }
  if (record)
    record->within = purpose.within;
  if (record && ctx.exact())
    record->exactly = {&recipe, &acquisition.device};
  return record;
}

} // namespace qdo::shadow
