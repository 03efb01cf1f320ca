// SPDX-License-Identifier: Apache-2.0
// Kernels whose body is code: `exp(-|bloch(a) - bloch(b)|^2)` and whatever else a program writes.
// In: two rows. Out: a number, or an estimate that the body makes under the policy in force.
// Why one pair at a time: the body decides what it measures. What it measures of one row alone is
//      one circuit however many pairs ask for it, because estimates are kept by recipe and policy.
#include "runtime/base/hash.h"
#include "runtime/estimate/estimate.h"
#include "runtime/learn/measure.h"

#include <algorithm>
#include <cmath>

namespace qdo::learn {

using base::Kind;

namespace {

/// What one evaluation of a body leaves behind, other than its value, is gone with this.
class Temporaries {
public:
  explicit Temporaries(base::Context &ctx) : ctx_(ctx), count_(ctx.objectCount()) {}
  ~Temporaries() { ctx_.releaseValuesSince(count_); }
  Temporaries(const Temporaries &) = delete;
  Temporaries &operator=(const Temporaries &) = delete;

private:
  base::Context &ctx_;
  const size_t count_;
};

bool isNumber(base::Context &ctx, qdo_site site, const std::string &name, double value) {
  if (!std::isfinite(value)) // NaN has a sign, which says nothing
    ctx.fail(site, Kind::BadValue, fmt::format("a value of the kernel `{}`", name),
             std::isnan(value) ? "not a number" : fmt::format("{}", value), "finite");
  return std::isfinite(value);
}

/// The number that a matrix has for a pair. Rows are taken in the order in which the run met them,
/// so that (i, j) and (j, i) are one evaluation and matrices are symmetric.
std::optional<double> entry(base::Context &ctx, qdo_site site, Kernel &kernel, RowId a, RowId b,
                            double *error = nullptr) {
  if (ctx.stopHere(site))
    return std::nullopt;
  auto [first, second] = std::minmax(a, b);
  const estimate::Policy *policy = ctx.part<estimate::Policies>().innermost();
  if (!kernel.measures() || ctx.exact() ||
      (policy && policy->mode == estimate::Policy::Mode::Exact))
    return kernel.compute(ctx, site, first, second);
  const Temporaries temporaries(ctx);
  auto *measured = base::as<estimate::Estimate>(kernel.measure(ctx, site, first, second));
  if (measured && error)
    *error = measured->standardError;
  return measured ? std::optional(measured->value) : std::nullopt;
}

} // namespace

/// A row as generated code takes it; made once, as every pair asks for two.
qdo_array Kernel::rowArray(base::Context &ctx, RowId id) {
  arrays_.resize(places_.size());
  if (!arrays_[id]) {
    auto values = contents(id);
    arrays_[id] = ctx.make<base::Array>(static_cast<int64_t>(values.size()), 0);
    std::ranges::copy(values, arrays_[id]->values().begin());
  }
  return base::handle(arrays_[id]);
}

std::optional<double> Kernel::compute(base::Context &ctx, qdo_site site, RowId a, RowId b) {
  if (a <= b && tableOf(ctx).knows(a, b)) // the table has one place for both orders
    return tableOf(ctx).get(a, b);
  qdo_array first = rowArray(ctx, a), second = rowArray(ctx, b);
  const Temporaries temporaries(ctx);
  const double value = code_.exact(&ctx, code_.exactEnv, first, second);
  if (!ctx.ok() || !isNumber(ctx, site, name_, value))
    return std::nullopt;
  if (a <= b) {
    tableOf(ctx).reserve(b, a);
    tableOf(ctx).set(b, a, value);
  }
  return value;
}

qdo_estimate Kernel::measure(base::Context &ctx, qdo_site site, RowId a, RowId b) {
  if (!estimate::requirePolicy(ctx, site))
    return nullptr;
  qdo_estimate result = code_.measured(&ctx, code_.measuredEnv, rowArray(ctx, a), rowArray(ctx, b));
  if (!ctx.ok() || !isNumber(ctx, site, name_, base::as<estimate::Estimate>(result)->value))
    return nullptr;
  return result;
}

Kernel *generalKernel(base::Context &ctx, std::string_view name, const KernelCode &code,
                      size_t width, uint64_t content) {
  const uint64_t hash = base::Hasher("general kernel")
                            .add(content)
                            .add(static_cast<uint64_t>(width))
                            .add(ctx.envHash(code.exactEnv))
                            .add(ctx.envHash(code.measuredEnv))
                            .value();
  Kernel *&kernel = ctx.part<KnownKernels>().byHash[hash];
  if (!kernel)
    kernel = ctx.make<Kernel>(std::string(name), code, width);
  return kernel;
}

std::optional<Measured> generalRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                    std::span<const RowId> points,
                                    std::span<const RowId> references) {
  Measured rows;
  for (RowId point : points)
    for (RowId reference : references) {
      double error = 0;
      auto value = entry(ctx, site, kernel, point, reference, &error);
      if (!value)
        return std::nullopt;
      rows.values.push_back(*value);
      rows.errors.push_back(error);
    }
  return rows;
}

std::optional<std::vector<double>> generalGram(base::Context &ctx, qdo_site site, Kernel &kernel,
                                               std::span<const RowId> rows, double *explained) {
  std::vector<double> gram(rows.size() * rows.size());
  double squares = 0;
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t j = 0; j <= i; ++j) {
      double error = 0;
      auto value = entry(ctx, site, kernel, rows[i], rows[j], &error);
      if (!value)
        return std::nullopt;
      squares += (i == j ? 1 : 2) * error * error;
      gram[i * rows.size() + j] = gram[j * rows.size() + i] = *value;
    }
  if (explained)
    *explained = 2 * std::sqrt(squares);
  return gram;
}

} // namespace qdo::learn
