// SPDX-License-Identifier: Apache-2.0
// Extremes by a union bound over their members.
#include "runtime/estimate/extreme.h"

#include "runtime/estimate/arithmetic.h"

#include <algorithm>
#include <limits>

namespace qdo::estimate {

namespace {

using Member = std::shared_ptr<const Estimate>;

class Extreme final : public Source {
public:
  Extreme(std::vector<Member> members, bool largest, const Estimate &winner)
      : members_(std::move(members)), largest_(largest) {
    mean = winner.value;
    standardError = std::max(winner.standardError, std::numeric_limits<double>::min());
  }

  Interval interval(Method, double error) const override {
    const auto measured = std::ranges::count_if(
        members_, [](const Member &member) { return !member->terms.empty(); });
    const double share = error / static_cast<double>(measured); // numbers cannot miss
    Interval whole = members_.front()->interval(1 - share);
    for (const Member &member : members_) {
      const Interval one = member->interval(1 - share);
      whole.low = largest_ ? std::max(whole.low, one.low) : std::min(whole.low, one.low);
      whole.high = largest_ ? std::max(whole.high, one.high) : std::min(whole.high, one.high);
    }
    return whole;
  }

  /// An extreme of extremes is one of all their members: nested shares would be smaller ones.
  static void addTo(std::vector<Member> &members, const Estimate &e, bool largest) {
    const auto *inner = dynamic_cast<const Extreme *>(e.bracket.get());
    if (inner && inner->largest_ == largest) {
      members.insert(members.end(), inner->members_.begin(), inner->members_.end());
      return;
    }
    for (const Member &member : members)
      if (isSame(*member, e))
        return;
    Estimate::Claim alone = e.claim;
    alone.joint = 1; // the extreme claims with others, its members do not once more
    members.push_back(e.bracket
                          ? std::make_shared<const Estimate>(e.offset, e.terms, alone, e.bracket)
                          : std::make_shared<const Estimate>(e.offset, e.terms, alone, e.form));
  }

private:
  /// The same circuits in the same way: one claim.
  static bool isSame(const Estimate &a, const Estimate &b) {
    return a.offset == b.offset && a.value == b.value &&
           std::ranges::equal(a.terms, b.terms, [](const auto &x, const auto &y) {
             return x.stream == y.stream && x.coefficient == y.coefficient && x.shots == y.shots;
           });
  }

  std::vector<Member> members_;
  bool largest_;
};

} // namespace

Estimate *extreme(base::Context &ctx, std::span<const Estimate *const> all, bool largest) {
  const Estimate *winner = *std::ranges::max_element(all, [&](const auto *a, const auto *b) {
    return largest ? a->value < b->value : a->value > b->value;
  });
  std::vector<Member> members;
  for (const Estimate *e : all)
    Extreme::addTo(members, *e, largest);
  // What all of them claim together, and which shots it took.
  std::vector<std::pair<const Estimate *, double>> slopes;
  for (const Member &member : members)
    slopes.emplace_back(member.get(), 1);
  const Estimate *together = linearised(ctx, winner->value, slopes);
  if (together->terms.empty())
    return number(ctx, winner->value);
  Estimate::Claim claim = together->claim;
  for (const Estimate *e : all) // of what the members claim together with others
    claim.joint = std::max(claim.joint, e->claim.joint);
  auto bracket = std::make_shared<Extreme>(std::move(members), largest, *winner);
  std::vector<Estimate::Term> terms = winner->terms;
  double offset = winner->offset;
  if (terms.empty()) { // a number leads: it does not move, and yet others were measured
    terms.push_back(together->terms.front());
    terms.front().coefficient = 0;
    offset = winner->value;
  }
  auto *e = ctx.make<Estimate>(offset, std::move(terms), claim, std::move(bracket));
  e->shots = together->shots;
  return e;
}

} // namespace qdo::estimate
