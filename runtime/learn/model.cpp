// SPDX-License-Identifier: Apache-2.0
// Joins data sets, kernels and the support vector machine.
#include "runtime/learn/model.h"

#include "runtime/base/format.h"
#include "runtime/learn/measure.h"

#include <algorithm>
#include <cmath>

namespace qdo::learn {

using base::Kind;

std::string Model::format(std::string_view spec) const {
  return base::formatText(spec, fmt::format("classifier of {} classes with {} support vectors",
                                            classes.size(), support.size()));
}

namespace {

/// The label of every row as an index into `names`; a label that is not in `names` is their count.
/// With `grow`, the names that occur are collected first, in sorted order.
std::optional<std::vector<uint32_t>> labelsOf(base::Context &ctx, qdo_site site,
                                              const data::Dataset &rows, bool grow,
                                              std::vector<std::string> &names) {
  const data::Field *field = rows.source->labels();
  if (!field) {
    ctx.fail(site, Kind::DataNoLabels, rows.name).help = "name the field of labels `y`: one column";
    return std::nullopt;
  }
  data::Classes all = rows.source->classesOf(*field);
  if (grow) {
    std::vector<bool> occurs(all.names.size(), false);
    for (size_t row : rows.rows)
      occurs[all.ofRow[row]] = true;
    for (size_t c = 0; c < occurs.size(); ++c)
      if (occurs[c])
        names.push_back(all.names[c]);
  }
  std::vector<uint32_t> indexOf;
  for (const std::string &name : all.names)
    indexOf.push_back(static_cast<uint32_t>(std::ranges::find(names, name) - names.begin()));
  std::vector<uint32_t> labels;
  for (size_t row : rows.rows)
    labels.push_back(indexOf[all.ofRow[row]]);
  return labels;
}

std::optional<Svm::Verdict> judge(base::Context &ctx, qdo_site site, const Model &model,
                                  RowId row) {
  auto values = kernelRows(ctx, site, *model.kernel, std::span(&row, 1), model.support,
                           model.svm.importance());
  if (!values)
    return std::nullopt;
  return model.svm.judge(*values);
}

} // namespace

std::optional<std::vector<RowId>> internRows(base::Context &ctx, qdo_site site, Kernel &kernel,
                                             const data::Dataset &rows) {
  const data::Field *field = rows.source->features();
  if (!field) {
    ctx.fail(site, Kind::DataNoFeatures, rows.name).help =
        "name the field of features `x`: a list of columns";
    return std::nullopt;
  }
  std::vector<RowId> ids;
  ids.reserve(rows.rows.size());
  for (size_t row : rows.rows) {
    auto id = kernel.intern(ctx, site, field->row(row));
    if (!id)
      return std::nullopt;
    ids.push_back(*id);
  }
  return ids;
}

Model *trainSvm(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
                double c) {
  if (!(c > 0) || !std::isfinite(c)) {
    ctx.fail(site, Kind::BadValue, "`C`", c, "a number above 0");
    return nullptr;
  }
  if (rows.rows.empty()) {
    ctx.fail(site, Kind::DataTooFewRows, rows.name, 0, 2);
    return nullptr;
  }
  std::vector<std::string> classes;
  auto labels = labelsOf(ctx, site, rows, true, classes);
  if (!labels)
    return nullptr;
  if (classes.size() < 2) {
    ctx.fail(site, Kind::DataOneClass, rows.name, classes[0]);
    return nullptr;
  }
  auto ids = internRows(ctx, site, kernel, rows);
  if (!ids)
    return nullptr;
  auto gram = gramMatrix(ctx, site, kernel, *ids);
  if (!gram)
    return nullptr;
  Svm svm = Svm::train(*gram, *labels, static_cast<uint32_t>(classes.size()), c);

  std::vector<RowId> support;
  kernel.importance.clear();
  for (RowId id : *ids)
    kernel.importance[id] = 0;
  for (size_t s = 0; s < svm.support().size(); ++s) {
    RowId id = (*ids)[svm.support()[s]];
    support.push_back(id);
    kernel.importance[id] = std::max(kernel.importance[id], svm.importance()[s]);
  }
  return ctx.make<Model>(&kernel, std::move(svm), std::move(support), std::move(classes));
}

std::optional<double> accuracy(base::Context &ctx, qdo_site site, const Model &model,
                               const data::Dataset &rows) {
  if (rows.rows.empty()) {
    ctx.fail(site, Kind::DataTooFewRows, rows.name, 0, 1);
    return std::nullopt;
  }
  std::vector<std::string> names = model.classes;
  auto labels = labelsOf(ctx, site, rows, false, names);
  auto ids = labels ? internRows(ctx, site, *model.kernel, rows) : std::nullopt;
  if (!ids)
    return std::nullopt;
  auto values = kernelRows(ctx, site, *model.kernel, *ids, model.support, model.svm.importance());
  if (!values)
    return std::nullopt;
  size_t right = 0;
  for (size_t i = 0; i < ids->size(); ++i) {
    auto row = std::span(*values).subspan(i * model.support.size(), model.support.size());
    right += model.svm.judge(row).winner == (*labels)[i];
  }
  return static_cast<double>(right) / static_cast<double>(ids->size());
}

std::optional<double> uncertainty(base::Context &ctx, qdo_site site, const Model &model,
                                  std::span<const double> row) {
  auto id = model.kernel->intern(ctx, site, row);
  auto verdict = id ? judge(ctx, site, model, *id) : std::nullopt;
  if (!verdict)
    return std::nullopt;
  return 1 / (1 + std::abs(verdict->margin));
}

std::optional<double> novelty(base::Context &ctx, qdo_site site, Kernel &kernel,
                              std::span<const double> row, const data::Dataset &rows) {
  auto id = kernel.intern(ctx, site, row);
  auto ids = id ? internRows(ctx, site, kernel, rows) : std::nullopt;
  if (!ids)
    return std::nullopt;
  auto values = kernelRows(ctx, site, kernel, std::span(&*id, 1), *ids, {});
  if (!values)
    return std::nullopt;
  double nearest = 0;
  for (double value : *values)
    nearest = std::max(nearest, value);
  return 1 - nearest;
}

} // namespace qdo::learn
