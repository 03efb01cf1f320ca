// SPDX-License-Identifier: Apache-2.0
// Packing: what was put in comes out, at three bits a qubit.
#include "runtime/shadow/snapshots.h"

#include "runtime/base/philox.h"

#include <gtest/gtest.h>

using namespace qdo;
using shadow::Snapshots;
using sim::PauliString;

TEST(Snapshots, ComeOutAsTheyWentIn) {
  for (int64_t qubits : {1, 2, 7, 12, 21, 22, 32, 62, 63, 64, 65, 100, 128, 200}) {
    base::RandomStream random(1, static_cast<uint64_t>(qubits));
    const size_t words = shadow::maskWords(qubits);
    EXPECT_EQ(words, static_cast<size_t>((qubits + 63) / 64));
    Snapshots packed(qubits);
    std::vector<uint64_t> plain;
    for (int t = 0; t < 100; ++t) {
      std::vector<uint64_t> x, z, outcome;
      for (size_t w = 0; w < words; ++w) {
        const uint64_t mask = w + 1 == words ? shadow::lastMask(qubits) : ~uint64_t{0};
        x.push_back(random.next() & mask);
        z.push_back((random.next() & mask) | (mask & ~x.back()));
        outcome.push_back(random.next() & mask);
      }
      PauliString basis{x[0], z[0], {}};
      for (size_t w = 1; w < words; ++w)
        basis.more.emplace_back(x[w], z[w]);
      packed.add(basis, outcome);
      for (const auto *part : {&x, &z, &outcome})
        plain.insert(plain.end(), part->begin(), part->end());
    }
    EXPECT_EQ(packed.all(), plain) << qubits;
    EXPECT_EQ(packed.words().size(), static_cast<size_t>((300 * qubits + 63) / 64));
    EXPECT_EQ(Snapshots::fromWords(qubits, 100, packed.words()).all(), plain);
  }
}

TEST(Snapshots, CountDifferentBases) {
  EXPECT_EQ(shadow::differentBases(2, {}), 0);
  std::vector<PauliString> bases(4, {0b01, 0b10, {}});
  bases.push_back({0b11, 0b10, {}});
  EXPECT_EQ(shadow::differentBases(2, bases), 2);
  bases.push_back({0b11, 0b10, {{1, 0}}}); // another one on qubit 64
  EXPECT_EQ(shadow::differentBases(65, bases), 3);
}
