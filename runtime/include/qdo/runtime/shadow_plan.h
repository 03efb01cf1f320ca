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

} // namespace qdo::shadow
#endif
