// SPDX-License-Identifier: Apache-2.0
// A C++ program that calls encodings written in qdo: rows of data in, kernel values and states out.
//   qdo build similarity.qdo --emit lib -o libsimilarity.so
//   c++ similarity.cpp -I. -IINCLUDE ./libsimilarity.so -o similarity && ./similarity
// INCLUDE is the folder of qdo/runtime/abi.h.
#include "libsimilarity.h"

#include <cstdio>

int main() {
  qdo_options options{};
  qdo_ctx *run = qdo_rt_open(&options);
  const double rows[3][4] = {{0.1, 0.4, -0.2, 0.3}, {0.1, 0.5, -0.2, 0.3}, {-0.9, 0.8, 0.7, -0.6}};
  double gram[3][3], half[2][2];
  const double angle = 1.0471975511965976; // pi / 3: cos(pi / 6) |0> + sin(pi / 6) |1>
  if (!qdo_rt_encoding_gram(run, &similarity_flowers, rows[0], 3, gram[0]) ||
      !qdo_rt_encoding_states(run, &similarity_circle, &angle, 1, half[0])) {
    std::fprintf(stderr, "%s\n", qdo_rt_failure(run)->message);
    return 1;
  }
  for (const auto &row : gram)
    std::printf("%.6f %.6f %.6f\n", row[0], row[1], row[2]);
  std::printf("%.6f %.6f\n", half[0][0], half[1][0]);
  qdo_rt_close(run);
  return 0;
}
