// SPDX-License-Identifier: Apache-2.0
// The registry: hashes, versions, contents that come back bit for bit, files that are damaged.
#include "runtime/registry/codec.h"

#include "runtime/estimate/heavy.h"
#include "runtime/registry/sha256.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace qdo::registry;
using qdo::base::Array;
using qdo::base::Context;
using qdo::estimate::Estimate;

// FIPS 180-4 and its examples.
TEST(Sha256, AgreesWithThePublishedVectors) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  // Around the border of one block of padding.
  EXPECT_EQ(sha256(std::string(55, 'a')),
            "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
  EXPECT_EQ(sha256(std::string(56, 'a')),
            "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
}

namespace {
/// A folder of its own, gone with the test.
class InFolder : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/qdo-registry-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder = name;
    path = (folder / ".qdo" / "registry.sqlite").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::unique_ptr<Registry> open() {
    auto registry = Registry::open(path, true, problem);
    EXPECT_TRUE(registry) << problem.text;
    return registry;
  }
  std::filesystem::path folder;
  std::string path;
  Registry::Problem problem;
};
using RegistryTest = InFolder;
} // namespace

TEST_F(RegistryTest, TheSameContentsAreTheSameVersion) {
  auto registry = open();
  EXPECT_EQ(registry->save("a", {"text", "one"}, {"p", 1}, problem), 1);
  EXPECT_EQ(registry->save("a", {"text", "two"}, {"p", 1}, problem), 2);
  EXPECT_EQ(registry->save("a", {"text", "one"}, {"q", 2}, problem), 1);
  EXPECT_EQ(registry->save("a", {"other", "one"}, {"p", 1}, problem), 3); // another kind
  EXPECT_EQ(registry->save("b", {"text", "one"}, {"p", 1}, problem), 1);
  EXPECT_FALSE(problem) << problem.text;
  EXPECT_EQ(registry->newest("a", problem), 3);
  EXPECT_EQ(registry->newest("nobody", problem), 0);
  const auto entries = registry->list(problem);
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].name, "a");
  EXPECT_EQ(entries[1].version, 1);
}

TEST_F(RegistryTest, VersionsComeBackAfterClosing) {
  const std::string bytes("nul \0 and \xff", 11);
  open()->save("x", {"bytes", bytes}, {"program", 0xffffffffffffffffull}, problem);
  open()->save("x", {"bytes", "newer"}, {"program", 1}, problem);
  auto registry = open();
  const auto first = registry->find({"x", 1}, problem);
  ASSERT_TRUE(first) << problem.text;
  EXPECT_EQ(first->kept.content, bytes);
  EXPECT_EQ(first->provenance.seed, 0xffffffffffffffffull);
  EXPECT_EQ(registry->find({"x", {}}, problem)->version, 2);
  EXPECT_FALSE(registry->find({"x", 3}, problem));
  EXPECT_FALSE(registry->find({"y", {}}, problem));
  EXPECT_FALSE(problem);
}

TEST_F(RegistryTest, ReadingMakesNoFile) {
  EXPECT_EQ(Registry::open(path, false, problem), nullptr);
  EXPECT_FALSE(problem);
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(RegistryTest, SeveralWritersLoseNothing) {
  open();
  constexpr int writers = 4, each = 10;
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w)
    threads.emplace_back([&, w] {
      Registry::Problem own;
      auto registry = Registry::open(path, true, own);
      for (int k = 0; registry && k < each; ++k)
        registry->save("shared", {"text", std::to_string(w * 100 + k)}, {"p", 1}, own);
      EXPECT_FALSE(own) << own.text;
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(open()->newest("shared", problem), writers * each);
}

TEST_F(RegistryTest, DamageIsSeen) {
  open()->save("x", {"text", "as it was"}, {"p", 1}, problem);
  sqlite3 *database = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "UPDATE content SET bytes = x'00'", nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  EXPECT_FALSE(open()->find({"x", {}}, problem));
  EXPECT_NE(problem.text.find("not those that were saved"), std::string::npos) << problem.text;
}

TEST_F(RegistryTest, WhatIsNoRegistryIsAProblem) {
  std::filesystem::create_directories(folder / ".qdo");
  std::ofstream(path) << std::string(4096, 'x');
  EXPECT_EQ(Registry::open(path, true, problem), nullptr);
  EXPECT_TRUE(problem);
  Registry::Problem other;
  std::ofstream(folder / "file") << "x";
  EXPECT_EQ(Registry::open((folder / "file" / "registry.sqlite").string(), true, other), nullptr);
  EXPECT_TRUE(other);
}

TEST(Reference, IsANameAndPerhapsAVersion) {
  EXPECT_EQ(parseReference("flowers-zz@2")->version, 2);
  EXPECT_EQ(parseReference("flowers-zz")->name, "flowers-zz");
  for (const char *bad :
       {"", "@1", "a@", "a@0", "a@-1", "a@x", "a@1.5", "a@2@3", "a b", "a@99999999999999999999"})
    EXPECT_FALSE(parseReference(bad)) << bad;
}

TEST(Codec, EstimatesComeBackBitForBit) {
  Context ctx(qdo_options{});
  const qdo::estimate::MeanSample mean{
      .mean = 0.25, .variance = 0.5, .low = -1, .high = 1, .shots = 70, .stream = 9, .record = 5};
  const Estimate e(
      -1 / 3.0,
      {{2, 30, 100, 0xfedcba9876543210ull, std::nullopt, 0.01, 1e-4},
       {-0.1, 5, 7, 3},
       {0.3, 0, 70, 9, mean}},
      {.confidence = 0.99, .looks = 4, .joint = 3, .method = qdo::estimate::Method::Bernstein});
  Estimate *back = estimateOf(ctx, keep(e).content);
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(back->value, e.value);
  EXPECT_EQ(back->low, e.low);
  EXPECT_EQ(back->high, e.high);
  EXPECT_EQ(back->shots, e.shots);
  EXPECT_EQ(back->terms[0].stream, e.terms[0].stream);
  EXPECT_EQ(keep(*back).content, keep(e).content);
}

TEST(Codec, EstimatesOfSourcesThatKnowThemselvesKeepTheirIntervals) {
  Context ctx(qdo_options{});
  const qdo::estimate::HeavyKind kind{.variance = [](double) { return 2.0; },
                                      .most = 2,
                                      .low = 0,
                                      .high = 1,
                                      .lowest = -1,
                                      .highest = 8};
  Estimate::Term term{0.5, 0, 200, 7};
  std::vector<double> values(200, -0.5);
  values[3] = values[90] = 8;
  term.source = std::make_shared<qdo::estimate::HeavyMean>(values, kind, 0.05);
  const Estimate e(0.25, {term, {1, 30, 100, 5}}, {});
  Estimate *back = estimateOf(ctx, keep(e).content);
  ASSERT_NE(back, nullptr);
  EXPECT_EQ(back->value, e.value);
  EXPECT_EQ(back->standardError, e.standardError);
  EXPECT_EQ(back->low, e.low);
  EXPECT_EQ(back->high, e.high);
  EXPECT_LE(back->interval(0.99).low, e.interval(0.99).low);
  EXPECT_GE(back->interval(0.99).high, e.interval(0.99).high);
  EXPECT_EQ(keep(*back).content, keep(e).content);
  const std::string content = keep(e).content;
  for (size_t n = 0; n < content.size(); n += 7)
    EXPECT_EQ(estimateOf(ctx, content.substr(0, n)), nullptr) << n;
}

TEST(Codec, ArraysComeBackBitForBit) {
  Context ctx(qdo_options{});
  for (auto [rows, columns] :
       {std::pair(3, 0), std::pair(2, 3), std::pair(0, 0), std::pair(0, 4)}) {
    Array a(rows, columns);
    for (int64_t i = 0; i < a.size(); ++i)
      a.data[i] = i == 0   ? -0.0
                  : i == 1 ? 1e-320
                  : i == 2 ? HUGE_VAL
                           : 1.0 / static_cast<double>(i);
    Array *back = arrayOf(ctx, keep(a).content);
    ASSERT_NE(back, nullptr);
    EXPECT_EQ(back->rows, rows);
    EXPECT_EQ(back->columns, columns);
    for (int64_t i = 0; i < a.size(); ++i)
      EXPECT_TRUE(back->data[i] == a.data[i] &&
                  std::signbit(back->data[i]) == std::signbit(a.data[i]));
  }
}

// Cut off anywhere, or with anything behind it: refused, never a crash or another value.
TEST(Codec, DamagedContentsAreRefused) {
  Context ctx(qdo_options{});
  Array a(2, 2);
  const std::string array = keep(a).content;
  const std::string estimate = keep(Estimate(0, {{1, 3, 10, 5}}, {})).content;
  for (size_t n = 0; n < array.size(); ++n)
    EXPECT_EQ(arrayOf(ctx, array.substr(0, n)), nullptr) << n;
  for (size_t n = 0; n < estimate.size(); ++n)
    EXPECT_EQ(estimateOf(ctx, estimate.substr(0, n)), nullptr) << n;
  EXPECT_EQ(arrayOf(ctx, array + " 1"), nullptr);
  EXPECT_EQ(estimateOf(ctx, estimate + "\nterm"), nullptr);
  EXPECT_EQ(arrayOf(ctx, "array 1\nshape 9000000000000000000 9000000000000000000"), nullptr);
}
