// SPDX-License-Identifier: Apache-2.0
// Groups of Pauli strings that one circuit reads.
#include "qdo/runtime/commuting_groups.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <string>

using namespace qdo::pauli;

/// Written out: letter q of a string is on qubit q.
static Strings stringsOf(const std::vector<std::string> &all) {
  Strings s;
  s.words = ((all.empty() ? 1 : all[0].size()) + 63) / 64;
  for (const std::string &letters : all) {
    std::vector<uint64_t> x(s.words), z(s.words);
    for (size_t q = 0; q < letters.size(); ++q) {
      const uint64_t bit = uint64_t{1} << q % 64;
      x[q / 64] |= letters[q] == 'X' || letters[q] == 'Y' ? bit : 0;
      z[q / 64] |= letters[q] == 'Z' || letters[q] == 'Y' ? bit : 0;
    }
    s.x.insert(s.x.end(), x.begin(), x.end());
    s.z.insert(s.z.end(), z.begin(), z.end());
  }
  return s;
}

static size_t countOf(const std::vector<std::string> &all) {
  return groupsOf(stringsOf(all)).size();
}

static bool agree(const std::string &a, const std::string &b) {
  for (size_t q = 0; q < a.size(); ++q)
    if (a[q] != 'I' && b[q] != 'I' && a[q] != b[q])
      return false;
  return true;
}

TEST(PauliGroups, OfKnownSums) {
  // The transverse Ising chain has two settings, Heisenberg's three, single letters three.
  EXPECT_EQ(countOf({"ZZII", "IZZI", "IIZZ", "XIII", "IXII", "IIXI", "IIIX"}), 2u);
  EXPECT_EQ(countOf({"XXII", "YYII", "ZZII", "IXXI", "IYYI", "IZZI", "IIXX", "IIYY", "IIZZ"}), 3u);
  EXPECT_EQ(countOf({"XII", "YII", "ZII", "IXI", "IYI", "IZI", "IIX", "IIY", "IIZ"}), 3u);
  // H2 in the Jordan-Wigner form (Kandala et al. 2017 measure it so): 14 strings, 5 settings.
  EXPECT_EQ(countOf({"ZIII", "IZII", "IIZI", "IIIZ", "ZZII", "ZIZI", "ZIIZ", "IZZI", "IZIZ", "IIZZ",
                     "XXYY", "XYYX", "YXXY", "YYXX"}),
            5u);
  EXPECT_TRUE(groupsOf(Strings()).empty());
}

RC_GTEST_PROP(PauliGroups, HoldEveryStringOnceAndNoClash, ()) {
  const auto qubits = *rc::gen::element<size_t>(1, 3, 5, 70);
  const auto all = *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange<size_t>(0, 30),
      rc::gen::container<std::string>(qubits, rc::gen::element('I', 'X', 'Y', 'Z')));
  const auto groups = groupsOf(stringsOf(all));
  std::vector<int> seen(all.size());
  for (const Group &group : groups)
    for (size_t a : group.members) {
      ++seen[a];
      for (size_t b : group.members)
        RC_ASSERT(agree(all[a], all[b]));
      RC_ASSERT(!clash(stringsOf(all), a, group.letters, 0));
    }
  RC_ASSERT(std::ranges::all_of(seen, [](int times) { return times == 1; }));
}

RC_GTEST_PROP(PauliGroups, AreThoseOfTheSetInAnyOrder, ()) {
  auto all = *rc::gen::unique<std::vector<std::string>>(
      rc::gen::container<std::string>(4, rc::gen::element('I', 'X', 'Y', 'Z')));
  auto sets = [&] {
    std::set<std::set<std::string>> out;
    for (const Group &group : groupsOf(stringsOf(all))) {
      std::set<std::string> names;
      for (size_t i : group.members)
        names.insert(all[i]);
      out.insert(names);
    }
    return out;
  };
  const auto before = sets();
  std::ranges::reverse(all);
  RC_ASSERT(sets() == before);
}

static std::vector<double> ones(size_t count) { return std::vector<double>(count, 1.0); }

/// Letter by letter: an odd number of qubits with different ones.
static bool opposed(const std::string &a, const std::string &b) {
  size_t different = 0;
  for (size_t q = 0; q < a.size(); ++q)
    different += a[q] != 'I' && b[q] != 'I' && a[q] != b[q];
  return different % 2 != 0;
}

TEST(CommutingGroups, OfKnownSums) {
  auto count = [](const std::vector<std::string> &all) {
    return commutingGroupsOf(stringsOf(all), ones(all.size())).size();
  };
  // The Ising chain keeps its two settings; Heisenberg's has one for every other bond; H2 two.
  EXPECT_EQ(count({"ZZII", "IZZI", "IIZZ", "XIII", "IXII", "IIXI", "IIIX"}), 2u);
  EXPECT_EQ(count({"XXII", "YYII", "ZZII", "IXXI", "IYYI", "IZZI", "IIXX", "IIYY", "IIZZ"}), 2u);
  EXPECT_EQ(count({"XII", "YII", "ZII", "IXI", "IYI", "IZI", "IIX", "IIY", "IIZ"}), 3u);
  EXPECT_EQ(count({"ZIII", "IZII", "IIZI", "IIIZ", "ZZII", "ZIZI", "ZIIZ", "IZZI", "IZIZ", "IIZZ",
                   "XXYY", "XYYX", "YXXY", "YYXX"}),
            2u);
  EXPECT_TRUE(commutingGroupsOf(Strings(), {}).empty());
  EXPECT_EQ(mostCommutingGroups(Strings()), 0u);
}

TEST(CommutingGroups, LargeWeightsMeet) {
  const std::vector<std::string> all{"XI", "ZZ", "XX", "IZ"};
  const auto groups = commutingGroupsOf(stringsOf(all), std::vector{0.1, -2.0, 3.0, 0.2});
  ASSERT_EQ(groups.size(), 2u); // XX with ZZ, and what is left
  EXPECT_EQ(groups[0], (std::vector<size_t>{1, 2}));
  EXPECT_EQ(groups[1], (std::vector<size_t>{0, 3}));
}

RC_GTEST_PROP(CommutingGroups, HoldEveryStringOnceAndCommute, ()) {
  const auto qubits = *rc::gen::element<size_t>(1, 3, 5, 70);
  const auto all = *rc::gen::container<std::vector<std::string>>(
      *rc::gen::inRange<size_t>(0, 30),
      rc::gen::container<std::string>(qubits, rc::gen::element('I', 'X', 'Y', 'Z')));
  const auto weights =
      *rc::gen::container<std::vector<double>>(all.size(), rc::gen::element(-1.0, 0.5, 1.0, 2.0));
  const auto groups = commutingGroupsOf(stringsOf(all), weights);
  std::vector<int> seen(all.size());
  for (const auto &group : groups)
    for (size_t a : group) {
      ++seen[a];
      for (size_t b : group)
        RC_ASSERT(!opposed(all[a], all[b]));
    }
  RC_ASSERT(std::ranges::all_of(seen, [](int times) { return times == 1; }));
  RC_ASSERT(groups.size() <= mostCommutingGroups(stringsOf(all)));
}

RC_GTEST_PROP(CommutingGroups, AreThoseOfTheSetInAnyOrder, ()) {
  auto all = *rc::gen::unique<std::vector<std::string>>(
      rc::gen::container<std::string>(4, rc::gen::element('I', 'X', 'Y', 'Z')));
  auto weightOf = [](const std::string &letters) { return letters[0] == 'X' ? -2.0 : 1.0; };
  auto sets = [&] {
    std::vector<double> weights;
    for (const std::string &letters : all)
      weights.push_back(weightOf(letters));
    std::set<std::set<std::string>> out;
    for (const auto &group : commutingGroupsOf(stringsOf(all), weights)) {
      std::set<std::string> names;
      for (size_t i : group)
        names.insert(all[i]);
      out.insert(names);
    }
    return out;
  };
  const auto before = sets();
  std::ranges::reverse(all);
  RC_ASSERT(sets() == before);
}
