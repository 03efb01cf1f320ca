// SPDX-License-Identifier: Apache-2.0
// Shortest circuits by Dijkstra's search over the group.
#include "runtime/observe/clifford_group.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <queue>

namespace qdo::observe {

using stabilizer::Image;

/// A gate on two qubits outweighs all gates on one that a shortest circuit can have.
static constexpr int64_t costOfTwo = 1000;

static Image times(const Image &a, const Image &b) {
  // X^ax Z^az X^bx Z^bz: Z past X changes the sign.
  const int swaps = std::popcount(static_cast<unsigned>(a.z & b.x));
  return {static_cast<uint8_t>(a.x ^ b.x), static_cast<uint8_t>(a.z ^ b.z),
          static_cast<uint8_t>((a.phase + b.phase + 2 * swaps) & 3)};
}

CliffordGroup::CliffordGroup(int qubits, std::span<const std::string> names) : qubits_(qubits) {
  for (const std::string &name : names) {
    addGenerators(name);
    if (!problem_.empty())
      return;
  }
  explore();
  const size_t whole = qubits == 1 ? 24 : 11'520;
  if (nodes_.size() != whole)
    problem_ = fmt::format("these gates make {} of the {} Clifford operations of {}", nodes_.size(),
                           whole, qubits == 1 ? "a qubit" : "two qubits");
}

void CliffordGroup::addGenerators(std::string_view name) {
  const auto all = gates::all();
  const auto found = std::ranges::find(all, name, &gates::GateInfo::name);
  if (found == all.end()) {
    problem_ = fmt::format("there is no gate `{}`", name);
    return;
  }
  const int wires = found->controls + found->targets;
  if (found->parameters > 0) {
    problem_ = fmt::format("`{}` has an angle", name);
    return;
  }
  if (wires > qubits_)
    return;
  const int row = static_cast<int>(found - all.begin());
  stabilizer::Cliffords cliffords;
  const stabilizer::Found is = cliffords.find({row, false, found->controls, {}});
  if (!is.gate || is.dropped > 0) {
    problem_ = fmt::format("`{}` is no Clifford gate", name);
    return;
  }
  for (int first = 0; first < qubits_; ++first) {
    const int second = 1 - first;
    Generator made{{row, false, 0, first, -1, {}}, *is.gate, {first, second}, 1};
    if (wires == 2) {
      made.cost = costOfTwo;
      if (found->controls == 1) {
        made.call.controls = uint64_t{1} << first;
        made.call.target0 = second;
      } else {
        made.call.target1 = second;
      }
    }
    generators_.push_back(made);
  }
}

uint32_t CliffordGroup::keyOf(const Element &element) {
  uint32_t key = 0;
  for (int i = 0; i < 2 * element.wires; ++i) {
    const Image &of = element.images[static_cast<size_t>(i)];
    key = key << 6 | static_cast<uint32_t>(of.x << 4 | of.z << 2 | of.phase);
  }
  return key;
}

CliffordGroup::Element CliffordGroup::identity() const {
  Element one;
  one.wires = qubits_;
  for (int q = 0; q < qubits_; ++q) {
    const auto bit = static_cast<uint8_t>(1 << q);
    one.images[static_cast<size_t>(2 * q)] = {bit, 0, 0};
    one.images[static_cast<size_t>(2 * q + 1)] = {0, bit, 0};
  }
  return one;
}

CliffordGroup::Element CliffordGroup::product(const Element &first, const Element &gate,
                                              const int *wires) {
  // (G U)^-1 P G U = U^-1 (G^-1 P G) U: the images of G, in terms of those of U.
  Element both = first;
  for (int i = 0; i < 2 * gate.wires; ++i) {
    const Image &of = gate.images[static_cast<size_t>(i)];
    Image image{0, 0, of.phase};
    for (int j = 0; j < gate.wires; ++j) {
      const auto place = static_cast<size_t>(2 * wires[j]);
      if ((of.x >> j & 1) != 0)
        image = times(image, first.images[place]);
      if ((of.z >> j & 1) != 0)
        image = times(image, first.images[place + 1]);
    }
    both.images[static_cast<size_t>(2 * wires[i / 2] + i % 2)] = image;
  }
  return both;
}

CliffordGroup::Element CliffordGroup::product(const Element &first, const Element &second) {
  static constexpr int wires[] = {0, 1};
  return product(first, second, wires);
}

void CliffordGroup::explore() {
  struct Found {
    int64_t cost;
    size_t node;
    bool operator>(const Found &o) const {
      return cost != o.cost ? cost > o.cost : node > o.node; // the same search in every run
    }
  };
  std::priority_queue<Found, std::vector<Found>, std::greater<>> open;
  nodes_.push_back({.element = identity()});
  places_.emplace(keyOf(nodes_[0].element), 0);
  open.push({0, 0});
  while (!open.empty()) {
    const size_t here = open.top().node;
    open.pop();
    if (nodes_[here].settled)
      continue;
    nodes_[here].settled = true;
    for (size_t g = 0; g < generators_.size(); ++g) {
      const Generator &by = generators_[g];
      Node next{product(nodes_[here].element, by.element, by.wires), here, g,
                nodes_[here].cost + by.cost, nodes_[here].gates + 1};
      const auto [place, isNew] = places_.try_emplace(keyOf(next.element), nodes_.size());
      if (isNew)
        nodes_.push_back(next);
      else if (next.cost < nodes_[place->second].cost)
        nodes_[place->second] = next;
      else
        continue;
      open.push({next.cost, place->second});
    }
  }
}

size_t CliffordGroup::inverseOf(const Element &element) const {
  // The last power before the identity.
  const uint32_t one = keyOf(identity());
  Element power = identity();
  for (Element next = element; keyOf(next) != one; next = product(next, element))
    power = next;
  return places_.at(keyOf(power));
}

void CliffordGroup::append(size_t index, std::vector<gates::GateCall> &circuit) const {
  const auto from = static_cast<std::ptrdiff_t>(circuit.size());
  for (size_t at = index; at != 0; at = nodes_[at].before)
    circuit.push_back(generators_[nodes_[at].last].call);
  std::reverse(circuit.begin() + from, circuit.end());
}

double CliffordGroup::meanGates() const {
  double sum = 0;
  for (const Node &node : nodes_)
    sum += static_cast<double>(node.gates);
  return sum / static_cast<double>(nodes_.size());
}

} // namespace qdo::observe
