// SPDX-License-Identifier: Apache-2.0
// The Clifford group of one or two qubits, each element as a shortest circuit of given gates.
// In: names of gates. Out: 24 or 11,520 elements (up to phases), their circuits, their products.
// Why a table: benchmarking draws elements uniformly and undoes products of them, and what an
// element costs on a device is what its circuit is made of.
#pragma once

#include "runtime/gates/gates.h"
#include "runtime/stabilizer/clifford.h"

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace qdo::observe {

class CliffordGroup {
public:
  static constexpr int mostQubits = 2;

  /// An element: U^-1 P U of X_0, Z_0, X_1, Z_1. One of all `wires`.
  using Element = stabilizer::Clifford;

  /// `names` are gates without angles; those of more wires than `qubits` (1 or 2) are left out.
  /// Circuits have as few gates on two qubits as can be, and then as few gates.
  CliffordGroup(int qubits, std::span<const std::string> names);

  /// What is wrong with the gates; empty when they make the whole group.
  const std::string &problem() const { return problem_; }
  size_t size() const { return nodes_.size(); }
  int qubits() const { return qubits_; }

  Element identity() const;
  const Element &element(size_t index) const { return nodes_[index].element; }
  /// first and then second.
  static Element product(const Element &first, const Element &second);
  /// first and then a gate on these wires.
  static Element product(const Element &first, const Element &gate, const int *wires);
  /// The element that undoes this one.
  size_t inverseOf(const Element &element) const;
  /// Appends the gates of an element in the order in which they act.
  void append(size_t index, std::vector<gates::GateCall> &circuit) const;
  /// Gates of an element, on average over the group.
  double meanGates() const;

private:
  struct Generator {
    gates::GateCall call;
    Element element;
    int wires[mostQubits];
    int64_t cost;
  };
  struct Node {
    Element element;
    size_t before = 0;    ///< the element without its last gate
    size_t last = 0;      ///< that gate
    int64_t cost = 0;     ///< of the circuit
    int64_t gates = 0;    ///< of the circuit
    bool settled = false; ///< no cheaper circuit is left to be found
  };

  void addGenerators(std::string_view name);
  void explore();
  static uint32_t keyOf(const Element &element);

  int qubits_;
  std::string problem_;
  std::vector<Generator> generators_;
  std::vector<Node> nodes_;
  std::unordered_map<uint32_t, size_t> places_;
};

} // namespace qdo::observe
