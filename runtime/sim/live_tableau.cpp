// SPDX-License-Identifier: Apache-2.0
// Places of live qubits on a tableau.
#include "runtime/sim/live_tableau.h"

#include "runtime/stabilizer/outcomes.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::sim {

void LiveTableau::prepare(const CliffordCircuit &circuit, int64_t first, int64_t qubits) {
  if (live_ == 0) {
    firstId_ = first;
    places_.clear();
  }
  places_.resize(static_cast<size_t>(first - firstId_), -1);
  if (const auto missing = static_cast<int>(qubits - std::ssize(free_)); missing > 0) {
    const int old = tableau_.qubits();
    tableau_.grow(old + missing);
    // The last free place is taken first: the lowest.
    std::vector<int> places;
    for (int place = old + missing; place-- > old;)
      places.push_back(place);
    free_.insert(free_.begin(), places.begin(), places.end());
  }
  prepared_.clear();
  for (int64_t q = 0; q < qubits; ++q) {
    prepared_.push_back(free_.back());
    free_.pop_back();
  }
  places_.insert(places_.end(), prepared_.begin(), prepared_.end());
  live_ += qubits;
  int wires[stabilizer::Clifford::mostWires];
  for (const CliffordOp &op : circuit.ops) {
    for (int i = 0; i < op.gate->wires; ++i)
      wires[i] = prepared_[static_cast<size_t>(op.wires[i])];
    tableau_.apply(*op.gate, wires);
  }
}

int LiveTableau::placeOf(int64_t id) const {
  const int64_t at = id - firstId_;
  return at < 0 || at >= std::ssize(places_) ? -1 : places_[static_cast<size_t>(at)];
}

bool LiveTableau::measure(int64_t id, double u) {
  const int place = placeOf(id);
  const bool outcome = tableau_.measure(place, u < 0.5);
  if (outcome)
    tableau_.flip(place);
  places_[static_cast<size_t>(id - firstId_)] = -1;
  free_.push_back(place);
  if (--live_ == 0)
    clear();
  return outcome;
}

void LiveTableau::clear() {
  live_ = 0;
  places_.clear();
  tableau_.reset();
  free_.clear();
  for (int place = tableau_.qubits(); place-- > 0;)
    free_.push_back(place);
}

std::vector<Amplitude> LiveTableau::amplitudes(std::vector<int64_t> &ids) const {
  ids.clear();
  std::vector<int> places;
  for (size_t i = 0; i < places_.size(); ++i)
    if (places_[i] >= 0) {
      ids.push_back(firstId_ + static_cast<int64_t>(i));
      places.push_back(places_[i]);
    }
  auto gathered = [&](auto bit) {
    uint64_t word = 0;
    for (size_t wire = 0; wire < places.size(); ++wire)
      word |= uint64_t{bit(places[wire])} << wire;
    return word;
  };
  const stabilizer::Outcomes outcomes(tableau_);
  std::vector<uint64_t> lowest(outcomes.words());
  outcomes.outcome(std::vector<uint64_t>(outcomes.bitWords()), lowest);
  std::vector<Amplitude> now(size_t{1} << places.size());
  now[gathered([&](int place) { return stabilizer::bitOf(lowest, place); })] = 1;
  // What stays of a basis state in it when every stabiliser U Z_i U^-1 is +1: sums over (1 + S_i).
  // Free places are in |0>, where a Z of S_i is 1.
  const Amplitude powers[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
  std::vector<uint64_t> wideX(tableau_.words()), wideZ(tableau_.words());
  std::vector<Amplitude> next(now.size());
  for (int i = 0; i < tableau_.qubits(); ++i) {
    // S_i has an X on k when it anticommutes with Z_k, and so on.
    const uint64_t x = gathered([&](int k) { return stabilizer::bitOf(tableau_.xOfZ(k), i); });
    const uint64_t z = gathered([&](int k) { return stabilizer::bitOf(tableau_.xOfX(k), i); });
    if (x == 0)
      continue; // the lowest outcome has it already
    std::ranges::fill(wideX, 0);
    std::ranges::fill(wideZ, 0);
    for (size_t wire = 0; wire < places.size(); ++wire) {
      const auto place = static_cast<size_t>(places[wire]);
      wideX[place / 64] |= (x >> wire & 1) << (place % 64);
      wideZ[place / 64] |= (z >> wire & 1) << (place % 64);
    }
    const int sign = tableau_.mean({wideX, wideZ});
    const Amplitude phase = powers[std::popcount(x & z) % 4] * static_cast<double>(sign);
    for (uint64_t k = 0; k < now.size(); ++k)
      next[k ^ x] = now[k ^ x] + phase * (std::popcount(k & z) % 2 ? -now[k] : now[k]);
    double norm = 0;
    for (const Amplitude &a : next)
      norm += std::norm(a);
    for (uint64_t k = 0; k < now.size(); ++k)
      now[k] = next[k] / std::sqrt(norm);
  }
  return now;
}

} // namespace qdo::sim
