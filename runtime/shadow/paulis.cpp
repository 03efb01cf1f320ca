// SPDX-License-Identifier: Apache-2.0
// Random Pauli strings.
#include "runtime/shadow/record.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <algorithm>
#include <set>

namespace qdo::shadow {

namespace {
struct Draws {
  uint64_t count = 0;
};
} // namespace

/// Strings of one weight: (qubits over weight) 3^weight, or a very large number.
static double stringsOf(int64_t qubits, int64_t weight) {
  double count = 1;
  for (int64_t i = 0; i < weight; ++i)
    count *= 3 * static_cast<double>(qubits - i) / static_cast<double>(i + 1);
  return count;
}

std::vector<sim::Observable *> randomPaulis(base::Context &ctx, qdo_site site, int64_t count,
                                            int64_t qubits, int64_t least, int64_t most) {
  auto bad = [&](const char *what, const std::string &value, const std::string &allowed) {
    ctx.fail(site, base::Kind::BadValue, what, value, allowed);
    return std::vector<sim::Observable *>();
  };
  if (qubits < 1 || qubits > 62)
    return bad("the number of qubits", std::to_string(qubits), "from 1 to 62");
  if (least < 1 || least > most || most > qubits)
    return bad("the weight", fmt::format("{} to {}", least, most),
               fmt::format("from 1 to {}: it counts the qubits that a string acts on", qubits));
  double total = 0;
  for (int64_t w = least; w <= most; ++w)
    total += stringsOf(qubits, w);
  if (count < 0 || static_cast<double>(count) > total)
    return bad("the number of Pauli strings", std::to_string(count),
               fmt::format("from 0 to {:.0f}: there are no more of this weight", total));

  base::RandomStream random(ctx.seed(),
                            base::Hasher("random paulis").add(ctx.part<Draws>().count++).value());
  std::set<std::pair<uint64_t, uint64_t>> seen;
  std::vector<sim::Observable *> result;
  while (std::ssize(result) < count) {
    double place = random.uniform() * total;
    int64_t weight = least;
    while (weight < most && place >= stringsOf(qubits, weight))
      place -= stringsOf(qubits, weight++);
    uint64_t x = 0, z = 0;
    for (int64_t left = weight; left > 0;) {
      const uint64_t bit = uint64_t{1} << random.below(static_cast<uint64_t>(qubits));
      if ((x | z) & bit)
        continue;
      const uint64_t axis = random.below(3);
      x |= axis != 2 ? bit : 0;
      z |= axis != 0 ? bit : 0;
      --left;
    }
    if (!seen.emplace(x, z).second)
      continue;
    auto *observable = ctx.make<sim::Observable>();
    observable->add(1, x, z);
    result.push_back(observable);
  }
  return result;
}

} // namespace qdo::shadow
