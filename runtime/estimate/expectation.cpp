// SPDX-License-Identifier: Apache-2.0
// Expectation values of Pauli sums: shots for the circuits that read its groups of strings.
#include "runtime/estimate/arithmetic.h"
#include "runtime/estimate/measure.h"
#include "runtime/estimate/parts.h"
#include "runtime/estimate/quantities.h"

#include "runtime/base/hash.h"
#include "runtime/sim/prepare.h"

#include <algorithm>
#include <cmath>

namespace qdo::estimate {

using base::Hasher;

namespace {

/// Spends shots on the parts of one sum.
class Expectation {
public:
  Expectation(base::Context &ctx, qdo_site site, const Policy &policy, const sim::Recipe &recipe,
              const Sum &sum, std::vector<Part> parts)
      : ctx_(ctx), site_(site), policy_(policy), recipe_(recipe), sum_(sum),
        parts_(std::move(parts)), measurement_(ctx, site, policy) {}

  Estimate *run() {
    if (ctx_.stopHere(site_))
      return nullptr;
    std::vector<Part *> all, pilots;
    for (Part &part : parts_)
      all.push_back(&part);
    std::ranges::copy_if(all, std::back_inserter(pilots),
                         [](const Part *part) { return part->readings->shots == 0; });
    for (bool more = grant(pilots); more && !enough() && !ctx_.stopHere(site_);)
      more = grant(best());
    return ctx_.ok() ? ctx_.make<Estimate>(offset(), terms(), claimOf(policy_)) : nullptr;
  }

private:
  double offset() const {
    double offset = sum_.offset;
    for (const Part &part : parts_)
      offset += offsetOf(part, sum_);
    return offset;
  }
  std::vector<Estimate::Term> terms() const {
    std::vector<Estimate::Term> terms;
    for (const Part &part : parts_)
      terms.push_back(termOf(part, sum_, policy_));
    return terms;
  }

  /// Whether nothing is left to measure, or `until` holds.
  bool enough() {
    if (std::ranges::all_of(parts_, [&](const Part &part) {
          return measurement_.plan().next(part.readings->shots) == 0;
        }))
      return true;
    if (!policy_.until)
      return false;
    const Estimate now(offset(), terms(), claimOf(policy_));
    Summary summary{now.value, now.standardError, now.low, now.high};
    for (const Part &part : parts_) { // the pilots of all parts are one batch
      summary.shots += part.readings->shots;
      summary.batches += part.readings->looks;
    }
    summary.batches -= std::ssize(parts_) - 1;
    return measurement_.untilHolds(summary);
  }

  /// The parts whose next look lowers the variance most, and those that come near: shots grow with
  /// the square root of a part's variance.
  std::vector<Part *> best() {
    std::vector<std::pair<double, Part *>> ranked;
    double most = 0;
    for (Part &part : parts_) {
      const int64_t next = measurement_.plan().next(part.readings->shots);
      if (next == 0)
        continue;
      const Estimate::Term term = termOf(part, sum_, policy_);
      const double gain =
          std::pow(term.coefficient * term.standardError(), 2) / static_cast<double>(next);
      ranked.emplace_back(gain, &part);
      most = std::max(most, gain);
    }
    std::erase_if(ranked, [&](auto &r) { return r.first * roundWidth < most; });
    std::ranges::sort(ranked, [](auto &a, auto &b) { // ties: order of the groups
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::vector<Part *> parts;
    for (auto &[gain, part] : ranked)
      parts.push_back(part);
    return parts;
  }

  /// Pays the next look of each, in this order, as far as the purse reaches, and draws what was
  /// paid. False when somebody could not be paid, or the run ends.
  bool grant(const std::vector<Part *> &wanted) {
    std::vector<Part *> granted;
    Part *unpaid = nullptr;
    for (Part *part : wanted) {
      if (!pay(*part)) {
        unpaid = part;
        break;
      }
      granted.push_back(part);
    }
    if (unpaid) // the end of the run waits for what was paid
      ctx_.takeFailure();
    for (auto part = granted.begin(); part != granted.end(); ++part)
      if (!draw(**part)) {
        std::for_each(part, granted.end(), [&](const Part *p) { giveBack(*p->readings); });
        return false;
      }
    return ctx_.ok() && (!unpaid || pay(*unpaid));
  }

  /// The next look.
  bool pay(const Part &part) {
    Readings &r = *part.readings;
    const int64_t next = measurement_.plan().next(r.shots), shots = next - r.shots;
    if (!ctx_.part<Policies>().pay(ctx_, site_, policy_, shots, r.shots == 0,
                                   static_cast<double>(shots) * r.seconds))
      return false;
    r.paid = next;
    return true;
  }

  void giveBack(const Readings &r) {
    const int64_t shots = r.paid - r.shots;
    ctx_.part<Policies>().giveBack(ctx_, policy_, shots, r.shots == 0,
                                   static_cast<double>(shots) * r.seconds);
  }

  bool draw(const Part &part) {
    Readings &r = *part.readings;
    // Circuits that differ in what they end with start from one state.
    if (part.turned && sim::backend(ctx_).ideal() && !sim::keepState(ctx_, site_, recipe_))
      return false;
    const uint64_t stream = Hasher("shots").add(r.stream).add(policy_.streamKey()).value();
    const int64_t batch = r.paid - r.shots, groups = std::ssize(r.parts);
    // Groups are consecutive shots, so that the mean of all is the same with and without them.
    for (int64_t g = 0; g < groups; ++g)
      if (!part.shots->draw(ctx_, site_, stream, r.shots + batch * g / groups,
                            r.shots + batch * (g + 1) / groups, r.parts[static_cast<size_t>(g)]))
        return false;
    r.drawn();
    return true;
  }

  base::Context &ctx_;
  const qdo_site site_;
  const Policy &policy_;
  const sim::Recipe &recipe_;
  const Sum &sum_;
  std::vector<Part> parts_;
  Measurement measurement_;
};

} // namespace

Estimate *estimateExpect(base::Context &ctx, qdo_site site, const sim::Recipe &recipe,
                         const sim::Observable &observable, const Policy &policy, Waits waits) {
  if (!sim::checkFits(ctx, site, observable, recipe.qubits))
    return nullptr;
  const Sum sum = sumOf(observable, recipe.qubits);
  if (ctx.exact()) {
    std::vector<sim::PauliString> strings;
    for (const auto &term : observable.terms)
      if (!term.identity())
        strings.push_back({term.x, term.z, term.more});
    const auto means = sim::backend(ctx).means(ctx, site, recipe, strings);
    if (!means)
      return nullptr;
    double value = sum.offset;
    for (size_t i = 0; i < strings.size(); ++i)
      value += sum.weights[i] * (*means)[i];
    return number(ctx, value);
  }
  auto parts = partsOf(ctx, site, recipe, sum, policy, waits);
  if (!parts)
    return nullptr;
  if (parts->empty()) // nothing has a weight but identities
    return number(ctx, sum.offset);
  return Expectation(ctx, site, policy, recipe, sum, std::move(*parts)).run();
}

} // namespace qdo::estimate
