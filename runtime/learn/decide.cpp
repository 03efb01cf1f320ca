// SPDX-License-Identifier: Apache-2.0
// Decisions under uncertain kernel values: duels of classes, and which values could turn them.
#include "runtime/learn/decide.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace qdo::learn {

namespace {

/// What each reference counts in the duel of classes i < j.
std::vector<double> referenceCoefficients(const Model &model, uint32_t i, uint32_t j) {
  std::vector<double> coefficients = model.svm.duelCoefficients(i, j);
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
  duels.values = model.svm.duels(supports);
  for (uint32_t i = 0, at = 0; i < model.svm.classCount(); ++i)
    for (uint32_t j = i + 1; j < model.svm.classCount(); ++j, ++at) {
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
  const uint32_t classes = model.svm.classCount();
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
  for (uint32_t i = 0; i < model.svm.classCount(); ++i)
    for (uint32_t j = i + 1; j < model.svm.classCount(); ++j) {
      sizes.push_back(referenceCoefficients(model, i, j));
      for (double &count : sizes.back())
        count = std::abs(count);
    }
  return [&model, sizes = std::move(sizes), points = std::vector(points.begin(), points.end()),
          deviates](std::span<const double> values, std::span<const double> errors,
                    std::span<double> weights) {
    const size_t width = model.references.size();
    for (size_t p = 0; p < points.size(); ++p) {
      const auto supports = supportValues(model, points[p], values.subspan(p * width, width));
      const Duels duels = duelsOf(model, supports, errors.subspan(p * width, width), deviates);
      auto mine = weights.subspan(p * width, width);
      std::ranges::fill(mine, 0);
      if (isDecided(model, duels, model.svm.judge(supports).winner))
        continue;
      for (size_t d = 0; d < sizes.size(); ++d)
        for (size_t r = 0; r < width && !duels.sure[d]; ++r)
          mine[r] = std::max(mine[r], sizes[d][r]);
    }
  };
}

/// Of a pair in the triangle below the diagonal.
static size_t placeOf(size_t i, size_t j) {
  return std::max(i, j) * (std::max(i, j) - 1) / 2 + std::min(i, j);
}

Svm trainShifted(std::span<double> gram, std::span<const uint32_t> labels, uint32_t classes,
                 double c, Repaired &repaired) {
  const size_t n = labels.size();
  auto add = [&](double shift) {
    for (size_t i = 0; i < n; ++i)
      gram[i * n + i] += shift;
    repaired.shift += shift;
  };
  constexpr int mostSteps = 12;
  repaired = {};
  for (int step = 0;; ++step) {
    // A larger shift makes more rows support, which may need more: it only grows, up to what the
    // whole matrix needs.
    Svm svm = Svm::train(gram, labels, classes, c);
    std::vector<size_t> rows = svm.support();
    if (step == mostSteps) {
      rows.resize(n);
      std::iota(rows.begin(), rows.end(), size_t{0});
    }
    std::vector<double> part;
    part.reserve(rows.size() * rows.size());
    for (size_t a : rows)
      for (size_t b : rows)
        part.push_back(gram[a * n + b]);
    const Repaired one = repairGram(part, rows.size(), Repair::Shift);
    if (!one.changed)
      break;
    if (!repaired.changed)
      repaired = {.changed = true, .negative = one.negative};
    add(one.shift);
    repaired.least = -repaired.shift;
    repaired.distance = repaired.shift * std::sqrt(static_cast<double>(n));
    if (step == mostSteps)
      break;
  }
  return Svm::train(gram, labels, classes, c);
}

Judge judgeOfTraining(std::span<const uint32_t> labels, uint32_t classes, double c, Repair repair,
                      double deviates) {
  return [labels = std::vector(labels.begin(), labels.end()), classes, c, repair,
          deviates](std::span<const double> values, std::span<const double> errors,
                    std::span<double> weights) {
    const size_t n = labels.size();
    std::vector<double> gram(n * n, 1);
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < i; ++j)
        gram[i * n + j] = gram[j * n + i] = values[placeOf(i, j)];
    // Clipping and the like mix rows: the values as they were measured say where a row stands.
    Repaired repaired;
    const Svm svm = repair == Repair::None ? Svm::train(gram, labels, classes, c)
                                           : trainShifted(gram, labels, classes, c, repaired);
    const std::vector<size_t> &support = svm.support();
    std::ranges::fill(weights, 0);
    std::vector<double> row(support.size());
    for (size_t x = 0; x < n; ++x) {
      for (size_t s = 0; s < support.size(); ++s)
        row[s] = gram[x * n + support[s]];
      const std::vector<double> duels = svm.duels(row);
      for (uint32_t i = 0, at = 0; i < classes; ++i)
        for (uint32_t j = i + 1; j < classes; ++j, ++at) {
          if (labels[x] != i && labels[x] != j)
            continue;
          const std::vector<double> counts = svm.duelCoefficients(i, j);
          double variance = 0;
          for (size_t s = 0; s < support.size(); ++s)
            if (support[s] != x)
              variance += std::pow(counts[s] * errors[placeOf(x, support[s])], 2);
          const double margin = (labels[x] == i ? 1 : -1) * duels[at];
          if (std::abs(margin - 1) > deviates * std::sqrt(variance))
            continue; // outside its margin, or a support vector at the bound
          for (size_t s = 0; s < support.size(); ++s)
            if (support[s] != x) {
              double &weight = weights[placeOf(x, support[s])];
              weight = std::max(weight, std::abs(counts[s]));
            }
        }
    }
  };
}

} // namespace qdo::learn
