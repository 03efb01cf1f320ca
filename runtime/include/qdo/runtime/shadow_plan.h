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

/// Adds up what each term of a sum of Pauli strings may be under uniformly random Pauli bases.
/// `x`, `z`: masks; E[X_P X_Q] is at most 3^(qubits where both act) if they agree there, else 0.
template <class Terms> Spread spreadOf(const Terms &terms) {
  Spread spread;
  for (const auto &p : terms) {
    if ((p.x | p.z) == 0)
      continue;
    const double size = std::pow(3.0, std::popcount(static_cast<uint64_t>(p.x | p.z)));
    spread.size += std::fabs(p.weight) * size;
    for (const auto &q : terms) {
      const auto both = static_cast<uint64_t>((p.x | p.z) & (q.x | q.z));
      const auto differ = static_cast<uint64_t>((p.x ^ q.x) | (p.z ^ q.z));
      if ((q.x | q.z) == 0 || (differ & both) != 0)
        continue;
      spread.square += std::fabs(p.weight * q.weight) * std::pow(3.0, std::popcount(both));
    }
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
    if ((p.x | p.z) == 0)
      continue;
    spread.size += std::fabs(p.weight) * (side + 1);
    for (const auto &q : terms) {
      const auto crossings = static_cast<uint64_t>((p.x & q.z) ^ (p.z & q.x));
      if ((q.x | q.z) == 0 || std::popcount(crossings) % 2 != 0)
        continue;
      const bool same = p.x == q.x && p.z == q.z;
      spread.square +=
          std::fabs(p.weight * q.weight) * (same ? side + 1 : 2 * (side + 1) / (side + 2));
    }
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
