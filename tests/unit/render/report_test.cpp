// SPDX-License-Identifier: Apache-2.0
// Pages: text stays text, plots stay inside, nothing is loaded from anywhere.
#include "runtime/base/host.h"
#include "runtime/estimate/ledger.h"
#include "runtime/observe/measured_curve.h"
#include "runtime/render/html.h"
#include "runtime/render/plot.h"
#include "runtime/render/report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace qdo::render;
using qdo::base::Context;
using qdo::estimate::Estimate;
using qdo::estimate::Ledger;

TEST(Html, MarkupInTextIsText) {
  EXPECT_EQ(escaped("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escaped("a\nb\tc\rd"), "a b c\xEF\xBF\xBD"
                                   "d");
  EXPECT_EQ(escaped("äöü"), "äöü");
}

TEST(Plot, TicksAreNumbersPeopleCountBy) {
  EXPECT_EQ(ticks(0, 100, 5), (std::vector<double>{0, 20, 40, 60, 80, 100}));
  EXPECT_EQ(ticks(-1, 1, 4), (std::vector<double>{-1, -0.5, 0, 0.5, 1}));
  EXPECT_EQ(ticks(3, 3, 4).size(), 1u);
}

TEST(Plot, EverythingLiesInTheView) {
  Plot plot;
  for (int k = 0; k < 20; ++k)
    plot.points.push_back({k * 1.0, std::exp(-k / 5.0), std::exp(-k / 5.0) - 0.1, 1.2});
  plot.line = {{0, 1}, {19, 0}};
  plot.xLabel = "<x>";
  const std::string text = svg(plot);
  EXPECT_NE(text.find("&lt;x&gt;"), std::string::npos);
  for (const char *attribute : {"cx=\"", "cy=\"", "y1=\"", "y2=\""})
    for (size_t at = text.find(attribute); at != text.npos; at = text.find(attribute, at + 1)) {
      const double value = std::stod(text.substr(at + 4));
      EXPECT_GE(value, 0);
      EXPECT_LE(value, attribute[1] == 'x' ? 720 : 360);
    }
  EXPECT_EQ(svg(Plot()), "");
}

/// A host that says where sites stand.
static qdo_place place(void *, qdo_site) { return {"evil.qdo:3:5", "<script>alert(1)</script>"}; }

TEST(Report, ShowsWhatWasMeasured) {
  qdo_options options{};
  options.seed = 42;
  Context ctx(options);
  qdo_host host{};
  host.program = "a & b";
  host.place = place;
  ctx.part<qdo::base::Host>().set(host);
  Estimate e(-1, {{2, 700, 1000, 1}}, {});
  auto &ledger = ctx.part<Ledger>();
  ledger.note(3, "expectation value", e);
  ledger.note(3, "expectation value", e); // asked for again
  ctx.spent.shots = 1000;
  ctx.spent.circuits = 1;
  const std::string text = reportPage(ctx);
  EXPECT_NE(text.find("Report of a &amp; b"), std::string::npos);
  EXPECT_NE(text.find("<td>42</td>"), std::string::npos);
  EXPECT_NE(text.find("1,000 shots on 1 circuit."), std::string::npos);
  EXPECT_NE(text.find("0.400 +- 0.029"), std::string::npos) << text;
  EXPECT_EQ(text.find("approximate"), std::string::npos);
  EXPECT_EQ(text.find("<script"), std::string::npos);
  EXPECT_NE(text.find("&lt;script&gt;"), std::string::npos);
  const size_t once = text.find("evil.qdo:3:5");
  ASSERT_NE(once, std::string::npos);
  EXPECT_EQ(text.find("evil.qdo:3:5", once + 1), std::string::npos);
  Estimate::Claim about;
  about.method = qdo::estimate::Method::Wilson;
  ledger.note(4, "expectation value", Estimate(0, {{1, 700, 1000, 1}}, about));
  EXPECT_NE(reportPage(ctx).find("95% (approximate)"), std::string::npos);
  // Nothing from anywhere else.
  for (const char *outside : {"http:", "https:", "src=", "href=", "@import", "url("})
    EXPECT_EQ(text.find(outside), std::string::npos) << outside;
}

TEST(Report, DrawsCurvesAndSaysWhatIsNotIdentified) {
  Context ctx(qdo_options{});
  auto &curves = ctx.part<qdo::observe::Curves>().all;
  qdo::observe::Curve curve{};
  curve.observable = "Z[0]";
  curve.kind = qdo::observe::Curve::Kind::Relaxation;
  std::vector<qdo::observe::CurvePoint> counts;
  for (int k = 0; k < 21; ++k) {
    const double t = k * 10e-6, p = std::exp(-t / 50e-6);
    counts.push_back({t, std::llround(p * 1e5), 100'000});
    curve.points.push_back({t, 1 - 2 * p, 0.98 - 2 * p, 1.02 - 2 * p, 100'000});
  }
  curve.offset = 1;
  curve.scale = -2;
  curve.fit = qdo::observe::fitRelaxation(counts, 0.95);
  ASSERT_TRUE(curve.fit.identified()) << curve.fit.reason;
  curves.push_back(curve);
  counts.resize(4);
  curve.points.resize(4);
  curve.fit = qdo::observe::fitRelaxation(counts, 0.95);
  curves.push_back(curve);
  const std::string text = reportPage(ctx);
  EXPECT_NE(text.find("class=\"fit\""), std::string::npos);
  EXPECT_NE(text.find("T1 = 50.0"), std::string::npos);
  EXPECT_NE(text.find("T1 is UNIDENTIFIED: 4 delays are too few"), std::string::npos);
}

TEST(Report, ReplacesTheFileOrFails) {
  char folder[] = "/tmp/qdo-report-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const auto path = std::filesystem::path(folder) / "r.html";
  std::ofstream(path) << "old";
  Context ctx(qdo_options{});
  writeReport(ctx, 0, path.string());
  EXPECT_TRUE(ctx.ok());
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(text, reportPage(ctx));
  writeReport(ctx, 7, (std::filesystem::path(folder) / "missing" / "r.html").string());
  ASSERT_TRUE(ctx.failure());
  EXPECT_NE(ctx.failure()->message.find("not written"), std::string::npos);
  EXPECT_EQ(ctx.failure()->site, 7u);
  std::filesystem::remove_all(folder);
}
