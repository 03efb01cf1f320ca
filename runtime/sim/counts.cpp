// SPDX-License-Identifier: Apache-2.0
// Counts by outcome, and counts put together.
#include "runtime/base/hash.h"
#include "runtime/sim/outcomes.h"

#include <algorithm>
#include <map>

namespace qdo::sim {

std::optional<const Counts::Entry *> entryOf(base::Context &ctx, qdo_site site,
                                             const Counts &counts, std::string_view outcome) {
  const bool bits = std::ranges::all_of(outcome, [](char c) { return c == '0' || c == '1'; });
  if (!bits || std::ssize(outcome) != counts.qubits) {
    ctx.fail(site, base::Kind::BadValue, "an outcome", fmt::format("\"{}\"", outcome),
             fmt::format("{} digits 0 and 1, that of qubit 0 last", counts.qubits));
    return std::nullopt;
  }
  std::vector<uint64_t> asked(counts.words(), 0);
  for (size_t q = 0; q < outcome.size(); ++q)
    asked[q / 64] |= uint64_t{outcome[outcome.size() - 1 - q] == '1'} << q % 64;
  for (const Counts::Entry &entry : counts.entries)
    if (std::ranges::equal(counts.outcome(entry), asked))
      return &entry;
  return nullptr;
}

Counts *merged(base::Context &ctx, qdo_site site, const Counts &a, const Counts &b) {
  if (a.qubits != b.qubits) {
    ctx.fail(site, base::Kind::BadValue, "the number of qubits of the counts on the right",
             b.qubits, a.qubits);
    return nullptr;
  }
  // By the highest word first, so that outcomes ascend.
  std::map<std::vector<uint64_t>, int64_t> all;
  for (const Counts *part : {&a, &b})
    for (const Counts::Entry &entry : part->entries) {
      const auto outcome = part->outcome(entry);
      all[{outcome.rbegin(), outcome.rend()}] += entry.count;
    }
  std::vector<Counts::Entry> entries;
  std::vector<uint64_t> wide;
  for (const auto &[outcome, count] : all) {
    entries.emplace_back(a.qubits <= 64 ? outcome[0] : entries.size(), count);
    if (a.qubits > 64)
      wide.insert(wide.end(), outcome.rbegin(), outcome.rend());
  }
  const auto [low, high] = std::minmax(a.stream, b.stream);
  return ctx.make<Counts>(a.qubits, a.shots + b.shots, std::move(entries), std::move(wide),
                          base::Hasher("merged counts").add(low).add(high).value());
}

} // namespace qdo::sim
