// SPDX-License-Identifier: Apache-2.0
// A C++ program that calls what is written in qdo: rows of data in, kernel values and states out;
// functions, exact or with shots.
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

  // Estimates are a value and the two ends of its interval; 0 shots: exact values.
  double exact[3], seen[3], kernel[3], power, table[2][3];
  bool above;
  const double pair[2] = {2, 3}, triple[3] = {5, 7, 11};
  if (!similarity_height(run, 0, angle, exact) || !similarity_height(run, 1000, angle, seen) ||
      !similarity_heights(run, 0, angle, 0, kernel) ||
      !similarity_above(run, rows[0], 0.1, &above) || !similarity_power(run, 2, 10, &power) ||
      !similarity_products(run, pair, triple, table[0])) {
    std::fprintf(stderr, "%s\n", qdo_rt_failure(run)->message);
    return 1;
  }
  std::printf("%.6f %s %.6f\n", exact[0],
              seen[1] < seen[0] && seen[0] < seen[2] ? "within" : "outside", kernel[0]);
  std::printf("%s %.0f %.0f %.0f\n", above ? "above" : "below", power, table[0][1], table[1][2]);
  std::printf("%s\n", qdo_rt_spent_text(run));

  // A failure is a failure of the run.
  if (similarity_height(run, -1, angle, seen) || similarity_power(run, 2, 1, &power))
    return 1;
  std::printf("%s\n", qdo_rt_failure(run)->message);
  qdo_rt_close(run);
  return 0;
}
