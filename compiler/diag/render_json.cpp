// SPDX-License-Identifier: Apache-2.0
// One diagnostic as one JSON object on one line.
// Why: tools get byte offsets and code point columns together, and the text form ready to show.
#include "compiler/diag/render.h"

#include <nlohmann/json.hpp>

namespace qdo::diag {

namespace {

using Json = nlohmann::ordered_json;

Json place(base::Span span, const base::SourceMap &sources) {
  const base::Position from = sources.position(span.file, span.begin);
  const base::Position to = sources.position(span.file, span.end);
  return {{"file", sources.name(span.file)},
          {"begin", span.begin},
          {"end", span.end},
          {"line", from.line},
          {"column", from.codePointColumn},
          {"endLine", to.line},
          {"endColumn", to.codePointColumn}};
}

Json place(const Label &label, const base::SourceMap &sources) {
  Json result = place(label.span, sources);
  result["label"] = label.text;
  return result;
}

} // namespace

std::string renderJson(const Diagnostic &diagnostic, const base::SourceMap &sources) {
  const CodeInfo &code = info(diagnostic.code());
  Json result = {{"code", code.name},
                 {"level", diagnostic.level() == Level::Error ? "error" : "warning"},
                 {"message", diagnostic.message},
                 {"law", code.law},
                 {"primary", nullptr},
                 {"places", Json::array()},
                 {"notes", diagnostic.notes},
                 {"helps", diagnostic.helps},
                 {"edits", Json::array()},
                 {"rendered", renderText(diagnostic, sources, {})}};
  if (diagnostic.located)
    result["primary"] = place(diagnostic.primary, sources);
  for (const Label &label : diagnostic.places)
    result["places"].push_back(place(label, sources));
  for (const Edit &edit : diagnostic.edits) {
    Json item = place(edit.span, sources);
    item["replacement"] = edit.replacement;
    item["label"] = edit.label;
    result["edits"].push_back(std::move(item));
  }
  // Source text may hold invalid UTF-8 (that is an error of its own); JSON may not.
  return result.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace qdo::diag
