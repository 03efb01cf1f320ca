// SPDX-License-Identifier: Apache-2.0
// Deals rows into parts by fractions, at random but reproducibly, optionally class by class.
// In: fractions, the stratum and one random word of every row. Out: the part of every row.
// Why: a random word per row makes the split a function of (seed, row) alone: no generator state,
//      no order of calls, and adding a part never reshuffles the rows.
// Must not: know files, fields or where random words come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace qdo::data {

/// The part of a row that belongs to none.
constexpr uint32_t noPart = std::numeric_limits<uint32_t>::max();

/// Returns the part of every row: an index into `fractions`, or noPart for what the fractions
/// leave. `fractions` are in (0, 1] and sum to at most 1. `strata` has one class per row (all 0
/// when the split is not stratified). In each class a part gets its fraction of the rows rounded
/// down or up, so within one row of exact; which parts are rounded up is decided by what each still
/// lacks over all classes, so the whole parts are as exact as the classes allow (largest remainder
/// with carry).
std::vector<uint32_t> splitRows(std::span<const double> fractions, std::span<const uint32_t> strata,
                                std::span<const uint64_t> randomWords);

} // namespace qdo::data
