// SPDX-License-Identifier: Apache-2.0
// Estimates and arrays as text.
#include "runtime/registry/codec.h"

#include "runtime/base/hash.h"
#include "runtime/estimate/tabled.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

namespace qdo::registry {

using base::Array;
using estimate::Estimate;

Writer &Writer::line(std::string_view word) {
  if (!text.empty())
    text += '\n';
  text += word;
  return *this;
}
Writer &Writer::add(double value) {
  text += fmt::format(" {:a}", value);
  return *this;
}
Writer &Writer::add(int64_t value) {
  text += fmt::format(" {}", value);
  return *this;
}
Writer &Writer::add(uint64_t value) {
  text += fmt::format(" {:x}", value);
  return *this;
}

std::string_view Reader::word() {
  const size_t begin = std::min(rest_.find_first_not_of(" \n"), rest_.size());
  const size_t end = std::min(rest_.find_first_of(" \n", begin), rest_.size());
  const std::string_view found = rest_.substr(begin, end - begin);
  rest_.remove_prefix(end);
  ok_ &= !found.empty();
  return found;
}
double Reader::real() {
  const std::string text(word());
  char *end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  ok_ &= !text.empty() && *end == '\0';
  return value;
}
template <class Number> static Number number(std::string_view text, int base, bool &ok) {
  Number value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  ok &= error == std::errc() && end == text.data() + text.size();
  return value;
}
int64_t Reader::whole() { return number<int64_t>(word(), 10, ok_); }
uint64_t Reader::bits() { return number<uint64_t>(word(), 16, ok_); }

namespace {
/// All of an estimate as one source: looks and joint claims are in its intervals.
class Whole final : public estimate::Source {
public:
  explicit Whole(const Estimate &e) : e_(e) {
    mean = e.value;
    standardError = std::max(e.standardError, std::numeric_limits<double>::min());
  }
  estimate::Interval interval(estimate::Method, double error) const override {
    return e_.interval(1 - error);
  }

private:
  const Estimate &e_;
};
} // namespace

/// Whether a table of intervals says more of it than its terms do.
static bool isMoreThanTerms(const Estimate &e) {
  return e.bracket || (e.form == Estimate::Form::FirstOrder &&
                       std::ranges::any_of(e.terms, [](const Estimate::Term &term) {
                         return term.remainder() > 0;
                       }));
}

/// The same with one source that is known by its intervals alone.
static Kept keepWhole(const Estimate &e) {
  base::Hasher stream("whole");
  stream.add(e.value).add(e.low);
  for (const Estimate::Term &part : e.terms)
    stream.add(part.coefficient).add(part.stream);
  Estimate::Term term{1, 0, std::max<int64_t>(e.shots, 1), stream.value()};
  term.source = std::make_shared<Whole>(e);
  return keep(Estimate(0, {term}, {e.claim.confidence, 1, 1, e.claim.method}));
}

Kept keep(const Estimate &e) {
  if (isMoreThanTerms(e))
    return keepWhole(e);
  Writer out;
  out.line("estimate").add(int64_t{1});
  out.line("offset").add(e.offset);
  out.line("looks").add(e.claim.looks).add(e.claim.joint);
  out.line("confidence").add(e.claim.confidence);
  out.line("method").add(static_cast<int64_t>(e.claim.method)).add(static_cast<int64_t>(e.form));
  out.line("terms").add(static_cast<int64_t>(e.terms.size()));
  for (const Estimate::Term &term : e.terms) {
    const estimate::MeanSample sample = term.sample.value_or(estimate::MeanSample());
    out.line("term").add(term.coefficient).add(term.successes).add(term.shots).add(term.stream);
    out.line("spread").add(term.shift).add(term.extraVariance);
    const int64_t kind = term.source ? 2 : term.sample.has_value();
    out.line("sample").add(kind).add(sample.mean).add(sample.variance);
    out.line("range").add(sample.low).add(sample.high);
    out.add(term.sample ? sample.record : term.shared);
    if (!term.source)
      continue;
    const double error = (1 - e.claim.confidence) / static_cast<double>(e.claim.joint) /
                         static_cast<double>(e.terms.size());
    const auto table = estimate::tabled(
        *term.source, e.claim.method, estimate::errorOfLook(e.claim.method, error, e.claim.looks));
    out.line("source").add(table->mean).add(table->standardError);
    out.line("rows").add(std::ssize(table->rows()));
    for (const auto &[at, interval] : table->rows())
      out.line("row").add(at).add(interval.low).add(interval.high);
  }
  out.line("end"); // what is cut off is seen
  return {std::string(estimateKind), out.text};
}

Estimate *estimateOf(base::Context &ctx, std::string_view content) {
  Reader in(content);
  in.expect("estimate");
  const bool known = in.whole() == 1;
  in.expect("offset");
  const double offset = in.real();
  in.expect("looks");
  Estimate::Claim claim;
  claim.looks = in.whole();
  claim.joint = in.whole();
  in.expect("confidence");
  claim.confidence = in.real();
  in.expect("method");
  const int64_t method = in.whole(), form = in.whole();
  in.expect("terms");
  const int64_t count = in.whole();
  std::vector<Estimate::Term> terms;
  for (int64_t i = 0; i < count && in.ok(); ++i) {
    in.expect("term");
    Estimate::Term term{};
    term.coefficient = in.real();
    term.successes = in.whole();
    term.shots = in.whole();
    term.stream = in.bits();
    in.expect("spread");
    term.shift = in.real();
    term.extraVariance = in.real();
    in.expect("sample");
    const int64_t kind = in.whole();
    estimate::MeanSample sample{.mean = in.real(), .variance = in.real()};
    in.expect("range");
    sample.low = in.real();
    sample.high = in.real();
    sample.record = in.bits();
    sample.shots = term.shots;
    sample.stream = term.stream;
    if (kind == 0)
      term.shared = sample.record;
    if (kind == 1)
      term.sample = sample;
    if (kind == 2) {
      in.expect("source");
      const double mean = in.real(), error = in.real();
      in.expect("rows");
      std::vector<estimate::TabledSource::Row> rows;
      for (int64_t left = in.whole(); left > 0 && in.ok(); --left) {
        in.expect("row");
        const double at = in.real(), low = in.real(), high = in.real();
        rows.push_back({at, {low, high}});
      }
      if (rows.empty() || !(error > 0))
        return nullptr;
      term.source = std::make_shared<estimate::TabledSource>(mean, error, std::move(rows));
    }
    if (term.shots < 1 || term.successes < 0 || term.successes > term.shots)
      return nullptr;
    terms.push_back(term);
  }
  in.expect("end");
  if (!known || !in.ok() || !in.atEnd() || claim.looks < 1 || claim.joint < 1 ||
      !(claim.confidence > 0 && claim.confidence < 1) || method < 0 ||
      method > static_cast<int64_t>(estimate::Method::Anytime) || form < 0 ||
      form > static_cast<int64_t>(Estimate::Form::FirstOrder))
    return nullptr;
  claim.method = static_cast<estimate::Method>(method);
  return ctx.make<Estimate>(offset, std::move(terms), claim, static_cast<Estimate::Form>(form));
}

Kept keep(const Array &array, std::string_view kind) {
  Writer out;
  out.line("array").add(int64_t{1});
  out.line("shape").add(array.rows).add(array.columns);
  for (int64_t i = 0; i < array.rows; ++i) {
    out.line("row");
    for (double value : array.row(i))
      out.add(value);
  }
  out.line("end");
  return {std::string(kind), out.text};
}

Array *arrayOf(base::Context &ctx, std::string_view content) {
  Reader in(content);
  in.expect("array");
  const bool known = in.whole() == 1;
  in.expect("shape");
  const int64_t rows = in.whole(), columns = in.whole();
  // Each number takes two characters at least: shapes beyond that are damage, not a reason to
  // ask for memory.
  const auto most = static_cast<int64_t>(content.size());
  if (!known || !in.ok() || rows < 0 || columns < 0 || rows > most || columns > most ||
      (columns > 0 && rows > most / columns))
    return nullptr;
  auto *array = ctx.make<Array>(rows, columns);
  for (int64_t i = 0; i < rows && in.ok(); ++i) {
    in.expect("row");
    for (int64_t k = 0; k < array->width(); ++k)
      array->data[i * array->width() + k] = in.real();
  }
  in.expect("end");
  return in.ok() && in.atEnd() ? array : nullptr;
}

} // namespace qdo::registry
