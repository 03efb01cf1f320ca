// SPDX-License-Identifier: Apache-2.0
// Observables and exact values.
#include "runtime/sim/observable.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/sim/single.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::sim {

void Observable::add(double weight, uint64_t x, uint64_t z) {
  for (Term &term : terms)
    if (term.x == x && term.z == z) {
      term.weight += weight;
      return;
    }
  terms.push_back({weight, x, z});
}

uint64_t Observable::hash() const {
  uint64_t sum = 0; // of hashes of terms: order does not matter
  for (const Term &term : terms)
    sum += base::Hasher("term").add(term.weight).add(term.x).add(term.z).value();
  return base::mix(sum);
}

std::string Observable::format(std::string_view spec) const {
  std::string out;
  for (const Term &term : terms) {
    const bool negative = std::signbit(term.weight);
    const double size = std::fabs(term.weight);
    out += out.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    const bool showWeight = size != 1 || term.identity() || !spec.empty();
    if (showWeight)
      out += base::formatReal(spec, size);
    bool first = !showWeight;
    for (uint64_t rest = term.x | term.z; rest != 0; rest &= rest - 1) {
      const int q = std::countr_zero(rest);
      const bool x = term.x >> q & 1, z = term.z >> q & 1;
      out += first ? "" : " * ";
      out += x && z ? "Y[" : x ? "X[" : "Z[";
      out += std::to_string(q) + "]";
      first = false;
    }
  }
  return out.empty() ? "0" : out;
}

bool checkFits(base::Context &ctx, qdo_site site, const Observable &observable, int64_t qubits) {
  for (const Observable::Term &term : observable.terms) {
    const int64_t highest = static_cast<int64_t>(std::bit_width(term.x | term.z)) - 1;
    if (highest >= qubits) {
      ctx.fail(site, base::Kind::IndexOutOfRange, highest, qubits);
      return false;
    }
  }
  return true;
}

double exactExpect(base::Context &ctx, qdo_site site, const Recipe &recipe,
                   const Observable &observable) {
  if (!checkFits(ctx, site, observable, recipe.qubits))
    return 0;
  const Ready state = ready(ctx, site, recipe);
  if (!state)
    return 0;
  double value = 0;
  for (const Observable::Term &term : observable.terms)
    value += term.weight * (term.identity() ? 1 : state.expectPauli(term.x, term.z));
  return value;
}

Amplitude exactOverlap(base::Context &ctx, qdo_site site, const Recipe &p, const Recipe &r) {
  if (p.qubits != r.qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits on the right of the bra-ket",
             r.qubits, p.qubits);
    return 0;
  }
  const Ready bra = ready(ctx, site, p);
  const Ready ket = bra ? ready(ctx, site, r) : Ready();
  return ket ? innerProduct(bra, ket) : Amplitude(0);
}

double exactFidelity(base::Context &ctx, qdo_site site, const Recipe &p, const Recipe &r) {
  // In one order for both, so that k(a, b) and k(b, a) are the same to the last bit.
  const bool ordered = p.hash <= r.hash;
  const double fidelity = std::norm(exactOverlap(ctx, site, ordered ? p : r, ordered ? r : p));
  return std::min(fidelity, 1.0);
}

} // namespace qdo::sim
