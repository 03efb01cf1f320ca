// SPDX-License-Identifier: Apache-2.0
// Places as reports show them: the file without its folder, so that they are the same everywhere.
#include "compiler/launcher/host.h"

#include <fmt/format.h>

#include <filesystem>

namespace qdo::launcher {

void ProgramHost::tell(qdo_ctx *context) {
  qdo_host host{};
  host.program = name_.c_str();
  host.user = this;
  host.place = [](void *user, qdo_site site) {
    return static_cast<ProgramHost *>(user)->place(site);
  };
  qdo_rt_set_host(context, &host);
}

qdo_place ProgramHost::place(qdo_site site) {
  at_.clear();
  text_.clear();
  if (const auto span = spanOf_(site)) {
    const base::Position position = sources_.position(span->file, span->begin);
    const std::filesystem::path file = sources_.name(span->file);
    at_ =
        fmt::format("{}:{}:{}", file.filename().string(), position.line, position.codePointColumn);
    text_ = sources_.text(*span);
  }
  return {at_.c_str(), text_.c_str()};
}

} // namespace qdo::launcher
