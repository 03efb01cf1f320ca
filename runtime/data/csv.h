// SPDX-License-Identifier: Apache-2.0
// Reads comma-separated text (RFC 4180 and what spreadsheets really write) into cells that know
// their place. In: the bytes of a file. Out: a table, or a failure that names line and column. Why:
// cells stay views into the bytes, so a place is computed only when somebody has to be told. Must
// not: decide what a cell means; numbers and labels are the business of a dataset's fields.
#pragma once

#include "runtime/base/context.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdo::data {

/// A parsed file: one header row and rows of as many cells. Immutable and shared by every dataset
/// of a run that names the same file.
class Table {
public:
  /// Parses `bytes`; `fileName` is only used in messages and places. Accepts a UTF-8 byte-order
  /// mark, LF, CRLF or CR line ends, quoted cells with doubled quotes and line ends inside, and
  /// skips blank lines. Fails with DataNotUtf8, DataEmpty (no header, or header only), DataRagged,
  /// DataQuote.
  static std::optional<Table> parse(base::Context &ctx, qdo_site site, std::string bytes,
                                    std::string fileName);

  [[nodiscard]] const std::string &fileName() const { return fileName_; }
  [[nodiscard]] const std::vector<std::string> &columns() const { return columns_; }
  [[nodiscard]] size_t rowCount() const { return cells_.size() / columns_.size() - 1; }

  /// The text of a cell without its quotes; row 0 is the first row of data.
  [[nodiscard]] std::string text(size_t row, size_t column) const;
  /// "iris.csv:17:3": line and column (in characters, from 1) where the cell starts.
  [[nodiscard]] std::string place(size_t row, size_t column) const;
  [[nodiscard]] std::string headerPlace(size_t column) const;

private:
  struct Cell {
    size_t offset; ///< of the first byte of its content
    size_t length; ///< of its content, without the outer quotes
    bool doubled;  ///< its content has doubled quotes
  };
  friend class Scanner;

  [[nodiscard]] const Cell &at(size_t row, size_t column) const {
    return cells_[(row + 1) * columns_.size() + column];
  }
  [[nodiscard]] std::string content(const Cell &cell) const;

  std::string bytes_;
  std::string fileName_;
  std::vector<std::string> columns_;
  std::vector<Cell> cells_; ///< row-major, the header first
};

/// What a cell says when it is read as a number.
struct Number {
  enum class Status : uint8_t { Empty, Text, NotFinite, Finite } status;
  double value; ///< of a finite one
};

/// Reads a whole cell as a decimal number; spaces around it and a leading `+` are allowed. The
/// point is always `.`, whatever the locale. Magnitudes beyond a double are NotFinite, those below
/// it are 0.
Number readNumber(std::string_view text);

} // namespace qdo::data
