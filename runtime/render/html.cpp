// SPDX-License-Identifier: Apache-2.0
// Escaping, and the frame of a page.
#include "runtime/render/html.h"

#include <fmt/format.h>

namespace qdo::render {

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text)
    switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      // Control characters have no place in HTML; line ends and tabs are space.
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        out += c == '\n' || c == '\t' ? " " : "\xEF\xBF\xBD";
      else
        out += c;
    }
  return out;
}

static constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0;
  --accent: #0969da; --back: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; --accent: #4493f8; --back: #0d1117; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back);
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; }
h2 { margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .8rem .3rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
p.note, .soft { color: var(--soft); }
figure { margin: 1rem 0 2rem; }
svg { width: 100%; height: auto; }
svg text { font: 13px system-ui, sans-serif; fill: var(--soft); }
svg .axis { stroke: var(--soft); fill: none; }
svg .grid { stroke: var(--line); }
svg .fit { stroke: var(--accent); stroke-width: 2; fill: none; }
svg .bar { stroke: var(--ink); }
svg .dot { fill: var(--ink); }
)";

std::string page(std::string_view title, std::string_view body) {
  return fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
                     escaped(title), style, body);
}

} // namespace qdo::render
