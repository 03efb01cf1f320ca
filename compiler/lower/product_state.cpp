// SPDX-License-Identifier: Apache-2.0
// Alternating least squares: each low qubit in turn gets the best state given the others.
#include "compiler/lower/product_state.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace qdo::lower {

using Number = std::complex<double>;
using State = std::vector<Number>;
using Qubit = std::array<Number, 2>;

/// Sums qubit `at` out against <p|.
static State contract(const State &state, size_t at, const Qubit &p) {
  State rest(state.size() / 2);
  const size_t bit = size_t{1} << at;
  for (size_t i = 0; i < rest.size(); ++i) {
    const size_t low = ((i & ~(bit - 1)) << 1) | (i & (bit - 1));
    rest[i] = std::conj(p[0]) * state[low] + std::conj(p[1]) * state[low | bit];
  }
  return rest;
}

/// The state of the lowest qubit that holds most of the norm: the greater eigenvector of its
/// reduced density matrix.
static Qubit bestQubit(const State &state) {
  double a = 0, d = 0;
  Number c = 0; // (a, c*; c, d)
  for (size_t i = 0; i < state.size(); i += 2) {
    a += std::norm(state[i]);
    d += std::norm(state[i + 1]);
    c += std::conj(state[i]) * state[i + 1];
  }
  const double half = (a - d) / 2, root = std::hypot(half, std::abs(c));
  Qubit p = half >= 0 ? Qubit{half + root, c} : Qubit{std::conj(c), root - half};
  const double norm = std::hypot(std::abs(p[0]), std::abs(p[1]));
  if (norm == 0)
    return {1, 0};
  return {p[0] / norm, p[1] / norm};
}

static double norm(const State &state) {
  double sum = 0;
  for (const Number &z : state)
    sum += std::norm(z);
  return std::sqrt(sum);
}

/// The best state found whose lowest `products` qubits are in a product.
static ProductState withProducts(const State &state, size_t products) {
  std::vector<Qubit> qubits(products, Qubit{std::sqrt(0.5), std::sqrt(0.5)});
  auto rest = [&](size_t except) { // all others summed out, from above: it ends up lowest
    State left = state;
    for (size_t k = products; k-- > 0;)
      if (k != except)
        left = contract(left, k, qubits[k]);
    return left;
  };
  double before = 0;
  for (int round = 0; round < 200; ++round) {
    double after = 0;
    for (size_t k = 0; k < products; ++k) {
      State left = rest(k);
      qubits[k] = bestQubit(left);
      after = norm(contract(left, 0, qubits[k]));
    }
    if (after - before < 1e-15)
      break;
    before = after;
  }
  State high = state;
  for (size_t k = 0; k < products; ++k)
    high = contract(high, 0, qubits[k]);
  const double length = norm(high);
  for (Number &z : high)
    z /= length;
  return {0, 0, std::move(high), std::move(qubits)};
}

/// The amplitudes of all qubits.
static State whole(const ProductState &parts) {
  State result = parts.high;
  for (size_t k = parts.low.size(); k-- > 0;) {
    State wider(2 * result.size());
    for (size_t i = 0; i < result.size(); ++i)
      for (size_t bit = 0; bit < 2; ++bit)
        wider[2 * i + bit] = result[i] * parts.low[k][bit];
    result = std::move(wider);
  }
  return result;
}

ProductState nearestProductState(State state, double bound) {
  double largest = 0;
  for (const Number &z : state)
    largest = std::max({largest, std::fabs(z.real()), std::fabs(z.imag())});
  for (Number &z : state)
    z /= largest;
  const double length = norm(state);
  for (Number &z : state)
    z /= length;
  const auto qubits = static_cast<size_t>(std::countr_zero(state.size()));
  for (size_t products = qubits; products > 0; --products) {
    ProductState found = withProducts(state, products);
    found.exactQubits = static_cast<int>(qubits - products);
    State difference = state;
    const State prepared = whole(found);
    for (size_t i = 0; i < state.size(); ++i)
      difference[i] -= prepared[i];
    // Rounding of a few units in the last place of each number, with room to spare.
    found.distance = norm(difference) + 1e-13 * std::sqrt(static_cast<double>(state.size()));
    if (found.distance <= bound)
      return found;
  }
  return {static_cast<int>(qubits), 0, std::move(state), {}};
}

} // namespace qdo::lower
