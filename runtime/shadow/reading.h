// SPDX-License-Identifier: Apache-2.0
// Reading the signs of Pauli strings off a record, and how well the device reads them.
// In: a record, masks. Out: counts by group of snapshots, sources. Must not: be included outside
// shadow/.
#pragma once

#include "runtime/estimate/batches.h"
#include "runtime/estimate/policy.h"
#include "runtime/shadow/record.h"
#include "runtime/shadow/sources.h"

namespace qdo::shadow {

struct Tally {
  int64_t hits = 0, plus = 0;
  estimate::Groups groups = {}; ///< consecutive snapshots: their +1 and hits
  double shift = 0;             ///< of the fraction of plus, with more than one group
};

/// A record that is asked for many strings: its snapshots unpacked.
class Reading {
public:
  explicit Reading(const Record &record);
  const Record &record() const { return record_; }

  /// Calls visit(t, negative) for each of the snapshots first..last that measured the string.
  template <class Visit>
  void each(const sim::Observable::Term &string, int64_t first, int64_t last,
            const Visit &visit) const {
    const size_t words = maskWords(record_.qubits());
    if (record_.bases == Record::Bases::Clifford) {
      std::vector<uint64_t> x, z;
      for (size_t word = 0; word < words; ++word) {
        x.push_back(lettersOf(string, word).x);
        z.push_back(lettersOf(string, word).z);
      }
      for (int64_t t = first; t < last; ++t) {
        const auto &[basis, outcome] = record_.cliffords[static_cast<size_t>(t)];
        if (const auto negative = basis.negative(x, z, outcome))
          visit(t, *negative);
      }
      return;
    }
    struct Part {
      size_t word;
      Letters letters;
    };
    std::vector<Part> parts; // most strings act within one word
    for (size_t word = 0; word < stringWords(string); ++word)
      if (const Letters letters = lettersOf(string, word); letters.support() != 0)
        parts.push_back({word, letters});
    for (int64_t t = first; t < last; ++t) {
      const uint64_t *snapshot = &masks_[static_cast<size_t>(3 * t) * words];
      uint64_t differs = 0, outcome = 0; // the parity of a sum is that of an exclusive or
      for (const auto &[word, letters] : parts) {
        differs |= ((snapshot[word] ^ letters.x) | (snapshot[words + word] ^ letters.z)) &
                   letters.support();
        outcome ^= snapshot[2 * words + word] & letters.support();
      }
      if (differs == 0)
        visit(t, (std::popcount(outcome) & 1) != 0);
    }
  }
  Tally tally(const sim::Observable::Term &string, size_t groups) const;
  /// Of several strings, in parallel. Empty after a failure: an interrupt.
  std::vector<Tally> tallies(base::Context &ctx, qdo_site site,
                             std::span<const sim::Observable::Term> strings, size_t groups) const;

private:
  const Record &record_;
  std::vector<uint64_t> masks_; ///< of Pauli bases: Snapshots::all()
};

/// Whether an odd number of the qubits of a string were read as 1.
bool isOdd(const sim::Observable::Term &string, const uint64_t *outcome);

/// How much of a sign on the qubits of a string is left by the device, 1 for one that does not err:
/// the mean sign of |0..0>, from the calibration of the record. `error` is that of the claim.
SourcePtr responseOf(base::Context &ctx, qdo_site site, const Record &record,
                     const sim::Observable::Term &string, double error);

/// The claim of answers from a record under the policy in force: nobody looks in between.
estimate::Estimate::Claim claimHere(base::Context &ctx);
/// The groups of `combine` of the policy in force.
size_t groupsHere(base::Context &ctx);

/// Fails with ShadowNeverMeasured.
void neverMeasured(base::Context &ctx, qdo_site site, const Record &record,
                   const sim::Observable::Term &string);
/// Fails with ShadowTooSmall: what was asked takes `needed` snapshots.
void tooSmall(base::Context &ctx, qdo_site site, const Record &record, const std::string &what,
              double within, double confidence, double needed, const std::string &note,
              const std::string &help);
/// Fails with BadValue: with this calibration no number of snapshots is enough.
void calibrationTooSmall(base::Context &ctx, qdo_site site, const Record &record, double within);

} // namespace qdo::shadow
