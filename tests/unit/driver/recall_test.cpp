// SPDX-License-Identifier: Apache-2.0
// What lets a run do without reading its program, and what must not. Every test runs a program,
// changes one thing, and holds what is recalled to what a session without a cache does.
#include "compiler/diag/render.h"
#include "compiler/driver/session.h"

#include "gtest/gtest.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace qdo;
namespace fs = std::filesystem;

namespace {

struct Seen {
  bool recalled = false;
  std::string output, said;
  bool operator==(const Seen &other) const { return output == other.output && said == other.said; }
};

class Recall : public testing::Test {
protected:
  void SetUp() override {
    folder = fs::path(testing::TempDir()) / ("qdo-recall-" + std::to_string(getpid()));
    fs::create_directories(folder);
    setenv("QDO_CACHE_DIR", (folder / "cache").c_str(), 1);
    options.file = (folder / "program.qdo").string();
    options.threads = 1;
  }
  void TearDown() override { fs::remove_all(folder); }

  void write(const std::string &name, const std::string &text) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
  }

  Seen run(bool cached, const std::vector<std::string> &words) const {
    driver::Options all = options;
    all.cacheCode = cached;
    driver::Session session(std::move(all));
    Seen seen;
    seen.recalled = session.recall(words);
    if (!seen.recalled && session.check() &&
        launcher::takeParameters(words, session.params(), session.parameterValues()))
      seen.said = "usage\n";
    if (seen.said.empty())
      session.run([&](std::string_view text) {
        seen.output += text;
        return true;
      });
    for (const diag::Diagnostic &d : session.diagnostics.all())
      seen.said += diag::renderText(d, session.sources, {});
    return seen;
  }

  /// What a run with a cache does; it must be what one without does.
  Seen run(const std::vector<std::string> &words = {}) const {
    Seen cached = run(true, words);
    EXPECT_EQ(cached, run(false, words)) << cached.output << cached.said;
    return cached;
  }

  fs::path folder;
  driver::Options options;
};

constexpr const char *kernel = R"(use std.encodings.zz
param scale: real = 1.0
with exact { print "{scale * |<zz([0.1, 0.2])|zz([0.3, 0.4])>|^2:.9f}" }
)";

TEST_F(Recall, TheSameRunAgain) {
  write("program.qdo", kernel);
  EXPECT_FALSE(run().recalled);
  const Seen again = run();
  EXPECT_TRUE(again.recalled);
  EXPECT_NE(again.output, "");
}

TEST_F(Recall, AnotherTextOrName) {
  write("program.qdo", kernel);
  const Seen first = run();
  write("program.qdo", std::string(kernel) + "print 1\n");
  const Seen longer = run();
  EXPECT_FALSE(longer.recalled);
  EXPECT_EQ(longer.output, first.output + "1\n");
  write("other.qdo", kernel);
  options.file = (folder / "other.qdo").string();
  EXPECT_FALSE(run().recalled);
}

TEST_F(Recall, ValuesOfParameters) {
  write("program.qdo", kernel);
  const Seen one = run();
  const Seen two = run({"--scale", "2"});
  EXPECT_FALSE(two.recalled);
  EXPECT_NE(one.output, two.output);
  EXPECT_TRUE(run({"--scale=2"}).recalled);
  EXPECT_EQ(run({"--scale=2"}).output, two.output);
  EXPECT_FALSE(run({"--scale", "two"}).recalled);
  EXPECT_FALSE(run({"--scael", "2"}).recalled);
}

TEST_F(Recall, ModulesThatChange) {
  write("program.qdo", "use parts.{f}\nprint f(1.0)\n");
  write("parts.qdo", "fn f(t: real) -> real = 2 * t\n");
  const Seen first = run();
  EXPECT_TRUE(run().recalled);
  write("parts.qdo", "fn f(t: real) -> real = 3 * t\n");
  const Seen second = run();
  EXPECT_FALSE(second.recalled);
  EXPECT_NE(first.output, second.output);
  fs::remove(folder / "parts.qdo");
  EXPECT_FALSE(run().recalled);
  write("parts.qdo", "fn f(t: real) -> real = 2 * t\n");
  EXPECT_TRUE(run().recalled); // both are remembered
}

TEST_F(Recall, AModuleThatAppearsBeforeTheOneThatWasUsed) {
  write("program.qdo", "use parts.f\nprint f(1.0)\n");
  write("parts.qdo", "fn f(t: real) -> real = 2 * t\n");
  run();
  EXPECT_TRUE(run().recalled);
  write("parts/f.qdo", "fn g(t: real) -> real = t\n");
  const Seen now = run();
  EXPECT_FALSE(now.recalled);
  EXPECT_NE(now.said, "");
}

TEST_F(Recall, ModulesOfModules) {
  write("program.qdo", "use one.{f}\nprint f(1.0)\n");
  write("one.qdo", "use two.{g}\nfn f(t: real) -> real = g(t)\n");
  write("two.qdo", "fn g(t: real) -> real = 5 * t\n");
  run();
  EXPECT_TRUE(run().recalled);
  write("two.qdo", "fn g(t: real) -> real = 7 * t\n");
  EXPECT_FALSE(run().recalled);
}

constexpr const char *rows = R"(dataset points = csv("points.csv") {
    x: [a, b]
    split train 50%, test 50%
}
print points.train.x[0], points.x.size
)";

TEST_F(Recall, DataThatChanges) {
  write("program.qdo", rows);
  write("points.csv", "a,b\n1,2\n3,4\n5,6\n7,8\n");
  const Seen first = run();
  EXPECT_EQ(first.said, "");
  EXPECT_TRUE(run().recalled);
  write("points.csv", "a,b\n1,2\n3,4\n5,6\n7,9\n1,2\n1,2\n");
  const Seen second = run();
  EXPECT_FALSE(second.recalled);
  EXPECT_NE(first.output, second.output);
  write("points.csv", "a,b\n1,2\n3,four\n");
  EXPECT_FALSE(run().recalled);
  fs::remove(folder / "points.csv");
  EXPECT_FALSE(run().recalled);
}

TEST_F(Recall, TheSeedWhereDataAreSplitByIt) {
  write("program.qdo", rows);
  write("points.csv", "a,b\n1,2\n3,4\n5,6\n7,8\n");
  run();
  options.seed = 7;
  EXPECT_FALSE(run().recalled);
  EXPECT_TRUE(run().recalled);
  options.seed = 0;
  EXPECT_TRUE(run().recalled);
}

TEST_F(Recall, DataThatAreMade) {
  write("program.qdo", "dataset moons = two_moons(8) { x: [x0, x1] }\nprint moons.x[0]\n");
  const Seen first = run();
  EXPECT_EQ(first.said, "");
  EXPECT_TRUE(run().recalled);
  options.seed = 7;
  EXPECT_FALSE(run().recalled);
}

TEST_F(Recall, OtherOptionsOfARunNeedNoReading) {
  write("program.qdo", R"(use std.encodings.zz
with shots(100) { print fidelity(zz([0.1, 0.2]), zz([0.3, 0.4])) }
)");
  const Seen first = run();
  EXPECT_EQ(first.said, "");
  options.seed = 7;
  options.threads = 2;
  const Seen seeded = run();
  EXPECT_TRUE(seeded.recalled);
  EXPECT_NE(first.output, seeded.output);
  options.exact = true;
  const Seen exact = run();
  EXPECT_TRUE(exact.recalled);
  EXPECT_NE(exact.output, seeded.output);
  options.checkEach = true; // it is there to see the passes
  EXPECT_FALSE(run().recalled);
}

TEST_F(Recall, WarningsAreSaidAgain) {
  write("program.qdo", R"(use std.encodings.zero
with shots(100) {
    let e = estimate { let q = prepare zero(1); h q; measure q }
    if e > 0.9 at 95% { print "high" } else { print "low" }
}
)");
  const Seen first = run();
  EXPECT_NE(first.said, "");
  EXPECT_TRUE(run().recalled);
}

TEST_F(Recall, FailuresOfARunAreToldAtTheirPlace) {
  write("program.qdo", R"(use parts.{f}
dataset points = csv("points.csv") { x: [a, b] }
for row in points.x { print f(row) }
)");
  write("parts.qdo", R"(// a module
fn f(x: real[2]) -> real {
    assert x[0] < 3.0
    return x[0]
}
)");
  write("points.csv", "a,b\n1,2\n3,4\n");
  const Seen first = run();
  EXPECT_NE(first.said.find("parts.qdo:3:"), std::string::npos) << first.said;
  EXPECT_TRUE(run().recalled);
}

TEST_F(Recall, ProgramsWithMistakesAreReadEachTime) {
  write("program.qdo", "print missing\n");
  run();
  EXPECT_FALSE(run().recalled);
}

TEST_F(Recall, EntriesThatAreCutOffOrGone) {
  write("program.qdo", kernel);
  for (const char *ending : {".inputs", ".ready", ".code"}) {
    run();
    EXPECT_TRUE(run().recalled);
    for (const auto &entry : fs::directory_iterator(folder / "cache"))
      if (entry.path().extension() == ending)
        fs::resize_file(entry.path(), fs::file_size(entry.path()) - 1);
    EXPECT_FALSE(run().recalled) << ending;
    EXPECT_TRUE(run().recalled);
    for (const auto &entry : fs::directory_iterator(folder / "cache"))
      if (entry.path().extension() == ending)
        fs::remove(entry.path());
    EXPECT_FALSE(run().recalled) << ending;
  }
}

TEST_F(Recall, WhatIsNoPlainFileIsNotRemembered) {
  write("program.qdo", rows);
  write("real.csv", "a,b\n1,2\n3,4\n5,6\n7,8\n");
  fs::create_symlink("real.csv", folder / "points.csv"); // is followed
  run();
  EXPECT_TRUE(run().recalled);
  fs::remove(folder / "points.csv");
  fs::create_directory(folder / "points.csv");
  EXPECT_FALSE(run().recalled);
  EXPECT_FALSE(run().recalled);
}

} // namespace
