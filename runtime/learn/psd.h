// SPDX-License-Identifier: Apache-2.0
// Gram matrices of sampled values have negative eigenvalues: ways to make them kernels again.
// In: a symmetric matrix. Out: the repaired one, what was done, and what rows of new points need.
// Why rows of new points: a matrix that is repaired in training alone compares apples with pears;
// the same map has to act on test rows (Chen, Gupta & Recht, JMLR 10, 747 (2009)).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::learn {

enum class Repair : unsigned char {
  None,    ///< as it was measured
  Clip,    ///< V max(lambda, 0) V^T; rows of new points times P = V 1[lambda > 0] V^T
  Flip,    ///< V |lambda| V^T; rows times V sign(lambda) V^T
  Shift,   ///< K + |lambda_min| I; rows stay, a point that is a training row gets the shift too
  Nearest, ///< nearest with the same diagonal (Higham, IMA J. Numer. Anal. 22, 329 (2002)); rows
           ///< times the P of Clip
  Cut ///< V lambda 1[lambda > |lambda_min|] V^T; rows times V 1[lambda > |lambda_min|] V^T. Noise
      ///< of independent entries has a spectrum that is symmetric about 0 (Wigner), so its most
      ///< negative eigenvalue says how large positive ones may be that are noise, too
};
/// "none", "clip", "flip", "shift", "nearest" or "cut".
std::optional<Repair> repairNamed(std::string_view name);

struct Repaired {
  bool changed = false;
  double least = 0;           ///< smallest eigenvalue before; 0 when nothing was negative
  size_t negative = 0;        ///< how many were negative; of Cut: were set to 0
  double distance = 0;        ///< Frobenius norm of the change
  double shift = 0;           ///< added to the value of a point with itself
  std::vector<double> rowMap; ///< n x n, for rows of new points; empty: they stay
};

/// Repairs the symmetric n x n matrix in place. Eigenvalues above -1e-9 times the largest are
/// rounding and left alone.
Repaired repairGram(std::span<double> gram, size_t n, Repair method);

/// The smallest eigenvalue of a symmetric n x n matrix, n > 0.
double leastEigenvalue(std::span<const double> matrix, size_t n);

/// "clipped 12 of 105 eigenvalues, the least -0.31; the matrix changed by 1.2 (Frobenius)".
std::string describe(const Repaired &repaired, Repair method, size_t n);

} // namespace qdo::learn
