// SPDX-License-Identifier: Apache-2.0
// Greedy synthesis: each CNOT is the one that brings what is left closest.
// After: parity networks of Amy, Azimzadeh and Mosca, Quantum Science and Technology 4, 015002
// (2018). Their recursion follows a Gray code; here parities are rewritten in terms of what the
// wires hold, so that one of weight two is one CNOT away, whatever came before.
#include "parity_network.h"
#include "llvm/ADT/STLExtras.h"
#include <array>
#include <bit>

using namespace qdo::ir;

namespace {

using Steps = std::vector<ParityStep>;

// A vector in terms of what wires hold, after cx: the old target is the new one plus the control.
Parity moved(Parity vector, unsigned control, unsigned target) {
  return vector ^ (((vector >> target) & 1) << control);
}

enum class Taste { Parities, Ends }; // what decides between CNOTs that finish as much

class Network {
public:
  Network(const std::vector<Parity> &parities, const std::vector<Parity> &ends, Taste taste)
      : ends(ends), taste(taste) {
    for (auto [index, parity] : llvm::enumerate(parities))
      left.push_back({parity, static_cast<unsigned>(index)});
  }

  std::optional<Steps> run(size_t most) {
    while (!left.empty()) {
      if (steps.size() >= most)
        return std::nullopt;
      auto [control, target] = best();
      step(control, target);
    }
    auto back = toEnds(most - steps.size());
    if (!back)
      return std::nullopt;
    for (auto [control, target] : *back)
      steps.push_back({control, target, {}});
    return steps.size() < most ? std::optional(std::move(steps)) : std::nullopt;
  }

private:
  using Cnot = std::pair<unsigned, unsigned>;

  void step(unsigned control, unsigned target) {
    ParityStep made{control, target, {}};
    for (Parity &end : ends)
      end = moved(end, control, target);
    for (auto &[vector, index] : left) {
      vector = moved(vector, control, target);
      if (std::has_single_bit(vector))
        made.found.push_back(index);
    }
    llvm::erase_if(left, [](auto &one) { return std::has_single_bit(one.first); });
    steps.push_back(std::move(made));
  }

  Cnot best() const {
    using Key = std::array<int64_t, 4>; // the least wins
    std::optional<std::pair<Key, Cnot>> found;
    for (unsigned control = 0; control < ends.size(); ++control)
      for (unsigned target = 0; target < ends.size(); ++target) {
        if (control == target)
          continue;
        int64_t done = 0, lightest = 64, weight = 0, endWeight = 0;
        for (auto &[vector, index] : left) {
          int64_t bits = std::popcount(moved(vector, control, target));
          done += bits == 1;
          lightest = bits == 1 ? lightest : std::min(lightest, bits);
          weight += bits;
        }
        for (Parity end : ends)
          endWeight += std::popcount(moved(end, control, target));
        // When nothing is one CNOT away, the lightest comes closer, so that this ends.
        Key key = taste == Taste::Ends || done == 0 ? Key{-done, lightest, endWeight, weight}
                                                    : Key{-done, weight + endWeight, lightest, 0};
        if (!found || key < found->first)
          found = {key, {control, target}};
      }
    return found->second;
  }

  // CNOTs from what the wires hold to `ends`, in order.
  std::optional<std::vector<Cnot>> toEnds(size_t most) const {
    std::optional<std::vector<Cnot>> found;
    for (auto way : {descend(), eliminate()})
      if (way && way->size() < most && (!found || way->size() < found->size()))
        found = std::move(way);
    return found;
  }

  // Undoing: rows become single bits one CNOT after the other, as long as each makes them lighter.
  std::optional<std::vector<Cnot>> descend() const {
    std::vector<Parity> rows(ends);
    std::vector<Cnot> made;
    while (true) {
      int best = 0;
      Cnot chosen;
      for (unsigned control = 0; control < rows.size(); ++control)
        for (unsigned target = 0; target < rows.size(); ++target) {
          int gain = std::popcount(rows[target]) - std::popcount(rows[target] ^ rows[control]);
          if (control != target && gain > best)
            best = gain, chosen = {control, target};
        }
      if (best == 0)
        break;
      rows[chosen.second] ^= rows[chosen.first];
      made.push_back(chosen);
    }
    for (unsigned wire = 0; wire < rows.size(); ++wire)
      if (rows[wire] != Parity(1) << wire)
        return std::nullopt;
    std::reverse(made.begin(), made.end());
    return made;
  }

  std::optional<std::vector<Cnot>> eliminate() const {
    std::vector<Parity> rows(ends);
    std::vector<Cnot> made;
    auto add = [&](unsigned control, unsigned target) {
      rows[target] ^= rows[control];
      made.push_back({control, target});
    };
    for (unsigned column = 0; column < rows.size(); ++column) {
      auto has = [&](unsigned row) { return (rows[row] >> column) & 1; };
      for (unsigned row = column + 1; !has(column); ++row) {
        if (row == rows.size())
          return std::nullopt; // not invertible: no circuit asks for that
        if (has(row))
          add(row, column);
      }
      for (unsigned row = 0; row < rows.size(); ++row)
        if (row != column && has(row))
          add(column, row);
    }
    std::reverse(made.begin(), made.end());
    return made;
  }

  std::vector<std::pair<Parity, unsigned>> left; // in terms of what wires hold
  std::vector<Parity> ends;                      // likewise
  Taste taste;
  Steps steps;
};

} // namespace

std::optional<Steps> qdo::ir::parityNetwork(const std::vector<Parity> &parities,
                                            const std::vector<Parity> &ends, size_t most) {
  std::optional<Steps> best;
  for (Taste taste : {Taste::Parities, Taste::Ends})
    if (auto steps = Network(parities, ends, taste).run(most)) {
      most = steps->size();
      best = std::move(steps);
    }
  return best;
}
