// SPDX-License-Identifier: Apache-2.0
// Bowles, Ahmed, Schuld, arXiv:2403.07059: every published accuracy in examples/data/bowles2024.
// In: the published table with its hyper-parameters. Out: the same accuracies, to the last digit
// printed. Why: the whole way through the C interface: CSV, scaling, encodings, Gram matrices,
// LIBSVM.
#include "tests/unit/learn/circuits.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace qdo::test;

namespace {

constexpr const char *folder = "examples/data/bowles2024/";
constexpr int most = 12;

/// One line of the table.
struct Cell {
  std::string dataset, model, test, train;
  std::map<std::string, double> parameters;
};

std::vector<Cell> readTable() {
  std::ifstream file(std::string(folder) + "published.tsv");
  std::vector<Cell> cells;
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("#") || line.starts_with("benchmark"))
      continue;
    std::istringstream columns(line);
    Cell cell;
    std::string benchmark, parameters, pair;
    for (std::string *to :
         {&benchmark, &cell.dataset, &cell.model, &cell.test, &cell.train, &parameters})
      std::getline(columns, *to, '\t');
    std::istringstream pairs(parameters);
    while (std::getline(pairs, pair, ';'))
      cell.parameters[pair.substr(0, pair.find(','))] = std::stod(pair.substr(pair.find(',') + 1));
    cells.push_back(cell);
  }
  return cells;
}

template <int n> struct Iqp1 {
  static const qdo_circuit *circuit() { return tabled<iqp<n, 1>>(n); }
};
template <int n> struct Iqp5 {
  static const qdo_circuit *circuit() { return tabled<iqp<n, 5, true>>(n); }
};
template <int n> struct Iqp10 {
  static const qdo_circuit *circuit() { return tabled<iqp<n, 10, true>>(n); }
};
template <int n> struct Separable1 {
  static const qdo_circuit *circuit() { return tabled<separable<n, 1>>(n); }
};
template <int n> struct Separable3 {
  static const qdo_circuit *circuit() { return tabled<separable<n, 3>>(n); }
};
template <int n> struct Separable5 {
  static const qdo_circuit *circuit() { return tabled<separable<n, 5>>(n); }
};
template <int n> struct Separable10 {
  static const qdo_circuit *circuit() { return tabled<separable<n, 10>>(n); }
};

const std::map<std::string, std::map<int, std::array<Circuit, most + 1>>> circuits = {
    {"IQPKernelClassifier",
     {{1, table<Iqp1, most>()}, {5, table<Iqp5, most>()}, {10, table<Iqp10, most>()}}},
    {"SeparableKernelClassifier",
     {{1, table<Separable1, most>()},
      {3, table<Separable3, most>()},
      {5, table<Separable5, most>()},
      {10, table<Separable10, most>()}}},
};

/// "test train" as printed in the table.
std::string reproduce(qdo_ctx *ctx, const Cell &cell) {
  const bool quantum = cell.model != "SVC";
  qdo_dataset data =
      qdo_rt_dataset_csv(ctx, 1, cell.dataset.c_str(), (folder + cell.dataset + ".csv").c_str());
  qdo_rt_dataset_field_new(ctx, 1, data, "x", 1);
  qdo_rt_dataset_field_others(ctx, 1, data, "x");
  qdo_rt_dataset_field_new(ctx, 1, data, "y", 0);
  qdo_rt_dataset_field_column(ctx, 1, data, "y", "y");
  if (quantum)
    qdo_rt_dataset_field_scaled(ctx, 1, data, "x", -std::numbers::pi / 2, std::numbers::pi / 2);
  qdo_rt_dataset_split_by(ctx, 1, data, "part");
  qdo_rt_dataset_finish(ctx, 1, data);
  const int64_t n = qdo_rt_dataset_width(ctx, data, "x");

  qdo_kernel kernel;
  if (quantum) {
    auto parameter = cell.model[0] == 'I' ? "repeats" : "encoding_layers";
    const int repeats = static_cast<int>(cell.parameters.at(parameter));
    Circuit circuit = circuits.at(cell.model).at(repeats)[static_cast<size_t>(n)];
    std::vector<double> blank(static_cast<size_t>(n));
    kernel = qdo_rt_kernel_fidelity(ctx, 1, cell.model.c_str(),
                                    const_cast<qdo_circuit *>(circuit()), blank.data(), n, 0, n);
  } else {
    kernel = qdo_rt_kernel_rbf(ctx, 1, cell.parameters.at("gamma"));
  }
  qdo_dataset train = qdo_rt_dataset_part(ctx, 1, data, "train");
  qdo_dataset test = qdo_rt_dataset_part(ctx, 1, data, "test");
  qdo_string repair = qdo_rt_text_new(ctx);
  qdo_rt_text_add(ctx, repair, "none");
  qdo_model model = qdo_rt_svm_train(ctx, 1, kernel, train, cell.parameters.at("C"), repair);
  if (ctx->status != 0)
    return qdo_rt_failure(ctx)->message;
  return fmt::format("{:.4f} {:.3f}", qdo_rt_model_accuracy(ctx, 1, model, test),
                     qdo_rt_model_accuracy(ctx, 1, model, train));
}

} // namespace

TEST(Published, EveryAccuracyIsReproduced) {
  std::vector<Cell> cells = readTable();
  ASSERT_EQ(cells.size(), 66u);
  for (const Cell &cell : cells) {
    qdo_options options{};
    qdo_ctx *ctx = qdo_rt_open(&options);
    qdo_rt_with_push(ctx, qdo_rt_policy_exact(ctx));
    EXPECT_EQ(reproduce(ctx, cell), cell.test + " " + cell.train)
        << cell.dataset << ", " << cell.model;
    qdo_rt_close(ctx);
  }
}
