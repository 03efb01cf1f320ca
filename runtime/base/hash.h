// SPDX-License-Identifier: Apache-2.0
// 64-bit content hashes that are the same on every machine and in every run.
// Why: they key caches, memos and random streams, so they may not depend on addresses or the
// library. Must not: be used against an adversary.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

namespace qdo::base {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection with full avalanche.
constexpr uint64_t mix(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

/// A running hash; order matters.
class Hasher {
public:
  constexpr explicit Hasher(std::string_view domain) { add(domain); }

  constexpr Hasher &add(uint64_t word) {
    state_ = mix(state_ ^ mix(word));
    return *this;
  }
  /// -0.0 counts as 0.0: no circuit tells them apart.
  constexpr Hasher &add(double value) { return add(std::bit_cast<uint64_t>(value + 0.0)); }
  constexpr Hasher &add(std::string_view text) {
    for (char c : text)
      add(static_cast<uint64_t>(static_cast<unsigned char>(c)));
    return add(static_cast<uint64_t>(text.size()));
  }
  constexpr Hasher &add(std::span<const double> values) {
    for (double value : values)
      add(value);
    return add(static_cast<uint64_t>(values.size()));
  }
  constexpr uint64_t value() const { return state_; }

private:
  uint64_t state_ = 0;
};

} // namespace qdo::base
