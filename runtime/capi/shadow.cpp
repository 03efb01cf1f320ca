// SPDX-License-Identifier: Apache-2.0
// entry_points.def, classical shadows and observables that the run makes.
#include "runtime/base/guard.h"
#include "runtime/estimate/ledger.h"
#include "runtime/estimate/precision.h"
#include "runtime/shadow/record.h"

#include <cmath>
#include <vector>

using namespace qdo::base;
using qdo::shadow::Record;
using qdo::sim::Observable;
using qdo::sim::Recipe;

static std::vector<const Observable *> observablesOf(qdo_list list) {
  std::vector<const Observable *> observables;
  for (const List::Slot &slot : as<List>(list)->slots)
    observables.push_back(as<Observable>(slot.object));
  return observables;
}

template <class T> static List *listOf(Context &context, const std::vector<T *> &objects) {
  List *list = context.make<List>();
  for (T *object : objects)
    list->slots.push_back({.object = handle(object)});
  list->size = std::ssize(objects);
  return list;
}

static std::optional<double> precision(double within) {
  return within == 0 ? std::nullopt : std::optional(within);
}

/// Whether these are Clifford bases; nothing after a failure.
static std::optional<bool> cliffordBases(Context &context, qdo_site site, qdo_string by) {
  const std::string &name = as<String>(by)->text;
  if (name == "pauli" || name == "clifford")
    return name == "clifford";
  context.fail(site, Kind::BadValue, "`by`", "\"" + name + "\"", "\"pauli\" or \"clifford\"");
  return std::nullopt;
}

extern "C" {

qdo_observable qdo_rt_observable_sum(qdo_ctx *ctx, qdo_site site, qdo_observable a,
                                     qdo_observable b, double factor) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    auto *sum = context.make<Observable>();
    for (const auto &term : as<Observable>(a)->terms)
      sum->add(term.weight, term);
    for (const auto &term : as<Observable>(b)->terms)
      sum->add(factor * term.weight, term);
    for (const auto &term : sum->terms)
      if (!std::isfinite(term.weight)) {
        context.fail(site, Kind::BadValue, "a weight of the observable", term.weight,
                     "a finite number");
        return nullptr;
      }
    return handle(sum);
  });
}

qdo_observable qdo_rt_observable_product(qdo_ctx *ctx, qdo_site site, qdo_observable a,
                                         qdo_observable b) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    auto *product = context.make<Observable>();
    for (const auto &s : as<Observable>(a)->terms)
      for (const auto &t : as<Observable>(b)->terms) {
        const auto string = qdo::sim::product(s, t);
        if (!string) {
          context.fail(site, Kind::BadValue, "a product of observables",
                       "one of two different Paulis on a qubit",
                       "one of strings that agree where both act");
          return nullptr;
        }
        product->add(string->weight, *string);
      }
    return handle(product);
  });
}

qdo_list qdo_rt_random_paulis(qdo_ctx *ctx, qdo_site site, int64_t count, int64_t qubits,
                              int64_t least, int64_t most) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(
        listOf(context, qdo::shadow::randomPaulis(context, site, count, qubits, least, most)));
  });
}

qdo_counts qdo_rt_shadow(qdo_ctx *ctx, qdo_site site, qdo_prep p, int64_t snapshots,
                         qdo_list wanted, double within, qdo_string by, int64_t calibration) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    auto *policy = qdo::estimate::requirePolicy(context, site);
    const auto clifford = policy ? cliffordBases(context, site, by) : std::nullopt;
    if (!clifford)
      return nullptr;
    const auto observables = observablesOf(wanted);
    const qdo::shadow::Purpose purpose{snapshots == -1 ? std::nullopt : std::optional(snapshots),
                                       observables, precision(within), *clifford, calibration};
    return handle(qdo::shadow::acquire(context, site, *as<Recipe>(p), purpose, *policy));
  });
}

qdo_list qdo_rt_shadow_expect(qdo_ctx *ctx, qdo_site site, qdo_counts record, qdo_list observables,
                              qdo_array within) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(listOf(context, qdo::shadow::expect(context, site, *as<Record>(record),
                                                      observablesOf(observables),
                                                      as<Array>(within)->values())));
  });
}

qdo_list qdo_rt_expect_each(qdo_ctx *ctx, qdo_site site, qdo_prep p, qdo_list observables,
                            qdo_array within) {
  return guarded(ctx, site, [&](Context &context) -> void * {
    const auto *policy = qdo::estimate::requirePolicy(context, site);
    if (!policy)
      return nullptr;
    auto estimates =
        qdo::estimate::estimateEach(context, site, *as<Recipe>(p), observablesOf(observables),
                                    as<Array>(within)->values(), *policy);
    auto &ledger = context.part<qdo::estimate::Ledger>();
    ledger.note(*policy);
    for (const auto *estimate : estimates)
      ledger.note(site, "expectation value", *estimate);
    return handle(listOf(context, estimates));
  });
}

qdo_estimate qdo_rt_shadow_fidelity(qdo_ctx *ctx, qdo_site site, qdo_counts record, qdo_prep r,
                                    double within) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(qdo::shadow::fidelity(context, site, *as<Record>(record), *as<Recipe>(r),
                                        precision(within)));
  });
}

qdo_estimate qdo_rt_shadow_purity(qdo_ctx *ctx, qdo_site site, qdo_counts record, int64_t qubits,
                                  bool entropy) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(qdo::shadow::purity(context, site, *as<Record>(record),
                                      static_cast<uint64_t>(qubits), entropy));
  });
}

int64_t qdo_rt_shadow_snapshots(qdo_ctx *ctx, qdo_site site, qdo_list observables, double within,
                                double confidence, qdo_string by, int64_t qubits) {
  return guarded(ctx, site, [&](Context &context) -> int64_t {
    const auto clifford = cliffordBases(context, site, by);
    if (!clifford)
      return 0;
    return qdo::shadow::snapshotsFor(context, site, observablesOf(observables), within, confidence,
                                     *clifford ? std::optional(qubits) : std::nullopt);
  });
}

int64_t qdo_rt_shadow_fidelity_snapshots(qdo_ctx *ctx, qdo_site site, double within, int64_t count,
                                         double confidence) {
  return guarded(ctx, site, [&](Context &context) {
    return qdo::shadow::snapshotsForFidelities(context, site, count, within, confidence);
  });
}

int64_t qdo_rt_shadow_size(qdo_ctx *ctx, qdo_counts record) {
  return guarded(ctx, 0, [&](Context &) { return as<Record>(record)->size(); });
}

int64_t qdo_rt_shadow_qubits(qdo_ctx *ctx, qdo_counts record) {
  return guarded(ctx, 0, [&](Context &) { return as<Record>(record)->qubits(); });
}

} // extern "C"
