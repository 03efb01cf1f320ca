// SPDX-License-Identifier: Apache-2.0
// Joins data sets, kernels and the support vector machine.
#include "runtime/learn/model.h"

#include "runtime/base/format.h"
#include "runtime/learn/decide.h"
#include "runtime/learn/gp.h"
#include "runtime/learn/suffice.h"
#include "runtime/learn/svm.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace qdo::learn {

using base::Kind;

std::string Model::format(std::string_view spec) const {
  return base::formatText(spec, fmt::format("classifier of {} classes with {} support vectors",
                                            classes.size(), support.size()));
}

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

namespace {

/// Places that have told of a repair.
struct Told {
  std::set<std::pair<qdo_site, Repair>> repairs;
};

/// `rows` with what was fitted for the training rows (`pca`, `standardise`) applied, when they come
/// from the data set that it was fitted on.
data::Dataset asTrained(const Model &model, const data::Dataset &rows) {
  for (const data::Source *source = model.source.get(); source; source = source->origin.get())
    if (source == rows.source.get())
      return {model.source, rows.rows, rows.name};
  return {rows.source, rows.rows, rows.name};
}

std::optional<Pairwise::Verdict> judge(base::Context &ctx, qdo_site site, const Model &model,
                                       RowId row) {
  auto values =
      kernelRows(ctx, site, *model.kernel, std::span(&row, 1), model.references, model.weights);
  if (!values)
    return std::nullopt;
  return model.machine.judge(supportValues(model, row, *values));
}

/// Fills in what predictions need after training on `ids`.
void keepReferences(Model &model, std::span<const RowId> ids, const Repaired &repaired) {
  const Pairwise &machine = model.machine;
  const size_t supports = machine.support().size(), n = ids.size();
  for (size_t row : machine.support())
    model.support.push_back(ids[row]);
  model.shift = repaired.shift;
  if (repaired.rowMap.empty()) {
    model.references = model.support;
    model.weights = machine.importance();
    return;
  }
  model.references.assign(ids.begin(), ids.end());
  model.rowMap.resize(n * supports);
  for (size_t r = 0; r < n; ++r)
    for (size_t s = 0; s < supports; ++s)
      model.rowMap[r * supports + s] = repaired.rowMap[r * n + machine.support()[s]];
  model.weights.assign(n, 0);
  for (uint32_t i = 0; i < machine.classCount(); ++i)
    for (uint32_t j = i + 1; j < machine.classCount(); ++j) {
      const std::vector<double> coefficients = machine.duelCoefficients(i, j);
      for (size_t r = 0; r < n; ++r) {
        double count = 0;
        for (size_t s = 0; s < supports; ++s)
          count += model.rowMap[r * supports + s] * coefficients[s];
        model.weights[r] = std::max(model.weights[r], std::abs(count));
      }
    }
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

Model *trainModel(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
                  const Trainer &trainer, std::optional<Repair> asked) {
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
  const auto classCount = static_cast<uint32_t>(classes.size());
  // Where shots go by what a value counts, all rows may count: their coefficients are small. Where
  // every pair costs the same, few support rows are cheaper.
  const auto care = careOfDecision(ctx, kernel);
  const Repair repair = asked.value_or(care ? Repair::Cut : Repair::Shift);
  Judge judge;
  if (care)
    judge = judgeOfTraining(*labels, classCount, trainer, repair, care->most);
  double explained = 0;
  auto gram = gramMatrix(ctx, site, kernel, *ids, judge, &explained);
  if (!gram)
    return nullptr;
  Repaired repaired;
  if (isSampled(ctx, kernel)) // others have no negative eigenvalue
    repaired = repairGram(*gram, ids->size(), repair);
  const std::string words = describe(repaired, repair, ids->size());
  // What the policy's precision explains is no news: `m.repair` says it.
  if (repaired.changed && -repaired.least > explained &&
      ctx.part<Told>().repairs.emplace(site, repair).second)
    ctx.warn(site, Kind::KernelRepaired, fmt::format("{:.3g}", explained), words);
  Pairwise machine = trainer(std::move(*gram), *labels, classCount);

  kernel.importance.clear();
  for (RowId id : *ids)
    kernel.importance[id] = 0;
  for (size_t s = 0; s < machine.support().size(); ++s) {
    double &known = kernel.importance[(*ids)[machine.support()[s]]];
    known = std::max(known, machine.importance()[s]);
  }
  auto *model = ctx.make<Model>(&kernel, std::move(machine), std::move(classes));
  model->repair = words;
  model->source = rows.source;
  keepReferences(*model, *ids, repaired);
  return model;
}

/// Whether a number that shapes a model is one; fails otherwise.
static bool isAboveZero(base::Context &ctx, qdo_site site, const char *name, double value) {
  if (value > 0 && std::isfinite(value))
    return true;
  ctx.fail(site, Kind::BadValue, name, value, "a number above 0");
  return false;
}

Model *trainSvm(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
                double c, std::optional<Repair> repair) {
  return isAboveZero(ctx, site, "`C`", c)
             ? trainModel(ctx, site, kernel, rows, svm::trainer(c), repair)
             : nullptr;
}

Model *trainGp(base::Context &ctx, qdo_site site, Kernel &kernel, const data::Dataset &rows,
               double noise, std::optional<Repair> repair) {
  return isAboveZero(ctx, site, "`noise`", noise)
             ? trainModel(ctx, site, kernel, rows, gp::trainer(noise), repair)
             : nullptr;
}

std::optional<Score> scoreOf(base::Context &ctx, qdo_site site, const Model &model,
                             const data::Dataset &given) {
  if (given.rows.empty()) {
    ctx.fail(site, Kind::DataTooFewRows, given.name, 0, 1);
    return std::nullopt;
  }
  const data::Dataset rows = asTrained(model, given);
  std::vector<std::string> names = model.classes;
  auto labels = labelsOf(ctx, site, rows, false, names);
  auto ids = labels ? internRows(ctx, site, *model.kernel, rows) : std::nullopt;
  if (!ids)
    return std::nullopt;
  Judge judge;
  if (const auto care = careOfDecision(ctx, *model.kernel))
    judge = judgeOfRows(model, *ids, care->deviates);
  auto measured =
      measuredRows(ctx, site, *model.kernel, *ids, model.references, model.weights, judge);
  if (!measured)
    return std::nullopt;
  size_t right = 0;
  Score score;
  const size_t width = model.references.size();
  for (size_t i = 0; i < ids->size(); ++i) {
    const auto supports =
        supportValues(model, (*ids)[i], std::span(measured->values).subspan(i * width, width));
    const uint32_t winner = model.machine.judge(supports).winner;
    right += winner == (*labels)[i];
    score.winners.push_back(winner);
    const Duels duels = duelsOf(
        model, supports, std::span(measured->errors).subspan(i * width, width), measured->deviates);
    score.undecided += !isDecided(model, duels, winner);
  }
  score.accuracy = static_cast<double>(right) / static_cast<double>(ids->size());
  return score;
}

std::optional<double> accuracy(base::Context &ctx, qdo_site site, const Model &model,
                               const data::Dataset &rows) {
  auto score = scoreOf(ctx, site, model, rows);
  return score ? std::optional(score->accuracy) : std::nullopt;
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
