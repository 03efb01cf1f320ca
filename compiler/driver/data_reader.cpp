// SPDX-License-Identifier: Apache-2.0
// Data files at elaboration: opened, split and scaled once, to know their shape.
#include "compiler/driver/data_reader.h"

#include "compiler/launcher/failure.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>

namespace qdo::driver {

namespace {
/// Places of a dataset statement, by site.
enum Site : qdo_site { SourceSite = 1, SplitSite, FieldSites };

/// The rows of a data set that differ in what a kernel compares: `x`, else its first list of
/// columns.
int64_t distinctRows(qdo_ctx *c, qdo_dataset data, const lower::DatasetRequest &request) {
  const lower::DatasetRequest::Field *chosen = nullptr;
  for (const auto &field : request.fields)
    if (!field.single && (!chosen || field.name == "x"))
      chosen = &field;
  if (!chosen || !qdo_rt_dataset_is_numeric(c, data, chosen->name.c_str()))
    return 0;
  const qdo_array matrix = qdo_rt_dataset_matrix(c, SourceSite, data, chosen->name.c_str());
  const int64_t width = qdo_rt_dataset_width(c, data, chosen->name.c_str());
  std::set<std::vector<double>> rows;
  for (int64_t i = 0, at = 0; !c->status && i < qdo_rt_array_size(c, matrix); ++i) {
    std::vector<double> row(static_cast<size_t>(width));
    for (double &value : row)
      value = qdo_rt_array_get(c, SourceSite, matrix, at++);
    rows.insert(std::move(row));
  }
  return static_cast<int64_t>(rows.size());
}
} // namespace

lower::DataReader makeDataReader(const Options &options, diag::Engine &diagnostics) {
  return [&options, &diagnostics](const lower::DatasetRequest &request) {
    lower::DataShape shape;
    std::error_code error;
    if ((options.text && !request.generated) || (options.mayLackData && !request.generated &&
                                                 !std::filesystem::exists(request.path, error))) {
      diagnostics.report(diag::Kind::DataFileSkipped, request.pathSpan, request.path)
          .help("paths are relative to the program's file");
      return shape;
    }
    qdo_options run{};
    run.seed = options.seed;
    run.threads = 1;
    run.write = [](void *, const char *, size_t) {};
    run.warn = [](void *, const qdo_failure *) {}; // the run itself warns
    auto close = [](qdo_ctx *c) { qdo_rt_close(c); };
    std::unique_ptr<qdo_ctx, decltype(close)> context(qdo_rt_open(&run), close);
    if (!context) {
      diagnostics.report(diag::Kind::InternalError, request.span, "no memory to read data");
      return shape;
    }
    qdo_ctx *c = context.get();
    qdo_dataset data =
        qdo_rt_dataset_csv(c, SourceSite, request.name.c_str(), request.path.c_str());
    for (size_t i = 0; i < request.fields.size() && !c->status; ++i) {
      const auto &f = request.fields[i];
      const auto site = static_cast<qdo_site>(FieldSites + i);
      qdo_rt_dataset_field_new(c, site, data, f.name.c_str(), f.single ? 0 : 1);
      if (f.others)
        qdo_rt_dataset_field_others(c, site, data, f.name.c_str());
      if (f.range)
        qdo_rt_dataset_field_range(c, site, data, f.name.c_str(), f.range->first, f.range->second);
      for (const std::string &column : f.columns)
        qdo_rt_dataset_field_column(c, site, data, f.name.c_str(), column.c_str());
      if (f.scaled)
        qdo_rt_dataset_field_scaled(c, site, data, f.name.c_str(), f.scaled->first,
                                    f.scaled->second);
    }
    for (const auto &part : request.parts)
      if (!c->status)
        qdo_rt_dataset_split_part(c, SplitSite, data, part.name.c_str(), part.fraction);
    if (!request.parts.empty() && !c->status)
      qdo_rt_dataset_split_stratified(c, SplitSite, data, request.stratified);
    if (request.splitBy && !c->status)
      qdo_rt_dataset_split_by(c, SplitSite, data, request.splitBy->c_str());
    if (!c->status)
      qdo_rt_dataset_finish(c, SourceSite, data);
    if (const qdo_failure *failure = qdo_rt_failure(c)) {
      base::Span span =
          failure->site == SourceSite  ? request.pathSpan
          : failure->site == SplitSite ? request.splitSpan
          : failure->site >= FieldSites && failure->site - FieldSites < request.fields.size()
              ? request.fields[failure->site - FieldSites].span
              : request.span;
      launcher::reportFailure(*failure, span, diagnostics);
      return shape;
    }
    shape.known = true;
    shape.rows = qdo_rt_dataset_size(c, data);
    shape.distinctRows[""] = distinctRows(c, data, request);
    for (const auto &f : request.fields)
      if (!f.single)
        shape.widths[f.name] = qdo_rt_dataset_width(c, data, f.name.c_str());
    auto add = [&](const std::string &part) {
      if (!qdo_rt_dataset_has_part(c, data, part.c_str()))
        return;
      const qdo_dataset rows = qdo_rt_dataset_part(c, SplitSite, data, part.c_str());
      shape.partRows[part] = qdo_rt_dataset_size(c, rows);
      shape.distinctRows[part] = distinctRows(c, rows, request);
    };
    for (const auto &part : request.parts)
      add(part.name);
    if (request.splitBy)
      for (const char *part : {"train", "valid", "validation", "test"}) // the names programs use
        add(part);
    return shape;
  };
}

} // namespace qdo::driver
