// SPDX-License-Identifier: Apache-2.0
// The parts of these circuits that no program wrote, and signs of outcomes.
#include "runtime/sim/sign_circuits.h"

#include "runtime/base/hash.h"
#include "runtime/base/philox.h"
#include "runtime/gates/gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <numeric>

namespace qdo::sim {

using Form = Recipe::Form;

namespace {

/// A circuit without angles that the run keeps.
struct Table {
  std::string name;
  std::vector<qdo_gate> gates = {};
  qdo_circuit circuit{};
};

struct Tables {
  std::map<std::pair<std::string, int64_t>, std::unique_ptr<Table>> made;
};

class TableMaker {
public:
  TableMaker(Table &table, int64_t qubits) : table_(table), qubits_(qubits) {}

  void gate(std::string_view name, std::initializer_list<int64_t> controls, int64_t target,
            int64_t other = -1) {
    const auto all = gates::all();
    const auto row = std::ranges::find(all, name, &gates::GateInfo::name) - all.begin();
    uint64_t mask = 0;
    int place = 0;
    for (int64_t wire : controls) // qdo_gate::controls
      mask |= qubits_ <= QDO_MASK_QUBITS ? uint64_t{1} << wire
                                         : static_cast<uint64_t>(wire + 1) << 16 * place++;
    table_.gates.push_back({mask,
                            static_cast<int16_t>(row),
                            0,
                            static_cast<int16_t>(target),
                            static_cast<int16_t>(other),
                            {-1, -1, -1, -1}});
  }
  void finish() {
    table_.circuit.name = table_.name.c_str();
    table_.circuit.content =
        static_cast<int64_t>(base::Hasher("sign circuit").add(table_.name).value());
    table_.circuit.qubits = qubits_;
    table_.circuit.gates = table_.gates.data();
    table_.circuit.gate_count = std::ssize(table_.gates);
    table_.circuit.angles = [](qdo_sink *, const double *, double *) {};
  }

private:
  Table &table_;
  int64_t qubits_;
};

/// The circuit of this name on so many qubits; `make(maker)` adds its gates.
template <class Make>
const Recipe *made(base::Context &ctx, const std::string &name, int64_t qubits, Make make) {
  auto &table = ctx.part<Tables>().made[{name, qubits}];
  if (!table) {
    table = std::make_unique<Table>(Table{name});
    TableMaker maker(*table, qubits);
    make(maker);
    maker.finish();
  }
  return makeLeaf(ctx, &table->circuit, {});
}

bool bitOf(std::span<const uint64_t> outcome, int64_t qubit) {
  return outcome[static_cast<size_t>(qubit) / 64] >> (qubit % 64) & 1;
}

/// What a pair is worth: the swap is (1 + Z + Z' - Z Z') / 2 after the Bell circuit.
double pairValue(double first, double second) { return (1 + first + second - first * second) / 2; }

PauliString signOn(int64_t qubit) {
  PauliString z;
  if (qubit < 64) {
    z.z = uint64_t{1} << qubit;
  } else {
    z.more.resize(static_cast<size_t>(qubit) / 64);
    z.more.back().second = uint64_t{1} << (qubit % 64);
  }
  return z;
}

/// Shots of a device, by the sign of what was read.
class SignShots final : public ShotSource {
public:
  SignShots(std::shared_ptr<const SignCircuit> circuit, std::shared_ptr<const JointShots> shots,
            bool corrected)
      : circuit_(std::move(circuit)), shots_(std::move(shots)), corrected_(corrected) {}

  int64_t successes(base::Context &ctx, qdo_site site, uint64_t stream, int64_t first,
                    int64_t last) const override {
    Histogram seen(circuit_->recipe().qubits);
    if (!shots_->draw(ctx, site, stream, first, last, seen))
      return 0;
    const auto [low, high] = circuit_->range(shots_->zero, shots_->one);
    // A corrected value is rounded to an end of its range, at random with its mean.
    base::RandomStream random(ctx.seed(), base::Hasher("rounded").add(stream).value(),
                              static_cast<uint64_t>(first));
    int64_t successes = 0;
    for (size_t i = 0; i < seen.size(); ++i) {
      const double value = circuit_->value(seen.outcome(i), shots_->zero, shots_->one);
      if (!corrected_) {
        successes += value > 0 ? seen.count(i) : 0;
        continue;
      }
      for (int64_t k = 0; k < seen.count(i); ++k)
        successes += random.uniform() < (value - low) / (high - low);
    }
    return successes;
  }

private:
  const std::shared_ptr<const SignCircuit> circuit_;
  const std::shared_ptr<const JointShots> shots_;
  const bool corrected_;
};

} // namespace

const Recipe *SignCircuit::compose(Form form, const Recipe *left, const Recipe *right) {
  parts_.push_back(composed(form, left, right, 1));
  return parts_.back().get();
}

std::shared_ptr<const SignCircuit> SignCircuit::destructiveSwap(base::Context &ctx, const Recipe &p,
                                                                const Recipe &r) {
  if (p.hash > r.hash)
    return destructiveSwap(ctx, r, p);
  std::vector<int64_t> pairs(static_cast<size_t>(p.qubits));
  std::iota(pairs.begin(), pairs.end(), 0);
  return ofPairs(ctx, p, r, std::move(pairs), "Bell measurement");
}

std::shared_ptr<const SignCircuit> SignCircuit::purity(base::Context &ctx, const Recipe &p,
                                                       uint64_t qubits) {
  std::vector<int64_t> pairs;
  for (int64_t q = 0; q < 64; ++q)
    if (qubits >> q & 1)
      pairs.push_back(q);
  return ofPairs(ctx, p, p, std::move(pairs), fmt::format("Bell measurement of {:x}", qubits));
}

std::shared_ptr<const SignCircuit> SignCircuit::ofPairs(base::Context &ctx, const Recipe &p,
                                                        const Recipe &r, std::vector<int64_t> pairs,
                                                        const std::string &bell) {
  auto circuit = std::make_shared<SignCircuit>();
  circuit->apart_ = p.qubits;
  circuit->pairs_ = std::move(pairs);
  const Recipe *measurement = made(ctx, bell, 2 * p.qubits, [&](TableMaker &maker) {
    for (int64_t q : circuit->pairs_) {
      maker.gate("cx", {q}, p.qubits + q);
      maker.gate("h", {}, q);
    }
  });
  circuit->recipe_ =
      circuit->compose(Form::Then, circuit->compose(Form::Tensor, &p, &r), measurement);
  return circuit;
}

std::shared_ptr<const SignCircuit> SignCircuit::swapTest(base::Context &ctx, const Recipe &p,
                                                         const Recipe &r) {
  if (p.hash > r.hash)
    return swapTest(ctx, r, p);
  auto circuit = std::make_shared<SignCircuit>();
  const int64_t n = p.qubits;
  const Recipe *ancilla = made(ctx, "ancilla", 1, [](TableMaker &) {});
  const Recipe *exchange = made(ctx, "swap test", 2 * n + 1, [&](TableMaker &maker) {
    maker.gate("h", {}, 2 * n);
    for (int64_t q = 0; q < n; ++q)
      maker.gate("cswap", {2 * n}, q, n + q);
    maker.gate("h", {}, 2 * n);
  });
  circuit->qubit_ = 2 * n;
  circuit->recipe_ = circuit->compose(
      Form::Then, circuit->compose(Form::Tensor, circuit->compose(Form::Tensor, &p, &r), ancilla),
      exchange);
  return circuit;
}

std::shared_ptr<const SignCircuit> SignCircuit::hadamardTest(base::Context &ctx, const Recipe &p,
                                                             const Recipe &r, bool imaginary) {
  auto circuit = std::make_shared<SignCircuit>();
  const int64_t n = p.qubits;
  const Recipe *open = made(ctx, "split", n + 1, [](TableMaker &maker) { maker.gate("h", {}, 0); });
  const Recipe *close = made(ctx, imaginary ? "join im" : "join re", n + 1, [&](TableMaker &maker) {
    if (imaginary)
      maker.gate("sdg", {}, 0);
    maker.gate("h", {}, 0);
  });
  const Recipe *there = circuit->compose(Form::Control, &r),
               *back = circuit->compose(Form::Control, circuit->compose(Form::Adjoint, &p));
  circuit->qubit_ = 0;
  circuit->recipe_ = circuit->compose(
      Form::Then, circuit->compose(Form::Then, circuit->compose(Form::Then, open, there), back),
      close);
  return circuit;
}

double SignCircuit::value(std::span<const uint64_t> outcome, double zero, double one) const {
  if (qubit_ >= 0)
    return bitOf(outcome, qubit_) ? one : zero;
  double product = 1;
  for (int64_t q : pairs_)
    product *= pairValue(bitOf(outcome, q) ? one : zero, bitOf(outcome, apart_ + q) ? one : zero);
  return product;
}

std::pair<double, double> SignCircuit::range(double zero, double one) const {
  if (qubit_ >= 0)
    return std::minmax(zero, one);
  const double worth[] = {pairValue(zero, zero), pairValue(zero, one), pairValue(one, one)};
  double low = 1, high = 1; // of the product so far
  for (size_t pair = 0; pair < pairs_.size(); ++pair) {
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (double factor : worth)
      for (double end : {low, high}) {
        least = std::min(least, factor * end);
        most = std::max(most, factor * end);
      }
    low = least;
    high = most;
  }
  return {low, high};
}

std::optional<double> SignCircuit::exact(base::Context &ctx, qdo_site site) const {
  Backend &device = backend(ctx);
  if (qubit_ >= 0) {
    const PauliString sign = signOn(qubit_);
    const auto mean = device.means(ctx, site, *recipe_, {&sign, 1});
    return mean ? std::optional(mean->front()) : std::nullopt;
  }
  const auto probabilities = device.probabilities(ctx, site, *recipe_);
  if (!probabilities)
    return std::nullopt;
  double mean = 0;
  for (uint64_t k = 0; k < probabilities->size(); ++k)
    mean += (*probabilities)[k] * value({&k, 1}, 1, -1);
  return mean;
}

std::optional<Coin> coinOf(base::Context &ctx, qdo_site site,
                           const std::shared_ptr<const SignCircuit> &circuit,
                           const Mitigation &mitigation) {
  auto shots = backend(ctx).joint(ctx, site, circuit->recipe(), {}, mitigation);
  if (!shots)
    return std::nullopt;
  const auto [low, high] = circuit->range(shots->zero, shots->one);
  Coin coin{.offset = low, .scale = high - low, .fold = shots->fold};
  const auto probabilities = shots->probabilities(ctx, site);
  if (!ctx.ok())
    return std::nullopt;
  if (probabilities.empty()) {
    coin.shots = std::make_shared<SignShots>(circuit, std::move(shots), mitigation.readout);
    return coin;
  }
  double mean = 0;
  for (uint64_t k = 0; k < probabilities.size(); ++k)
    mean += probabilities[k] * circuit->value({&k, 1}, shots->zero, shots->one);
  coin.probability = std::clamp((mean - low) / (high - low), 0.0, 1.0);
  return coin;
}

} // namespace qdo::sim
