// SPDX-License-Identifier: Apache-2.0
// Packing: what was put in comes out, at three bits a qubit.
#include "runtime/shadow/snapshots.h"

#include "runtime/base/philox.h"

#include <gtest/gtest.h>

using namespace qdo;
using shadow::Snapshot;
using shadow::Snapshots;

TEST(Snapshots, ComeOutAsTheyWentIn) {
  for (int64_t qubits : {1, 2, 7, 12, 21, 22, 32, 62}) {
    base::RandomStream random(1, static_cast<uint64_t>(qubits));
    const uint64_t mask = (uint64_t{1} << qubits) - 1;
    Snapshots packed(qubits);
    std::vector<Snapshot> plain;
    for (int t = 0; t < 100; ++t) {
      const uint64_t x = random.next() & mask;
      plain.push_back({{x, (random.next() & mask) | (mask & ~x)}, random.next() & mask});
      packed.add(plain.back());
    }
    EXPECT_EQ(packed.all(), plain);
    EXPECT_EQ(packed.words().size(), static_cast<size_t>((300 * qubits + 63) / 64));
    EXPECT_EQ(Snapshots::fromWords(qubits, 100, packed.words()).all(), plain);
  }
}

TEST(Snapshots, CountDifferentBases) {
  Snapshots packed(2);
  EXPECT_EQ(packed.countBases(), 0);
  for (uint64_t outcome : {0, 1, 2, 3})
    packed.add({{0b01, 0b10}, outcome});
  packed.add({{0b11, 0b10}, 0});
  EXPECT_EQ(packed.countBases(), 2);
}
