// SPDX-License-Identifier: Apache-2.0
// Decisions under uncertain kernel values: duels of classes, and which values could turn them.
#include "runtime/learn/decide.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace qdo::learn {

namespace {

/// What each reference counts in the duel of classes i < j.
std::vector<double> referenceCoefficients(const Model &model, uint32_t i, uint32_t j) {
  std::vector<double> coefficients = model.machine.duelCoefficients(i, j);
  if (model.rowMap.empty())
    return coefficients;
  const size_t supports = model.support.size();
  std::vector<double> counts(model.references.size(), 0);
  for (size_t r = 0; r < counts.size(); ++r)
    for (size_t s = 0; s < supports; ++s)
      counts[r] += model.rowMap[r * supports + s] * coefficients[s];
  return counts;
}

} // namespace

std::vector<double> supportValues(const Model &model, RowId point, std::span<const double> row) {
  const size_t supports = model.support.size();
  std::vector<double> values(supports, 0);
  if (model.rowMap.empty())
    std::ranges::copy(row, values.begin());
  else
    for (size_t r = 0; r < row.size(); ++r)
      for (size_t s = 0; s < supports; ++s)
        values[s] += row[r] * model.rowMap[r * supports + s];
  if (model.shift != 0)
    for (size_t s = 0; s < supports; ++s)
      if (model.support[s] == point)
        values[s] += model.shift;
  return values;
}

Duels duelsOf(const Model &model, std::span<const double> supports, std::span<const double> errors,
              double deviates) {
  Duels duels;
  duels.values = model.machine.duels(supports);
  for (uint32_t i = 0, at = 0; i < model.machine.classCount(); ++i)
    for (uint32_t j = i + 1; j < model.machine.classCount(); ++j, ++at) {
      const std::vector<double> counts = referenceCoefficients(model, i, j);
      std::map<RowId, std::pair<double, double>> ofRow; // equal rows are one circuit
      for (size_t r = 0; r < counts.size(); ++r) {
        auto &[count, error] = ofRow[model.references[r]];
        count += counts[r];
        error = errors[r];
      }
      double variance = 0;
      for (const auto &[row, one] : ofRow)
        variance += one.first * one.first * one.second * one.second;
      duels.errors.push_back(std::sqrt(variance));
      duels.sure.push_back(variance == 0 ||
                           std::abs(duels.values[at]) > deviates * duels.errors[at]);
    }
  return duels;
}

bool isDecided(const Model &model, const Duels &duels, uint32_t winner) {
  const uint32_t classes = model.machine.classCount();
  std::vector<int> least(classes, 0), most(classes, 0);
  for (uint32_t i = 0, at = 0; i < classes; ++i)
    for (uint32_t j = i + 1; j < classes; ++j, ++at) {
      const uint32_t ahead = duels.values[at] > 0 ? i : j, behind = duels.values[at] > 0 ? j : i;
      least[ahead] += duels.sure[at];
      ++most[ahead];
      most[behind] += !duels.sure[at];
    }
  for (uint32_t k = 0; k < classes; ++k)
    if (k != winner && (most[k] > least[winner] || (most[k] == least[winner] && k < winner)))
      return false;
  return true;
}

Judge judgeOfRows(const Model &model, std::span<const RowId> points, double deviates) {
  std::vector<std::vector<double>> sizes; // of each duel, what each reference counts
  for (uint32_t i = 0; i < model.machine.classCount(); ++i)
    for (uint32_t j = i + 1; j < model.machine.classCount(); ++j) {
      sizes.push_back(referenceCoefficients(model, i, j));
      for (double &count : sizes.back())
        count = std::abs(count);
    }
  return [&model, sizes = std::move(sizes), points = std::vector(points.begin(), points.end()),
          deviates](std::span<const double> values, std::span<const double> errors,
                    std::span<const int64_t>, std::span<double> weights) {
    const size_t width = model.references.size();
    for (size_t p = 0; p < points.size(); ++p) {
      const auto supports = supportValues(model, points[p], values.subspan(p * width, width));
      const Duels duels = duelsOf(model, supports, errors.subspan(p * width, width), deviates);
      auto mine = weights.subspan(p * width, width);
      std::ranges::fill(mine, 0);
      if (isDecided(model, duels, model.machine.judge(supports).winner))
        continue;
      for (size_t d = 0; d < sizes.size(); ++d)
        for (size_t r = 0; r < width && !duels.sure[d]; ++r)
          mine[r] = std::max(mine[r], sizes[d][r]);
    }
  };
}

} // namespace qdo::learn
