// SPDX-License-Identifier: Apache-2.0
// What a run is told of its program, for reports: its name, and the text at its sites.
#pragma once

#include "compiler/base/source_map.h"
#include "qdo/runtime/keeping.h"

#include <functional>
#include <optional>
#include <string>

namespace qdo::launcher {

/// Lives as long as the run that it is given to.
class ProgramHost {
public:
  ProgramHost(std::string name, const base::SourceMap &sources,
              std::function<std::optional<base::Span>(qdo_site)> spanOf)
      : name_(std::move(name)), sources_(sources), spanOf_(std::move(spanOf)) {}
  void tell(qdo_ctx *context);

private:
  qdo_place place(qdo_site site);

  const std::string name_;
  const base::SourceMap &sources_;
  const std::function<std::optional<base::Span>(qdo_site)> spanOf_;
  std::string at_, text_; ///< of the place that was asked for last
};

} // namespace qdo::launcher
