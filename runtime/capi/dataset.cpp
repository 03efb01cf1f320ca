// SPDX-License-Identifier: Apache-2.0
// entry_points.def, data: declaring data sets and reading them.
#include "runtime/base/guard.h"
#include "runtime/data/fit.h"

#include <algorithm>

using namespace qdo::base;
using namespace qdo::data;

/// The declared field; a clause always follows its field's dataset_field_new.
static FieldSpec &fieldOf(qdo_dataset dataset, qdo_text name) {
  auto &fields = as<Dataset>(dataset)->spec.fields;
  return *std::ranges::find(fields, std::string_view(name), &FieldSpec::name);
}

static const Field *fieldOrNull(qdo_dataset dataset, qdo_text name) {
  const auto &source = as<Dataset>(dataset)->source;
  return source ? source->field(name) : nullptr;
}

extern "C" {

qdo_dataset qdo_rt_dataset_csv(qdo_ctx *ctx, qdo_site site, qdo_text name, qdo_text path) {
  return guarded(ctx, site, [&](Context &context) {
    auto *dataset = context.make<Dataset>();
    dataset->spec.name = dataset->name = name;
    dataset->spec.path = path;
    dataset->spec.site = dataset->spec.splitSite = site;
    return handle(dataset);
  });
}

void qdo_rt_dataset_field_new(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text field,
                              int64_t list) {
  guarded(ctx, site, [&](Context &) {
    FieldSpec spec;
    spec.name = field;
    spec.matrix = list != 0;
    spec.site = site;
    as<Dataset>(dataset)->spec.fields.push_back(std::move(spec));
  });
}

void qdo_rt_dataset_field_column(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text field,
                                 qdo_text column) {
  guarded(ctx, site, [&](Context &) {
    fieldOf(dataset, field).columns.emplace_back(column);
    fieldOf(dataset, field).site = site;
  });
}

void qdo_rt_dataset_field_range(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text field,
                                int64_t first, int64_t end) {
  guarded(ctx, site, [&](Context &) {
    fieldOf(dataset, field).range = {first, end};
    fieldOf(dataset, field).site = site;
  });
}

void qdo_rt_dataset_field_others(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text field) {
  guarded(ctx, site, [&](Context &) {
    fieldOf(dataset, field).others = true;
    fieldOf(dataset, field).site = site;
  });
}

void qdo_rt_dataset_field_scaled(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text field,
                                 double low, double high) {
  guarded(ctx, site, [&](Context &) {
    fieldOf(dataset, field).scaled = {low, high};
    fieldOf(dataset, field).scaledSite = site;
  });
}

void qdo_rt_dataset_split_part(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text part,
                               double fraction) {
  guarded(ctx, site, [&](Context &) {
    as<Dataset>(dataset)->spec.parts.push_back({part, fraction, site});
    as<Dataset>(dataset)->spec.splitSite = site;
  });
}

void qdo_rt_dataset_split_stratified(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset,
                                     bool stratified) {
  guarded(ctx, site, [&](Context &) {
    as<Dataset>(dataset)->spec.stratified = stratified;
    as<Dataset>(dataset)->spec.splitSite = site;
  });
}

void qdo_rt_dataset_split_by(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text column) {
  guarded(ctx, site, [&](Context &) {
    as<Dataset>(dataset)->spec.splitColumn = column;
    as<Dataset>(dataset)->spec.splitSite = site;
  });
}

void qdo_rt_dataset_finish(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset) {
  guarded(ctx, site, [&](Context &context) { as<Dataset>(dataset)->finish(context); });
}

qdo_dataset qdo_rt_dataset_part(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text part) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(as<Dataset>(dataset)->part(context, site, part));
  });
}

int64_t qdo_rt_dataset_size(qdo_ctx *, qdo_dataset dataset) {
  return static_cast<int64_t>(as<Dataset>(dataset)->rows.size());
}

int64_t qdo_rt_dataset_width(qdo_ctx *, qdo_dataset dataset, qdo_text field) {
  const Field *found = fieldOrNull(dataset, field);
  return found ? static_cast<int64_t>(found->width()) : 0;
}

bool qdo_rt_dataset_has_part(qdo_ctx *, qdo_dataset dataset, qdo_text part) {
  const auto &source = as<Dataset>(dataset)->source;
  return source && source->part(part);
}

bool qdo_rt_dataset_is_numeric(qdo_ctx *, qdo_dataset dataset, qdo_text field) {
  const Field *found = fieldOrNull(dataset, field);
  return found && found->numeric;
}

qdo_dataset qdo_rt_dataset_batch(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, int64_t count,
                                 int64_t which) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(as<Dataset>(dataset)->batch(context, site, count, which));
  });
}

qdo_dataset qdo_rt_dataset_pca(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, int64_t to) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(pca(context, site, *as<Dataset>(dataset), to));
  });
}

qdo_dataset qdo_rt_dataset_standardise(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(standardise(context, site, *as<Dataset>(dataset)));
  });
}

qdo_dataset qdo_rt_dataset_fold(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, int64_t folds,
                                int64_t which, bool test) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(fold(context, site, *as<Dataset>(dataset), folds, which, test));
  });
}

qdo_row qdo_rt_dataset_row(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, int64_t index) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(as<Dataset>(dataset)->row(context, site, index));
  });
}

qdo_array qdo_rt_dataset_matrix(qdo_ctx *ctx, qdo_site site, qdo_dataset dataset, qdo_text field) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(as<Dataset>(dataset)->matrix(context, site, field));
  });
}

qdo_array qdo_rt_row_array(qdo_ctx *ctx, qdo_site site, qdo_row row, qdo_text field) {
  return guarded(ctx, site, [&](Context &context) {
    return handle(as<Row>(row)->array(context, site, field));
  });
}

double qdo_rt_row_real(qdo_ctx *ctx, qdo_site site, qdo_row row, qdo_text field) {
  return guarded(ctx, site, [&](Context &context) {
    const Row *of = as<Row>(row);
    const Field *found = numericField(context, site, *of->source, field);
    return found ? found->row(of->row)[0] : 0.0;
  });
}

qdo_string qdo_rt_row_text(qdo_ctx *ctx, qdo_site site, qdo_row row, qdo_text field) {
  return guarded(ctx, site, [&](Context &context) -> qdo_string {
    const Row *of = as<Row>(row);
    const Field *found = of->source->field(field);
    if (!found) {
      failNoField(context, site, *of->source, field);
      return nullptr;
    }
    return handle(context.make<String>(of->source->table->text(of->row, found->columns[0])));
  });
}

} // extern "C"
