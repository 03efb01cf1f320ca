// SPDX-License-Identifier: Apache-2.0
// Directions, and what their spread says of a slope.
#include "runtime/gradient/perturbation.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/estimate/student.h"

#include <algorithm>
#include <cmath>

namespace qdo::gradient {

using estimate::Estimate;

/// How many directions there are up to their sign; no more than `most`.
static size_t distinct(size_t numbers, size_t most) {
  return numbers > 16 ? most : std::min(most, size_t{1} << (std::max<size_t>(numbers, 1) - 1));
}

std::vector<Direction> directionsOf(uint64_t seed, std::span<const double> at, uint64_t draw,
                                    size_t count) {
  base::RandomStream random(seed, base::Hasher("spsa").add(at).add(draw).value());
  std::vector<Direction> directions;
  const size_t wanted = distinct(at.size(), count);
  while (directions.size() < wanted) {
    Direction direction, opposite;
    for (size_t i = 0; i < at.size(); ++i) {
      direction.push_back(random.next() >> 63 ? 1.0 : -1.0);
      opposite.push_back(-direction.back());
    }
    if (std::ranges::find(directions, direction) == directions.end() &&
        std::ranges::find(directions, opposite) == directions.end())
      directions.push_back(std::move(direction));
  }
  return directions;
}

std::optional<Sides> sidesOf(Objective &objective, std::span<const double> at, double size,
                             const Direction &direction) {
  std::vector<double> high(at.begin(), at.end()), low = high;
  for (size_t i = 0; i < at.size(); ++i) {
    high[i] += size * direction[i];
    low[i] -= size * direction[i];
  }
  auto above = objective.value(high);
  auto below = above ? objective.value(low) : std::nullopt;
  if (!below)
    return std::nullopt;
  return Sides{std::move(*above), std::move(*below)};
}

namespace {

/// The estimate of a value, which may have none.
const Estimate &of(base::Context &ctx, const Result &result) {
  return result.estimate ? *result.estimate : *estimate::number(ctx, result.value);
}

/// The mean over the directions, uncertain as the values are.
const Estimate *meanOf(base::Context &ctx, size_t i, double size,
                       std::span<const Direction> directions, std::span<const Sides> sides) {
  const Estimate *sum = estimate::number(ctx, 0);
  const double factor = 1 / (2 * size * static_cast<double>(directions.size()));
  for (size_t d = 0; d < directions.size(); ++d) {
    sum = estimate::sum(ctx, *sum, of(ctx, sides[d].high), factor * directions[d][i]);
    sum = estimate::sum(ctx, *sum, of(ctx, sides[d].low), -factor * directions[d][i]);
  }
  return sum;
}

} // namespace

std::vector<const Estimate *> slopesOf(base::Context &ctx, const estimate::Policy *policy,
                                       std::span<const double> at, double size,
                                       std::span<const Direction> directions,
                                       std::span<const Sides> sides) {
  // Of all directions the mean is a central difference: the other slopes cancel.
  const bool all = distinct(at.size(), directions.size() + 1) <= directions.size();
  base::Hasher record("spsa slopes");
  record.add(at).add(size);
  for (const Direction &direction : directions)
    record.add(std::span<const double>(direction));
  std::vector<const Estimate *> slopes;
  for (size_t i = 0; i < at.size(); ++i) {
    const Estimate *mean = meanOf(ctx, i, size, directions, sides);
    std::vector<double> said;
    for (size_t d = 0; d < directions.size(); ++d)
      said.push_back(directions[d][i] * (sides[d].high.value - sides[d].low.value) / (2 * size));
    auto source = all ? nullptr : std::make_shared<estimate::StudentMean>(said);
    if (source && source->standardError > 0) {
      const double centre = source->mean;
      Estimate::Term term{1, 0, 0, base::Hasher("slope").add(record.value()).add(i).value()};
      term.shared = record.value();
      term.source = std::move(source);
      const auto *spread =
          ctx.make<Estimate>(-centre, std::vector{std::move(term)},
                             policy ? estimate::claimOf(*policy) : Estimate::Claim());
      mean = estimate::sum(ctx, *mean, *spread, 1);
    }
    slopes.push_back(mean);
  }
  return slopes;
}

} // namespace qdo::gradient
