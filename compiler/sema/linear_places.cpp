// SPDX-License-Identifier: Apache-2.0
// Ranges of elements over symbolic sizes, and what is left of a value.
// Why "surely": an answer must hold for every size; what needs numbers is left to elaboration.
#include "compiler/sema/linear_places.h"

#include <algorithm>

namespace qdo::sema::linear {

const Range *Bounds::of(uint32_t variable) const {
  for (auto each = known.rbegin(); each != known.rend(); ++each)
    if (static_cast<uint32_t>(each->variable) == variable)
      return &each->range;
  return nullptr;
}

bool Bounds::lessEqual(const Size &a, const Size &b, int depth) const {
  const Size gap = b - a;
  if (gap.isConstant())
    return gap.offset >= 0;
  // Sizes and loop variables are never negative, and 2^n is at least 1.
  if (!gap.isUnknown() && gap.coefficient > 0 &&
      gap.offset + (gap.base == Size::Base::PowerOfTwo ? gap.coefficient : 0) >= 0)
    return true;
  if (depth == 0 || a.isUnknown() || b.isUnknown())
    return false;
  // Replace a loop variable by the bound that makes the claim hardest.
  const auto bound = [&](const Size &size, bool up) -> std::optional<Size> {
    const Range *run = size.base == Size::Base::Variable ? of(size.variable) : nullptr;
    if (!run)
      return std::nullopt;
    const bool high = up == (size.coefficient > 0);
    const Size value = high ? run->high - Size::constant(1) : run->low;
    if (value.isUnknown())
      return std::nullopt;
    return substitute(size, {{size.variable, value}});
  };
  if (const auto most = bound(a, true); most && lessEqual(*most, b, depth - 1))
    return true;
  const auto least = bound(b, false);
  return least && lessEqual(a, *least, depth - 1);
}

bool Bounds::surelyDisjoint(const Range &a, const Range &b) const {
  return surelyLessEqual(a.high, b.low) || surelyLessEqual(b.high, a.low);
}

bool Bounds::surelyMeet(const Range &a, const Range &b) const {
  if (a.low == b.low || a.high == b.high)
    return true; // no range is empty: something is used
  const Size one = Size::constant(1);
  return surelyLessEqual(a.low + one, b.high) && surelyLessEqual(b.low + one, a.high);
}

Range Bounds::hull(Range range) const {
  const auto widen = [&](Size size, bool up) {
    for (int depth = 0; depth < 4 && size.base == Size::Base::Variable && size.coefficient > 0;
         ++depth) {
      const Range *run = of(size.variable);
      if (!run)
        break;
      size = substitute(size, {{size.variable, up ? run->high - Size::constant(1) : run->low}});
    }
    return size;
  };
  return {widen(range.low, false), widen(range.high, true)};
}

const Event *State::lastEvent() const {
  if (kind == Kind::Gone)
    return &end;
  return ended.empty() ? nullptr : &ended.back().event;
}

std::vector<Range> joined(const std::vector<Part> &parts) {
  std::vector<Range> ranges;
  for (const Part &part : parts)
    ranges.push_back(part.range);
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < ranges.size() && !changed; ++i)
      for (size_t j = 0; j < ranges.size() && !changed; ++j)
        if (i != j && ranges[i].high == ranges[j].low) {
          ranges[i].high = ranges[j].high;
          ranges.erase(ranges.begin() + static_cast<std::ptrdiff_t>(j));
          changed = true;
        }
  }
  return ranges;
}

bool coverAll(const std::vector<Part> &parts, const Size &size) {
  const std::vector<Range> ranges = joined(parts);
  return ranges.size() == 1 && ranges[0].low == Size::constant(0) && ranges[0].high == size;
}

bool sameLeft(const State &a, const State &b) {
  if (a.kind == State::Kind::Broken || b.kind == State::Kind::Broken)
    return true;
  if (a.kind != b.kind)
    return false;
  const std::vector<Range> left = joined(a.ended), right = joined(b.ended);
  return left.size() == right.size() &&
         std::all_of(left.begin(), left.end(), [&](const Range &range) {
           return std::find(right.begin(), right.end(), range) != right.end();
         });
}

std::optional<Sweep> overAllIterations(const State &before, const State &after, SymbolId variable,
                                       const Range &run) {
  const auto id = static_cast<uint32_t>(variable);
  const auto isNew = [&](const Part &part) {
    return std::none_of(before.ended.begin(), before.ended.end(),
                        [&](const Part &old) { return old.range == part.range; });
  };
  if (before.kind != State::Kind::Live || after.kind != State::Kind::Live)
    return std::nullopt;
  std::vector<Part> news;
  std::copy_if(after.ended.begin(), after.ended.end(), std::back_inserter(news), isNew);
  if (news.empty() || before.ended.size() + news.size() != after.ended.size())
    return std::nullopt;
  const std::vector<Range> taken = joined(news);
  if (taken.size() != 1)
    return std::nullopt;
  const Size &low = taken[0].low;
  const Size width = taken[0].high - low;
  if (low.base != Size::Base::Variable || low.variable != id || !width.isConstant() ||
      width.offset != low.coefficient)
    return std::nullopt;
  const Range whole{substitute(low, {{id, run.low}}), substitute(low, {{id, run.high}})};
  if (whole.low.isUnknown() || whole.high.isUnknown())
    return std::nullopt;
  return Sweep{taken[0], {whole, news.back().event}};
}

} // namespace qdo::sema::linear
