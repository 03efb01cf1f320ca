// SPDX-License-Identifier: Apache-2.0
// The selection loop with clauses made of lambdas: order, ties, NaN, dry pools, budgets.
#include "runtime/select/selection.h"
#include "tests/unit/data/run.h"
#include "tests/unit/learn/circuits.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <functional>
#include <numeric>

using namespace qdo;
using base::Kind;
using select::Selection;

namespace {

/// A pool of `count` rows: x is the row number, y its class of three.
data::Dataset *pool(test::Run &run, size_t count) {
  std::string bytes = "x,y\n";
  for (size_t i = 0; i < count; ++i)
    bytes += fmt::format("{},{}\n", i, "abc"[i % 3]);
  data::DatasetSpec spec;
  spec.name = "d";
  spec.fields.resize(2);
  spec.fields[0].name = "x";
  spec.fields[0].matrix = true;
  spec.fields[0].columns = {"x"};
  spec.fields[1].name = "y";
  spec.fields[1].columns = {"y"};
  auto table = data::Table::parse(run.ctx, 0, std::move(bytes), "d.csv");
  auto source = data::build(run.ctx, spec, std::make_shared<const data::Table>(std::move(*table)));
  std::vector<size_t> rows(count);
  std::iota(rows.begin(), rows.end(), size_t{0});
  return run.ctx.make<data::Dataset>(source, rows, "pool");
}

/// A selection whose clauses are lambdas. The default score is the row number.
struct Fake {
  explicit Fake(size_t count, uint64_t seed = 1) : run(seed) {
    selection = run.ctx.make<Selection>(run.ctx, "chosen", pool(run, count));
    selection->startCount = 2;
    selection->takeCount = 2;
    selection->learn = {[](qdo_ctx *, void *env) { return static_cast<Fake *>(env)->learned(); },
                        this};
    selection->score = {[](qdo_ctx *, void *env, void *row) {
                          auto *self = static_cast<Fake *>(env);
                          return self->score(base::as<data::Row>(row)->row);
                        },
                        this};
    selection->stop = {[](qdo_ctx *, void *env) { return static_cast<Fake *>(env)->stop(); }, this};
    selection->each = {[](qdo_ctx *, void *env) { static_cast<Fake *>(env)->each(); }, this};
    selection->reasons = {"good enough", "rounds"};
  }
  Fake(const Fake &) = delete;

  void *learned() {
    log += fmt::format("learn{} ", selection->chosen->rows.size());
    return learn();
  }
  void go() { selection->run(run.ctx, 3); }
  /// Rows that were chosen after the start.
  std::vector<size_t> taken() const {
    const auto &rows = selection->chosen->rows;
    return {rows.begin() + selection->startCount, rows.end()};
  }
  learn::Model *newModel() {
    return run.ctx.make<learn::Model>(nullptr, learn::Pairwise{}, std::vector<std::string>{});
  }

  test::Run run;
  Selection *selection;
  std::string log;
  std::function<void *()> learn = [this] { return base::handle(newModel()); };
  std::function<double(size_t)> score = [](size_t row) { return static_cast<double>(row); };
  std::function<int64_t()> stop = [this]() -> int64_t {
    log += fmt::format("stop?{} ", selection->round);
    return selection->round == 2 ? 2 : 0;
  };
  std::function<void()> each = [this] { log += fmt::format("each{} ", selection->round); };
};

} // namespace

TEST(Selection, ClausesRunInTheirOrder) {
  Fake fake(20);
  fake.go();
  EXPECT_EQ(fake.run.failed(), "");
  EXPECT_EQ(fake.log, "learn2 stop?0 learn4 each1 stop?1 learn6 each2 stop?2 ");
  EXPECT_EQ(fake.selection->stopped, "rounds");
  EXPECT_EQ(fake.selection->round, 2);
  EXPECT_EQ(fake.selection->format(""), "chosen: 6 rows of pool after 2 rounds");
}

TEST(Selection, TheBestAreTakenBestFirst) {
  Fake fake(20);
  fake.score = [](size_t row) { return std::abs(static_cast<double>(row) - 9.6); };
  fake.go();
  std::vector<bool> chosen(20, false);
  for (int i = 0; i < 2; ++i)
    chosen[fake.selection->chosen->rows[i]] = true;
  std::vector<size_t> expected;
  for (size_t row : {0, 19, 1, 18, 2, 17})
    if (!chosen[row] && expected.size() < 4)
      expected.push_back(row);
  EXPECT_EQ(fake.taken(), expected);
}

TEST(Selection, TiesGoToTheLowestRow) {
  Fake fake(20);
  fake.score = [](size_t) { return 1.0; };
  fake.go();
  std::vector<size_t> left;
  for (size_t row = 0; row < 20; ++row)
    if (row != fake.selection->chosen->rows[0] && row != fake.selection->chosen->rows[1])
      left.push_back(row);
  left.resize(4);
  EXPECT_EQ(fake.taken(), left);
}

TEST(Selection, BestOfScores) {
  EXPECT_EQ(select::best(std::vector<double>{1, NAN, 3, 3, -INFINITY}, 3),
            (std::vector<size_t>{2, 3, 0}));
  EXPECT_EQ(select::best(std::vector<double>{NAN}, 3), std::vector<size_t>{});
}

TEST(Selection, ScoresThatAreNoNumbersAreDroppedAndTold) {
  Fake fake(12);
  fake.score = [](size_t row) { return row >= 10 ? NAN : static_cast<double>(row); };
  fake.go();
  EXPECT_EQ(fake.run.failed(), "");
  for (size_t row : fake.taken())
    EXPECT_LT(row, 10u);
  ASSERT_EQ(fake.run.warnings.size(), 2u); // once a round
  EXPECT_TRUE(fake.run.warnings[0].starts_with("ScoreNanDropped: "));

  Fake none(12);
  none.score = [](size_t) { return NAN; };
  none.go();
  EXPECT_EQ(none.run.failed(), "ScoreAllNan");
  EXPECT_EQ(none.run.failure().site, 3u);
}

TEST(Selection, ADryPoolEndsTheLoop) {
  Fake fake(7);
  fake.stop = [] { return 0; };
  fake.go();
  EXPECT_EQ(fake.run.failed(), "");
  EXPECT_EQ(fake.selection->stopped, "pool is dry");
  EXPECT_EQ(fake.selection->round, 3); // 2, then 2, 2 and the last one
  std::vector<size_t> rows = fake.selection->chosen->rows;
  std::ranges::sort(rows);
  std::vector<size_t> all(7);
  std::iota(all.begin(), all.end(), size_t{0});
  EXPECT_EQ(rows, all);
}

TEST(Selection, ItMayStopBeforeTheFirstRound) {
  Fake fake(7);
  fake.stop = [] { return 1; };
  fake.go();
  EXPECT_EQ(fake.selection->stopped, "good enough");
  EXPECT_EQ(fake.selection->round, 0);
  EXPECT_TRUE(fake.selection->model);
}

TEST(Selection, ASpentBudgetIsANormalEnd) {
  // In every clause of round 2, and the model of the last complete learning stays.
  for (std::string clause : {"score", "learn", "stop", "each"}) {
    Fake fake(20);
    auto fail = [&](const char *where) {
      bool now = clause == where && fake.selection->round == 2;
      if (now)
        fake.run.ctx.fail(8, Kind::BudgetExhausted, "p", 1, 2, 3);
      return now;
    };
    std::vector<learn::Model *> models;
    fake.score = [&](size_t row) { return fail("score") ? 0 : static_cast<double>(row); };
    fake.learn = [&]() -> void * {
      if (fail("learn"))
        return nullptr;
      models.push_back(fake.newModel());
      return base::handle(models.back());
    };
    fake.stop = [&] { return fail("stop") ? 1 : 0; };
    fake.each = [&] { fail("each"); };
    fake.go();
    EXPECT_EQ(fake.run.failed(), "") << clause;
    EXPECT_EQ(fake.selection->stopped, "budget") << clause;
    EXPECT_EQ(fake.selection->model, models.back()) << clause;
    EXPECT_EQ(models.size(), clause == "score" || clause == "learn" ? 2u : 3u) << clause;
  }
}

TEST(Selection, WithoutAModelASpentBudgetStands) {
  Fake fake(20);
  fake.learn = [&]() -> void * {
    fake.run.ctx.fail(8, Kind::BudgetExhausted, "p", 1, 2, 3);
    return nullptr;
  };
  fake.go();
  EXPECT_EQ(fake.run.failed(), "BudgetExhausted");
  EXPECT_EQ(fake.selection->stopped, "");
}

TEST(Selection, OtherFailuresStand) {
  Fake fake(20);
  fake.each = [&] { fake.run.ctx.fail(8, Kind::DivisionByZero); };
  fake.go();
  EXPECT_EQ(fake.run.failed(), "DivisionByZero");
}

TEST(Selection, ThePolicyIsInForceInsideAlone) {
  Fake fake(20);
  auto &policies = fake.run.ctx.part<estimate::Policies>();
  auto *outer = fake.run.ctx.make<estimate::Policy>(estimate::Policy::Mode::Exact, "outer");
  auto *inner = fake.run.ctx.make<estimate::Policy>(estimate::Policy::Mode::Fixed, "inner");
  policies.push(outer);
  fake.selection->policy = inner;
  fake.score = [&](size_t row) {
    EXPECT_EQ(policies.innermost(), inner);
    return static_cast<double>(row);
  };
  fake.each = [&] {
    policies.push(outer); // a failing clause leaves its `with` behind
    fake.run.ctx.fail(8, Kind::BudgetExhausted, "p", 1, 2, 3);
  };
  fake.go();
  EXPECT_EQ(fake.selection->stopped, "budget");
  EXPECT_EQ(policies.depth(), 1u);
  EXPECT_EQ(policies.innermost(), outer);
}

TEST(Selection, ProspectsAreTheCandidates) {
  Fake fake(10);
  fake.score = [&](size_t row) {
    const auto &rows = fake.run.ctx.part<learn::Prospects>().rows;
    EXPECT_EQ(rows.size(), 10 - fake.selection->chosen->rows.size());
    return static_cast<double>(row);
  };
  fake.go();
  EXPECT_TRUE(fake.run.ctx.part<learn::Prospects>().rows.empty());
}

TEST(Selection, TellsBadCounts) {
  auto kind = [](int64_t start, int64_t take) {
    Fake fake(5);
    fake.selection->startCount = start;
    fake.selection->takeCount = take;
    fake.go();
    return fake.run.failed();
  };
  EXPECT_EQ(kind(6, 1), "DataTooFewRows");
  EXPECT_EQ(kind(0, 1), "BadValue");
  EXPECT_EQ(kind(1, 0), "BadValue");
}

TEST(Start, IsDecidedByTheSeed) {
  auto start = [](uint64_t seed) {
    Fake fake(50, seed);
    fake.selection->startCount = 10;
    return select::startRows(fake.run.ctx, *fake.selection);
  };
  EXPECT_EQ(start(1), start(1));
  EXPECT_NE(start(1), start(2));
}

RC_GTEST_PROP(Start, TakesExactlyAsManyRowsAndEveryClass, ()) {
  auto size = *rc::gen::inRange<size_t>(3, 60);
  auto count = *rc::gen::inRange<size_t>(1, size + 1);
  Fake fake(size, *rc::gen::arbitrary<uint64_t>());
  fake.selection->startCount = static_cast<int64_t>(count);
  fake.selection->stratified = *rc::gen::arbitrary<bool>();
  std::vector<size_t> rows = select::startRows(fake.run.ctx, *fake.selection);
  RC_ASSERT(rows.size() == count);
  RC_ASSERT(std::is_sorted(rows.begin(), rows.end()));
  RC_ASSERT(std::adjacent_find(rows.begin(), rows.end()) == rows.end());
  if (!fake.selection->stratified)
    return;
  std::array<double, 3> have{}, of{};
  for (size_t row = 0; row < size; ++row)
    ++of[row % 3];
  for (size_t row : rows)
    ++have[row % 3];
  for (size_t c = 0; c < 3; ++c) {
    double exact = of[c] * static_cast<double>(count) / static_cast<double>(size);
    RC_ASSERT(std::abs(have[c] - exact) <= 1 + 1e-9);
    if (count >= 3)
      RC_ASSERT(have[c] >= 1);
  }
}

TEST(Start, RareClassesGetARow) {
  Fake fake(3);
  // 30 rows of class a, one of b, one of c: their shares of 4 rows round to none.
  std::string bytes = "x,y\n";
  for (int i = 0; i < 32; ++i)
    bytes += fmt::format("{},{}\n", i, i < 30 ? "a" : i == 30 ? "b" : "c");
  data::DatasetSpec spec;
  spec.name = "d";
  spec.fields.resize(1);
  spec.fields[0].name = "y";
  spec.fields[0].columns = {"y"};
  auto table = data::Table::parse(fake.run.ctx, 0, std::move(bytes), "d.csv");
  auto source =
      data::build(fake.run.ctx, spec, std::make_shared<const data::Table>(std::move(*table)));
  std::vector<size_t> rows(32);
  std::iota(rows.begin(), rows.end(), size_t{0});
  Selection rare(fake.run.ctx, "chosen", fake.run.ctx.make<data::Dataset>(source, rows, "pool"));
  rare.startCount = 4;
  rare.stratified = true;
  std::vector<size_t> start = select::startRows(fake.run.ctx, rare);
  EXPECT_EQ(start.size(), 4u);
  EXPECT_EQ(start[2], 30u);
  EXPECT_EQ(start[3], 31u);
}

TEST(Selection, MeasuresUntilTheBudgetEnds) {
  // A whole loop with a quantum kernel, shots and a budget; the same for any number of threads.
  auto play = [](int threads) {
    test::Run run(3, threads);
    struct Env {
      Selection *selection;
      learn::Kernel *kernel;
    } env{run.ctx.make<Selection>(run.ctx, "chosen", pool(run, 30)), nullptr};
    const double blank = 0;
    env.kernel = learn::fidelityKernel(
        run.ctx, "k", {test::tabled<test::separable<1, 3>>(1, "c", 5), std::span(&blank, 1), 0, 1});
    auto *policy = run.ctx.make<estimate::Policy>(estimate::Policy::Mode::Fixed, "thrifty");
    policy->low = 100;
    policy->budget = 40'000;
    env.selection->startCount = 6;
    env.selection->stratified = true;
    env.selection->takeCount = 3;
    env.selection->policy = policy;
    env.selection->learn = {[](qdo_ctx *ctx, void *env) {
                              auto *of = static_cast<Env *>(env);
                              return base::handle(learn::trainSvm(base::Context::of(ctx), 0,
                                                                  *of->kernel,
                                                                  *of->selection->chosen, 1));
                            },
                            &env};
    env.selection->score = {
        [](qdo_ctx *ctx, void *env, void *row) {
          auto *of = static_cast<Env *>(env);
          auto &context = base::Context::of(ctx);
          auto *x = base::as<data::Row>(row)->array(context, 0, "x");
          return learn::uncertainty(context, 0, *of->selection->model, x->values()).value_or(0) *
                 learn::novelty(context, 0, *of->kernel, x->values(), *of->selection->chosen)
                     .value_or(0);
        },
        &env};
    env.selection->run(run.ctx, 0);
    EXPECT_EQ(run.failed(), "");
    EXPECT_EQ(env.selection->stopped, "budget");
    EXPECT_LE(run.ctx.spent.shots, 40'000);
    EXPECT_GT(env.selection->round, 1);
    EXPECT_TRUE(env.selection->model);
    return env.selection->chosen->rows;
  };
  EXPECT_EQ(play(1), play(3));
}
