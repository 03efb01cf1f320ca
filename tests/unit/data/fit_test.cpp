// SPDX-License-Identifier: Apache-2.0
// Preprocessing against its definition, and that no test row has a say in it.
#include "runtime/data/fit.h"
#include "tests/unit/data/run.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

using namespace qdo;
using data::Dataset;

namespace {

/// 60 rows of three features, two classes, in a file of its own.
std::string file(double testValue) {
  const std::string path = testing::TempDir() + "fit_test.csv";
  std::ofstream out(path);
  out << "a,b,c,label,part\n";
  for (int i = 0; i < 60; ++i) {
    const double t = i / 10.0;
    const bool test = i % 3 == 0;
    out << std::sin(t) * 3 << ',' << (test ? testValue : std::cos(2 * t)) << ",7,"
        << (i % 2 ? "yes" : "no") << ',' << (test ? "test" : "train") << '\n';
  }
  return path;
}

Dataset *read(test::Run &run, double testValue = 0.5) {
  auto *all = run.ctx.make<Dataset>();
  all->spec.name = all->name = "d";
  all->spec.path = file(testValue);
  data::FieldSpec x, y;
  x.name = "x";
  x.matrix = true;
  x.columns = {"a", "b", "c"};
  y.name = "y";
  y.columns = {"label"};
  all->spec.fields = {x, y};
  all->spec.splitColumn = "part";
  EXPECT_TRUE(all->finish(run.ctx)) << run.failed();
  return all;
}

} // namespace

TEST(Fit, StandardisedTrainingRowsHaveMeanZeroAndVarianceOne) {
  test::Run run;
  Dataset *all = read(run);
  Dataset *scaled = data::standardise(run.ctx, 0, *all);
  ASSERT_TRUE(scaled) << run.failed();
  const base::Array &x = *scaled->part(run.ctx, 0, "train")->matrix(run.ctx, 0, "x");
  for (int64_t c = 0; c < 2; ++c) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < x.rows; ++i) {
      sum += x.data[i * 3 + c];
      squares += x.data[i * 3 + c] * x.data[i * 3 + c];
    }
    EXPECT_NEAR(sum / 40, 0, 1e-12);
    EXPECT_NEAR(squares / 40, 1, 1e-12);
  }
  EXPECT_EQ(x.data[2], 0); // a constant column
  EXPECT_EQ(scaled->source->origin, all->source);
  EXPECT_EQ(scaled->source->fitted.name, "standardise");
}

TEST(Fit, PcaKeepsDistancesAndOrdersVariances) {
  test::Run run;
  Dataset *all = read(run);
  Dataset *turned = data::pca(run.ctx, 0, *all, 3);
  ASSERT_TRUE(turned) << run.failed();
  const base::Array &x = *all->matrix(run.ctx, 0, "x"), &y = *turned->matrix(run.ctx, 0, "x");
  for (int64_t i = 1; i < x.rows; ++i) {
    double before = 0, after = 0;
    for (int64_t c = 0; c < 3; ++c) {
      before += std::pow(x.data[i * 3 + c] - x.data[c], 2);
      after += std::pow(y.data[i * 3 + c] - y.data[c], 2);
    }
    EXPECT_NEAR(before, after, 1e-12);
  }
  const auto &variance = turned->source->fitted.variance;
  EXPECT_GT(variance[0], variance[1]);
  EXPECT_NEAR(variance[2], 0, 1e-12); // the constant column has no direction
  Dataset *less = data::pca(run.ctx, 0, *all, 1);
  EXPECT_EQ(less->matrix(run.ctx, 0, "x")->columns, 1);
  EXPECT_EQ(less->matrix(run.ctx, 0, "x")->data[5], y.data[5 * 3]);
}

TEST(Fit, TestRowsHaveNoSay) {
  // Other values in the test rows: the training rows come out the same.
  for (auto make :
       {+[](test::Run &run, Dataset *d) { return data::pca(run.ctx, 0, *d, 2); },
        +[](test::Run &run, Dataset *d) { return data::standardise(run.ctx, 0, *d); }}) {
    std::vector<double> seen[2];
    for (int k = 0; k < 2; ++k) {
      test::Run run;
      Dataset *all = read(run, k == 0 ? 0.5 : 400);
      auto values = make(run, all)->part(run.ctx, 0, "train")->matrix(run.ctx, 0, "x")->values();
      seen[k].assign(values.begin(), values.end());
    }
    EXPECT_EQ(seen[0], seen[1]);
  }
}

TEST(Fit, ARefusalSaysWhatIsPossible) {
  test::Run run;
  Dataset *all = read(run);
  EXPECT_EQ(data::pca(run.ctx, 0, *all, 4), nullptr);
  EXPECT_EQ(run.failed(), "BadValue");
  EXPECT_EQ(run.failure().message,
            "`to` of `pca` is 4, it must be from 1 to the 3 features of `d`");
}

TEST(Fit, FoldsPartTheRowsEvenlyAndClassByClass) {
  test::Run run;
  Dataset *train = read(run)->part(run.ctx, 0, "train");
  const data::Classes classes = train->source->classesOf(*train->source->labels());
  std::multiset<size_t> tested;
  for (int64_t k = 0; k < 7; ++k) {
    Dataset *in = data::fold(run.ctx, 0, *train, 7, k, true);
    Dataset *out = data::fold(run.ctx, 0, *train, 7, k, false);
    tested.insert(in->rows.begin(), in->rows.end());
    EXPECT_EQ(in->rows.size() + out->rows.size(), 40u);
    EXPECT_TRUE(in->rows.size() == 5 || in->rows.size() == 6);
    int64_t yes = 0;
    for (size_t row : in->rows)
      yes += classes.ofRow[row] == 1;
    EXPECT_NEAR(static_cast<double>(yes), static_cast<double>(in->rows.size()) / 2, 1);
  }
  EXPECT_EQ(std::vector<size_t>(tested.begin(), tested.end()), train->rows);
  EXPECT_EQ(data::fold(run.ctx, 0, *train, 41, 0, true), nullptr);
  EXPECT_EQ(run.failed(), "BadValue");
}
