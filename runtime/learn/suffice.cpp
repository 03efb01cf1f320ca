// SPDX-License-Identifier: Apache-2.0
// Trains twice on what has been measured, once with more noise, and compares.
#include "runtime/learn/suffice.h"

#include "runtime/base/philox.h"

#include <algorithm>
#include <cmath>

namespace qdo::learn {

namespace {

/// f(x) = sum of coefficients times kernel values, plus the offset, for every duel.
struct Linear {
  std::vector<std::vector<double>> coefficients;
  std::vector<double> offsets;
};

Linear trained(std::vector<double> gram, std::span<const uint32_t> classes, uint32_t classCount,
               const Trainer &trainer, Repair repair) {
  const size_t n = classes.size();
  const Repaired repaired = repairGram(gram, n, repair);
  const Pairwise machine = trainer(std::move(gram), classes, classCount);
  const size_t supports = machine.support().size();
  Linear linear;
  for (uint32_t i = 0; i < classCount; ++i)
    for (uint32_t j = i + 1; j < classCount; ++j) {
      const std::vector<double> counts = machine.duelCoefficients(i, j);
      auto &mine = linear.coefficients.emplace_back(n, 0);
      for (size_t s = 0; s < supports; ++s)
        if (repaired.rowMap.empty())
          mine[machine.support()[s]] = counts[s];
        else if (counts[s] != 0)
          for (size_t r = 0; r < n; ++r)
            mine[r] += repaired.rowMap[r * n + machine.support()[s]] * counts[s];
    }
  linear.offsets = machine.duels(std::vector<double>(supports, 0));
  return linear;
}

/// The rows that judge: of each class those that train, and those that are held out.
struct Parts {
  std::vector<size_t> train, held;
};

Parts partsOf(std::span<const uint32_t> classes, uint32_t classCount) {
  constexpr size_t fold = 5, heldOut = 2, many = 500; // rows: more would take long, and be surer
  const size_t step = (classes.size() + many - 1) / many;
  std::vector<size_t> seen(classCount, 0);
  Parts parts;
  for (size_t row = 0; row < classes.size(); ++row)
    if (const size_t place = seen[classes[row]]++; place % step == 0)
      (place / step % fold == heldOut ? parts.held : parts.train).push_back(row);
  return parts;
}

} // namespace

MeasuredGram measuredGram(size_t n, std::span<const double> values, std::span<const double> errors,
                          std::span<const int64_t> shots) {
  MeasuredGram gram{std::vector<double>(n * n, 1), std::vector<double>(n * n, 0),
                    std::vector<double>(n * n, 0)};
  for (size_t i = 0, pair = 0; i < n; ++i)
    for (size_t j = 0; j < i; ++j, ++pair)
      for (size_t place : {i * n + j, j * n + i}) {
        gram.values[place] = values[pair];
        gram.errors[place] = errors[pair];
        gram.shotVariance[place] = errors[pair] * errors[pair] * static_cast<double>(shots[pair]);
      }
  return gram;
}

std::vector<Strays> straysOf(const MeasuredGram &gram, std::span<const uint32_t> classes,
                             uint32_t classCount, const Trainer &trainer, Repair repair) {
  const size_t n = classes.size();
  const Parts parts = partsOf(classes, classCount);
  constexpr size_t fewest = 5; // fewer say too little
  if (parts.held.size() < fewest)
    return {};
  const size_t width = parts.train.size();
  std::vector<uint32_t> labels;
  for (size_t row : parts.train)
    labels.push_back(classes[row]);
  std::vector<double> as(width * width, 1), moved = as;
  base::RandomStream random(0, 34);
  for (size_t i = 0; i < width; ++i)
    for (size_t j = 0; j < i; ++j) {
      const size_t from = parts.train[i] * n + parts.train[j];
      as[i * width + j] = as[j * width + i] = gram.values[from];
      const double error = random.next() & 1 ? gram.errors[from] : -gram.errors[from];
      moved[i * width + j] = moved[j * width + i] = gram.values[from] + error;
    }
  const Linear one = trained(std::move(as), labels, classCount, trainer, repair);
  const Linear other = trained(std::move(moved), labels, classCount, trainer, repair);

  std::vector<Strays> all;
  for (uint32_t i = 0, duel = 0; i < classCount; ++i)
    for (uint32_t j = i + 1; j < classCount; ++j, ++duel) {
      Strays &strays = all.emplace_back();
      double count = 0;
      for (size_t row : parts.held) {
        if (classes[row] != i && classes[row] != j)
          continue;
        double difference = other.offsets[duel] - one.offsets[duel], noise = 0, own = 0;
        for (size_t t = 0; t < width; ++t) {
          const size_t from = row * n + parts.train[t];
          const double counts = one.coefficients[duel][t];
          const double change = other.coefficients[duel][t] - counts;
          difference += change * gram.values[from];
          noise += change * change * gram.errors[from] * gram.errors[from];
          own += counts * counts * gram.shotVariance[from];
        }
        strays.training += difference * difference - noise;
        strays.ownShot += own;
        ++count;
      }
      if (count > 0)
        strays = {std::max(0.0, strays.training / count), strays.ownShot / count};
    }
  return all;
}

Judge judgeOfTraining(std::span<const uint32_t> classes, uint32_t classCount,
                      const Trainer &trainer, Repair repair, int64_t most) {
  return [classes = std::vector(classes.begin(), classes.end()), classCount, trainer, repair,
          most](std::span<const double> values, std::span<const double> errors,
                std::span<const int64_t> shots, std::span<double> weights) {
    const auto strays = straysOf(measuredGram(classes.size(), values, errors, shots), classes,
                                 classCount, trainer, repair);
    constexpr double twice = 4; // the standard errors
    const bool enough = !strays.empty() && std::ranges::all_of(strays, [&](const Strays &duel) {
      return duel.training * static_cast<double>(most) <= twice * duel.ownShot;
    });
    std::ranges::fill(weights, enough ? 0 : 1);
  };
}

} // namespace qdo::learn
