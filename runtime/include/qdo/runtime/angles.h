// SPDX-License-Identifier: Apache-2.0
// Angles of circuits that prepare a given state or apply a given matrix.
// In: numbers, flattened. Out: angles, or why there are none. Why a header of plain arithmetic:
// the runtime computes them for each row of data, the elaborator for what it knows, and both must
// agree.
// Must not: depend on anything but the standard library.
#ifndef QDO_RUNTIME_ANGLES_H
#define QDO_RUNTIME_ANGLES_H

#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace qdo::angles {

/// A row of angles.def.
enum class Rule : int32_t {
#define QDO_ANGLES(name, help) name,
#include "qdo/runtime/angles.def"
};

enum class Problem : uint8_t { None, NotFinite, Zero, NotNormalised, NotUnitary };
/// `detail`: the index of what is not finite, the norm, or the largest entry of U U^dagger - 1.
struct Verdict {
  Problem problem = Problem::None;
  double detail = 0;
};

/// The detail as people read it: an index, or six digits.
inline std::string shown(const Verdict &verdict) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", verdict.detail);
  return text;
}

/// What typed numbers such as 0.6 and 0.8 keep, and rounded ones such as 0.7071 do not.
inline constexpr double Tolerance = 1e-9;

inline bool isComplex(Rule rule) { return rule >= Rule::state_complex; }

/// Qubits of `numbers` amplitudes: the least n with 2^n >= numbers.
inline int qubitsFor(int64_t numbers) {
  int n = 0;
  while ((int64_t{1} << n) < numbers)
    ++n;
  return n;
}

/// How many angles come out of `count` reals. States: 2^n - 1 about Y, level by level from the
/// highest qubit; complex ones then as many about Z and one global phase. Matrices: see
/// matrixAngles.
inline int64_t angleCount(Rule rule, int64_t count) {
  if (rule == Rule::matrix) {
    int64_t side = 1;
    while (2 * side * side < count)
      side *= 2;
    return side == 2 ? 4 : 2 * side * (side - 1) + 1;
  }
  const int n = qubitsFor(isComplex(rule) ? count / 2 : count);
  const int64_t tree = (int64_t{1} << n) - 1;
  return isComplex(rule) ? 2 * tree + 1 : tree;
}

namespace detail {

/// The angles of a multiplexed rotation as those of its circuit: rotation, cx, rotation, cx .. with
/// the controls of a Gray code (Mottonen et al., Quant. Inf. Comp. 5, 467 (2005), eq. 3):
/// theta_j = 2^-k sum_i (-1)^(b_i . g_j) alpha_i, by one Walsh-Hadamard transform.
inline void toGrayCode(std::span<double> angles) {
  const size_t count = angles.size();
  for (size_t half = 1; half < count; half *= 2)
    for (size_t block = 0; block < count; block += 2 * half)
      for (size_t i = block; i < block + half; ++i) {
        const double sum = angles[i] + angles[i + half];
        angles[i + half] = angles[i] - angles[i + half];
        angles[i] = sum;
      }
  std::vector<double> transformed(angles.begin(), angles.end());
  for (size_t j = 0; j < count; ++j)
    angles[j] = transformed[j ^ (j >> 1)] / static_cast<double>(count);
}

} // namespace detail

/// A tree of rotations: at each node the amplitudes below share the norm by an angle about Y and
/// their phase difference by one about Z, so that the phases left over meet in one global phase.
inline Verdict stateAngles(Rule rule, std::span<const double> data, std::span<double> out) {
  const bool complex = isComplex(rule);
  const size_t numbers = complex ? data.size() / 2 : data.size();
  const int n = qubitsFor(static_cast<int64_t>(numbers));
  const size_t size = size_t{1} << n;
  std::vector<double> norms(size, 0), phases(complex ? size : 0, 0);
  double largest = 0;
  for (size_t i = 0; i < data.size(); ++i) {
    if (!std::isfinite(data[i]))
      return {Problem::NotFinite, static_cast<double>(complex ? i / 2 : i)};
    largest = std::fmax(largest, std::fabs(data[i]));
  }
  if (largest == 0)
    return {Problem::Zero, 0};
  double squares = 0; // of numbers near 1, so that tiny and huge vectors have a norm
  for (size_t i = 0; i < numbers; ++i)
    if (complex) {
      const std::complex<double> z{data[2 * i] / largest, data[2 * i + 1] / largest};
      norms[i] = std::abs(z);
      phases[i] = norms[i] == 0 ? 0 : std::arg(z);
      squares += std::norm(z);
    } else {
      norms[i] = data[i] / largest; // signed: its sign is the only phase
      squares += norms[i] * norms[i];
    }
  const double norm = std::sqrt(squares) * largest;
  const bool normalise =
      rule == Rule::state_real_normalised || rule == Rule::state_complex_normalised;
  if (!normalise && !(std::fabs(norm - 1) <= Tolerance))
    return {Problem::NotNormalised, norm};

  const size_t tree = size - 1;
  for (size_t width = size / 2; width >= 1; width /= 2) {
    std::span<double> y = out.subspan(width - 1, width);
    for (size_t i = 0; i < width; ++i) {
      const double low = norms[2 * i], high = norms[2 * i + 1];
      y[i] = 2 * std::atan2(high, low);
      norms[i] = std::hypot(low, high);
    }
    detail::toGrayCode(y);
    if (!complex)
      continue;
    std::span<double> z = out.subspan(tree + width - 1, width);
    for (size_t i = 0; i < width; ++i) {
      z[i] = phases[2 * i + 1] - phases[2 * i];
      phases[i] = (phases[2 * i + 1] + phases[2 * i]) / 2;
    }
    detail::toGrayCode(z);
  }
  if (complex)
    out[2 * tree] = phases[0];
  return {};
}

/// e^{i gamma} u(theta, phi, lambda) of a unitary of one qubit: theta, phi, lambda, gamma.
inline void oneQubitAngles(std::complex<double> a, std::complex<double> b, std::complex<double> c,
                           std::complex<double> d, std::span<double> out) {
  const double theta = 2 * std::atan2(std::abs(c), std::abs(a));
  double phi = 0, lambda = 0, gamma = 0;
  constexpr double none = 1e-12; // below it an entry has no phase worth keeping
  if (std::abs(a) > none) {
    gamma = std::arg(a);
    if (std::abs(c) > none) {
      phi = std::arg(c) - gamma;
      lambda = std::arg(-b) - gamma;
    } else {
      lambda = std::arg(d) - gamma;
    }
  } else {
    phi = std::arg(c);
    lambda = std::arg(-b);
  }
  out[0] = theta;
  out[1] = phi;
  out[2] = lambda;
  out[3] = gamma;
}

/// Row and column numbers in the order of a Gray code: neighbours differ in one bit.
inline int64_t gray(int64_t i) { return i ^ (i >> 1); }

/// One qubit: theta, phi, lambda, gamma of e^{i gamma} u. More: the phase of the last number of the
/// Gray code, then for each step theta, phi, lambda, gamma of a gate on the bit in which rows
/// gray(r - 1) and gray(r) differ, all others being controls. Steps are in the order in which they
/// act: columns from the last but one to the first, in each r from column + 1 upwards (two-level
/// unitaries, Nielsen & Chuang 4.5.1).
inline Verdict matrixAngles(std::span<const double> data, std::span<double> out) {
  int64_t side = 1;
  while (2 * side * side < static_cast<int64_t>(data.size()))
    side *= 2;
  for (size_t i = 0; i < data.size(); ++i)
    if (!std::isfinite(data[i]))
      return {Problem::NotUnitary, data[i]};
  std::vector<std::complex<double>> m(static_cast<size_t>(side * side));
  for (size_t i = 0; i < m.size(); ++i)
    m[i] = {data[2 * i], data[2 * i + 1]};
  auto at = [&](int64_t r, int64_t c) -> std::complex<double> & {
    return m[static_cast<size_t>(r * side + c)];
  };
  double worst = 0;
  for (int64_t i = 0; i < side; ++i)
    for (int64_t j = 0; j < side; ++j) {
      std::complex<double> sum = i == j ? -1 : 0;
      for (int64_t k = 0; k < side; ++k)
        sum += at(i, k) * std::conj(at(j, k));
      worst = std::fmax(worst, std::abs(sum));
    }
  if (!(worst <= Tolerance))
    return {Problem::NotUnitary, worst};
  if (side == 2) {
    oneQubitAngles(at(0, 0), at(0, 1), at(1, 0), at(1, 1), out);
    return {};
  }
  // V_s .. V_1 U = diag(1, .., 1, e^{i d}): what acts last is found first.
  size_t step = out.size();
  for (int64_t column = 0; column + 1 < side; ++column)
    for (int64_t r = side - 1; r > column; --r) {
      const int64_t upper = gray(r - 1), lower = gray(r), c = gray(column);
      std::complex<double> a = at(upper, c), b = at(lower, c);
      const double length = std::hypot(std::abs(a), std::abs(b));
      if (length == 0) {
        a = 1;
        b = 0;
      } else {
        a /= length;
        b /= length;
      }
      for (int64_t k = 0; k < side; ++k) {
        const std::complex<double> x = at(upper, k), y = at(lower, k);
        at(upper, k) = std::conj(a) * x + std::conj(b) * y;
        at(lower, k) = -b * x + a * y;
      }
      // V^dagger = ((a, -b*), (b, a*)) on (upper, lower); the gate acts on bit values (0, 1).
      step -= 4;
      if (upper < lower)
        oneQubitAngles(a, -std::conj(b), b, std::conj(a), out.subspan(step, 4));
      else
        oneQubitAngles(std::conj(a), b, -std::conj(b), a, out.subspan(step, 4));
    }
  out[0] = std::arg(at(gray(side - 1), gray(side - 1)));
  return {};
}

inline Verdict compute(Rule rule, std::span<const double> data, std::span<double> out) {
  return rule == Rule::matrix ? matrixAngles(data, out) : stateAngles(rule, data, out);
}

} // namespace qdo::angles

#endif
