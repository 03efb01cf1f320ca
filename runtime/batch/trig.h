// SPDX-License-Identifier: Apache-2.0
// Sines, cosines and arguments of vectors. For the kernel sources of one instruction set only.
// In: any doubles. Out: errors of at most about 2e-16; angles too large for the fast reduction take
// the C library's. A lane's result depends on that lane only.
// Why: coefficients are those of fdlibm (Sun Microsystems 1993) and of Cephes (Moshier 1989).
#pragma once

#include "runtime/batch/lanes.h"

#include <math.h>

namespace qdo::batch {
namespace {

/// cos x and sin x.
template <int L> inline Complex<L> turned(V<L> x) {
  // n = x / (pi/2) rounded, by adding a number whose last bit is worth 1; its low bits are n.
  const double shift = 0x1.8p52;
  const V<L> shifted = x * 0x1.45f306dc9c883p-1 + shift;
  const V<L> n = shifted - shift;
  // pi/2 in three parts; n times the first two is exact up to n = 2^20.
  V<L> r = fma(n, all<L>(-0x1.921fb544p0), x);
  r = fma(n, all<L>(-0x1.0b4611a6p-34), r);
  r = fma(n, all<L>(-0x1.3198a2e037073p-69), r);
  const V<L> z = r * r;
  V<L> s = fma(z, all<L>(1.58969099521155010221e-10), all<L>(-2.50507602534068634195e-08));
  s = fma(z, s, all<L>(2.75573137070700676789e-06));
  s = fma(z, s, all<L>(-1.98412698298579493134e-04));
  s = fma(z, s, all<L>(8.33333333332248946124e-03));
  s = fma(z, s, all<L>(-1.66666666666666324348e-01));
  s = fma(z * r, s, r);
  V<L> c = fma(z, all<L>(-1.13596475577881948265e-11), all<L>(2.08757232129817482790e-09));
  c = fma(z, c, all<L>(-2.75573143513906633035e-07));
  c = fma(z, c, all<L>(2.48015872894767294178e-05));
  c = fma(z, c, all<L>(-1.38888888888741095749e-03));
  c = fma(z, c, all<L>(4.16666666666666019037e-02));
  c = fma(z * z, c, fma(z, all<L>(-0.5), all<L>(1.0)));
  const B<L> quadrant = B<L>(shifted);
  const B<L> swap = -(quadrant & 1);
  V<L> sine = select<L>(swap, c, s), cosine = select<L>(swap, s, c);
  sine = V<L>(B<L>(sine) ^ ((quadrant & 2) << 62));
  cosine = V<L>(B<L>(cosine) ^ (((quadrant + 1) & 2) << 62));
  const B<L> large = ~(absolute<L>(x) < 1e6);
  if (__builtin_expect(__builtin_reduce_or(large) != 0, 0))
    for (int lane = 0; lane < L; ++lane)
      if (large[lane] != 0) {
        sine[lane] = ::sin(x[lane]);
        cosine[lane] = ::cos(x[lane]);
      }
  return {cosine, sine};
}

/// The argument of x + iy, in [-pi, pi]; 0 for 0.
template <int L> inline V<L> argument(V<L> y, V<L> x) {
  // atan of the smaller over the larger, reduced once more by pi/4 where that is above tan(pi/8).
  const V<L> ax = absolute<L>(x), ay = absolute<L>(y);
  const B<L> steep = ay > ax;
  const V<L> small = select<L>(steep, ax, ay), large = select<L>(steep, ay, ax);
  const B<L> upper = small > 0.41421356237309503 * large;
  V<L> numerator = select<L>(upper, small - large, small);
  V<L> denominator = select<L>(upper, small + large, large);
  denominator = select<L>(denominator == 0.0, all<L>(1), denominator);
  const V<L> t = numerator / denominator, z = t * t;
  V<L> p = fma(z, all<L>(-8.750608600031904122785e-1), all<L>(-1.615753718733365076637e1));
  p = fma(z, p, all<L>(-7.500855792314704667340e1));
  p = fma(z, p, all<L>(-1.228866684490136173410e2));
  p = fma(z, p, all<L>(-6.485021904942025371773e1));
  V<L> q = z + 2.485846490142306297962e1;
  q = fma(z, q, all<L>(1.650270098316988542046e2));
  q = fma(z, q, all<L>(4.328810604912902668951e2));
  q = fma(z, q, all<L>(4.853903996359136964868e2));
  q = fma(z, q, all<L>(1.945506571482613964425e2));
  V<L> angle = fma(t * z, p / q, t);
  angle += select<L>(upper, all<L>(0x1.921fb54442d18p-1), all<L>(0));
  angle = select<L>(steep, 0x1.921fb54442d18p0 - angle, angle);
  angle = select<L>(x < 0.0, 0x1.921fb54442d18p1 - angle, angle);
  return flipSign<L>(angle, y);
}

} // namespace
} // namespace qdo::batch
