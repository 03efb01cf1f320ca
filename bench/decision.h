// SPDX-License-Identifier: Apache-2.0
// The study of bench_decision.cpp; the tests run a reduced one.
// In: a data set, an encoding, a way to allocate. Out: the least shots that settle the labels.
#pragma once

#include "runtime/base/philox.h"
#include "runtime/data/fit.h"
#include "runtime/estimate/policy.h"
#include "runtime/learn/measure.h"
#include "runtime/learn/model.h"
#include "tests/unit/learn/circuits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bench {

using namespace qdo;

struct Task {
  std::string name, path;
  int features; ///< after pca, and qubits
  bool reduce;  ///< standardise, pca
  double range; ///< features are scaled to +- this
  double c;
  size_t train, test; ///< rows
  const qdo_circuit *circuit;
};

inline std::vector<Task> tasks(const std::string &data) {
  static const qdo_circuit *two = test::tabled<test::iqp<2, 1>>(2, "iqp2", 2);
  static const qdo_circuit *eight = test::tabled<test::iqp<8, 1>>(8, "iqp8", 8);
  return {{"breast_cancer", data + "/breast_cancer.csv", 8, true, 0.8, 10, 200, 100, eight},
          {"linearly_separable_2d", data + "/bowles2024/linearly_separable_2d.csv", 2, false,
           1.5707963, 10, 120, 60, two},
          {"two_moons", "two_moons:180:0.1", 2, false, 1.5707963, 10, 120, 60, two}};
}

/// Data of one seed: rows scaled on the training rows, and the labels of the exact classifier.
struct Rows {
  std::vector<std::vector<double>> x;
  std::vector<std::string> y;
  std::vector<size_t> train, test;
};

inline Rows read(const Task &task, uint64_t seed) {
  base::Context ctx(qdo_options{seed, 1, nullptr, nullptr, nullptr, nullptr, 0});
  auto *all = ctx.make<data::Dataset>();
  all->spec.name = all->name = "d";
  all->spec.path = task.path;
  data::FieldSpec x, y;
  x.name = "x";
  x.matrix = x.others = true;
  y.name = "y";
  auto table = data::readTable(ctx, 0, task.path);
  y.columns = {table->columns().back() == "part" ? table->columns()[table->columns().size() - 2]
                                                 : table->columns().back()};
  all->spec.fields = {x, y};
  if (table->columns().back() == "part")
    all->spec.splitColumn = "part";
  all->finish(ctx);
  // Rows in an order of the seed: the first are trained on, the next tested.
  Rows rows;
  std::vector<size_t> order(table->rowCount());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  base::RandomStream random(seed, 99);
  for (size_t k = order.size(); k > 1; --k)
    std::swap(order[k - 1], order[random.below(k)]);
  rows.train.assign(order.begin(), order.begin() + static_cast<long>(task.train));
  rows.test.assign(order.begin() + static_cast<long>(task.train),
                   order.begin() + static_cast<long>(task.train + task.test));
  const data::Dataset *made = ctx.make<data::Dataset>(all->source, rows.train, "train");
  if (task.reduce)
    made = data::pca(ctx, 0, *data::standardise(ctx, 0, *made), task.features);
  const data::Field &field = *made->source->features();
  std::vector<double> low(field.width(), 1e300), high(field.width(), -1e300);
  for (size_t row : rows.train)
    for (size_t c = 0; c < field.width(); ++c) {
      low[c] = std::min(low[c], field.row(row)[c]);
      high[c] = std::max(high[c], field.row(row)[c]);
    }
  const data::Classes classes = made->source->classesOf(*made->source->labels());
  for (size_t row = 0; row < order.size(); ++row) {
    rows.x.emplace_back();
    for (size_t c = 0; c < field.width(); ++c)
      rows.x.back().push_back(task.range *
                              (2 * (field.row(row)[c] - low[c]) / (high[c] - low[c]) - 1));
    rows.y.push_back(classes.names[classes.ofRow[row]]);
  }
  return rows;
}

struct Outcome {
  std::vector<uint32_t> labels;
  double accuracy = 0;
  int64_t shots = 0;
};

using Repair = std::optional<learn::Repair>; ///< none: as `svm` repairs by itself

/// Trains and predicts under a policy that gives a pair up to `most` shots; exact for `most` 0.
inline Outcome predict(const Task &task, const Rows &rows, uint64_t seed,
                       estimate::Allocation allocation, int64_t most, Repair repair = {}) {
  base::Context ctx(qdo_options{seed, 1, nullptr, nullptr, nullptr, nullptr, 0});
  using estimate::Policy;
  auto *policy = ctx.make<Policy>(most ? Policy::Mode::Sequential : Policy::Mode::Exact, "p");
  policy->allocation = allocation;
  const bool decides = allocation == estimate::Allocation::Decision;
  policy->low = decides ? std::min<int64_t>(most, 16) : std::max<int64_t>(most, 1);
  policy->high = std::max<int64_t>(most, 1);
  if (decides) // looks between LOW and HIGH
    policy->until = [](qdo_ctx *, void *, double, double, double, double, double, int64_t,
                       int64_t) { return false; };
  ctx.part<estimate::Policies>().push(policy);
  // The data of the seed as a data set of its own.
  std::string text;
  for (int c = 0; c < task.features; ++c)
    text += "f" + std::to_string(c) + ",";
  text += "y\n";
  for (size_t row = 0; row < rows.x.size(); ++row) {
    for (double v : rows.x[row])
      text += fmt::format("{},", v);
    text += rows.y[row] + "\n";
  }
  data::DatasetSpec spec;
  spec.name = "d";
  spec.fields.resize(2);
  spec.fields[0].name = "x";
  spec.fields[0].matrix = spec.fields[0].others = true;
  spec.fields[1].name = "y";
  spec.fields[1].columns = {"y"};
  auto table = data::Table::parse(ctx, 0, std::move(text), "d.csv");
  auto source = data::build(ctx, spec, std::make_shared<const data::Table>(std::move(*table)));
  const std::array<double, 8> blank{};
  auto *kernel = learn::fidelityKernel(
      ctx, "k",
      {task.circuit, {blank.data(), static_cast<size_t>(task.features)}, 0, task.features});
  const auto *train = ctx.make<data::Dataset>(source, rows.train, "train");
  const auto *tested = ctx.make<data::Dataset>(source, rows.test, "test");
  const learn::Model *model = learn::trainSvm(ctx, 0, *kernel, *train, task.c, repair);
  const auto score = learn::scoreOf(ctx, 0, *model, *tested);
  return {score->winners, score->accuracy, ctx.spent.shots};
}

struct Least {
  double shots = 0, agreement = 0, exactAccuracy = 0; ///< medians
};

inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  const size_t n = values.size();
  return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/// The first of growing bounds of shots a pair for which the median agreement reaches 98 %; the
/// last one that takes no more than `limit` shots in all when none of those does.
inline Least leastShots(const Task &task, estimate::Allocation allocation, int seeds,
                        Repair repair = {}, double limit = 1e300) {
  std::vector<Rows> rows;
  std::vector<Outcome> exact;
  Least least;
  std::vector<double> accuracies;
  for (int s = 0; s < seeds; ++s) {
    rows.push_back(read(task, static_cast<uint64_t>(s)));
    exact.push_back(
        predict(task, rows.back(), static_cast<uint64_t>(s), estimate::Allocation::Uniform, 0));
    accuracies.push_back(exact.back().accuracy);
  }
  least.exactAccuracy = median(accuracies);
  for (double most = 8; most < 3e5; most *= std::sqrt(2)) {
    std::vector<double> agreements, shots;
    for (int s = 0; s < seeds; ++s) {
      const auto at = static_cast<size_t>(s);
      const Outcome outcome = predict(task, rows[at], static_cast<uint64_t>(s), allocation,
                                      static_cast<int64_t>(std::llround(most)), repair);
      double same = 0;
      for (size_t i = 0; i < outcome.labels.size(); ++i)
        same += outcome.labels[i] == exact[at].labels[i];
      agreements.push_back(same / static_cast<double>(outcome.labels.size()));
      shots.push_back(static_cast<double>(outcome.shots));
    }
    if (median(shots) > limit)
      break;
    least.shots = median(shots);
    least.agreement = median(agreements);
    if (least.agreement >= 0.98)
      break;
  }
  return least;
}

} // namespace bench
