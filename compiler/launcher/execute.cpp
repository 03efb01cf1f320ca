// SPDX-License-Identifier: Apache-2.0
// Why two streams: the program's output goes to stdout alone, so that it can be piped.
#include "compiler/launcher/execute.h"

#include "compiler/launcher/interrupt.h"
#include "compiler/launcher/output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace qdo::launcher {

int execute(const std::function<RunResult(const Write &)> &run, const diag::Engine &diagnostics,
            const base::SourceMap &sources, const Presentation &how) {
  endOnInterrupt();
  Output output;
  const RunResult result = run([&](std::string_view text) {
    if (!how.json)
      return output.put(text);
    std::string_view line = text;
    if (line.ends_with('\n'))
      line.remove_suffix(1);
    return output.put(nlohmann::json{{"event", "print"}, {"text", line}}.dump() + "\n");
  });
  runEnded();
  int status = diagnostics.exitStatus();
  if (result.end == RunResult::End::Interrupted)
    status = InterruptedStatus;
  if (result.end == RunResult::End::ClosedPipe)
    return Ok;
  if (how.json)
    output.put(
        nlohmann::json{
            {"event", "result"}, {"status", status}, {"seed", how.seed}, {"spent", result.spent}}
            .dump() +
        "\n");
  const bool open = output.put("", true);
  show(diagnostics, sources, how.json, how.quiet);
  if (result.end == RunResult::End::Interrupted && !how.json)
    say(fmt::format("interrupted: {} spent\n", result.spent));
  else if (status != Ok && !result.spent.empty() && !how.quiet && !how.json)
    say(fmt::format("spent until then: {}\n", result.spent));
  return open ? status : Ok;
}

} // namespace qdo::launcher
