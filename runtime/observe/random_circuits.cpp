// SPDX-License-Identifier: Apache-2.0
// Elements of the Clifford group, drawn and written as circuits.
#include "runtime/observe/random_circuits.h"

#include "runtime/base/hash.h"
#include "runtime/sim/clifford.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <deque>
#include <map>
#include <memory>

namespace qdo::observe {

using base::Hasher;

namespace {
/// What recipes point to, as long as the run lives.
struct Benchmarks {
  struct Circuit {
    std::vector<qdo_gate> gates;
    qdo_circuit table{};
  };
  std::deque<Circuit> circuits;
  std::map<std::pair<int, std::vector<std::string>>, std::unique_ptr<CliffordGroup>> groups;
};
} // namespace

const CliffordGroup *cliffordGroup(base::Context &ctx, qdo_site site, int qubits,
                                   const std::vector<std::string> &gates) {
  auto &known = ctx.part<Benchmarks>().groups[{qubits, gates}];
  if (!known)
    known = std::make_unique<CliffordGroup>(qubits, gates);
  if (known->problem().empty())
    return known.get();
  ctx.fail(site, base::Kind::BadValue, "`gates`",
           fmt::format("{} ({})", fmt::join(gates, ", "), known->problem()),
           "gates that make every Clifford operation")
      .help = "h, s and cx make all of them; so do sx, s and cz";
  return nullptr;
}

static qdo_gate written(const gates::GateCall &call) {
  qdo_gate gate{};
  gate.gate = static_cast<int16_t>(call.gate);
  gate.controls = call.controls;
  gate.target0 = static_cast<int16_t>(call.target0);
  gate.target1 = static_cast<int16_t>(call.target1);
  for (int32_t &slot : gate.angles)
    slot = -1;
  return gate;
}

const sim::Recipe *RandomCircuits::leaf(const std::vector<gates::GateCall> &calls) {
  Benchmarks::Circuit &made = ctx_.part<Benchmarks>().circuits.emplace_back();
  Hasher content("random circuit");
  content.add(static_cast<uint64_t>(group_.qubits()));
  for (const gates::GateCall &call : calls) {
    made.gates.push_back(written(call));
    content.add(static_cast<uint64_t>(call.gate)).add(call.controls);
    content.add(static_cast<uint64_t>(call.target0)).add(static_cast<uint64_t>(call.target1 + 1));
  }
  made.table.name = "clifford";
  made.table.content = static_cast<int64_t>(content.value());
  made.table.qubits = group_.qubits();
  made.table.gates = made.gates.data();
  made.table.gate_count = std::ssize(made.gates);
  made.table.angles = [](qdo_sink *, const double *, double *) {};
  return sim::makeLeaf(ctx_, &made.table, {});
}

const sim::Recipe *RandomCircuits::operation(size_t index) {
  auto [place, isNew] = operations_.try_emplace(index, nullptr);
  if (isNew) {
    std::vector<gates::GateCall> calls;
    group_.append(index, calls);
    place->second = leaf(calls);
  }
  return place->second;
}

bool RandomCircuits::interleave(const sim::Recipe &recipe) {
  if (recipe.qubits != group_.qubits()) {
    ctx_.fail(site_, base::Kind::BadValue, "the number of qubits of what is interleaved",
              recipe.qubits, group_.qubits());
    return false;
  }
  const auto circuit = sim::cliffordCircuit(ctx_, recipe);
  if (sim::failsAnyway(ctx_, site_, recipe, *circuit))
    return false;
  if (!circuit->clifford()) {
    ctx_.fail(site_, base::Kind::BadValue, "what is interleaved",
              fmt::format("no Clifford circuit, it has {}", circuit->notClifford),
              "made of Clifford gates, so that an operation can undo it");
    return false;
  }
  interleaved_ = &recipe;
  interleavedElement_ = group_.identity();
  for (const sim::CliffordOp &op : circuit->ops)
    interleavedElement_ = CliffordGroup::product(*interleavedElement_, *op.gate, op.wires);
  return true;
}

const sim::Recipe *RandomCircuits::draw(base::RandomStream &random, int64_t length) {
  std::vector<gates::GateCall> calls;
  std::vector<const sim::Recipe *> parts;
  CliffordGroup::Element all = group_.identity();
  for (int64_t k = 0; k < length; ++k) {
    const size_t one = random.below(group_.size());
    all = CliffordGroup::product(all, group_.element(one));
    if (interleaved_) {
      parts.push_back(operation(one));
      parts.push_back(interleaved_);
      all = CliffordGroup::product(all, *interleavedElement_);
    } else {
      group_.append(one, calls);
    }
  }
  group_.append(group_.inverseOf(all), calls);
  parts.push_back(leaf(calls));
  // Pairs, and pairs of these: a recipe is read by recursion, so it must not be deep.
  while (parts.size() > 1) {
    std::vector<const sim::Recipe *> joined;
    for (size_t i = 0; i + 1 < parts.size(); i += 2)
      joined.push_back(sim::makeThen(ctx_, site_, parts[i], parts[i + 1]));
    if (parts.size() % 2 != 0)
      joined.push_back(parts.back());
    parts = std::move(joined);
    if (!ctx_.ok())
      return nullptr;
  }
  return parts.front();
}

} // namespace qdo::observe
