// SPDX-License-Identifier: Apache-2.0
// Real-weighted sums of Pauli strings.
// In: weights and masks (bit q for qubit q, Y is in both). Out: terms without duplicates, exact
// means.
#pragma once

#include "runtime/sim/prepare.h"

#include <optional>
#include <utility>
#include <vector>

namespace qdo::sim {

struct Observable final : base::Object {
  struct Term {
    double weight;
    uint64_t x, z;
    /// Masks of the qubits 64 and above, 64 in each; the last one is not empty.
    std::vector<std::pair<uint64_t, uint64_t>> more = {};
    bool identity() const { return (x | z) == 0 && more.empty(); }
  };

  Observable() : Object(base::ObjectKind::Observable) {}
  /// `0.5 * Z[0] * Z[1] - 0.3 * X[0]`; a spec of numbers (`.2f`) applies to the weights, another
  /// one (`>12`) to the whole.
  std::string format(std::string_view spec) const override;
  /// Adds to the weight of an equal string if there is one.
  void add(double weight, uint64_t x, uint64_t z);
  /// The same string, of any width, with another weight.
  void add(double weight, const Term &string);
  /// A mask of the next term for the qubits from 64 * word on, word > 0.
  void addWord(size_t word, uint64_t x, uint64_t z);
  /// The same for the same terms in any order.
  uint64_t hash() const;

  std::vector<Term> terms;

private:
  std::vector<std::pair<uint64_t, uint64_t>> words_; ///< of the next term
};

/// The product of two strings and of their weights; nothing where two different Paulis meet.
std::optional<Observable::Term> product(const Observable::Term &a, const Observable::Term &b);

/// Whether the strings stay on the qubits; fails with IndexOutOfRange otherwise.
bool checkFits(base::Context &ctx, qdo_site site, const Observable &observable, int64_t qubits);

/// <recipe|observable|recipe>, exact; 0 after a failure.
double exactExpect(base::Context &ctx, qdo_site site, const Recipe &recipe,
                   const Observable &observable);
/// <p|r>, exact, each with its circuit's own phase; 0 after a failure.
Amplitude exactOverlap(base::Context &ctx, qdo_site site, const Recipe &p, const Recipe &r);
/// |<p|r>|^2 in [0, 1]; 0 after a failure.
double exactFidelity(base::Context &ctx, qdo_site site, const Recipe &p, const Recipe &r);

} // namespace qdo::sim
