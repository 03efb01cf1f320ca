// SPDX-License-Identifier: Apache-2.0
// The scanner behind Table::parse, and the reading of numbers.
#include "runtime/data/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace qdo::data {

using base::Kind;

namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// The first byte that does not continue well-formed UTF-8 (Unicode 15, table 3-7), or npos.
size_t firstBadUtf8(std::string_view bytes) {
  size_t at = 0;
  auto continues = [&](size_t offset, unsigned low = 0x80, unsigned high = 0xBF) {
    if (at + offset >= bytes.size())
      return false;
    unsigned byte = static_cast<unsigned char>(bytes[at + offset]);
    return byte >= low && byte <= high;
  };
  while (at < bytes.size()) {
    unsigned lead = static_cast<unsigned char>(bytes[at]);
    size_t length = 0;
    if (lead < 0x80)
      length = 1;
    else if (lead >= 0xC2 && lead <= 0xDF && continues(1))
      length = 2;
    else if (lead >= 0xE0 && lead <= 0xEF &&
             continues(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && continues(2))
      length = 3;
    else if (lead >= 0xF0 && lead <= 0xF4 &&
             continues(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && continues(2) &&
             continues(3))
      length = 4;
    if (length == 0)
      return at;
    at += length;
  }
  return std::string_view::npos;
}

/// "file:line:column" of a byte; every byte that does not continue a character starts a column.
std::string placeOf(std::string_view bytes, std::string_view fileName, size_t offset) {
  size_t line = 1, column = 1;
  size_t start = bytes.substr(0, byteOrderMark.size()) == byteOrderMark ? byteOrderMark.size() : 0;
  for (size_t i = start; i < offset; ++i) {
    bool carriageReturnOfPair = bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n';
    if (bytes[i] == '\n' || (bytes[i] == '\r' && !carriageReturnOfPair)) {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(bytes[i]) & 0xC0) != 0x80) {
      ++column;
    }
  }
  return fmt::format("{}:{}:{}", fileName, line, column);
}

std::string_view trimmed(std::string_view text) {
  size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

/// One pass over the bytes; fills the table's cells row by row.
class Scanner {
public:
  Scanner(base::Context &ctx, qdo_site site, Table &table)
      : ctx_(ctx), site_(site), table_(table), bytes_(table.bytes_) {}

  bool run() {
    if (bytes_.substr(0, byteOrderMark.size()) == byteOrderMark)
      at_ = byteOrderMark.size();
    size_t width = 0;
    while (at_ < bytes_.size()) {
      size_t first = table_.cells_.size(), start = at_;
      if (!row())
        return false;
      size_t count = table_.cells_.size() - first;
      const Table::Cell &cell = table_.cells_[first];
      // A blank line holds no data. With one column it may be an empty cell, except at the end.
      bool blank = count == 1 && cell.length == 0 && cell.offset == start;
      if (blank && (width != 1 || restIsBlank())) {
        table_.cells_.resize(first);
        continue;
      }
      if (width == 0)
        width = count;
      if (count == width)
        continue;
      base::Failure &failure = ctx_.fail(site_, Kind::DataRagged, count, width);
      failure.place = placeOf(bytes_, table_.fileName_, start);
      if (count > width)
        failure.help = "put a cell that contains a comma in double quotes";
      return false;
    }
    if (width == 0 || table_.cells_.size() == width) {
      base::Failure &failure = ctx_.fail(site_, Kind::DataEmpty, table_.fileName_);
      if (width != 0)
        failure.note = "the file has a header and nothing else";
      return false;
    }
    for (size_t c = 0; c < width; ++c)
      table_.columns_.emplace_back(trimmed(table_.content(table_.cells_[c])));
    return true;
  }

private:
  bool restIsBlank() const {
    return bytes_.find_first_not_of("\r\n", at_) == std::string_view::npos;
  }
  bool atLineEnd() const { return bytes_[at_] == '\n' || bytes_[at_] == '\r'; }

  /// Reads cells up to and with the line end.
  bool row() {
    while (true) {
      if (!(at_ < bytes_.size() && bytes_[at_] == '"' ? quoted() : plain()))
        return false;
      if (at_ >= bytes_.size())
        return true;
      if (bytes_[at_] == ',') {
        ++at_;
        continue;
      }
      at_ += bytes_[at_] == '\r' && at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '\n' ? 2 : 1;
      return true;
    }
  }

  bool plain() {
    size_t start = at_;
    while (at_ < bytes_.size() && bytes_[at_] != ',' && !atLineEnd())
      ++at_;
    table_.cells_.push_back({start, at_ - start, false});
    return true;
  }

  bool quoted() {
    size_t open = at_++;
    bool doubled = false;
    while (true) {
      size_t quote = bytes_.find('"', at_);
      if (quote == std::string_view::npos)
        return badQuote(open, "is never closed");
      at_ = quote + 1;
      if (at_ >= bytes_.size() || bytes_[at_] != '"')
        break;
      doubled = true;
      ++at_;
    }
    table_.cells_.push_back({open + 1, at_ - open - 2, doubled});
    return at_ >= bytes_.size() || bytes_[at_] == ',' || atLineEnd() ||
           badQuote(open, "goes on after its closing quote");
  }

  bool badQuote(size_t open, std::string_view what) {
    base::Failure &failure = ctx_.fail(site_, Kind::DataQuote, what);
    failure.place = placeOf(bytes_, table_.fileName_, open);
    failure.help = "write a quote inside a quoted cell twice";
    return false;
  }

  base::Context &ctx_;
  qdo_site site_;
  Table &table_;
  std::string_view bytes_;
  size_t at_ = 0;
};

std::optional<Table> Table::parse(base::Context &ctx, qdo_site site, std::string bytes,
                                  std::string fileName) {
  Table table;
  table.bytes_ = std::move(bytes);
  table.fileName_ = std::move(fileName);
  if (size_t bad = firstBadUtf8(table.bytes_); bad != std::string_view::npos) {
    base::Failure &failure = ctx.fail(site, Kind::DataNotUtf8, table.fileName_, bad);
    failure.place = placeOf(table.bytes_, table.fileName_, bad);
    failure.help = "save the file as UTF-8";
    return std::nullopt;
  }
  if (!Scanner(ctx, site, table).run())
    return std::nullopt;
  return table;
}

std::string Table::content(const Cell &cell) const {
  std::string text = bytes_.substr(cell.offset, cell.length);
  if (cell.doubled)
    for (size_t at = 0; (at = text.find("\"\"", at)) != std::string::npos; ++at)
      text.erase(at, 1);
  return text;
}

std::string Table::text(size_t row, size_t column) const { return content(at(row, column)); }

std::string Table::place(size_t row, size_t column) const {
  return placeOf(bytes_, fileName_, at(row, column).offset);
}

std::string Table::headerPlace(size_t column) const {
  return placeOf(bytes_, fileName_, cells_[column].offset);
}

Number readNumber(std::string_view text) {
  text = trimmed(text);
  if (text.empty())
    return {Number::Status::Empty, 0};
  std::string_view digits = text;
  if (digits.front() == '+' && digits.size() > 1 && digits[1] != '-')
    digits.remove_prefix(1);
  double value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || error == std::errc::invalid_argument)
    return {Number::Status::Text, 0};
  if (error == std::errc::result_out_of_range) {
    // from_chars does not say which end of the range was left; only a small number has `e-`.
    bool tiny = digits.find("e-") != digits.npos || digits.find("E-") != digits.npos;
    return {tiny ? Number::Status::Finite : Number::Status::NotFinite, 0};
  }
  if (!std::isfinite(value))
    return {Number::Status::NotFinite, 0};
  return {Number::Status::Finite, value};
}

} // namespace qdo::data
