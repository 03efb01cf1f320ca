// SPDX-License-Identifier: Apache-2.0
// How many snapshots of a classical shadow answer a question.
// In: what one snapshot says of an observable. Out: a number, by Bernstein's inequality.
// Why here: elaboration plans with the formula that the run refuses by. Sources: Huang, Kueng,
// Preskill, Nature Physics 16, 1050 (2020); Boucheron, Lugosi, Massart (2013), theorem 2.10.
#ifndef QDO_RUNTIME_SHADOW_PLAN_H
#define QDO_RUNTIME_SHADOW_PLAN_H

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace qdo::shadow {

/// Of what one snapshot says about an observable: its mean square and its size are at most these.
/// 3^w both for a Pauli string of weight w.
struct Spread {
  double square = 0, size = 0;
};

/// Snapshots so that `count` such means are all within `within` of the truth, at once, with this
/// confidence: ln(2 count / (1 - confidence)) (2 square / within^2 + 2 size / (3 within)).
/// For one Pauli string each, the mean over the snapshots that measured it holds that too, as long
/// as within <= 0.9 (Hoeffding, given the bases). At least 1; very large when it does not fit.
inline double snapshotsFor(const Spread &spread, int64_t count, double within, double confidence) {
  const double n = std::log(2 * static_cast<double>(count) / (1 - confidence)) *
                   (2 * spread.square / (within * within) + 2 * spread.size / (3 * within));
  return std::max(1.0, std::ceil(n));
}

/// X bits and Z bits of 64 qubits of a string; those of the first 64 are `x` and `z`, and the
/// others are in `more` where strings have that.
struct PlannedLetters {
  uint64_t x, z;
};
template <class Term> size_t plannedWords(const Term &term) {
  if constexpr (requires { term.more; })
    return 1 + term.more.size();
  else
    return 1;
}
template <class Term> PlannedLetters plannedLetters(const Term &term, size_t word) {
  if constexpr (requires { term.more; })
    if (word > 0)
      return word > term.more.size()
                 ? PlannedLetters{0, 0}
                 : PlannedLetters{term.more[word - 1].first, term.more[word - 1].second};
  return {static_cast<uint64_t>(term.x), static_cast<uint64_t>(term.z)};
}

/// How two strings lie to each other, in numbers of qubits.
struct Meeting {
  int first = 0, both = 0;   ///< where the first acts, where both do
  int differ = 0, cross = 0; ///< both with different Paulis; counted modulo 2, where X meets Z
  bool same = true;
};
template <class Term> Meeting meetingOf(const Term &p, const Term &q) {
  Meeting meeting;
  for (size_t word = 0; word < std::max(plannedWords(p), plannedWords(q)); ++word) {
    const auto [px, pz] = plannedLetters(p, word);
    const auto [qx, qz] = plannedLetters(q, word);
    const uint64_t both = (px | pz) & (qx | qz), unlike = (px ^ qx) | (pz ^ qz);
    meeting.first += std::popcount(px | pz);
    meeting.both += std::popcount(both);
    meeting.differ += std::popcount(both & unlike);
    meeting.cross += std::popcount((px & qz) ^ (pz & qx));
    meeting.same &= unlike == 0;
  }
  return meeting;
}

/// Adds up what each term of a sum of Pauli strings may be under uniformly random Pauli bases.
/// E[X_P X_Q] is at most 3^(qubits where both act) if they agree there, else 0.
template <class Terms> Spread spreadOf(const Terms &terms) {
  Spread spread;
  for (const auto &p : terms) {
    const int weight = meetingOf(p, p).first;
    if (weight == 0)
      continue;
    spread.size += std::fabs(p.weight) * std::pow(3.0, weight);
    for (const auto &q : terms)
      if (const Meeting m = meetingOf(q, p); m.first > 0 && m.differ == 0)
        spread.square += std::fabs(p.weight * q.weight) * std::pow(3.0, m.both);
  }
  return spread;
}

/// The same under uniformly random stabiliser bases of `qubits` qubits, each of which measures a
/// string with probability 1 / (2^n + 1), and two that commute with probability
/// 1 / ((2^n + 1) (2^(n-1) + 1)).
template <class Terms> Spread cliffordSpreadOf(const Terms &terms, int64_t qubits) {
  const double side = std::exp2(static_cast<double>(qubits));
  Spread spread;
  for (const auto &p : terms) {
    if (meetingOf(p, p).first == 0)
      continue;
    spread.size += std::fabs(p.weight) * (side + 1);
    for (const auto &q : terms)
      if (const Meeting m = meetingOf(q, p); m.first > 0 && m.cross % 2 == 0)
        spread.square +=
            std::fabs(p.weight * q.weight) * (m.same ? side + 1 : 2 * (side + 1) / (side + 2));
  }
  return spread;
}

/// The variance of what one snapshot of a Clifford shadow says of the fidelity f with a pure state,
/// (2^n + 1) |<s|r>|^2 - 1: exact, whatever the state that is measured (stabiliser bases are a
/// 3-design). Less than 1 + 2 f - f^2, so at most 2. Huang, Kueng, Preskill, supplement 1.C.
inline double fidelityVariance(double f, int64_t qubits) {
  const double side = std::exp2(static_cast<double>(qubits));
  return (side + 1) / (side + 2) * (2 + 4 * f) - 1 - 2 * f - f * f;
}

/// Snapshots in random Clifford bases so that `count` fidelities are all within `within`, at once,
/// with this confidence, by Catoni's estimator: 2 L (1 + 2 / within^2), L = ln(2 count / (1 -
/// confidence)); no number of qubits is in it. Proposition 2.4 of Catoni, AIHP B 48, 1148 (2012).
inline double fidelitySnapshots(int64_t count, double within, double confidence) {
  const double l = std::log(2 * static_cast<double>(count) / (1 - confidence));
  return std::max(1.0, std::ceil(2 * l * (1 + 2 / (within * within))));
}

} // namespace qdo::shadow
#endif
