// SPDX-License-Identifier: Apache-2.0
// One coin an outcome, all of the same shots.
#include "runtime/estimate/shares.h"

#include "runtime/base/hash.h"

#include <memory>
#include <unordered_map>

namespace qdo::estimate {

namespace {
/// What was seen, by the stream of the shots: estimates of one record share one object.
struct CountsSeen {
  std::unordered_map<uint64_t, std::shared_ptr<const std::vector<int64_t>>> byStream;
};
} // namespace

static std::shared_ptr<const std::vector<int64_t>> seenIn(base::Context &ctx,
                                                          const sim::Counts &counts) {
  auto &known = ctx.part<CountsSeen>().byStream[counts.stream];
  if (!known) {
    auto seen = std::make_shared<std::vector<int64_t>>();
    for (const sim::Counts::Entry &entry : counts.entries)
      seen->push_back(entry.count);
    known = std::move(seen);
  }
  return known;
}

Estimate *probabilityOf(base::Context &ctx, qdo_site site, const sim::Counts &counts,
                        std::string_view outcome) {
  const auto entry = sim::entryOf(ctx, site, counts, outcome);
  if (!entry)
    return nullptr;
  if (counts.shots == 0) {
    ctx.fail(site, base::Kind::BadValue, "the number of shots of these counts", 0, "1 or more");
    return nullptr;
  }
  Estimate::Term term{1, *entry ? (*entry)->count : 0, counts.shots,
                      base::Hasher("outcome").add(counts.stream).add(outcome).value()};
  term.shared = base::Hasher("counts").add(counts.stream).value();
  constexpr size_t few = size_t{1} << 12;
  if (counts.entries.size() <= few) {
    auto reading = std::make_shared<Estimate::Reading>();
    for (const sim::Counts::Entry &other : counts.entries)
      reading->values.push_back(*entry == &other ? 1 : 0);
    reading->counts = seenIn(ctx, counts);
    term.reading = std::move(reading);
  }
  Estimate::Claim claim;
  if (const Policy *policy = ctx.part<Policies>().innermost()) {
    claim = claimOf(*policy);
    claim.looks = 1; // the number of shots was fixed before
  }
  return ctx.make<Estimate>(0, std::vector{std::move(term)}, claim);
}

} // namespace qdo::estimate
