// SPDX-License-Identifier: Apache-2.0
// Deleting any one token of any program: no crash, at most three errors, most often exactly one.
#include "grammar_access.h"
#include "parsed.h"

#include "compiler/syntax/format.h"

#include <map>

namespace qdo::syntax::test {
namespace {

TEST(Deletion, OfAnyTokenIsFewErrors) {
  std::map<size_t, size_t> counts;
  for (const Program &program : programs()) {
    for (auto [begin, end] : tokenBytes(program.text)) {
      std::string text = program.text;
      text.erase(begin, end - begin);
      Parsed parsed(text);
      size_t errors = parsed.diagnostics.all().size();
      ++counts[errors];
      EXPECT_LE(errors, 3u) << program.name << " without `"
                            << program.text.substr(begin, end - begin) << "` at byte " << begin
                            << "\n"
                            << parsed.rendered();
    }
  }
  size_t total = 0;
  for (auto [errors, count] : counts) {
    RecordProperty("errors_" + std::to_string(errors), static_cast<int>(count));
    std::cout << "deletions with " << errors << " errors: " << count << "\n";
    total += count;
  }
  // A deletion may leave a correct program (an operand, a newline between words); more than one
  // error is a cascade.
  EXPECT_GE((counts[0] + counts[1]) * 100, total * 99);
}

TEST(Deletion, WhatIsStillAProgramSurvivesFormatting) {
  size_t formatted = 0;
  for (const Program &program : programs())
    for (auto [begin, end] : tokenBytes(program.text)) {
      base::SourceMap sources;
      diag::Engine diagnostics;
      std::string text = program.text;
      text.erase(begin, end - begin);
      const auto once = format(sources.add("once", text), sources, diagnostics);
      if (!once) {
        for (const diag::Diagnostic &d : diagnostics.all())
          ASSERT_NE(d.kind, diag::Kind::InternalError)
              << program.name << " without `" << program.text.substr(begin, end - begin) << "`";
        continue;
      }
      ++formatted;
      const auto twice = format(sources.add("twice", *once), sources, diagnostics);
      ASSERT_TRUE(twice) << program.name << "\n" << *once;
      ASSERT_EQ(*twice, *once) << program.name;
    }
  EXPECT_GT(formatted, 100u);
}

} // namespace
} // namespace qdo::syntax::test
