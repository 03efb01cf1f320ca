// SPDX-License-Identifier: Apache-2.0
// `qdo explain` and `qdo version`: what the binary knows about itself.
#include "compiler/base/source_map.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/driver/commands/command.h"
#include "docs/embedded_pages.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace qdo::driver {

namespace {

int explain(const std::string &code) {
  std::string wanted = code;
  std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  std::vector<std::string_view> codes;
  for (const docs::ErrorPage &page : docs::errorPages()) {
    if (page.code == wanted) {
      std::fwrite(page.text.data(), 1, page.text.size(), stdout);
      return Ok;
    }
    codes.push_back(page.code);
  }
  if (code.empty()) {
    for (const diag::CodeInfo &info : diag::allCodes())
      fmt::print("{}  {}\n", info.name, info.title);
    return Ok;
  }
  auto near = base::nearestWord(wanted, codes);
  return usage(fmt::format("there is no code `{}`{}", code,
                           near ? fmt::format("; did you mean {}?", *near)
                                : "; `qdo explain` lists them all"));
}

} // namespace

void addExplain(Commands &commands) {
  auto code = std::make_shared<std::string>();
  commands
      .add("explain", "explain a code such as E0201, with a wrong and a right program",
           [code] { return explain(*code); })
      ->add_option("code", *code, "the code; without one, all codes are listed");
}

void addVersion(Commands &commands) {
  commands.add("version", "print the version", [] {
    fmt::print("qdo {} (LLVM {})\n", QDO_VERSION, QDO_LLVM_VERSION);
    return Ok;
  });
}

} // namespace qdo::driver
