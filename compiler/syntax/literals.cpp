// SPDX-License-Identifier: Apache-2.0
// Numbers and string text. Why by hand: digits may hold `_`, and a wrong suffix is one good error.
#include "compiler/syntax/literals.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace qdo::syntax {

namespace {

std::string withoutUnderscores(std::string_view spelling) {
  std::string digits(spelling);
  std::erase(digits, '_');
  return digits;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Where the number ends and its suffix starts: `1e-3s`, `400_000shots`.
size_t suffixStart(std::string_view spelling) {
  size_t i = 0;
  auto digits = [&] {
    while (i < spelling.size() &&
           (isDigit(spelling[i]) ||
            (spelling[i] == '_' && i + 1 < spelling.size() && isDigit(spelling[i + 1]))))
      ++i;
  };
  digits();
  if (i + 1 < spelling.size() && spelling[i] == '.' && isDigit(spelling[i + 1])) {
    ++i;
    digits();
  }
  if (i < spelling.size() && (spelling[i] == 'e' || spelling[i] == 'E')) {
    size_t exponent = i + 1;
    if (exponent < spelling.size() && (spelling[exponent] == '+' || spelling[exponent] == '-'))
      ++exponent;
    if (exponent < spelling.size() && isDigit(spelling[exponent])) {
      i = exponent;
      digits();
    }
  }
  return i;
}

struct Unit {
  std::string_view suffix;
  double factor;  ///< seconds
  double divisor; ///< division by a power of ten rounds correctly where a product does not
};
constexpr std::array units{Unit{"ns", 1, 1e9}, Unit{"us", 1, 1e6}, Unit{"ms", 1, 1e3},
                           Unit{"s", 1, 1},    Unit{"min", 60, 1}, Unit{"h", 3600, 1}};

const Unit *findUnit(std::string_view suffix) {
  const auto *found = std::find_if(units.begin(), units.end(),
                                   [&](const Unit &unit) { return unit.suffix == suffix; });
  return found == units.end() ? nullptr : found;
}

struct Alias {
  std::string_view written, suffix;
};
constexpr std::array aliases{
    Alias{"µs", "us"},      Alias{"μs", "us"},       Alias{"sec", "s"},   Alias{"secs", "s"},
    Alias{"second", "s"},   Alias{"seconds", "s"},   Alias{"m", "min"},   Alias{"mins", "min"},
    Alias{"minute", "min"}, Alias{"minutes", "min"}, Alias{"hr", "h"},    Alias{"hrs", "h"},
    Alias{"hour", "h"},     Alias{"hours", "h"},     Alias{"msec", "ms"}, Alias{"usec", "us"},
    Alias{"j", "i"},        Alias{"im", "i"},
};

} // namespace

std::optional<int64_t> Literals::integer(std::string_view spelling, base::Span span) {
  std::string digits = withoutUnderscores(spelling);
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc{})
    return value;
  mistakes.report(diag::Kind::NumberTooLarge, span, std::string(spelling))
      .help("the largest is 9_223_372_036_854_775_807; a `real` such as `1e20` goes further");
  return std::nullopt;
}

std::optional<double> Literals::real(std::string_view spelling, base::Span span) {
  std::string digits = withoutUnderscores(spelling);
  double value = std::strtod(digits.c_str(), nullptr); // a denormal or 0 for what is too small
  if (std::isfinite(value))
    return value;
  mistakes.report(diag::Kind::RealTooLarge, span, std::string(spelling));
  return std::nullopt;
}

std::optional<double> Literals::percent(std::string_view spelling, base::Span span) {
  std::optional<double> value = real(spelling.substr(0, spelling.size() - 1), span);
  return value ? std::optional(*value / 100) : std::nullopt;
}

ExprPtr Literals::suffixed(std::string_view spelling, base::Span span) {
  size_t split = suffixStart(spelling);
  std::string_view suffix = spelling.substr(split);
  const Unit *unit = findUnit(suffix);
  if (!unit && suffix != "i")
    return nullptr;
  std::optional<double> value = real(spelling.substr(0, split), span);
  if (!value)
    return nullptr;
  if (!unit) {
    auto imaginary = std::make_unique<ImaginaryExpr>();
    imaginary->value = *value;
    return imaginary;
  }
  auto duration = std::make_unique<DurationExpr>();
  duration->seconds = *value * unit->factor / unit->divisor;
  return duration;
}

void Literals::checkSuffix(std::string_view spelling, base::Span span) {
  size_t split = suffixStart(spelling);
  std::string number(spelling.substr(0, split));
  std::string suffix(spelling.substr(split));
  if (findUnit(suffix) || suffix == "i")
    return;
  Mistake &mistake = mistakes.report(diag::Kind::BadNumberSuffix, span, std::string(spelling));
  const auto *alias = std::find_if(aliases.begin(), aliases.end(),
                                   [&](const Alias &alias) { return alias.written == suffix; });
  if (alias != aliases.end()) {
    std::string own = number + std::string(alias->suffix);
    mistake.help("did you mean `" + own + "`?").edit(span, own, "write `" + own + "`");
  } else if (suffix == "shots") {
    std::string own = number + " shots";
    mistake.help("write `" + own + "`").edit(span, own, "write `" + own + "`");
  } else {
    mistake.help("durations end in `ns us ms s min h`, imaginary numbers in `i`; a product is `" +
                 number + " * " + suffix + "`");
  }
}

std::string Literals::unescape(std::string_view spelling, base::Span span) {
  std::string result;
  result.reserve(spelling.size());
  for (size_t i = 0; i < spelling.size(); ++i) {
    char c = spelling[i];
    if ((c == '{' || c == '}') && i + 1 < spelling.size()) { // only ever written twice
      result += c;
      ++i;
      continue;
    }
    if (c != '\\' || i + 1 >= spelling.size()) {
      result += c;
      continue;
    }
    char escaped = spelling[++i];
    switch (escaped) {
    case 'n':
      result += '\n';
      break;
    case 't':
      result += '\t';
      break;
    case '"':
    case '\\':
    case '{':
    case '}':
      result += escaped;
      break;
    default: {
      size_t length = 1; // of the escaped character in bytes
      while (i + length < spelling.size() &&
             (static_cast<unsigned char>(spelling[i + length]) & 0xC0U) == 0x80)
        ++length;
      auto begin = static_cast<uint32_t>(span.begin + i - 1);
      auto end = static_cast<uint32_t>(begin + 1 + length);
      mistakes
          .report(diag::Kind::UnknownEscape, mistakes.span(begin, end),
                  std::string(spelling.substr(i - 1, length + 1)))
          .help("the escapes are `\\n`, `\\t`, `\\\"`, `\\\\`, `\\{` and `\\}`")
          .edit(mistakes.span(begin, begin + 1), "\\\\", "write a backslash as `\\\\`");
      result.append(spelling.substr(i, length));
      i += length - 1;
    }
    }
  }
  return result;
}

} // namespace qdo::syntax
