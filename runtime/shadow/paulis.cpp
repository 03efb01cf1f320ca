// SPDX-License-Identifier: Apache-2.0
// Random Pauli strings.
#include "runtime/shadow/record.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace qdo::shadow {

namespace {
struct Draws {
  uint64_t count = 0;
};
} // namespace

/// Strings of one weight: (qubits over weight) 3^weight.
static double stringsOf(int64_t qubits, int64_t weight) {
  double count = 1;
  for (int64_t i = 0; i < weight; ++i)
    count *= 3 * static_cast<double>(qubits - i) / static_cast<double>(i + 1);
  return count;
}

/// How many of each weight from `least` to `most` there are; where no double holds that, compared
/// with the weight that has most.
static std::vector<double> sharesOf(int64_t qubits, int64_t least, int64_t most) {
  std::vector<double> shares, logarithms;
  double logarithm = 0, highest = 0;
  bool finite = true;
  for (int64_t w = 1; w <= most; ++w) {
    logarithm += std::log(3 * static_cast<double>(qubits - w + 1) / static_cast<double>(w));
    if (w < least)
      continue;
    shares.push_back(stringsOf(qubits, w));
    logarithms.push_back(logarithm);
    highest = std::max(highest, logarithm);
    finite &= std::isfinite(shares.back() * static_cast<double>(most));
  }
  for (size_t i = 0; i < shares.size() && !finite; ++i)
    shares[i] = std::exp(logarithms[i] - highest) * 1e300;
  return shares;
}

std::vector<sim::Observable *> randomPaulis(base::Context &ctx, qdo_site site, int64_t count,
                                            int64_t qubits, int64_t least, int64_t most) {
  auto bad = [&](const char *what, const std::string &value, const std::string &allowed) {
    ctx.fail(site, base::Kind::BadValue, what, value, allowed);
    return std::vector<sim::Observable *>();
  };
  if (qubits < 1 || qubits > QDO_MOST_QUBITS)
    return bad("the number of qubits", std::to_string(qubits),
               fmt::format("from 1 to {}", int{QDO_MOST_QUBITS}));
  if (least < 1 || least > most || most > qubits)
    return bad("the weight", fmt::format("{} to {}", least, most),
               fmt::format("from 1 to {}: it counts the qubits that a string acts on", qubits));
  const std::vector<double> shares = sharesOf(qubits, least, most);
  double total = 0;
  for (double share : shares)
    total += share;
  if (count < 0 || static_cast<double>(count) > total)
    return bad("the number of Pauli strings", std::to_string(count),
               fmt::format("from 0 to {:.0f}: there are no more of this weight", total));

  base::RandomStream random(ctx.seed(),
                            base::Hasher("random paulis").add(ctx.part<Draws>().count++).value());
  std::set<std::vector<std::pair<uint64_t, uint64_t>>> seen;
  std::vector<sim::Observable *> result;
  while (std::ssize(result) < count) {
    double place = random.uniform() * total;
    size_t weight = 0;
    while (weight + 1 < shares.size() && place >= shares[weight])
      place -= shares[weight++];
    std::vector<std::pair<uint64_t, uint64_t>> words(maskWords(qubits));
    for (int64_t left = least + static_cast<int64_t>(weight); left > 0;) {
      const uint64_t qubit = random.below(static_cast<uint64_t>(qubits));
      const uint64_t bit = uint64_t{1} << qubit % 64;
      auto &[x, z] = words[qubit / 64];
      if ((x | z) & bit)
        continue;
      const uint64_t axis = random.below(3);
      x |= axis != 2 ? bit : 0;
      z |= axis != 0 ? bit : 0;
      --left;
    }
    while (words.size() > 1 && words.back() == std::pair<uint64_t, uint64_t>())
      words.pop_back();
    if (!seen.insert(words).second)
      continue;
    auto *observable = ctx.make<sim::Observable>();
    observable->add(1, {1, words[0].first, words[0].second, {words.begin() + 1, words.end()}});
    result.push_back(observable);
  }
  return result;
}

} // namespace qdo::shadow
