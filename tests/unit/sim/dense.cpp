// SPDX-License-Identifier: Apache-2.0
// Gates from their definitions, embedded by Kronecker products.
#include "tests/unit/sim/dense.h"

#include <complex>
#include <functional>
#include <map>
#include <numbers>
#include <stdexcept>

namespace dense {

using C = std::complex<double>;
static const C i(0, 1);

Matrix kron(const Matrix &a, const Matrix &b) {
  Matrix out(a.rows() * b.rows(), a.cols() * b.cols());
  for (int r = 0; r < a.rows(); ++r)
    for (int c = 0; c < a.cols(); ++c)
      out.block(r * b.rows(), c * b.cols(), b.rows(), b.cols()) = a(r, c) * b;
  return out;
}

static Matrix two(C a, C b, C c, C d) {
  Matrix m(2, 2);
  m << a, b, c, d;
  return m;
}

Matrix pauli(char letter) {
  switch (letter) {
  case 'X':
    return two(0, 1, 1, 0);
  case 'Y':
    return two(0, -i, i, 0);
  case 'Z':
    return two(1, 0, 0, -1);
  default:
    return Matrix::Identity(2, 2);
  }
}

Matrix pauliString(const std::string &letters) {
  Matrix out = Matrix::Identity(1, 1);
  for (char letter : letters)
    out = kron(pauli(letter), out);
  return out;
}

/// exp(-i t P / 2) for a P whose square is the identity.
static Matrix rotation(const Matrix &p, double t) {
  return std::cos(t / 2) * Matrix::Identity(p.rows(), p.cols()) - i * std::sin(t / 2) * p;
}

/// OpenQASM 3: U(theta, phi, lambda) = e^{i (phi + lambda) / 2} RZ(phi) RY(theta) RZ(lambda).
static Matrix u(double theta, double phi, double lambda) {
  return std::exp(i * ((phi + lambda) / 2)) * rotation(pauli('Z'), phi) *
         rotation(pauli('Y'), theta) * rotation(pauli('Z'), lambda);
}

static Matrix phase(double a) { return std::exp(i * (a / 2)) * rotation(pauli('Z'), a); }

Matrix gate(const std::string &name, const double *a) {
  using std::numbers::pi;
  const double root = 1 / std::numbers::sqrt2;
  const Matrix h = root * (pauli('X') + pauli('Z'));
  // The square root of X is H S H, its global phase included.
  const std::map<std::string, std::function<Matrix()>> table = {
      {"x", [] { return pauli('X'); }},
      {"y", [] { return pauli('Y'); }},
      {"z", [] { return pauli('Z'); }},
      {"h", [&] { return h; }},
      {"s", [] { return phase(pi / 2); }},
      {"sdg", [] { return phase(-pi / 2); }},
      {"t", [] { return phase(pi / 4); }},
      {"tdg", [] { return phase(-pi / 4); }},
      {"sx", [&] { return Matrix(h * phase(pi / 2) * h); }},
      {"p", [&] { return phase(a[0]); }},
      {"rx", [&] { return rotation(pauli('X'), a[0]); }},
      {"ry", [&] { return rotation(pauli('Y'), a[0]); }},
      {"rz", [&] { return rotation(pauli('Z'), a[0]); }},
      {"u", [&] { return u(a[0], a[1], a[2]); }},
      {"cx", [] { return pauli('X'); }},
      {"cy", [] { return pauli('Y'); }},
      {"cz", [] { return pauli('Z'); }},
      {"ch", [&] { return h; }},
      {"cp", [&] { return phase(a[0]); }},
      {"crx", [&] { return rotation(pauli('X'), a[0]); }},
      {"cry", [&] { return rotation(pauli('Y'), a[0]); }},
      {"crz", [&] { return rotation(pauli('Z'), a[0]); }},
      {"cu", [&] { return Matrix(std::exp(i * a[3]) * u(a[0], a[1], a[2])); }},
      {"swap",
       [] {
         Matrix sum = Matrix::Identity(4, 4);
         for (char letter : {'X', 'Y', 'Z'})
           sum += pauliString({letter, letter});
         return Matrix(sum / 2);
       }},
      {"cswap", [&] { return gate("swap", a); }},
      {"ccx", [] { return pauli('X'); }},
      {"rxx", [&] { return rotation(pauliString("XX"), a[0]); }},
      {"ryy", [&] { return rotation(pauliString("YY"), a[0]); }},
      {"rzz", [&] { return rotation(pauliString("ZZ"), a[0]); }},
  };
  auto found = table.find(name);
  if (found == table.end())
    throw std::invalid_argument("the reference lacks the gate " + name);
  return found->second();
}

int controlsIn(const std::string &name) {
  if (name == "ccx")
    return 2;
  return name[0] == 'c' ? 1 : 0;
}

Matrix embed(const Matrix &unitary, const std::vector<int> &controls,
             const std::vector<int> &targets, int qubits) {
  const Matrix one = two(0, 0, 0, 1);
  const Matrix change = unitary - Matrix::Identity(unitary.rows(), unitary.cols());
  const int dimension = 1 << targets.size();
  Matrix out = Matrix::Identity(1 << qubits, 1 << qubits);
  // 1 + (all controls are 1) (U - 1), with U - 1 as a sum of products of unit matrices.
  for (int row = 0; row < dimension; ++row)
    for (int column = 0; column < dimension; ++column) {
      Matrix product = change(row, column) * Matrix::Identity(1, 1);
      for (int q = 0; q < qubits; ++q) {
        Matrix factor = Matrix::Identity(2, 2);
        for (int control : controls)
          if (control == q)
            factor = one;
        for (size_t t = 0; t < targets.size(); ++t)
          if (targets[t] == q) {
            factor = Matrix::Zero(2, 2);
            factor(row >> t & 1, column >> t & 1) = 1;
          }
        product = kron(factor, product);
      }
      out += product;
    }
  return out;
}

} // namespace dense
