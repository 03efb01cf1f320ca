// SPDX-License-Identifier: Apache-2.0
// Uses of live variables and of their elements: consumed, borrowed, or refused.
// Why elements are ranges of sizes: an index counts only if elaboration knows it, see
// linear_places.h.
#include "compiler/sema/linear_checker.h"

#include <algorithm>

namespace qdo::sema::linear {

using namespace syntax;

State *LinearChecker::find(SymbolId symbol) {
  const auto found = flow.places.find(symbol);
  return found == flow.places.end() ? nullptr : &found->second;
}

SymbolId LinearChecker::use(const Expr &expr) const {
  const auto id = static_cast<size_t>(expr.id);
  return id < info->uses.size() ? info->uses[id] : SymbolId::None;
}

SymbolId LinearChecker::declared(NodeId node, uint32_t index) const {
  const auto found = info->declared.find({static_cast<uint32_t>(node), index});
  return found == info->declared.end() ? SymbolId::None : found->second;
}

TypeRef LinearChecker::typeOf(const Expr &expr) const {
  const auto id = static_cast<size_t>(expr.id);
  const TypeRef type = id < info->types.size() ? info->types[id] : nullptr;
  return type ? type : simple(TypeKind::Error);
}

/// Whether names and types have found fault with this very place.
bool LinearChecker::alreadyReported(base::Span span) const { return engine.hasErrorIn(span); }

Origin LinearChecker::originOf(const Expr &value) const {
  if (const auto *paren = dynAs<ParenExpr>(&value))
    return originOf(*paren->inner);
  if (const auto *unary = dynAs<UnaryExpr>(&value); unary && unary->op == UnaryOp::Prepare)
    return {Origin::Kind::Recipe, unary->operand->span};
  if (value.kind == ExprKind::Call)
    return {Origin::Kind::Call, value.span};
  if (value.kind == ExprKind::Name)
    if (const auto found = flow.places.find(use(value)); found != flow.places.end())
      return found->second.origin;
  return {};
}

// -------------------------------------------------------------------------------- places and
// indices

std::optional<LinearChecker::Place> LinearChecker::placeOf(const Expr &expr) const {
  if (expr.kind == ExprKind::Name) {
    const SymbolId symbol = use(expr);
    if (symbol == SymbolId::None || !program.symbol(symbol).type->isLive())
      return std::nullopt;
    return Place{symbol, nullptr, std::nullopt};
  }
  const auto *index = dynAs<IndexExpr>(&expr);
  if (!index || index->base->kind != ExprKind::Name || index->indices.size() != 1)
    return std::nullopt;
  const SymbolId symbol = use(*index->base);
  if (symbol == SymbolId::None || !program.symbol(symbol).type->is(TypeKind::Register))
    return std::nullopt;
  return Place{symbol, index, rangeOf(*index->indices.front())};
}

std::optional<Range> LinearChecker::rangeOf(const Expr &index) const {
  if (const auto *slice = dynAs<BinaryExpr>(&index); slice && slice->op == BinaryOp::Range) {
    const auto low = sizeOf(*slice->lhs), high = sizeOf(*slice->rhs);
    if (!low || !high)
      return std::nullopt;
    return Range{*low, *high};
  }
  const auto at = sizeOf(index);
  if (!at)
    return std::nullopt;
  return Range::element(*at);
}

/// An integer expression as a size, if it has that form.
std::optional<Size> LinearChecker::sizeOf(const Expr &expr) const {
  const auto known = [](const Size &size) {
    return size.isUnknown() ? std::nullopt : std::optional(size);
  };
  switch (expr.kind) {
  case ExprKind::Int:
    return Size::constant(as<IntExpr>(expr).value);
  case ExprKind::Paren:
    return sizeOf(*as<ParenExpr>(expr).inner);
  case ExprKind::Name: {
    const SymbolId symbol = use(expr);
    if (symbol == SymbolId::None || !program.symbol(symbol).value)
      return std::nullopt;
    return known(*program.symbol(symbol).value);
  }
  case ExprKind::Member: {
    const auto &member = as<MemberExpr>(expr);
    const SymbolId base = use(*member.base);
    if (member.member.text != "size" || base == SymbolId::None ||
        program.symbol(base).type->sizes.empty())
      return std::nullopt;
    return known(program.symbol(base).type->sizes.front());
  }
  case ExprKind::Binary: {
    const auto &binary = as<BinaryExpr>(expr);
    const auto lhs = sizeOf(*binary.lhs), rhs = sizeOf(*binary.rhs);
    if (!lhs || !rhs)
      return std::nullopt;
    switch (binary.op) {
    case BinaryOp::Add:
      return known(*lhs + *rhs);
    case BinaryOp::Sub:
      return known(*lhs - *rhs);
    case BinaryOp::Mul:
      return known(*lhs * *rhs);
    case BinaryOp::Pow:
      return *lhs == Size::constant(2) ? known(powerOfTwo(*rhs)) : std::nullopt;
    default:
      return std::nullopt;
    }
  }
  default:
    return std::nullopt;
  }
}

/// Numbers, sizes, program parameters, structure parameters and the variables of counted loops are
/// known before the program runs; an integer that was computed is not.
bool LinearChecker::knownAtElaboration(const Size &size) const {
  if (size.isConstant())
    return true;
  if (size.isUnknown())
    return false;
  if (bounds.of(size.variable))
    return true;
  const auto symbol = static_cast<SymbolId>(size.variable);
  const SymbolKind kind = program.symbol(symbol).kind;
  return kind == SymbolKind::SizeName || kind == SymbolKind::ProgramParam ||
         structureParameters.count(symbol) != 0;
}

// ---------------------------------------------------------------------------------------------
// uses

bool LinearChecker::isLocal(const Use &use) {
  const auto scope = scopeOf.find(use.symbol);
  const Frame &frame = frames.back();
  if (scope != scopeOf.end() && scope->second >= frame.firstScope)
    return true;
  State *state = find(use.symbol);
  const bool isKnownGlobal = scope == scopeOf.end() && !frame.closure.empty();
  const bool wasCaptured =
      std::find(capturedEarly.begin(), capturedEarly.end(), use.symbol) != capturedEarly.end();
  if ((scope == scopeOf.end() && !isKnownGlobal) || wasCaptured ||
      (state && state->kind == State::Kind::Broken) || quiet > 0)
    return false;
  reports.captured(use, frame.closure, frame.span, state ? state->origin : Origin{});
  if (state)
    state->kind = State::Kind::Broken;
  else
    capturedEarly.push_back(use.symbol);
  return false;
}

void LinearChecker::atPlace(const Place &place, const Expr &expr, const Sink &sink) {
  if (sink.kind == Sink::Kind::Take)
    return consume(place, expr, sink.what);
  if (sink.kind == Sink::Kind::Drop)
    return; // a bare name changes nothing; that it is unused is not a matter of linearity
  const Use use{place.symbol, expr.span, sink.what};
  if (!isLocal(use))
    return;
  State *state = find(place.symbol);
  const bool isBroken = state && state->kind == State::Kind::Broken;
  if (sink.kind == Sink::Kind::Classical && quiet == 0 && !isBroken && !alreadyReported(expr.span))
    reports.classical(expr, typeOf(expr), sink.what, sink.help);
  if (state)
    state->kind = State::Kind::Broken;
}

void LinearChecker::consume(const Place &place, const Expr &expr, const std::string &what) {
  const Use use{place.symbol, expr.span, what};
  if (!isLocal(use))
    return;
  const bool endsIt = what == "measured" || what == "discarded";
  const bool isRefused = quiet > 0 || (frames.back().isCircuit && endsIt); // E0203 says it
  if (program.symbol(place.symbol).borrowed) {
    if (!isRefused)
      reports.borrowedEnded(use, place.element != nullptr);
    return;
  }
  State *state = find(place.symbol);
  if (!state || state->kind == State::Kind::Broken)
    return;
  if (isRefused) {
    state->kind = State::Kind::Broken;
    return;
  }
  const Event event{expr.span, what, path};
  const bool isDead = state->kind == State::Kind::Gone;
  if (isDead) {
    reports.usedAfterEnd(use, *state, state->end);
    state->kind = State::Kind::Broken;
  } else if (place.element) {
    consumeElement(place, use, *state);
  } else if (!state->ended.empty()) {
    reports.usedAfterPart(use, *state);
    state->kind = State::Kind::Broken;
  } else {
    reports.consumed(place.symbol, *state, event);
    state->kind = State::Kind::Gone;
    state->end = event;
  }
}

void LinearChecker::consumeElement(const Place &place, const Use &use, State &state) {
  const Expr &index = *place.element->indices.front();
  if (!place.range || !knownAtElaboration(place.range->low) ||
      !knownAtElaboration(place.range->high)) {
    reports.indexNotKnown(use, index.span);
    state.kind = State::Kind::Broken;
    return;
  }
  const Range &range = *place.range;
  const Size &size = program.symbol(place.symbol).type->sizes.front();
  if (bounds.surelyLessEqual(size, range.low) ||
      bounds.surelyLessEqual(range.high, Size::constant(0)) ||
      bounds.surelyLessEqual(size + Size::constant(1), range.high)) {
    state.kind = State::Kind::Broken; // out of range: elaboration says so
    return;
  }
  // The index of a loop that goes past the end, unless something in the loop may keep it from it.
  if (const Range all = bounds.hull(range);
      !loops.empty() && path.size() == loops.back().pathLength &&
      bounds.surelyLessEqual(size + Size::constant(1), all.high)) {
    reports.pastTheEnd(use, index.span, all.high, loops.back().head);
    state.kind = State::Kind::Broken;
    return;
  }
  for (const Part &part : state.ended) {
    if (bounds.surelyDisjoint(part.range, range))
      continue;
    if (bounds.surelyMeet(part.range, range) || bounds.surelyMeet(part.range, bounds.hull(range)))
      reports.usedAfterEnd(use, state, part.event);
    else
      reports.maybeUsedTwice(use, state, part.event);
    state.kind = State::Kind::Broken;
    return;
  }
  const Event event{use.span, use.what, path};
  reports.consumed(place.symbol, state, event);
  state.ended.push_back({range, event});
  if (coverAll(state.ended, size)) {
    state.end = event;
    state.kind = State::Kind::Gone;
    state.ended.clear();
  }
}

/// A gate's use of a place. False if the place has an error.
bool LinearChecker::borrow(const Place &place, const Expr &expr, const std::string &what) {
  const Use use{place.symbol, expr.span, what};
  if (!isLocal(use))
    return false;
  for (Loop &loop : loops)
    if (loop.frame + 1 == frames.size() && scopeOf[place.symbol] < loop.firstScope)
      loop.uses.push_back({use, place.element ? place.range : std::nullopt});
  if (program.symbol(place.symbol).borrowed)
    return true;
  State *state = find(place.symbol);
  if (!state || state->kind == State::Kind::Broken || quiet > 0)
    return false;
  const Event *earlier = state->kind == State::Kind::Gone ? &state->end : nullptr;
  if (place.element && place.range && !earlier) {
    // An index of a loop stands for all its values if nothing on the way makes the use conditional.
    const bool isUnconditional = !loops.empty() && path.size() == loops.back().pathLength;
    const Range all = isUnconditional ? bounds.hull(*place.range) : *place.range;
    for (const Part &part : state->ended) {
      const bool isOfLoop = !part.range.low.isConstant() && bounds.of(part.range.low.variable);
      if (bounds.surelyMeet(part.range, *place.range) ||
          (!isOfLoop && bounds.surelyMeet(part.range, all)))
        earlier = &part.event;
    }
  }
  if (!earlier && (place.element || state->ended.empty()))
    return true;
  if (earlier)
    reports.usedAfterEnd(use, *state, *earlier);
  else
    reports.usedAfterPart(use, *state);
  state->kind = State::Kind::Broken;
  return false;
}

} // namespace qdo::sema::linear
