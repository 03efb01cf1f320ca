// SPDX-License-Identifier: Apache-2.0
// Finding and making records.
#include "runtime/estimate/readings.h"

#include "runtime/base/hash.h"

#include <algorithm>
#include <bit>
#include <deque>
#include <numeric>
#include <unordered_map>

namespace qdo::estimate {

namespace {
/// By policy and circuit. Records stay where they are.
struct ReadingsOfRun {
  std::unordered_map<uint64_t, std::deque<Readings>> byCircuit;
};

/// The letters, and on the other qubits the most frequent of them; Z before X before Y.
pauli::Strings filled(pauli::Strings letters, int64_t qubits) {
  size_t x = 0, y = 0, z = 0;
  for (size_t w = 0; w < letters.words; ++w) {
    x += static_cast<size_t>(std::popcount(letters.x[w] & ~letters.z[w]));
    y += static_cast<size_t>(std::popcount(letters.x[w] & letters.z[w]));
    z += static_cast<size_t>(std::popcount(letters.z[w] & ~letters.x[w]));
  }
  const bool alongZ = z >= std::max(x, y), alongX = !alongZ && x >= y;
  for (size_t w = 0; w < letters.words; ++w) {
    const int64_t here = std::min<int64_t>(64, qubits - static_cast<int64_t>(64 * w));
    const uint64_t all = here == 64 ? ~uint64_t{0} : (uint64_t{1} << here) - 1,
                   free = all & ~(letters.x[w] | letters.z[w]);
    if (!alongZ)
      letters.x[w] |= free;
    if (!alongX)
      letters.z[w] |= free;
  }
  return letters;
}
/// Whether a circuit reads all of these.
bool reads(const pauli::Reading &reading, const pauli::Strings &strings) {
  for (size_t i = 0; i < strings.size(); ++i)
    if (pauli::clash(pauli::readAs(strings, i, reading.gates).string, 0, reading.axes, 0))
      return false;
  return true;
}
} // namespace

const std::shared_ptr<const std::vector<int64_t>> &Readings::counts() {
  constexpr size_t most = 4096; // of large states nearly every shot has an outcome of its own
  size_t outcomes = 0;
  for (const sim::Histogram &part : parts)
    outcomes += part.size();
  if (counts_ || outcomes > most)
    return counts_;
  std::vector<int64_t> counts;
  for (const sim::Histogram &part : parts)
    for (size_t i = 0; i < part.size(); ++i)
      counts.push_back(part.count(i));
  counts_ = std::make_shared<const std::vector<int64_t>>(std::move(counts));
  return counts_;
}

void Readings::drawn() {
  shots = paid;
  ++looks;
  counts_ = nullptr;
}

Readings &readingsOf(base::Context &ctx, const Policy &policy, uint64_t circuit, int64_t qubits,
                     const pauli::Strings &strings) {
  const uint64_t key = base::Hasher("readings").add(circuit).add(policy.identity(ctx)).value();
  auto &known = ctx.part<ReadingsOfRun>().byCircuit[key];
  auto found =
      std::ranges::find_if(known, [&](const Readings &r) { return reads(r.reading, strings); });
  if (found != known.end())
    return *found;
  std::vector<size_t> all(strings.size());
  std::iota(all.begin(), all.end(), size_t{0});
  Readings made;
  made.reading = pauli::readingOf(strings, all, static_cast<int>(qubits));
  pauli::Strings &axes = made.reading.axes;
  axes = filled(axes, qubits);
  base::Hasher stream("axes");
  stream.add(circuit);
  for (size_t w = 0; w < axes.words; ++w)
    stream.add(axes.x[w]).add(axes.z[w]);
  for (const auto &[kind, a, b] : made.reading.gates)
    stream.add(static_cast<uint64_t>(kind))
        .add(static_cast<uint64_t>(a))
        .add(static_cast<uint64_t>(b));
  made.stream = stream.value();
  made.parts.assign(static_cast<size_t>(policy.combine.groups), sim::Histogram(qubits));
  return known.emplace_back(std::move(made));
}

sim::PauliString axesOf(const Readings &readings) {
  const pauli::Strings &letters = readings.reading.axes;
  sim::PauliString axes{letters.x[0], letters.z[0], {}};
  for (size_t w = 1; w < letters.words; ++w)
    axes.more.emplace_back(letters.x[w], letters.z[w]);
  return axes;
}

} // namespace qdo::estimate
