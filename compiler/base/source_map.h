// SPDX-License-Identifier: Apache-2.0
// The one owner of source text and of positions in it.
// In: file names and bytes. Out: spans (byte ranges) and their line/column in bytes, code points or
// UTF-16 units. Why: every consumer (terminal, JSON, editors) counts columns differently; only this
// file may convert. Must not: know about tokens, diagnostics or the file system beyond reading one
// file.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::base {

/// Names one source file in a SourceMap.
enum class FileId : uint32_t {};

/// A half-open byte range [begin, end) in one file.
struct Span {
  FileId file{};
  uint32_t begin = 0;
  uint32_t end = 0;

  [[nodiscard]] uint32_t size() const { return end - begin; }
  [[nodiscard]] bool contains(Span other) const {
    return file == other.file && begin <= other.begin && other.end <= end;
  }
  /// The smallest span that covers both; both must be in the same file.
  [[nodiscard]] Span to(Span other) const {
    return {file, begin < other.begin ? begin : other.begin, end > other.end ? end : other.end};
  }
  bool operator==(const Span &) const = default;
};

/// A position that a person or an editor understands. Lines and columns count from 1.
struct Position {
  uint32_t line = 1;
  uint32_t byteColumn = 1;
  uint32_t codePointColumn = 1;
  uint32_t utf16Column = 1;
};

class SourceMap {
public:
  /// Adds a file under the name people will see. The text is kept as it is: see `firstInvalidUtf8`.
  FileId add(std::string name, std::string text);

  [[nodiscard]] std::string_view name(FileId file) const;
  [[nodiscard]] std::string_view text(FileId file) const;
  [[nodiscard]] std::string_view text(Span span) const;
  [[nodiscard]] uint32_t lineCount(FileId file) const;
  /// The bytes of a line (counted from 1) without its line ending.
  [[nodiscard]] std::string_view line(FileId file, uint32_t line) const;
  [[nodiscard]] Position position(FileId file, uint32_t byteOffset) const;
  /// Inverse of `position` by bytes.
  [[nodiscard]] uint32_t offset(FileId file, uint32_t line, uint32_t byteColumn) const;
  [[nodiscard]] uint32_t fileCount() const { return static_cast<uint32_t>(files.size()); }
  /// Inverse of `position` by UTF-16 (0-based line and column, as the Language Server Protocol
  /// counts).
  [[nodiscard]] uint32_t offsetOfUtf16(FileId file, uint32_t line0, uint32_t utf16Column0) const;

private:
  /// The columns of a place on its line, so that counting never starts far away.
  struct Mark {
    uint32_t offset, codePointColumn, utf16Column;
  };
  static constexpr uint32_t MarkDistance = 512;
  struct File {
    std::string name;
    std::string text;
    std::vector<uint32_t> lineStarts;
    std::vector<Mark> marks; ///< marks[i] is the first code point from i * MarkDistance on
  };
  std::deque<File> files;
  [[nodiscard]] const File &get(FileId file) const { return files[static_cast<uint32_t>(file)]; }
};

/// Length in bytes (1 to 4) of the UTF-8 sequence that `text` starts with, or 0 if it starts with
/// none.
unsigned utf8SequenceLength(std::string_view text);

/// Byte offset of the first byte that is not valid UTF-8, if there is one.
std::optional<uint32_t> firstInvalidUtf8(std::string_view text);

/// The nearest of `candidates` to `word` by edit distance, if it is near enough to be a
/// misspelling.
std::optional<std::string_view> nearestWord(std::string_view word,
                                            const std::vector<std::string_view> &candidates);

} // namespace qdo::base
