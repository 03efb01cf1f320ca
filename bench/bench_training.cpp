// SPDX-License-Identifier: Apache-2.0
// Memory and time of a classifier trained on exact kernel values of 20,000 rows (iqp, 2 qubits).
// Out: one line; exit status 1 unless the process never holds 1 GiB more than the matrix.
// Argument: the number of rows.
#include "runtime/estimate/policy.h"
#include "runtime/learn/model.h"
#include "tests/unit/learn/circuits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <numbers>
#include <numeric>
#include <sys/resource.h>

using namespace qdo;

int main(int count, char **arguments) {
  const size_t rows = count > 1 ? std::max(10, std::atoi(arguments[1])) : 20'000;
  base::Context ctx(qdo_options{0, 2, nullptr, nullptr, nullptr, nullptr, 0});
  data::DatasetSpec spec;
  spec.name = "moons";
  spec.path = fmt::format("two_moons:{}:0.1", rows);
  spec.fields.resize(2);
  spec.fields[0].name = "x";
  spec.fields[0].columns = {"x0", "x1"};
  spec.fields[0].matrix = true;
  spec.fields[1].name = "y";
  spec.fields[1].columns = {"label"};
  auto table = data::readTable(ctx, 0, spec.path);
  auto source = table ? data::build(ctx, spec, table) : nullptr;
  if (!source)
    return 1;
  std::vector<size_t> all(rows);
  std::iota(all.begin(), all.end(), size_t{0});
  const auto *moons = ctx.make<data::Dataset>(source, all, "moons");
  const std::array<double, 2> blank{};
  auto *kernel =
      learn::fidelityKernel(ctx, "k", {test::tabled<test::iqp<2, 1>>(2, "iqp2", 2), blank, 0, 2});
  auto *exact = ctx.make<estimate::Policy>(estimate::Policy::Mode::Exact, "exact");
  ctx.part<estimate::Policies>().push(exact);

  const auto start = std::chrono::steady_clock::now();
  const learn::Model *model = learn::trainSvm(ctx, 0, *kernel, *moons, 1);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!model)
    return 1;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const double peak = static_cast<double>(usage.ru_maxrss) / 1024;
  const double matrix = static_cast<double>(rows * rows) * sizeof(double) / (1 << 20);
  const bool bad = peak > matrix + 1024;
  fmt::print("{} rows: {:.1f} s, {} support rows; matrix {:.0f} MiB, peak of the process {:.0f} "
             "MiB\ngoal: at most 1,024 MiB beside the matrix ({}: {:.0f})\n",
             rows, seconds, model->support.size(), matrix, peak, bad ? "missed" : "met",
             peak - matrix);
  return bad;
}
