// SPDX-License-Identifier: Apache-2.0
// Finding the doc comments of a statement by place alone.
#include "compiler/syntax/docs.h"

#include <algorithm>

namespace qdo::syntax {

size_t Docs::firstAt(uint32_t offset) const {
  auto found =
      std::lower_bound(comments.begin(), comments.end(), offset,
                       [](const DocComment &comment, uint32_t at) { return comment.begin < at; });
  return static_cast<size_t>(found - comments.begin());
}

std::string_view Docs::content(const DocComment &comment) const {
  std::string_view line = text.substr(comment.begin + 3, comment.end - comment.begin - 3);
  if (line.starts_with(' '))
    line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  return line;
}

std::string Docs::of(uint32_t previousEnd, uint32_t begin, uint32_t end) const {
  if (comments.empty())
    return {};
  std::vector<std::string_view> found;
  // Above: the last run of lines that follow each other.
  for (size_t i = firstAt(begin);
       i-- > 0 && comments[i].begin >= previousEnd && comments[i].ownLine;) {
    if (!found.empty()) {
      std::string_view gap = text.substr(comments[i].end, comments[i + 1].begin - comments[i].end);
      if (std::count(gap.begin(), gap.end(), '\n') != 1)
        break;
    }
    found.insert(found.begin(), content(comments[i]));
  }
  // Beside its header: after the `{` on its first line.
  for (size_t i = firstAt(begin); i < comments.size() && comments[i].begin < end; ++i) {
    std::string_view before = text.substr(begin, comments[i].begin - begin);
    if (before.find('\n') != std::string_view::npos)
      break;
    size_t last = before.find_last_not_of(" \t");
    if (last != std::string_view::npos && before[last] == '{')
      found.push_back(content(comments[i]));
  }
  // Beside its end.
  if (size_t i = firstAt(end); i < comments.size() && !comments[i].ownLine)
    if (text.substr(end, comments[i].begin - end).find_first_not_of(" \t;") ==
        std::string_view::npos)
      found.push_back(content(comments[i]));
  std::string result;
  for (std::string_view line : found) {
    if (!result.empty())
      result += '\n';
    result += line;
  }
  return result;
}

} // namespace qdo::syntax
