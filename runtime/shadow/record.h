// SPDX-License-Identifier: Apache-2.0
// A classical shadow: many observables of a state from one record of measurements.
// In: a recipe, how many snapshots, a policy that pays. Out: a record that can be asked for free.
// Why: what is measured in random bases does not depend on the question, so questions can come
// later; one that the record cannot answer well enough is refused with what it would take.
// Source: Huang, Kueng, Preskill, Nature Physics 16, 1050 (2020).
#pragma once

#include "runtime/estimate/estimate.h"
#include "runtime/shadow/snapshots.h"
#include "runtime/sim/observable.h"

#include <optional>
#include <span>
#include <vector>

namespace qdo::shadow {

struct Record final : base::Object {
  enum class Bases : uint8_t {
    Random, ///< uniformly: any observable can be asked for
    Chosen  ///< for given observables, which need fewer snapshots
  };

  Record(Bases bases, Snapshots snapshots, uint64_t source)
      : Object(base::ObjectKind::Shadow), bases(bases), snapshots(std::move(snapshots)),
        source(source) {}
  /// `shadow of 12 qubits, 15,427 snapshots in random Pauli bases`.
  std::string format(std::string_view spec) const override;

  const Bases bases;
  const Snapshots snapshots;
  const uint64_t source;             ///< names the data, for the propagation of errors
  std::optional<double> within = {}; ///< the precision that it was planned for
};

/// What a record is for: nothing in particular, or observables at a precision.
struct Purpose {
  std::optional<int64_t> snapshots;
  std::span<const sim::Observable *const> observables = {};
  std::optional<double> within;
};

/// Measures a recipe, one shot a snapshot; every call measures anew. With observables the bases are
/// chosen for them, and the number of snapshots may be left out: it is then the least that answers
/// them all within `within` at the policy's confidence. Null after a failure: BadValue,
/// BudgetExhausted, OutOfMemory, an interrupt.
Record *acquire(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                const Purpose &purpose, const estimate::Policy &policy);

/// Snapshots in random bases that answer all of these within `within`, together, with this
/// confidence. 0 after a failure: BadValue.
int64_t snapshotsFor(base::Context &ctx, qdo_site site,
                     std::span<const sim::Observable *const> observables, double within,
                     double confidence);

/// Their expectation values, from the record alone. Of one Pauli string: the mean over the
/// snapshots that measured it, or the median of the means of groups of snapshots (`combine`), with
/// the interval of their signs by the policy's method, which holds given the bases: they are coins,
/// Clopper-Pearson is exact. A policy's `joint: m` shares the error between m of them. `within`:
/// refuse unless all of them, together, are that close at the policy's confidence: one number for
/// all, or one each. Empty after a failure: ShadowTooSmall, ShadowNeverMeasured, IndexOutOfRange,
/// BadValue.
std::vector<estimate::Estimate *> expect(base::Context &ctx, qdo_site site, const Record &record,
                                         std::span<const sim::Observable *const> observables,
                                         std::span<const double> within);

/// Different Pauli strings on `qubits` qubits with a weight from `least` to `most`, each such
/// string as likely. Empty after a failure: BadValue, also when there are fewer.
std::vector<sim::Observable *> randomPaulis(base::Context &ctx, qdo_site site, int64_t count,
                                            int64_t qubits, int64_t least, int64_t most);

} // namespace qdo::shadow
