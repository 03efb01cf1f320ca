// SPDX-License-Identifier: Apache-2.0
// The JSON form: every field that tools rely on.
#include "compiler/diag/render.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace qdo::diag {
namespace {

using nlohmann::json;

TEST(RenderJson, HasEveryField) {
  base::SourceMap sources;
  const base::FileId file = sources.add("p.qdo", "let \u03C0 = 3\nlet y = \u03C0 +\n");
  Engine engine;
  Diagnostic &d = engine.report(Kind::SyntaxUnexpected, {file, 23, 24}, "end of line")
                      .label("here")
                      .place({file, 4, 6}, "this one")
                      .note("a note")
                      .help("a help")
                      .edit({file, 22, 23}, "", "drop it");
  const std::string text = renderJson(d, sources);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const json j = json::parse(text);
  EXPECT_EQ(j["code"], "E0101");
  EXPECT_EQ(j["level"], "error");
  EXPECT_EQ(j["message"], "unexpected end of line");
  EXPECT_EQ(j["law"], "");
  EXPECT_EQ(j["primary"], json({{"file", "p.qdo"},
                                {"begin", 23},
                                {"end", 24},
                                {"line", 2},
                                {"column", 12},
                                {"endLine", 3},
                                {"endColumn", 1},
                                {"label", "here"}}));
  ASSERT_EQ(j["places"].size(), 1u);
  EXPECT_EQ(j["places"][0]["column"], 5);
  EXPECT_EQ(j["places"][0]["endColumn"], 6) << "columns count code points";
  EXPECT_EQ(j["notes"], json({"a note"}));
  EXPECT_EQ(j["helps"], json({"a help"}));
  EXPECT_EQ(j["edits"][0]["replacement"], "");
  EXPECT_EQ(j["edits"][0]["label"], "drop it");
  EXPECT_EQ(j["edits"][0]["begin"], 22);
  EXPECT_EQ(j["rendered"], renderText(d, sources, {}));
}

TEST(RenderJson, WithoutAPlace) {
  base::SourceMap sources;
  Engine engine;
  const json j = json::parse(
      renderJson(engine.reportUnlocated(Kind::FileMissing, "x.qdo", "no such file"), sources));
  EXPECT_TRUE(j["primary"].is_null());
  EXPECT_TRUE(j["places"].empty());
}

TEST(RenderJson, ReplacesInvalidUtf8) {
  base::SourceMap sources;
  const base::FileId file = sources.add("bad.qdo", "\xFF\n");
  Engine engine;
  const json j = json::parse(renderJson(engine.report(Kind::NotUtf8, {file, 0, 1}, 0), sources));
  EXPECT_EQ(j["message"], "byte 0 of this file is not valid UTF-8");
}

} // namespace
} // namespace qdo::diag
