// SPDX-License-Identifier: Apache-2.0
// Noise and devices: clauses of `noise`, what a `device` is made of.
// Why: gates stand in `on [..]` as words of gates.def, not as values, so a slip gets the nearest.
#include "compiler/sema/checker.h"

#include <fmt/format.h>

namespace qdo::sema {

using namespace syntax;

static const std::vector<std::string_view> NoiseClauses = {
    "t1",      "t2",       "depolarizing", "amplitude_damping", "phase_damping",
    "readout", "duration", "readout_time"};

static const std::vector<std::string_view> GateNames = {
#define QDO_GATE(name, controls, targets, parameters, matrix, inverse, help) #name,
#include "qdo/runtime/gates.def"
};

/// The gates of `on [h, cx]`.
void Checker::gateList(const Clause &clause) {
  if (!clause.on)
    return;
  const auto *list = dynAs<ArrayExpr>(clause.on.get());
  if (!list || list->elements.empty()) {
    diagnostics
        .report(diag::Kind::BadClause, clause.on->span, clause.head.text,
                "is followed by a list of gates")
        .help("write `on [h, cx]`; without `on` it is every gate");
    return;
  }
  for (const ExprPtr &e : list->elements) {
    const auto *word = dynAs<NameExpr>(e.get());
    const std::string name = word ? word->name : std::string(sources.text(e->span));
    if (std::ranges::find(GateNames, name) != GateNames.end())
      continue;
    auto &d = diagnostics.report(diag::Kind::UnknownGate, e->span, name);
    if (auto near = base::nearestWord(name, GateNames))
      d.help(fmt::format("did you mean `{}`?", *near))
          .edit(e->span, std::string(*near), fmt::format("replace it with `{}`", *near));
  }
}

void Checker::noiseClause(const Clause &clause) {
  const std::string &head = clause.head.text;
  if (std::ranges::find(NoiseClauses, head) == NoiseClauses.end()) {
    auto &d = diagnostics.report(diag::Kind::UnknownClause, clause.head.span, "`noise`", head);
    if (auto near = base::nearestWord(head, NoiseClauses))
      d.help(fmt::format("did you mean `{}`?", *near))
          .edit(clause.head.span, std::string(*near), fmt::format("replace it with `{}`", *near));
    else
      d.help("a noise has `t1`, `t2`, `depolarizing`, `amplitude_damping`, `phase_damping`, "
             "`readout`, `duration` and `readout_time`");
    return;
  }
  const bool readout = head == "readout";
  const bool time = head == "t1" || head == "t2" || head == "duration" || head == "readout_time";
  const bool onGates = !readout && head != "t1" && head != "t2" && head != "readout_time";
  const size_t count = clause.items.size();
  const bool shots =
      std::ranges::any_of(clause.items, [](const ClauseItem &item) { return item.shots; });
  if (clause.block || clause.target || shots || clause.when || count == 0 ||
      count > (readout ? 2U : 1U)) {
    diagnostics.report(diag::Kind::BadClause, clause.span, head,
                       readout ? "needs one probability, or P(1 | 0) and P(0 | 1)"
                       : time  ? "needs one time, such as `50us`"
                               : "needs one probability");
    return;
  }
  // `on [h]` without a number, or a number without `on`, reads as an element of an array.
  if (const auto *index = dynAs<IndexExpr>(clause.items[0].value.get()); index && onGates) {
    const auto *word = dynAs<NameExpr>(index->base.get());
    const bool noNumber = word && word->name == "on";
    if (noNumber || dynAs<RealExpr>(index->base.get()) || dynAs<IntExpr>(index->base.get())) {
      diagnostics
          .report(diag::Kind::BadClause, clause.span, head,
                  noNumber ? "needs a number before `on`" : "needs `on` before its gates")
          .help(fmt::format("write it as `{} {} on [h, cx]`", head, time ? "50ns" : "0.001"));
      return;
    }
  }
  for (const ClauseItem &item : clause.items)
    expectType(simple(time ? TypeKind::Duration : TypeKind::Real), expr(*item.value),
               item.value->span, "`" + head + "`");
  if (clause.on && !onGates)
    diagnostics
        .report(diag::Kind::BadClause, clause.on->span, head, "is about qubits, not about gates")
        .help("leave `on` out");
  else
    gateList(clause);
}

void Checker::noiseDecl(SymbolId id) {
  const auto &noise = as<NoiseStmt>(*sym(id).decl);
  Signature &sig = signature(id);
  scopes.emplace_back();
  bindParameters(sig);
  if (noise.from) {
    TypeRef from = expr(*noise.from);
    expectType(simple(TypeKind::Noise), from, noise.from->span, "what a noise derives from");
  }
  // What is said twice: a clause without gates, or one gate under the same clause.
  std::map<std::string, base::Span> seen;
  auto once = [&](const std::string &key, base::Span span, const std::string &head) {
    auto [old, isNew] = seen.emplace(key, span);
    if (!isNew)
      diagnostics.report(diag::Kind::DuplicateClause, span, head).place(old->second, "first here");
  };
  for (const Clause &clause : noise.clauses) {
    noiseClause(clause);
    const auto *list = clause.on ? dynAs<ArrayExpr>(clause.on.get()) : nullptr;
    if (!list)
      once(clause.head.text, clause.head.span, clause.head.text);
    else
      for (const ExprPtr &gate : list->elements) {
        const std::string name(sources.text(gate->span));
        once(clause.head.text + " on " + name, gate->span, clause.head.text + " on " + name);
      }
  }
  scopes.pop_back();
}

void Checker::deviceDecl(SymbolId id) {
  const auto &device = as<DeviceStmt>(*sym(id).decl);
  TypeRef type = expr(*device.value);
  if (!type->isError() && !type->is(TypeKind::Device))
    diagnostics
        .report(diag::Kind::TypeMismatch, device.value->span, quote(device.value->span), show(type),
                "a device")
        .help("a device is `density_matrix(qubits: 4, noise: lab)`, `trajectories(..)`, "
              "`stabilizer(..)` or `state_vector(..)`");
}

} // namespace qdo::sema
