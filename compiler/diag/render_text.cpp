// SPDX-License-Identifier: Apache-2.0
// A diagnostic as text for people: header, one section a file, then law, notes, helps and edits.
// Why labels are stacked right to left: no line from a label to its mark ever crosses another
// label.
#include "compiler/diag/render.h"

#include "compiler/diag/shown_line.h"

#include <algorithm>
#include <map>

namespace qdo::diag {

namespace {

/// A label's part on the line that it starts on, in columns counted from 0.
struct Mark {
  const Label *label;
  bool primary;
  bool continues; ///< the span goes on below this line
  uint32_t begin = 0;
  uint32_t end = 0;

  [[nodiscard]] Style style() const { return primary ? Style::Primary : Style::Other; }
};

/// The labels of one file by line.
struct Section {
  base::FileId file;
  base::Position anchor;
  std::map<uint32_t, std::vector<Mark>> lines;
};

class TextRenderer {
public:
  TextRenderer(const Diagnostic &diagnostic, const base::SourceMap &sources, TextOptions options)
      : diagnostic(diagnostic), sources(sources), colour(options.colour),
        isError(diagnostic.level() == Level::Error) {}

  std::string run() {
    header();
    if (diagnostic.located) {
      collect();
      for (size_t i = 0; i < sections.size(); ++i)
        section(sections[i], i == 0 ? "--> " : "::: ");
    }
    trailer();
    return std::move(out);
  }

private:
  void header() {
    const std::string head =
        fmt::format("{}[{}]", isError ? "error" : "warning", info(diagnostic.code()).name);
    out += paint(head, Style::Primary) + paint(": " + diagnostic.message, Style::Bold) + "\n";
  }

  void collect() {
    add(diagnostic.primary, true);
    for (const Label &label : diagnostic.places)
      add(label, false);
    uint32_t last = 1;
    for (const Section &each : sections)
      last = std::max(last, each.lines.rbegin()->first);
    gutterWidth = fmt::formatted_size("{}", last);
  }

  void add(const Label &label, bool primary) {
    const base::FileId file = label.span.file;
    const base::Position from = sources.position(file, label.span.begin);
    const base::Position to = sources.position(file, label.span.end);
    auto found = std::find_if(sections.begin(), sections.end(),
                              [&](const Section &each) { return each.file == file; });
    if (found == sections.end())
      found = sections.insert(sections.end(), Section{file, from, {}});
    // A span that ends right after a line ending does not go on below.
    const bool continues = to.line > from.line && !(to.line == from.line + 1 && to.byteColumn == 1);
    found->lines[from.line].push_back({&label, primary, continues});
  }

  void section(Section &each, std::string_view arrow) {
    out += std::string(gutterWidth + 1, ' ') + paint(arrow, Style::Gutter) +
           fmt::format("{}:{}:{}\n", sources.name(each.file), each.anchor.line,
                       each.anchor.codePointColumn);
    gutterLine();
    uint32_t previous = 0;
    for (auto &[line, marks] : each.lines) {
      if (previous != 0 && line == previous + 2)
        sourceLine(line - 1, ShownLine(sources.line(each.file, line - 1)));
      else if (previous != 0 && line > previous + 2)
        out += paint("...", Style::Gutter) + "\n";
      markedLine(each.file, line, marks);
      previous = line;
    }
  }

  void markedLine(base::FileId file, uint32_t line, std::vector<Mark> &marks) {
    const std::string_view text = sources.line(file, line);
    ShownLine shown(text);
    place(file, text, shown, marks);
    const auto focus =
        std::find_if(marks.begin(), marks.end(), [](const Mark &mark) { return mark.primary; });
    const Mark &centre = focus == marks.end() ? marks.front() : *focus;
    shown.cutAround(centre.begin, centre.end);
    place(file, text, shown, marks);

    sourceLine(line, shown);
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark &a, const Mark &b) { return a.begin < b.begin; });
    drawMarks(marks);
  }

  /// Computes the columns of marks on a line as it is shown.
  void place(base::FileId file, std::string_view text, const ShownLine &shown,
             std::vector<Mark> &marks) const {
    for (Mark &mark : marks) {
      const base::Span span = mark.label->span;
      const uint32_t first = sources.position(file, span.begin).byteColumn - 1;
      const uint32_t last =
          std::min<uint32_t>(first + (std::max(span.end, span.begin) - span.begin),
                             static_cast<uint32_t>(text.size()));
      mark.begin = shown.column(first);
      mark.end = std::max(shown.column(last), mark.begin + 1);
    }
  }

  void drawMarks(const std::vector<Mark> &marks) {
    Row underlines;
    for (const bool primary : {false, true}) // the primary place is drawn over the others
      for (const Mark &mark : marks)
        if (mark.primary == primary) {
          underlines.put(mark.begin, std::string(mark.end - mark.begin, primary ? '^' : '-'),
                         mark.style());
          if (mark.continues)
            underlines.put(mark.end, "...", mark.style());
        }

    std::vector<const Mark *> stacked;
    for (const Mark &mark : marks)
      if (!mark.label->text.empty())
        stacked.push_back(&mark);
    if (const Mark *last = inlineLabel(marks, stacked)) {
      underlines.put(last->end + (last->continues ? 4 : 1), last->label->text, last->style());
      stacked.pop_back();
    }
    gutterLine(underlines);
    if (stacked.empty())
      return;

    gutterLine(connectors(stacked));
    while (!stacked.empty()) {
      const Mark *mark = stacked.back();
      stacked.pop_back();
      Row row = connectors(stacked);
      row.put(mark->begin, mark->label->text, mark->style());
      gutterLine(row);
    }
  }

  /// The label that fits on the row of the underlines: the last, when nothing stands in its way.
  static const Mark *inlineLabel(const std::vector<Mark> &marks,
                                 const std::vector<const Mark *> &labelled) {
    if (labelled.empty())
      return nullptr;
    const Mark *last = labelled.back();
    for (const Mark &mark : marks)
      if (&mark != last && (mark.begin > last->begin || mark.end > last->end))
        return nullptr;
    // Two labels of one column: stacking both shows that they belong to the same place.
    if (labelled.size() > 1 && labelled[labelled.size() - 2]->begin == last->begin)
      return nullptr;
    return last;
  }

  static Row connectors(const std::vector<const Mark *> &marks) {
    Row row;
    for (const Mark *mark : marks)
      row.put(mark->begin, "|", mark->style());
    return row;
  }

  void trailer() {
    std::vector<std::pair<std::string_view, std::string>> items;
    const CodeInfo &code = info(diagnostic.code());
    if (!code.law.empty())
      items.emplace_back("law", fmt::format("{}: {}", code.title, code.law));
    for (const std::string &note : diagnostic.notes)
      items.emplace_back("note", note);
    for (const std::string &help : diagnostic.helps)
      items.emplace_back("help", help);
    for (const Edit &edit : diagnostic.edits)
      items.emplace_back("edit", describe(edit));
    if (diagnostic.located && !items.empty())
      gutterLine();
    for (const auto &[title, text] : items)
      trailerItem(title, text);
  }

  void trailerItem(std::string_view title, std::string_view text) {
    const std::string indent(gutterWidth + 2, ' ');
    out += indent + paint("= ", Style::Gutter) + paint(fmt::format("{}: ", title), Style::Bold);
    // Further lines of the text stand under its first.
    const std::string hang(indent.size() + 4 + title.size(), ' ');
    for (size_t end; (end = text.find('\n')) != std::string_view::npos; text.remove_prefix(end + 1))
      out += fmt::format("{}\n{}", text.substr(0, end), hang);
    out += fmt::format("{}\n", text);
  }

  [[nodiscard]] std::string describe(const Edit &edit) const {
    const std::string_view old = sources.text(edit.span);
    std::string action;
    if (old.empty()) {
      const base::Position at = sources.position(edit.span.file, edit.span.begin);
      const std::string_view added = edit.replacement;
      const size_t last = added.find_last_not_of(" \t");
      if (added.starts_with('\n') && last != 0)
        action = fmt::format("insert `{}` after line {}", onOneLine(added), at.line);
      else if (last != std::string_view::npos && last != 0 && added[last] == '\n')
        action = fmt::format("insert `{}` before line {}", onOneLine(added), at.line);
      else
        action = fmt::format("insert `{}` at {}:{}", firstLine(added), at.line, at.codePointColumn);
    } else if (edit.replacement.empty()) {
      action = fmt::format("delete `{}`", firstLine(old));
    } else {
      action = fmt::format("replace `{}` with `{}`", firstLine(old), firstLine(edit.replacement));
    }
    // A label that spells the replacement out is a title for editors; here it would say it twice.
    const bool saysItself = edit.label.find('`' + edit.replacement + '`') != std::string::npos;
    return edit.label.empty() || saysItself ? action : fmt::format("{}: {}", edit.label, action);
  }

  /// Whole lines as statements on one line.
  static std::string onOneLine(std::string_view lines) {
    std::string result;
    while (!lines.empty()) {
      const size_t end = std::min(lines.find('\n'), lines.size());
      const size_t first = lines.find_first_not_of(" \t");
      if (first < end)
        result += (result.empty() ? "" : "; ") + std::string(lines.substr(first, end - first));
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return result;
  }

  static std::string firstLine(std::string_view text) {
    const bool endsLine = !text.empty() && text.find('\n') == text.size() - 1;
    const size_t end = text.find('\n');
    std::string result(text.substr(0, end));
    if (end != std::string_view::npos && !endsLine)
      result += " ...";
    return result;
  }

  void sourceLine(uint32_t line, const ShownLine &shown) {
    const std::string text = shown.text();
    out += paint(fmt::format(" {:>{}} |", line, gutterWidth), Style::Gutter) +
           (text.empty() ? "" : " ") + text + "\n";
  }

  void gutterLine() { out += paint(std::string(gutterWidth + 2, ' ') + "|", Style::Gutter) + "\n"; }

  void gutterLine(const Row &row) {
    out += paint(std::string(gutterWidth + 2, ' ') + "|", Style::Gutter) + " " +
           row.render(isError, colour) + "\n";
  }

  [[nodiscard]] std::string paint(std::string_view text, Style style) const {
    return styled(text, style, isError, colour);
  }

  const Diagnostic &diagnostic;
  const base::SourceMap &sources;
  const bool colour;
  const bool isError;
  std::vector<Section> sections;
  size_t gutterWidth = 1;
  std::string out;
};

} // namespace

std::string renderText(const Diagnostic &diagnostic, const base::SourceMap &sources,
                       TextOptions options) {
  return TextRenderer(diagnostic, sources, options).run();
}

} // namespace qdo::diag
