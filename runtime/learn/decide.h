// SPDX-License-Identifier: Apache-2.0
// What a classifier still cannot decide about rows: weights for the shots of `allocate decision`.
// In: kernel values with errors. Out: how much each matters to what is open.
// Why: the sign of most rows is settled after the pilot; only what can still turn one needs shots.
#pragma once

#include "runtime/learn/measure.h"
#include "runtime/learn/model.h"

namespace qdo::learn {

/// Whether each duel is further from `threshold` than `deviates` errors; and from them whether the
/// winner of a row can still be another class.
struct Duels {
  std::vector<double> values, errors;
  std::vector<bool> sure;
};

/// Kernel values of a point with the references of a model, as values with its support rows.
std::vector<double> supportValues(const Model &model, RowId point, std::span<const double> row);
/// The duels of a row whose values with the references have these errors.
Duels duelsOf(const Model &model, std::span<const double> supports, std::span<const double> errors,
              double deviates);
/// Whether the winner stays the winner when every duel that is not sure may turn.
bool isDecided(const Model &model, const Duels &duels, uint32_t winner);

/// For the values of new points with the references of a model: a reference matters by its largest
/// coefficient in the duels that are open, 0 when the row is decided.
Judge judgeOfRows(const Model &model, std::span<const RowId> points, double deviates);

} // namespace qdo::learn
