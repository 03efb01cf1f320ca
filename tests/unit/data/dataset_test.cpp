// SPDX-License-Identifier: Apache-2.0
// Data sets from declaration to fields, parts and classes, and every mistake on that way.
#include "runtime/data/objects.h"
#include "tests/unit/data/run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <numeric>

using namespace qdo;
using data::DatasetSpec;
using data::FieldSpec;

namespace {

constexpr const char *irisPath = "examples/data/iris.csv";

FieldSpec column(std::string field, std::string name) {
  FieldSpec spec;
  spec.name = std::move(field);
  spec.columns = {std::move(name)};
  return spec;
}

FieldSpec list(std::string field, std::vector<std::string> names) {
  FieldSpec spec;
  spec.name = std::move(field);
  spec.matrix = true;
  spec.columns = std::move(names);
  return spec;
}

FieldSpec others(std::string field) {
  FieldSpec spec;
  spec.name = std::move(field);
  spec.matrix = spec.others = true;
  return spec;
}

/// iris with 60/20/20, stratified.
DatasetSpec iris() {
  DatasetSpec spec;
  spec.name = "flowers";
  spec.path = irisPath;
  spec.fields = {others("x"), column("y", "species")};
  spec.fields[0].scaled = {0, 1};
  spec.parts = {{"train", 0.6}, {"valid", 0.2}, {"test", 0.2}};
  spec.stratified = true;
  return spec;
}

std::shared_ptr<const data::Source> built(test::Run &run, const DatasetSpec &spec,
                                          std::string bytes) {
  auto table = data::Table::parse(run.ctx, 0, std::move(bytes), "f.csv");
  return data::build(run.ctx, spec, std::make_shared<const data::Table>(std::move(*table)));
}

/// "Kind place: message | help" of the failure.
std::string mistake(const DatasetSpec &spec, std::string bytes) {
  test::Run run;
  if (built(run, spec, std::move(bytes)))
    return "none";
  const base::Failure &failure = run.failure();
  return run.failed() + " " + failure.place + ": " + failure.message +
         (failure.help.empty() ? "" : " | " + failure.help);
}

DatasetSpec with(std::vector<FieldSpec> fields) {
  DatasetSpec spec;
  spec.name = "d";
  spec.fields = std::move(fields);
  return spec;
}

} // namespace

TEST(Dataset, ReadsIris) {
  test::Run run;
  data::Dataset flowers;
  flowers.spec = iris();
  ASSERT_TRUE(flowers.finish(run.ctx));
  EXPECT_EQ(flowers.rows.size(), 150u);
  EXPECT_EQ(flowers.source->field("x")->width(), 4u);
  EXPECT_TRUE(flowers.source->field("x")->numeric);
  EXPECT_FALSE(flowers.source->field("y")->numeric);
  data::Classes classes = flowers.source->classesOf(*flowers.source->labels());
  EXPECT_EQ(classes.names, (std::vector<std::string>{"setosa", "versicolor", "virginica"}));
  auto *train = flowers.part(run.ctx, 0, "train");
  ASSERT_TRUE(train);
  EXPECT_EQ(train->rows.size(), 90u);
  EXPECT_TRUE(std::is_sorted(train->rows.begin(), train->rows.end()));
  EXPECT_EQ(train, flowers.part(run.ctx, 0, "train"));
  EXPECT_EQ(train->format(""), "flowers.train: 90 rows");
  for (uint32_t c : {0u, 1u, 2u})
    EXPECT_EQ(std::count_if(train->rows.begin(), train->rows.end(),
                            [&](size_t row) { return classes.ofRow[row] == c; }),
              30);
}

TEST(Dataset, ScalesByTheTrainingPartAlone) {
  test::Run run;
  DatasetSpec spec = with({list("x", {"a"})});
  spec.fields[0].scaled = {-1, 1};
  spec.splitColumn = "part";
  auto source = built(run, spec, "a,part\n0,test\n10,train\n20,train\n40,test\n");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->field("x")->values, (std::vector<double>{-3, -1, 1, 5}));
  EXPECT_EQ(run.warnings,
            (std::vector<std::string>{"DataOutsideRange: 2 of 2 rows of `d.test` lie outside the "
                                      "range of the training part that `scaled` was fitted on"}));
}

TEST(Dataset, ScalesAllRowsWithoutParts) {
  test::Run run;
  DatasetSpec spec = with({column("x", "a")});
  spec.fields[0].scaled = {0, std::numbers::pi};
  auto source = built(run, spec, "a\n3\n1\n2\n");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->field("x")->values,
            (std::vector<double>{std::numbers::pi, 0, std::numbers::pi / 2}));
}

TEST(Dataset, ConstantColumnsGoToTheMiddleAndAreTold) {
  test::Run run;
  DatasetSpec spec = with({list("x", {"a", "b"})});
  spec.fields[0].scaled = {0, 2};
  auto source = built(run, spec, "a,b\n5,1\n5,3\n");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->field("x")->values, (std::vector<double>{1, 0, 1, 2}));
  EXPECT_EQ(run.warnings, (std::vector<std::string>{
                              "DataConstantColumn: 1 of 2 columns of `x` have one value in all "
                              "training rows, `scaled` puts them in the middle: `a`"}));
}

TEST(Dataset, OthersTakesWhatNobodyNames) {
  test::Run run;
  DatasetSpec spec = with({others("x"), column("y", "b")});
  spec.splitColumn = "part";
  auto source = built(run, spec, "a,b,part,c\n1,u,p,2\n3,v,q,4\n");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->field("x")->columns, (std::vector<size_t>{0, 3}));
  EXPECT_EQ(source->parts.size(), 2u);
  EXPECT_EQ(source->parts[1].name, "q");
}

TEST(Dataset, ClassesAreSortedLikeScikitLearn) {
  test::Run run;
  auto source = built(run, with({column("y", "y")}), "y\n10\n9\n-1\n9.0\n");
  ASSERT_TRUE(source);
  data::Classes classes = source->classesOf(source->fields[0]);
  EXPECT_EQ(classes.names, (std::vector<std::string>{"-1", "9", "10"}));
  EXPECT_EQ(classes.ofRow, (std::vector<uint32_t>{2, 1, 0, 1}));
}

TEST(Dataset, NanIsALabelAmongTextAndAMistakeAmongNumbers) {
  test::Run run;
  EXPECT_FALSE(built(run, with({column("y", "y")}), "y\nnan\nbread\n")->fields[0].numeric);
  EXPECT_EQ(
      mistake(with({column("y", "y")}), "y\n1\nnan\n"),
      "DataNotFinite f.csv:3:1: `nan` in column `y` is not a finite number | replace the value "
      "or remove the row");
}

TEST(Dataset, TellsMissingColumns) {
  test::Run run;
  EXPECT_FALSE(built(run, with({column("y", "specis")}), "sepal,species\n1,a\n"));
  EXPECT_EQ(run.failed(), "DataColumnMissing");
  EXPECT_EQ(run.failure().message, "`f.csv` has no column `specis`");
  EXPECT_EQ(run.failure().help, "did you mean `species`?");
  EXPECT_EQ(run.failure().note, "columns of the file: `sepal`, `species`");
  EXPECT_EQ(
      mistake(with({column("y", "y")}), "a;y\n1;2\n"),
      "DataColumnMissing f.csv:1:1: `f.csv` has no column `y` | separate the columns of the file "
      "with commas");
  EXPECT_EQ(mistake(with({column("y", "y")}), "y,a,y\n1,2,3\n"),
            "DataColumnTwice f.csv:1:5: `f.csv` has two columns `y`");
  FieldSpec range = list("x", {});
  range.range = {1, 4};
  EXPECT_EQ(
      mistake(with({range}), "a,b,c\n1,2,3\n"),
      "DataColumnMissing f.csv:1:1: `f.csv` has no column `3` | columns are numbered from 0, the "
      "last is 2");
  range.range = {2, 2};
  EXPECT_EQ(mistake(with({range}), "a,b,c\n1,2,3\n").substr(0, 9), "BadValue ");
  EXPECT_EQ(mistake(with({others("x"), column("y", "a")}), "a\n1\n"),
            "DataNoColumns : no column of `f.csv` is left for the field `x`");
}

TEST(Dataset, TellsCellsThatAreNoNumbers) {
  EXPECT_EQ(mistake(with({list("x", {"a"})}), "a,b\n1,2\nhigh,3\n"),
            "DataNotANumber f.csv:3:1: `high` in column `a` is not a number");
  EXPECT_EQ(mistake(with({list("x", {"b"})}), "a,b\n1,2\n1,inf\n").substr(0, 22),
            "DataNotFinite f.csv:3:");
  EXPECT_EQ(
      mistake(with({list("x", {"b"})}), "a,b\n1,2\n1,\n"),
      "DataCellEmpty f.csv:3:3: a cell of column `b` is empty | fill the cell or remove the row: "
      "there are no missing values");
  // What is scaled has to be a number even as a single column.
  DatasetSpec scaled = with({column("x", "a")});
  scaled.fields[0].scaled = {0, 1};
  EXPECT_EQ(mistake(scaled, "a\n1\nhigh\n").substr(0, 14), "DataNotANumber");
}

TEST(Dataset, TextFieldsHaveNoNumbers) {
  test::Run run;
  auto source = built(run, with({column("y", "y")}), "y\n1\nmany\n");
  EXPECT_EQ(data::numericField(run.ctx, 0, *source, "y"), nullptr);
  EXPECT_EQ(run.failed() + " " + run.failure().place, "DataNotANumber f.csv:3:1");
}

TEST(Dataset, TellsBadSplits) {
  DatasetSpec spec = with({list("x", {"a"})});
  const std::string rows = "a\n1\n2\n3\n";
  spec.parts = {{"train", 0.7}, {"test", 0.4}};
  EXPECT_EQ(mistake(spec, rows).substr(0, 68),
            "DataSplitSum : the parts of the split add up to 110 %, which is more");
  spec.parts = {{"train", 0.99}, {"test", 0.01}};
  EXPECT_EQ(mistake(spec, rows), "DataPartEmpty : the part `test` of `d` has no rows");
  spec.parts = {{"train", 0.0}};
  EXPECT_EQ(mistake(spec, rows).substr(0, 8), "BadValue");
  spec.parts = {{"train", 1.0}};
  spec.stratified = true;
  EXPECT_EQ(mistake(spec, rows),
            "DataNoLabels : `d` has no field of labels | name the field of labels "
            "`y`: one column");
  spec.stratified = false;
  spec.parts = {{"half", 0.5}};
  spec.fields[0].scaled = {0, 1};
  EXPECT_EQ(mistake(spec, rows).substr(0, 40), "DataPartMissing : `d` has no part `train");
}

TEST(Dataset, TellsMissingParts) {
  test::Run run;
  data::Dataset flowers;
  flowers.spec = iris();
  ASSERT_TRUE(flowers.finish(run.ctx));
  EXPECT_EQ(flowers.part(run.ctx, 3, "trian"), nullptr);
  EXPECT_EQ(run.failed(), "DataPartMissing");
  EXPECT_EQ(run.failure().help, "did you mean `train`?");
  EXPECT_EQ(run.failure().note, "its parts: train, valid, test");
}

TEST(Dataset, TellsMissingFiles) {
  test::Run run;
  EXPECT_FALSE(data::readTable(run.ctx, 0, "no/such.csv"));
  EXPECT_EQ(run.failed(), "DataFileMissing");
  EXPECT_EQ(run.failure().message,
            "cannot read the data file `no/such.csv`: No such file or directory");
  test::Run other;
  EXPECT_FALSE(data::readTable(other.ctx, 0, "examples"));
  EXPECT_EQ(other.failure().message, "cannot read the data file `examples`: it is a folder");
}

TEST(Dataset, FilesAreReadOnceARun) {
  test::Run run;
  EXPECT_EQ(data::readTable(run.ctx, 0, irisPath), data::readTable(run.ctx, 0, irisPath));
}

TEST(Dataset, TheSeedDecidesTheSplit) {
  auto train = [](uint64_t seed, std::string name) {
    test::Run run(seed);
    DatasetSpec spec = iris();
    spec.name = std::move(name);
    return data::build(run.ctx, spec, data::readTable(run.ctx, 0, irisPath))->part("train")->rows;
  };
  EXPECT_EQ(train(1, "flowers"), train(1, "flowers"));
  EXPECT_NE(train(1, "flowers"), train(2, "flowers"));
  EXPECT_NE(train(1, "flowers"), train(1, "blossoms"));
}

TEST(Dataset, RowsAndMatricesFollowTheView) {
  test::Run run;
  data::Dataset flowers;
  flowers.spec = iris();
  ASSERT_TRUE(flowers.finish(run.ctx));
  auto *test = flowers.part(run.ctx, 0, "test");
  base::Array *x = test->matrix(run.ctx, 0, "x");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->rows, 30);
  EXPECT_EQ(x->columns, 4);
  EXPECT_EQ(x, test->matrix(run.ctx, 0, "x"));
  data::Row *last = test->row(run.ctx, 0, 29);
  EXPECT_EQ(last->row, test->rows[29]);
  EXPECT_EQ(x->row(29)[2], flowers.source->field("x")->row(last->row)[2]);
  EXPECT_EQ(test->row(run.ctx, 5, 30), nullptr);
  EXPECT_EQ(run.failed(), "IndexOutOfRange");
}
