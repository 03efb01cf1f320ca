// SPDX-License-Identifier: Apache-2.0
// Noise and devices: made where they are used first, checked before the first shot.
#include "compiler/lower/elaborator.h"
#include "compiler/lower/overlap_ways.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace qdo::lower {

using namespace syntax;

namespace {
constexpr std::string_view gateNames[] = {
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help) #name,
#include "qdo/runtime/gates.def"
};

int64_t rowOf(std::string_view gate) {
  return std::ranges::find(gateNames, gate) - std::begin(gateNames);
}

constexpr std::string_view channels[] = {"depolarizing", "amplitude_damping", "phase_damping"};

std::string shown(double seconds) {
  for (auto [unit, size] : {std::pair{"s", 1.0}, {"ms", 1e-3}, {"us", 1e-6}})
    if (std::fabs(seconds) >= size)
      return fmt::format("{:g}{}", seconds / size, unit);
  return fmt::format("{:g}ns", seconds / 1e-9);
}
} // namespace

/// Clauses of the ancestors first; what is said of the same gate, or of all, is replaced.
Value Elaborator::noise(sema::SymbolId id, const std::vector<Value> &args, base::Span span) {
  mlir::Location at = loc(span);
  struct Given {
    const Clause *clause;
    Frame scope;
    int64_t gate; ///< row of gates.def, or -1
  };
  std::map<std::pair<std::string, int64_t>, Given> clauses;
  eachClause(id, args, span, [&](const Clause &clause, const Frame &scope, const auto &own) {
    const auto *list = clause.on ? dynAs<ArrayExpr>(clause.on.get()) : nullptr;
    if (!list) {
      // It speaks of every gate, so what was inherited for some is gone.
      std::erase_if(clauses, [&](auto &old) {
        return old.first.first == clause.head.text &&
               std::ranges::none_of(own,
                                    [&](const Clause &mine) { return &mine == old.second.clause; });
      });
      clauses[{clause.head.text, -1}] = {&clause, scope, -1};
      return;
    }
    for (const ExprPtr &gate : list->elements) {
      const int64_t row = rowOf(as<NameExpr>(*gate).name);
      clauses[{clause.head.text, row}] = {&clause, scope, row};
    }
  });

  const std::string &name = program.symbol(id).name;
  mlir::Value handle = rt("noise_new", {text(name, at)}, at);
  std::optional<double> t1, t2; // when they are known
  DeviceTimes times;
  base::Span t2Span;
  std::optional<base::Span> notPauli; // a clause whose errors are no Pauli operators
  for (auto &[key, given] : clauses) {
    const std::string &head = key.first;
    frames.push_back(given.scope);
    auto valueOf = [&](size_t i) { return expr(*given.clause->items[i].value); };
    auto probability = [&](size_t i) {
      Value v = toReal(valueOf(i), at);
      if (head == "amplitude_damping" && v.isConstant() && v.real > 0)
        notPauli = given.clause->span;
      if (v.isConstant() && !(v.real >= 0 && v.real <= 1)) {
        diagnostics.report(diag::Kind::NoiseProbability, given.clause->items[i].value->span, head,
                           fmt::format("{}", v.real));
        throw Abandon{};
      }
      return realSsa(v, at);
    };
    auto time = [&](bool zero) {
      Value v = valueOf(0);
      if (v.isConstant() && !(zero ? v.real >= 0 : v.real > 0)) {
        diagnostics.report(diag::Kind::NoiseTime, given.clause->items[0].value->span, head,
                           shown(v.real));
        throw Abandon{};
      }
      return v;
    };
    mlir::Location here = loc(given.clause->span);
    if (head == "t1" || head == "t2" || head == "readout_time") {
      Value v = time(head == "readout_time");
      const int64_t which = head == "t1" ? 0 : head == "t2" ? 1 : 2;
      if (v.isConstant() && which < 2)
        (which == 0 ? t1 : t2) = v.real;
      if (which != 1)
        (which == 0 ? times.t1 : times.measurement) =
            v.isConstant() ? std::optional(v.real) : std::nullopt;
      if (which == 1)
        t2Span = given.clause->span;
      if (which == 0)
        notPauli = given.clause->span;
      rt("noise_time", {handle, constant(which, at), ssa(v, at)}, here);
    } else if (head == "duration") {
      const Value v = time(true);
      times.gatesKnown &= v.isConstant();
      times.gates[given.gate] = v.real;
      rt("noise_duration", {handle, constant(given.gate, at), ssa(v, at)}, here);
    } else if (head == "readout") {
      mlir::Value p01 = probability(0);
      mlir::Value p10 = given.clause->items.size() > 1 ? probability(1) : p01;
      rt("noise_readout", {handle, p01, p10}, here);
    } else {
      const auto channel = std::ranges::find(channels, head) - std::begin(channels);
      rt("noise_channel",
         {handle, constant(static_cast<int64_t>(channel), at), constant(given.gate, at),
          probability(0)},
         here);
    }
    frames.pop_back();
  }
  if (t1 && t2 && *t2 > 2 * *t1 * (1 + 1e-12)) {
    diagnostics.report(diag::Kind::NoisePhase, t2Span, shown(*t2), shown(*t1))
        .help(fmt::format("t2 is at most {}", shown(2 * *t1)));
    throw Abandon{};
  }
  rt("noise_finish", {handle}, at);
  noiseTimes[handle] = times;
  if (notPauli)
    noisesNotPauli[handle.getAsOpaquePointer()] = *notPauli;
  Value v = Value::handle(handle, sema::simple(sema::TypeKind::Noise));
  v.boolean = !clauses.empty();
  v.text = name;
  return v;
}

/// Keeps what is known of a device for the checks of elaboration.
void Elaborator::rememberDevice(Value &device, DeviceFacts facts) {
  device.text = fmt::format("device {}", deviceFacts.size());
  deviceFacts[device.text] = std::move(facts);
}

Value Elaborator::madeDevice(const std::string &entry, const std::vector<Value> &args,
                             const std::vector<mlir::Value> &operands, base::Span span) {
  DeviceFacts facts;
  facts.name = entry.substr(std::string_view("device_").size());
  facts.span = span;
  facts.qubits = args[0].isConstant() && args[0].integer > 0 ? args[0].integer : -1;
  facts.noisy = args.size() > 1 && args[1].boolean;
  facts.shotsOnly = entry == "device_trajectories";
  if (auto known = args.size() > 1 ? noiseTimes.find(args[1].ssa) : noiseTimes.end();
      known != noiseTimes.end())
    facts.times = known->second;
  else if (args.size() == 1)
    facts.times = DeviceTimes{};
  facts.tableau = entry == "device_stabilizer";
  if (facts.tableau && args[2].isConstant() && !args[2].boolean) {
    const auto bad = noisesNotPauli.find(operands[1].getAsOpaquePointer());
    if (bad != noisesNotPauli.end()) {
      diagnostics
          .report(diag::Kind::DeviceNotPauli, span, facts.name, sources.text(bad->second),
                  args[1].text)
          .place(bad->second, "this is no Pauli error")
          .help("give it `twirl: true` to put Pauli errors in its place, or take "
                "`density_matrix(..)` or `trajectories(..)`");
      throw Abandon{};
    }
  }
  Value v = Value::handle(rt(entry, operands, loc(span)), sema::simple(sema::TypeKind::Device));
  rememberDevice(v, std::move(facts));
  return v;
}

Value Elaborator::device(sema::SymbolId id, base::Span span) {
  const sema::Symbol &symbol = program.symbol(id);
  const auto &decl = as<DeviceStmt>(*symbol.decl);
  enter(id, span); // a device of itself never ends
  Frame scope;
  scope.module = symbol.module;
  if (symbol.module == frame().module)
    scope.vars = frame().vars; // parameters and noises that are known here
  frames.push_back(std::move(scope));
  Value v = expr(*decl.value);
  frames.pop_back();
  inlining.pop_back();
  DeviceFacts facts = deviceFacts[v.text];
  facts.name = symbol.name;
  facts.span = symbol.span;
  rt("device_name", {v.ssa, text(symbol.name, loc(span))}, loc(span));
  rememberDevice(v, std::move(facts));
  return v;
}

/// `with dm { ... }`: from here to the end of the body.
void Elaborator::enterDevice(Value device, base::Span span) {
  if (device.type && device.type->is(sema::TypeKind::Noise)) {
    DeviceFacts facts;
    facts.name = device.text;
    facts.span = span;
    facts.noisy = device.boolean;
    if (auto known = noiseTimes.find(device.ssa); known != noiseTimes.end())
      facts.times = known->second;
    Value made = Value::handle(rt("device_of_noise", {device.ssa}, loc(span)),
                               sema::simple(sema::TypeKind::Device));
    rememberDevice(made, std::move(facts));
    device = std::move(made);
  }
  rt("device_push", {device.ssa}, loc(span));
  auto known = deviceFacts.find(device.text);
  devices.push_back(known == deviceFacts.end() ? DeviceFacts{} : known->second);
}

void Elaborator::leaveDevice(base::Span span) {
  rt("device_pop", {}, loc(span));
  devices.pop_back();
}

/// Device limits: what is measured here has so many qubits; `exactly`: without sampling error.
void Elaborator::checkDevice(int64_t qubits, base::Span span, const char *exactly,
                             std::string_view wayOut) {
  if (devices.empty())
    return;
  const DeviceFacts &device = devices.back();
  if (device.qubits > 0 && qubits > device.qubits) {
    diagnostics.report(diag::Kind::DeviceTooSmall, span, device.name, device.qubits, qubits)
        .place(device.span, "the device")
        .help(fmt::format("give the device more qubits, or {}", wayOut));
    throw Abandon{};
  }
  if (device.shotsOnly && exactly) {
    diagnostics.report(diag::Kind::DeviceNoExact, span, device.name, exactly)
        .place(device.span, "the device")
        .help("ask `density_matrix(..)` with the same noise, or put it under a policy with shots");
    throw Abandon{};
  }
}

/// The same for a fidelity of states on so many qubits, measured in a way that may take more.
void Elaborator::checkOverlap(int64_t qubits, std::string_view way, base::Span span) {
  const int64_t takes = overlapQubits(way, qubits);
  if (takes == qubits)
    return checkDevice(qubits, span, nullptr);
  checkDevice(takes, span, nullptr,
              fmt::format("measure it by `compute-uncompute`, which takes {}", qubits));
}

/// A list of qubits as a mask; each is known, and below the count.
int64_t Elaborator::qubitMask(const Value &qubits, int64_t count, base::Span span) {
  if (qubits.kind != ValueKind::Array)
    notYet(span, "a list of qubits that is known only while the program runs");
  int64_t mask = 0;
  for (const Value &q : qubits.elements) {
    if (q.kind != ValueKind::Int || !q.isConstant())
      notYet(span, "a list of qubits that is known only while the program runs");
    if (q.integer >= 62 && q.integer < count)
      notYet(span, "the purity of a qubit above the 62nd");
    if (q.integer < 0 || q.integer >= count) {
      diagnostics.report(diag::Kind::StaticIndexOutOfRange, span, q.integer, count);
      throw Abandon{};
    }
    mask |= int64_t{1} << q.integer;
  }
  return mask;
}

/// No peeking under noise, where states are mixed, nor on a tableau.
void Elaborator::checkPure(std::string_view what, base::Span span) {
  if (devices.empty() || (!devices.back().noisy && !devices.back().tableau))
    return;
  const DeviceFacts &device = devices.back();
  diagnostics
      .report(device.tableau ? diag::Kind::PeekingTableau : diag::Kind::PeekingNoise, span, what,
              device.name)
      .place(device.span, "the device")
      .help("look at it on `state_vector()`, or ask for an expectation value, a fidelity or "
            "`purity(p, [0])`");
  throw Abandon{};
}

} // namespace qdo::lower
