// SPDX-License-Identifier: Apache-2.0
// The parts of a report: where it comes from, what was spent, what was measured.
#include "runtime/render/report.h"

#include "runtime/base/host.h"
#include "runtime/base/quantity.h"
#include "runtime/estimate/ledger.h"
#include "runtime/estimate/policy.h"
#include "runtime/observe/measured_curve.h"
#include "runtime/render/html.h"
#include "runtime/render/plot.h"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <unistd.h>

namespace qdo::render {

using base::grouped;
using observe::Curve;

static std::string row(std::initializer_list<std::string> cells, const char *tag = "td",
                       size_t firstNumber = 99) {
  std::string out = "<tr>";
  size_t at = 0;
  for (const std::string &cell : cells)
    out += fmt::format("<{0}{1}>{2}</{0}>", tag, at++ >= firstNumber ? " class=\"n\"" : "", cell);
  return out + "</tr>\n";
}

static std::string provenance(base::Context &ctx) {
  return "<h2>Where this comes from</h2>\n<table>\n" +
         row({"program", "<code>" + escaped(ctx.part<base::Host>().program()) + "</code>"}) +
         row({"seed", fmt::format("{}", ctx.seed())}) + row({"qdo", QDO_VERSION}) + "</table>\n" +
         "<p class=\"note\">The same program, data and seed measure the same numbers.</p>\n";
}

static std::string spending(base::Context &ctx) {
  std::string out =
      fmt::format("<h2>What was spent</h2>\n<p>{} shots on {} {}.</p>\n", grouped(ctx.spent.shots),
                  grouped(ctx.spent.circuits), ctx.spent.circuits == 1 ? "circuit" : "circuits");
  const auto &policies = ctx.part<estimate::Ledger>().policies();
  if (policies.empty())
    return out;
  out += "<table>\n" + row({"policy", "shots spent", "budget", "confidence"}, "th", 1);
  auto &purses = ctx.part<estimate::Policies>();
  for (const estimate::Policy *policy : policies)
    out += row({"<code>" + escaped(policy->name) + "</code>",
                policy->budget ? grouped(purses.spentFrom(*policy)) : "",
                policy->budget ? grouped(*policy->budget) : "none",
                fmt::format("{:.4g}%{}", policy->confidence * 100,
                            policy->method == estimate::Method::Wilson ? " (approximate)" : "")},
               "td", 1);
  return out + "</table>\n";
}

/// `squared`: the place is `|<p|r>|`, and what was measured there is its square.
static std::string placed(base::Context &ctx, qdo_site site, bool squared = false) {
  const base::Host::Place place = ctx.part<base::Host>().placeOf(site);
  std::string text = place.text;
  if (text.size() > 120) {
    size_t end = 117; // never inside a character
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
      --end;
    text = text.substr(0, end) + "...";
  }
  return "<code>" + escaped(text) + (squared && text.ends_with('|') ? "^2" : "") +
         "</code><br><span class=\"soft\">" + escaped(place.at) + "</span>";
}

static std::string estimates(base::Context &ctx) {
  const auto &ledger = ctx.part<estimate::Ledger>();
  if (ledger.entries().empty())
    return {};
  std::string out = "<h2>Estimates</h2>\n<table>\n" +
                    row({"what", "where", "value", "interval", "confidence", "shots"}, "th", 2);
  for (const auto &e : ledger.entries())
    out += row({escaped(e.what), placed(ctx, e.site, e.what == "fidelity"),
                escaped(base::plusMinus("", e.value, e.standardError)),
                fmt::format("{:.5g} to {:.5g}", e.low, e.high),
                fmt::format("{:.4g}%{}", e.confidence * 100, e.approximate ? " (approximate)" : ""),
                grouped(e.shots)},
               "td", 2);
  out += "</table>\n";
  std::map<qdo_site, int64_t> more;
  for (const auto &e : ledger.entries())
    more[e.site] = ledger.leftOut(e.site);
  for (const auto &[site, count] : more)
    if (count > 0)
      out += fmt::format("<p class=\"note\">{} further estimates of {} are not listed.</p>\n",
                         grouped(count), escaped(ctx.part<base::Host>().placeOf(site).at));
  return out;
}

/// The unit in which the longest wait is a plain number; a length is one.
static std::pair<double, std::string> unitOf(const Curve &c) {
  if (c.benchmarks() || c.points.empty())
    return {1, ""};
  for (auto [scale, name] : {std::pair(1.0, "s"), std::pair(1e-3, "ms"), std::pair(1e-6, "us")})
    if (c.points.back().x >= scale)
      return {scale, name};
  return {1e-9, "ns"};
}

/// "T1 = 50.3 us, 95% interval .."; or why there is no number.
static std::string fitted(const Curve &c) {
  const observe::Fit &fit = c.fit;
  if (!fit.identified())
    return fmt::format("{} is UNIDENTIFIED: {}", c.quantityName(), escaped(fit.reason));
  const auto [axisScale, axisUnit] = unitOf(c);
  const double scale = c.benchmarks() ? 1 : axisScale;
  const std::string unit = axisUnit.empty() ? "" : " " + axisUnit;
  const auto &q = fit.quantity;
  const int digits =
      q.standardError > 0
          ? std::clamp(1 - static_cast<int>(std::floor(std::log10(q.standardError / scale))), 0, 9)
          : 3;
  std::string out = fmt::format(
      "{} = {:.{}f}{}, {:.4g}% interval {:.{}f} to {:.{}f}{} (profile likelihood), goodness of fit "
      "p = {:.2g}",
      c.quantityName(), q.value / scale, digits, unit, fit.confidence * 100, q.low / scale, digits,
      q.high / scale, digits, unit, fit.pValue);
  if (fit.frequency > 0)
    out += fmt::format(", detuning {:.4g} kHz", fit.frequency / 1e3);
  if (!fit.reason.empty())
    out += "; " + escaped(fit.reason);
  return out;
}

static std::string curve(base::Context &ctx, const Curve &c) {
  const auto [scale, unit] = unitOf(c);
  Plot plot;
  plot.xLabel =
      unit.empty() ? std::string(c.axisName()) : fmt::format("{} in {}", c.axisName(), unit);
  plot.yLabel = c.benchmarks() ? c.observable : "<" + c.observable + ">";
  plot.description = fmt::format("{} against {}", plot.yLabel, c.axisName());
  double longest = 0;
  for (const auto &p : c.points) {
    plot.points.push_back({p.x / scale, p.value, p.low, p.high});
    longest = std::max(longest, p.x);
  }
  constexpr int steps = 240;
  if (c.fit.identified())
    for (int k = 0; k <= steps; ++k) {
      const double x = longest * k / steps;
      plot.line.emplace_back(x / scale, c.offset + c.scale * c.fit.curve(x, c.series));
    }
  return "<figure>\n" + svg(plot) + "<figcaption>" + placed(ctx, c.site) + "<br>" + fitted(c) +
         "</figcaption>\n</figure>\n";
}

std::string reportPage(base::Context &ctx) {
  const std::string title = ctx.part<base::Host>().program().empty()
                                ? "Report"
                                : fmt::format("Report of {}", ctx.part<base::Host>().program());
  std::string body =
      "<h1>" + escaped(title) + "</h1>\n" + provenance(ctx) + spending(ctx) + estimates(ctx);
  const auto &curves = ctx.part<observe::Curves>().all;
  if (!curves.empty())
    body += "<h2>Decay</h2>\n";
  for (const Curve &c : curves)
    body += curve(ctx, c);
  return page(title, body);
}

void writeReport(base::Context &ctx, qdo_site site, const std::string &path) {
  const std::string text = reportPage(ctx);
  const std::string beside = path + ".part";
  auto failed = [&] {
    const int why = errno;
    std::remove(beside.c_str());
    ctx.fail(site, base::Kind::BadValue, fmt::format("the report `{}`", path),
             fmt::format("not written ({})", std::strerror(why)), "a path that can be written to")
        .help = "a report is written beside the program's file: paths are relative to it";
  };
  std::FILE *file = std::fopen(beside.c_str(), "wb");
  if (!file)
    return failed();
  bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  good = std::fflush(file) == 0 && good;
  good = fsync(fileno(file)) == 0 && good;
  good = std::fclose(file) == 0 && good;
  if (!good || std::rename(beside.c_str(), path.c_str()) != 0)
    failed();
}

} // namespace qdo::render
