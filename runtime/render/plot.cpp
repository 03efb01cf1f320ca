// SPDX-License-Identifier: Apache-2.0
// Axes, error bars, dots, a line.
#include "runtime/render/plot.h"

#include "runtime/render/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace qdo::render {

std::vector<double> ticks(double low, double high, int count) {
  if (!(high > low) || !std::isfinite(high - low))
    return {low};
  const double rough = (high - low) / count, power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (double nice : {1.0, 2.0, 5.0})
    if (nice * power >= rough) {
      step = nice * power;
      break;
    }
  std::vector<double> marks;
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k)
    marks.push_back(k == 0 ? 0 : k * step);
  return marks;
}

namespace {
constexpr double width = 720, height = 360, left = 70, right = 15, top = 15, bottom = 50;

/// From numbers to the picture.
struct Scale {
  double low, high, from, to;
  double operator()(double value) const {
    return from + (value - low) / (high - low) * (to - from);
  }
};

/// A little room on both sides; a width even when all numbers are one.
Scale scaleOf(double low, double high, double from, double to) {
  const double room = high > low ? (high - low) * 0.05 : std::max(std::abs(low), 1.0) * 0.05;
  return {low - room, high + room, from, to};
}
} // namespace

std::string svg(const Plot &plot) {
  if (plot.points.empty())
    return {};
  double xLow = plot.points[0].x, xHigh = xLow, yLow = plot.points[0].low,
         yHigh = plot.points[0].high;
  auto include = [&](double x, double a, double b) {
    xLow = std::min(xLow, x), xHigh = std::max(xHigh, x);
    yLow = std::min(yLow, a), yHigh = std::max(yHigh, b);
  };
  for (const auto &p : plot.points)
    include(p.x, p.low, p.high);
  for (const auto &[x, y] : plot.line)
    include(x, y, y);
  const Scale x = scaleOf(xLow, xHigh, left, width - right);
  const Scale y = scaleOf(yLow, yHigh, height - bottom, top);
  std::string out = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                                width, height, escaped(plot.description));
  for (double mark : ticks(x.low, x.high, 8))
    out += fmt::format("<line class=\"grid\" x1=\"{0:.2f}\" x2=\"{0:.2f}\" y1=\"{1}\" y2=\"{2}\"/>"
                       "<text x=\"{0:.2f}\" y=\"{3}\" text-anchor=\"middle\">{4:.6g}</text>\n",
                       x(mark), top, height - bottom, height - bottom + 18, mark);
  for (double mark : ticks(y.low, y.high, 6))
    out += fmt::format("<line class=\"grid\" x1=\"{1}\" x2=\"{2}\" y1=\"{0:.2f}\" y2=\"{0:.2f}\"/>"
                       "<text x=\"{3}\" y=\"{4:.2f}\" text-anchor=\"end\">{5:.6g}</text>\n",
                       y(mark), left, width - right, left - 8, y(mark) + 4, mark);
  out += fmt::format("<path class=\"axis\" d=\"M{0} {1}V{2}H{3}\"/>\n", left, top, height - bottom,
                     width - right);
  if (!plot.line.empty()) {
    out += "<path class=\"fit\" d=\"";
    char command = 'M';
    for (const auto &[px, py] : plot.line) {
      out += fmt::format("{}{:.2f} {:.2f}", command, x(px), y(py));
      command = 'L';
    }
    out += "\"/>\n";
  }
  for (const auto &p : plot.points)
    out += fmt::format("<line class=\"bar\" x1=\"{0:.2f}\" x2=\"{0:.2f}\" y1=\"{1:.2f}\" "
                       "y2=\"{2:.2f}\"/><circle class=\"dot\" cx=\"{0:.2f}\" cy=\"{3:.2f}\" "
                       "r=\"3\"/>\n",
                       x(p.x), y(p.low), y(p.high), y(p.value));
  out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                     (left + width - right) / 2, height - 10, escaped(plot.xLabel));
  out += fmt::format("<text transform=\"translate(16 {}) rotate(-90)\" "
                     "text-anchor=\"middle\">{}</text>\n</svg>\n",
                     (top + height - bottom) / 2, escaped(plot.yLabel));
  return out;
}

} // namespace qdo::render
