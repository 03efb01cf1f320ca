// SPDX-License-Identifier: Apache-2.0
// Observables and exact values.
#include "runtime/sim/observable.h"

#include "runtime/base/format.h"
#include "runtime/base/hash.h"
#include "runtime/sim/stabilizer.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace qdo::sim {

void Observable::add(double weight, uint64_t x, uint64_t z) {
  add(weight, Term{1, x, z, std::exchange(words_, {})});
}

void Observable::add(double weight, const Term &string) {
  for (Term &term : terms)
    if (term.x == string.x && term.z == string.z && term.more == string.more) {
      term.weight += weight;
      return;
    }
  terms.push_back({weight, string.x, string.z, string.more});
}

std::optional<Observable::Term> product(const Observable::Term &a, const Observable::Term &b) {
  auto differ = [](uint64_t ax, uint64_t az, uint64_t bx, uint64_t bz) {
    return (((ax ^ bx) | (az ^ bz)) & (ax | az) & (bx | bz)) != 0;
  };
  if (differ(a.x, a.z, b.x, b.z))
    return std::nullopt;
  Observable::Term out{a.weight * b.weight, a.x ^ b.x, a.z ^ b.z, a.more};
  out.more.resize(std::max(a.more.size(), b.more.size()));
  for (size_t i = 0; i < b.more.size(); ++i) {
    auto &[x, z] = out.more[i];
    if (differ(x, z, b.more[i].first, b.more[i].second))
      return std::nullopt;
    x ^= b.more[i].first;
    z ^= b.more[i].second;
  }
  while (!out.more.empty() && out.more.back() == std::pair<uint64_t, uint64_t>())
    out.more.pop_back();
  return out;
}

void Observable::addWord(size_t word, uint64_t x, uint64_t z) {
  words_.resize(word);
  words_[word - 1] = {x, z};
}

uint64_t Observable::hash() const {
  uint64_t sum = 0; // of hashes of terms: order does not matter
  for (const Term &term : terms) {
    base::Hasher hash("term");
    hash.add(term.weight).add(term.x).add(term.z);
    for (const auto &[x, z] : term.more)
      hash.add(x).add(z);
    sum += hash.value();
  }
  return base::mix(sum);
}

std::string Observable::format(std::string_view spec) const {
  // What is no format of numbers, such as `>12`, is one of the whole text.
  if (!spec.empty() && spec.find_first_of("aAeEfFgG") == spec.npos)
    return base::formatText(spec, format(""));
  std::string out;
  for (const Term &term : terms) {
    const bool negative = std::signbit(term.weight);
    const double size = std::fabs(term.weight);
    out += out.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    const bool showWeight = size != 1 || term.identity() || !spec.empty();
    if (showWeight)
      out += base::formatReal(spec, size);
    bool first = !showWeight;
    auto factors = [&](uint64_t xs, uint64_t zs, int from) {
      for (uint64_t rest = xs | zs; rest != 0; rest &= rest - 1) {
        const int q = std::countr_zero(rest);
        const bool x = xs >> q & 1, z = zs >> q & 1;
        out += first ? "" : " * ";
        out += x && z ? "Y[" : x ? "X[" : "Z[";
        out += std::to_string(from + q) + "]";
        first = false;
      }
    };
    factors(term.x, term.z, 0);
    for (size_t word = 0; word < term.more.size(); ++word)
      factors(term.more[word].first, term.more[word].second, static_cast<int>(64 * (word + 1)));
  }
  return out.empty() ? "0" : out;
}

bool checkFits(base::Context &ctx, qdo_site site, const Observable &observable, int64_t qubits) {
  for (const Observable::Term &term : observable.terms) {
    const uint64_t last =
        term.more.empty() ? term.x | term.z : term.more.back().first | term.more.back().second;
    const int64_t highest = static_cast<int64_t>(64 * term.more.size()) + std::bit_width(last) - 1;
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
  const Prepared state = prepareAny(ctx, site, recipe);
  if (!state)
    return 0;
  double value = 0;
  for (const Observable::Term &term : observable.terms)
    value += term.weight * state.mean(term);
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
  if (p.qubits == r.qubits && choosesTableau(ctx, p) && choosesTableau(ctx, r))
    return stabilizerFidelity(ctx, site, p, r);
  // In one order for both, so that k(a, b) and k(b, a) are the same to the last bit.
  const bool ordered = p.hash <= r.hash;
  const double fidelity = std::norm(exactOverlap(ctx, site, ordered ? p : r, ordered ? r : p));
  return std::min(fidelity, 1.0);
}

} // namespace qdo::sim
