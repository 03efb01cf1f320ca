// SPDX-License-Identifier: Apache-2.0
// Classifiers of data sets: labels, accuracy, uncertainty, novelty, and where their shots go.
#include "runtime/estimate/policy.h"
#include "runtime/learn/model.h"
#include "tests/unit/data/run.h"
#include "tests/unit/learn/circuits.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

using namespace qdo;
using data::Dataset;
using estimate::Policy;

namespace {

/// A data set of fields x (every other column) and y out of text.
Dataset *dataset(test::Run &run, std::string bytes) {
  data::DatasetSpec spec;
  spec.name = "d";
  spec.fields.resize(2);
  spec.fields[0].name = "x";
  spec.fields[0].matrix = spec.fields[0].others = true;
  spec.fields[1].name = "y";
  spec.fields[1].columns = {"y"};
  auto table = data::Table::parse(run.ctx, 0, std::move(bytes), "d.csv");
  auto source = data::build(run.ctx, spec, std::make_shared<const data::Table>(std::move(*table)));
  std::vector<size_t> rows(source->table->rowCount());
  std::iota(rows.begin(), rows.end(), size_t{0});
  return run.ctx.make<Dataset>(source, rows, "d");
}

} // namespace

TEST(Model, TwoPointsByHand) {
  test::Run run;
  Dataset *rows = dataset(run, "a,y\n1,right\n-1,left\n");
  learn::Kernel *kernel = learn::rbfKernel(run.ctx, 0, 0.5);
  learn::Model *model = learn::trainSvm(run.ctx, 0, *kernel, *rows, 100);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->classes, (std::vector<std::string>{"left", "right"}));
  EXPECT_EQ(model->format(""), "classifier of 2 classes with 2 support vectors");
  EXPECT_EQ(*learn::accuracy(run.ctx, 0, *model, *rows), 1);
  // alpha = 1 / (1 - e^-2), and f = 1 on both points by construction.
  EXPECT_NEAR(model->machine.importance()[0], 1 / (1 - std::exp(-2)), 1e-3);
  EXPECT_NEAR(*learn::uncertainty(run.ctx, 0, *model, std::vector<double>{1}), 0.5, 1e-3);
  EXPECT_NEAR(*learn::uncertainty(run.ctx, 0, *model, std::vector<double>{0}), 1, 1e-12);
  EXPECT_NEAR(*learn::novelty(run.ctx, 0, *kernel, std::vector<double>{2}, *rows),
              1 - std::exp(-0.5), 1e-12);
  EXPECT_EQ(*learn::novelty(run.ctx, 0, *kernel, std::vector<double>{-1}, *rows), 0);
}

TEST(Model, LabelsItNeverSawAreWrong) {
  test::Run run;
  Dataset *rows = dataset(run, "a,y\n1,r\n-1,l\n3,r\n0.5,m\n");
  Dataset *train = run.ctx.make<Dataset>(rows->source, std::vector<size_t>{0, 1}, "t");
  learn::Model *model =
      learn::trainSvm(run.ctx, 0, *learn::rbfKernel(run.ctx, 0, 0.5), *train, 100);
  EXPECT_EQ(model->classes.size(), 2u);
  EXPECT_EQ(*learn::accuracy(run.ctx, 0, *model, *rows), 0.75);
}

TEST(Model, IrisByAClassicalKernel) {
  test::Run run;
  data::DatasetSpec spec;
  spec.fields.resize(2);
  spec.fields[0].name = "x";
  spec.fields[0].matrix = spec.fields[0].others = true;
  spec.fields[1].name = "y";
  spec.fields[1].columns = {"species"};
  Dataset iris;
  iris.spec = spec;
  iris.spec.path = "examples/data/iris.csv";
  ASSERT_TRUE(iris.finish(run.ctx));
  learn::Model *model = learn::trainSvm(run.ctx, 0, *learn::rbfKernel(run.ctx, 0, 0.25), iris, 1);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->classes.size(), 3u);
  EXPECT_GT(*learn::accuracy(run.ctx, 0, *model, iris), 0.97);
}

TEST(Model, TellsWhatItCannotLearnFrom) {
  auto kind = [](std::string bytes, double c, std::vector<size_t> rows) {
    test::Run run;
    Dataset *all = dataset(run, std::move(bytes));
    Dataset *some = run.ctx.make<Dataset>(all->source, std::move(rows), "some");
    EXPECT_EQ(learn::trainSvm(run.ctx, 9, *learn::rbfKernel(run.ctx, 0, 1), *some, c), nullptr);
    EXPECT_EQ(run.failure().site, 9u);
    return run.failed() + ": " + run.failure().message;
  };
  EXPECT_EQ(kind("a,y\n1,u\n2,u\n", 1, {0, 1}),
            "DataOneClass: every row of `some` has the same label `u`; a classifier needs at least "
            "two classes");
  EXPECT_EQ(kind("a,y\n1,u\n2,v\n", 1, {}), "DataTooFewRows: `some` has 0 rows, 2 were asked for");
  EXPECT_EQ(kind("a,y\n1,u\n2,v\n", 0, {0, 1}), "BadValue: `C` is 0, it must be a number above 0");
}

TEST(Model, ShotsFollowTheDecision) {
  // Two clusters and one qubit: most rows end beyond the margin and do not support.
  test::Run run;
  Dataset *all = dataset(run, "a,y\n0,u\n0.1,u\n0.2,u\n0.9,u\n1.4,v\n2.9,v\n3.0,v\n3.1,v\n1.1,u\n");
  auto *policy = run.ctx.make<Policy>(Policy::Mode::Sequential, "thrifty");
  policy->low = 50;
  policy->high = 400;
  policy->allocation = estimate::Allocation::Decision;
  run.ctx.part<estimate::Policies>().push(policy);
  const double blank = 0;
  learn::Kernel *kernel = learn::fidelityKernel(
      run.ctx, "k", {test::tabled<test::separable<1, 1>>(1, "c", 5), std::span(&blank, 1), 0, 1});

  Dataset *first = run.ctx.make<Dataset>(
      all->source, std::vector<size_t>(all->rows.begin(), all->rows.end() - 1), "first");
  ASSERT_TRUE(learn::trainSvm(run.ctx, 0, *kernel, *first, 1));
  // So few rows cannot say when they are enough: every pair has all that `each` allows.
  const int64_t spent = run.ctx.spent.shots, pairs = 8 * 7 / 2;
  EXPECT_EQ(spent, pairs * 400);
  // Again costs nothing: what was settled stays settled.
  ASSERT_TRUE(learn::trainSvm(run.ctx, 0, *kernel, *first, 1));
  EXPECT_EQ(run.ctx.spent.shots, spent);

  // A new row is eight new pairs.
  ASSERT_TRUE(learn::trainSvm(run.ctx, 0, *kernel, *all, 1));
  const int64_t more = run.ctx.spent.shots - spent;
  EXPECT_EQ(more, 8 * 400);
}

TEST(Model, PredictionAsksForSupportRowsOnly) {
  test::Run run;
  Dataset *rows = dataset(run, "a,y\n0,u\n0.1,u\n0.2,u\n0.9,u\n1.4,v\n2.9,v\n3.0,v\n3.1,v\n");
  auto *policy = run.ctx.make<Policy>(Policy::Mode::Fixed, "fixed");
  policy->low = 1000;
  run.ctx.part<estimate::Policies>().push(policy);
  const double blank = 0;
  learn::Kernel *kernel = learn::fidelityKernel(
      run.ctx, "k", {test::tabled<test::separable<1, 1>>(1, "c", 5), std::span(&blank, 1), 0, 1});
  learn::Model *model = learn::trainSvm(run.ctx, 0, *kernel, *rows, 1);
  ASSERT_TRUE(model);
  EXPECT_LT(model->support.size(), 8u);
  int64_t spent = run.ctx.spent.shots;
  ASSERT_TRUE(learn::uncertainty(run.ctx, 0, *model, std::vector<double>{2.0}));
  EXPECT_EQ(run.ctx.spent.shots - spent, 1000 * static_cast<int64_t>(model->support.size()));
}
