// SPDX-License-Identifier: Apache-2.0
// A classical shadow: many properties of a state from one record of measurements.
// In: a recipe, how many snapshots, a policy that pays. Out: a record that can be asked for free.
// Why: what is measured in random bases does not depend on the question, so questions can come
// later; one that the record cannot answer well enough is refused with what it would take.
// Sources: Huang, Kueng, Preskill, Nature Physics 16, 1050 (2020); Chen, Yu, Zeng, Flammia, PRX
// Quantum 2, 030348 (2021), for calibration.
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/shadow/cliffords.h"
#include "runtime/shadow/snapshots.h"
#include "runtime/sim/backend.h"
#include "runtime/sim/observable.h"

#include <optional>
#include <span>
#include <vector>

namespace qdo::shadow {

struct Record final : base::Object {
  enum class Bases : uint8_t {
    Random,  ///< Pauli bases, uniformly: any observable can be asked for
    Chosen,  ///< Pauli bases for given observables, which need fewer snapshots
    Clifford ///< stabiliser bases, uniformly: for fidelities with known states
  };

  Record(Bases bases, Snapshots snapshots, uint64_t source)
      : Object(base::ObjectKind::Shadow), bases(bases), snapshots(std::move(snapshots)),
        source(source) {}
  Record(int64_t qubits, std::vector<CliffordSnapshot> snapshots, uint64_t source)
      : Object(base::ObjectKind::Shadow), bases(Bases::Clifford), snapshots(qubits),
        cliffords(std::move(snapshots)), source(source) {}
  /// `shadow of 12 qubits, 15,427 snapshots in random Pauli bases`.
  std::string format(std::string_view spec) const override;

  int64_t qubits() const { return snapshots.qubits(); }
  int64_t size() const {
    return bases == Bases::Clifford ? std::ssize(cliffords) : snapshots.size();
  }
  bool calibrated() const { return !zeros.empty() || !zeroCliffords.empty(); }
  int64_t calibration() const {
    return bases == Bases::Clifford ? std::ssize(zeroCliffords)
                                    : std::ssize(zeros) / static_cast<int64_t>(maskWords(qubits()));
  }

  const Bases bases;
  const Snapshots snapshots;                     ///< in Pauli bases
  const std::vector<CliffordSnapshot> cliffords; ///< in Clifford bases
  const uint64_t source;                         ///< names the data, for the propagation of errors
  std::optional<double> within = {};             ///< the precision that it was planned for
  /// What the same device made of |0..0>, if anybody looked: outcomes along Z, as masks, or
  /// snapshots in Clifford bases.
  std::vector<uint64_t> zeros = {};
  std::vector<CliffordSnapshot> zeroCliffords = {};
  /// What was recorded and where, in a run without sampling error: answers are those of the state.
  struct Exactly {
    const sim::Recipe *recipe = nullptr; ///< null in other runs
    sim::Backend *device = nullptr;
  } exactly = {};
};

/// What a record is for: nothing in particular, or observables at a precision.
struct Purpose {
  std::optional<int64_t> snapshots = {};
  std::span<const sim::Observable *const> observables = {};
  std::optional<double> within = {};
  bool clifford = false;
  /// Shots of |0..0> beside the snapshots. With them, whatever the device does to a measurement
  /// between the random basis and what is read is undone in the answers, if it is the same for all
  /// bases; what it does to the state before is part of the state.
  int64_t calibration = 0;
};

/// Measures a recipe, one shot a snapshot; every call measures anew. With observables the bases are
/// chosen for them, and the number of snapshots may be left out: it is then the least that answers
/// them all within `within` at the policy's confidence, or at its share of `joint` claims. Null
/// after a failure: BadValue, BudgetExhausted, OutOfMemory, an interrupt.
Record *acquire(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                const Purpose &purpose, const estimate::Policy &policy);

/// Snapshots in random Pauli bases, or in random Clifford bases of `clifford` qubits, that answer
/// all of these within `within`, together, with this confidence. 0 after a failure: BadValue.
int64_t snapshotsFor(base::Context &ctx, qdo_site site,
                     std::span<const sim::Observable *const> observables, double within,
                     double confidence, std::optional<int64_t> clifford = {});
/// Snapshots in random Clifford bases for `count` fidelities; see fidelitySnapshots of
/// shadow_plan.h. 0 after a failure: BadValue.
int64_t snapshotsForFidelities(base::Context &ctx, qdo_site site, int64_t count, double within,
                               double confidence);

/// Their expectation values, from the record alone. Of one Pauli string: the mean over the
/// snapshots that measured it, or the median of the means of groups of snapshots (`combine`), with
/// the interval of their signs by the policy's method, which holds given the bases: they are coins,
/// Clopper-Pearson is exact. A policy's `joint: m` shares the error between m of them. From a
/// calibrated record: the mean divided by how often the signs of |0..0> were read right on the same
/// qubits, and the interval counts the error of both. `within`: refuse unless all of them, together
/// and with the other claims of `joint`, are that close at the policy's confidence: one number for
/// all, or one each. Empty after a failure: ShadowTooSmall, ShadowNeverMeasured, IndexOutOfRange,
/// BadValue.
std::vector<estimate::Estimate *> expect(base::Context &ctx, qdo_site site, const Record &record,
                                         std::span<const sim::Observable *const> observables,
                                         std::span<const double> within);

/// The fidelity <r|rho|r> with a state that is known, whether its circuit could be run on the
/// device or not: Catoni's mean of (2^n + 1) |<s|r>|^2 - 1 over the snapshots, whose variance is at
/// most 2. Null after a failure: ShadowTooSmall, BadValue unless the bases are Clifford.
estimate::Estimate *fidelity(base::Context &ctx, qdo_site site, const Record &record,
                             const sim::Recipe &r, std::optional<double> within);

/// Tr(rho^2) of the qubits of a mask, or its Renyi-2 entropy -log2 in bits: from the unbiased
/// square of each Pauli string on them (a U-statistic over pairs of snapshots), the standard error
/// by the jackknife over 20 parts of the record. The interval has those of all strings in it. 1 to
/// 6 qubits. Null after a failure: ShadowNeverMeasured, IndexOutOfRange, BadValue.
estimate::Estimate *purity(base::Context &ctx, qdo_site site, const Record &record, uint64_t qubits,
                           bool entropy);

/// |<p|r>|^2 by one snapshot of p a shot, in random Clifford bases, and r as it is known: a way to
/// measure an overlap (`overlaps.h`) that takes neither the inverse of r nor qubits for it. Looks,
/// `until`, budgets as for every circuit. Null after a failure: BadValue on a device with noise,
/// whose errors only a calibrated record undoes.
estimate::Estimate *fidelityByShadow(base::Context &ctx, qdo_site site, const sim::Recipe &p,
                                     const sim::Recipe &r, const estimate::Policy &policy);

/// Different Pauli strings on `qubits` qubits with a weight from `least` to `most`, each such
/// string as likely. Empty after a failure: BadValue, also when there are fewer.
std::vector<sim::Observable *> randomPaulis(base::Context &ctx, qdo_site site, int64_t count,
                                            int64_t qubits, int64_t least, int64_t most);

} // namespace qdo::shadow
