// SPDX-License-Identifier: Apache-2.0
// Levels of noise and Richardson's weights.
#include "runtime/estimate/mitigation.h"

#include "runtime/base/hash.h"
#include "runtime/sim/wide.h"

#include <fmt/format.h>

#include <algorithm>

namespace qdo::estimate {

namespace {
class GateCounter final : public sim::WideSink {
public:
  void gate(const sim::WideGate &) override { ++gates; }
  void manyControls() override { ++gates; }
  void refuse(const angles::Verdict &) override {}
  int64_t gates = 0;
};
} // namespace

uint64_t NoiseLevel::stream(uint64_t circuit) const {
  if (fold == 1)
    return circuit;
  base::Hasher hasher(waits ? "fold" : "fold of gates");
  return hasher.add(circuit).add(fold).value();
}

std::vector<double> extrapolation(std::span<const double> folds) {
  std::vector<double> weights(folds.size(), 1.0);
  for (size_t i = 0; i < folds.size(); ++i)
    for (size_t j = 0; j < folds.size(); ++j)
      if (i != j) // Lagrange's polynomials at 0
        weights[i] *= folds[j] / (folds[j] - folds[i]);
  return weights;
}

std::optional<std::vector<NoiseLevel>> noiseLevels(base::Context &ctx, qdo_site site,
                                                   const Policy &policy,
                                                   std::span<const sim::Recipe *const> recipes,
                                                   Waits waits, const AskCircuits &ask) {
  const bool extrapolates =
      policy.mitigation.extrapolates() && sim::backend(ctx).noise() != nullptr;
  const std::vector<double> factors =
      extrapolates ? policy.mitigation.factors : std::vector<double>{1};
  std::vector<NoiseLevel> levels;
  for (size_t i = 0; i < factors.size(); ++i) {
    const auto fold = ask(
        {.readout = policy.mitigation.readout, .fold = factors[i], .waits = waits == Waits::Fold});
    if (!fold)
      return std::nullopt;
    // A circuit of few gates has few folds.
    if (std::ranges::find(levels, *fold, &NoiseLevel::fold) == levels.end())
      levels.push_back({*fold, 1, i, waits == Waits::Fold});
  }
  if (levels.size() == 1) {
    GateCounter counter;
    for (const sim::Recipe *recipe : recipes)
      sim::emitWide(*recipe, counter);
    if (extrapolates && counter.gates > 0) {
      ctx.fail(site, base::Kind::BadValue, "the number of folds of this circuit under `zne`", 1,
               "at least 2")
          .help = fmt::format("it has {} {}: take factors that are further apart, such as 1 and 3",
                              counter.gates, counter.gates == 1 ? "gate" : "gates");
      return std::nullopt;
    }
    return levels; // without gates there is nothing to extrapolate
  }
  std::vector<double> folds;
  for (const NoiseLevel &level : levels)
    folds.push_back(level.fold);
  const auto weights = extrapolation(folds);
  for (size_t i = 0; i < levels.size(); ++i)
    levels[i].weight = weights[i];
  return levels;
}

} // namespace qdo::estimate
