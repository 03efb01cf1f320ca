// SPDX-License-Identifier: Apache-2.0
// The model of documentation as Markdown and as HTML.
#include "compiler/driver/documentation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace qdo::driver {

namespace {

/// The first sentence, on one line.
std::string summary(const std::string &text) {
  std::string line = text.substr(0, text.find("\n\n"));
  std::replace(line.begin(), line.end(), '\n', ' ');
  for (size_t at = 0; (at = line.find(". ", at)) != line.npos; ++at)
    if (at + 2 < line.size() && std::isupper(static_cast<unsigned char>(line[at + 2])))
      return line.substr(0, at + 1);
  return line;
}

/// In a table of Markdown a bar ends a cell.
std::string cell(const std::string &text) {
  std::string result;
  for (char c : text)
    result += c == '|' ? std::string("\\|") : c == '\n' ? " " : std::string(1, c);
  return result;
}
std::string code(const std::string &text) { return text.empty() ? "" : "`" + cell(text) + "`"; }

std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text)
    switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    default:
      result += c;
    }
  return result;
}

/// Prose: escaped, `code` marked, an empty line starts a paragraph.
std::string prose(std::string_view text) {
  std::string result = "<p>";
  bool inCode = false;
  const std::string safe = escaped(text);
  for (size_t i = 0; i < safe.size(); ++i) {
    if (safe[i] == '`') {
      result += inCode ? "</code>" : "<code>";
      inCode = !inCode;
    } else if (safe[i] == '\n' && i + 1 < safe.size() && safe[i + 1] == '\n' && !inCode) {
      result += "</p>\n<p>";
    } else {
      result += safe[i];
    }
  }
  return result + (inCode ? "</code></p>\n" : "</p>\n");
}

constexpr const char *Style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;"
    "color:#1a1a1a;background:#fff}"
    "pre,code{font-family:ui-monospace,monospace;font-size:.92em}"
    "pre{background:#f4f4f2;padding:.7rem 1rem;overflow-x:auto;border-radius:4px}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem 1rem .2rem 0;"
    "border-bottom:1px solid #ddd;vertical-align:top}h2 small{color:#666;font-weight:400}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#181818}"
    "pre{background:#242424}td,th{border-color:#444}a{color:#8ab4f8}}";

} // namespace

std::string toMarkdown(const Documentation &documentation) {
  std::string out = fmt::format("# {}\n", documentation.title);
  if (!documentation.text.empty())
    out += "\n" + documentation.text;
  if (!documentation.entries.empty())
    out += "\n| name | |\n| --- | --- |\n";
  for (const auto &e : documentation.entries)
    out += fmt::format("| `{}` | {} |\n", e.name, cell(summary(e.text)));
  for (const auto &e : documentation.entries) {
    out += fmt::format("\n## {}\n\n{}\n\n```qdo\n{}\n```\n", e.name,
                       static_cast<char>(std::toupper(e.kind[0])) + e.kind.substr(1) + ".",
                       e.signature);
    if (!e.text.empty())
      out += "\n" + e.text + "\n";
    if (!e.parameters.empty())
      out += "\n| parameter | type | default | |\n| --- | --- | --- | --- |\n";
    for (const auto &p : e.parameters)
      out += fmt::format("| `{}` | {} | {} | {} |\n", p.name, code(p.type), code(p.defaultText),
                         p.role);
    for (size_t i = 0; i < e.sizes.size(); ++i)
      out += fmt::format("{}{}\n", i == 0 ? "\n" : "", e.sizes[i]);
  }
  return out;
}

std::string toHtml(const Documentation &documentation) {
  const std::string title = escaped(documentation.title);
  std::string out = fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta "
                                "charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width="
                                "device-width\">\n<title>{}</title>\n<style>{}</style>\n</head>\n"
                                "<body>\n<h1>{}</h1>\n",
                                title, Style, title);
  if (!documentation.text.empty())
    out += prose(documentation.text);
  out += "<table>\n";
  for (const auto &e : documentation.entries)
    out += fmt::format("<tr><td><a href=\"#{0}\"><code>{0}</code></a></td><td>{1}</td></tr>\n",
                       escaped(e.name), escaped(summary(e.text)));
  out += "</table>\n";
  for (const auto &e : documentation.entries) {
    out += fmt::format("<h2 id=\"{0}\">{0} <small>{1}</small></h2>\n<pre>{2}</pre>\n",
                       escaped(e.name), escaped(e.kind), escaped(e.signature));
    if (!e.text.empty())
      out += prose(e.text);
    if (!e.parameters.empty())
      out += "<table>\n<tr><th>parameter</th><th>type</th><th>default</th><th></th></tr>\n";
    for (const auto &p : e.parameters)
      out += fmt::format("<tr><td><code>{}</code></td><td><code>{}</code></td><td><code>{}</code>"
                         "</td><td>{}</td></tr>\n",
                         escaped(p.name), escaped(p.type), escaped(p.defaultText), escaped(p.role));
    if (!e.parameters.empty())
      out += "</table>\n";
    for (const std::string &size : e.sizes)
      out += prose(size);
  }
  return out + "</body>\n</html>\n";
}

} // namespace qdo::driver
