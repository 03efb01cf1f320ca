// SPDX-License-Identifier: Apache-2.0
// A plot of measured points and a fitted curve, as SVG inside a page.
#pragma once

#include <string>
#include <vector>

namespace qdo::render {

struct Plot {
  struct Point {
    double x, value, low, high;
  };
  std::string xLabel, yLabel, description; ///< plain text
  std::vector<Point> points;
  std::vector<std::pair<double, double>> line; ///< may be empty
};

/// Numbers that people count by (1, 2, 5 times a power of ten) from low to high, about `count`.
std::vector<double> ticks(double low, double high, int count);

std::string svg(const Plot &plot);

} // namespace qdo::render
