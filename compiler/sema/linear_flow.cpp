// SPDX-License-Identifier: Apache-2.0
// Scopes, branches and loops: where what is live must agree.
// Why states are compared and not merged: the laws demand equality, so a difference is the mistake.
#include "compiler/sema/linear_checker.h"

#include <algorithm>

namespace qdo::sema::linear {

using namespace syntax;

void LinearChecker::declare(SymbolId symbol, const Origin &origin) {
  if (symbol == SymbolId::None)
    return;
  const Symbol &declared = program.symbol(symbol);
  scopes.back().locals.push_back(symbol);
  scopeOf[symbol] = scopes.size() - 1;
  if (!declared.type->isLive() || declared.borrowed)
    return;
  State state;
  state.since = declared.span;
  state.origin = origin;
  if (declared.name == "_") {
    reports.placeholderLost(symbol, state);
    state.kind = State::Kind::Broken;
  }
  // A line that could not be read may have consumed it.
  if (info->ast.mayBeUnread(declared.name, declared.span) ||
      std::find(capturedEarly.begin(), capturedEarly.end(), symbol) != capturedEarly.end())
    state.kind = State::Kind::Broken;
  flow.places[symbol] = state;
}

void LinearChecker::declareBinder(const Binder &binder, const Origin &origin) {
  for (uint32_t i = 0; i < binder.names.size(); ++i)
    declare(declared(binder.id, i), origin);
}

/// A later declaration of the same name in the same block: then nothing can end the earlier one.
std::optional<base::Span> LinearChecker::hiddenBy(const Scope &scope, SymbolId local) const {
  const auto at = std::find(scope.locals.begin(), scope.locals.end(), local);
  const auto later = std::find_if(at + 1, scope.locals.end(), [&](SymbolId other) {
    return program.symbol(other).name == program.symbol(local).name;
  });
  return later == scope.locals.end() ? std::nullopt : std::optional(program.symbol(*later).span);
}

void LinearChecker::popScope(Exit exit) {
  exit.path = path;
  const std::vector<SymbolId> &locals = scopes.back().locals;
  for (auto local = locals.begin(); local != locals.end(); ++local) {
    const auto found = flow.places.find(*local);
    if (found != flow.places.end() && flow.reachable && found->second.kind == State::Kind::Live &&
        !frames.back().isCircuit) {
      reports.leak(*local, found->second, exit, hiddenBy(scopes.back(), *local));
    }
    if (found != flow.places.end())
      flow.places.erase(found);
    scopeOf.erase(*local);
  }
  scopes.pop_back();
}

void LinearChecker::block(const Block &block, const Sink &tail) {
  pushScope();
  stmts(block.stmts, tail);
  const base::Span brace{block.span.file, block.span.end - 1, block.span.end};
  const base::Span opening{block.span.file, block.span.begin, block.span.begin + 1};
  popScope(
      {Exit::Kind::ScopeEnd, brace, block.stmts.empty() ? opening : block.stmts.back()->span, {}});
}

/// Every value that the scopes from `first` on own is lost at `exit` if it is live.
void LinearChecker::leaveScopes(size_t first, const Exit &exit) {
  if (frames.back().isCircuit)
    return;
  for (size_t i = first; i < scopes.size(); ++i)
    for (const SymbolId local : scopes[i].locals)
      if (const State *state = find(local); state && state->kind == State::Kind::Live)
        reports.leak(local, *state, exit, hiddenBy(scopes[i], local));
}

void LinearChecker::jump(const Stmt &stmt) {
  if (stmt.kind == StmtKind::Return) {
    const auto &value = as<ReturnStmt>(stmt).value;
    if (value)
      LinearChecker::value(*value, {Sink::Kind::Take, "returned", {}});
    if (frames.back().closure.empty())
      return; // `return` at the top level is an error of its own
    leaveScopes(frames.back().firstScope, {Exit::Kind::Return, stmt.span, {}, path});
    flow.reachable = false;
    return;
  }
  if (loops.empty() || loops.back().frame + 1 != frames.size())
    return;
  Loop &loop = loops.back();
  const bool isBreak = stmt.kind == StmtKind::Break;
  leaveScopes(loop.firstScope,
              {isBreak ? Exit::Kind::Break : Exit::Kind::Continue, stmt.span, {}, path});
  loop.jumps.push_back({flow, stmt.span, isBreak});
  flow.reachable = false;
}

/// Code that runs at another time than what surrounds it: it may not use what is live outside.
void LinearChecker::inFrame(std::string_view closure, base::Span span, const Action &body) {
  const bool reachable = flow.reachable;
  frames.push_back({scopes.size(), closure, span});
  body();
  frames.pop_back();
  flow.reachable = reachable;
}

// -------------------------------------------------------------------------------------------
// branches

void LinearChecker::branch(const Fork &fork, const Action &then, const Action &otherwise) {
  Flow before = flow;
  const bool thenIsTrue =
      fork.kind != Fork::Kind::Or; // the right side of `or` runs if the left is false
  path.push_back({fork.condition, thenIsTrue});
  then();
  path.back().taken = !thenIsTrue;
  Flow thenEnd = std::move(flow);
  flow = std::move(before);
  otherwise();
  path.pop_back();
  flow = meet(std::move(thenEnd), std::move(flow), fork);
}

Flow LinearChecker::meet(Flow then, Flow otherwise, const Fork &fork) {
  if (!then.reachable)
    return otherwise;
  if (!otherwise.reachable)
    return then;
  for (auto &[symbol, state] : then.places) {
    const auto other = otherwise.places.find(symbol);
    if (other == otherwise.places.end())
      continue;
    if (other->second.kind == State::Kind::Broken) {
      state.kind = State::Kind::Broken;
    } else if (!sameLeft(state, other->second)) {
      reports.armsDiffer(symbol, state, other->second, fork);
      state.kind = State::Kind::Broken;
    } else if (state.kind == State::Kind::Gone && state.end.span != other->second.end.span) {
      state.alsoEnded.push_back(other->second.end);
    }
  }
  return then;
}

void LinearChecker::ifExpr(const IfExpr &expr, const Sink &sink) {
  classical(*expr.condition, "a condition");
  const Fork fork{Fork::Kind::If, expr.condition->span, expr.thenBlock.span,
                  expr.elseBlock.has_value()};
  branch(
      fork, [&] { block(expr.thenBlock, sink); },
      [&] {
        if (expr.elseBlock)
          block(*expr.elseBlock, sink);
      });
}

// ----------------------------------------------------------------------------------------------
// loops

void LinearChecker::beginLoop(base::Span head) {
  Loop &loop = loops.emplace_back();
  loop.firstScope = scopes.size();
  loop.frame = frames.size() - 1;
  loop.head = head;
  loop.pathLength = path.size();
}

void LinearChecker::forLoop(const std::vector<Generator> &generators, base::Span head,
                            const Action &body) {
  pushScope();
  classical(*generators.front().range, "what `for` runs over");
  const Flow before = flow;
  beginLoop(head);
  size_t counted = 0;
  for (const Generator &generator : generators) {
    if (&generator != &generators.front())
      classical(*generator.range, "what `for` runs over");
    declareBinder(generator.binder, {});
    const auto *range = dynAs<BinaryExpr>(generator.range.get());
    const SymbolId variable = declared(generator.binder.id, 0);
    if (!range || range->op != BinaryOp::Range || generator.binder.isTuple ||
        variable == SymbolId::None)
      continue;
    const std::optional<Size> low = sizeOf(*range->lhs), high = sizeOf(*range->rhs);
    if (!low || !high || !knownAtElaboration(*low) || !knownAtElaboration(*high))
      continue;
    bounds.push(variable, *low, *high);
    loops.back().variables.push_back({variable, {*low, *high}});
    ++counted;
  }
  loops.back().isCounted = counted == generators.size();
  body();
  endLoop(before, before);
  for (; counted > 0; --counted)
    bounds.pop();
  popScope({Exit::Kind::ScopeEnd, head, {}, {}});
}

void LinearChecker::whileLoop(const WhileStmt &loop) {
  const Flow before = flow;
  beginLoop({loop.span.file, loop.span.begin, loop.condition->span.end});
  // The condition is part of every iteration, and the last thing that happens before the exit.
  classical(*loop.condition, "a condition");
  Flow exit = flow;
  path.push_back({loop.condition->span, true});
  block(loop.body, {Sink::Kind::Drop, {}, {}});
  path.pop_back();
  endLoop(before, std::move(exit));
}

void LinearChecker::repeatLoop(const RepeatStmt &loop) {
  classical(*loop.count, "the count of `repeat`");
  const Flow before = flow;
  beginLoop({loop.span.file, loop.span.begin, loop.count->span.end});
  block(loop.body, {Sink::Kind::Drop, {}, {}});
  endLoop(before, before);
}

void LinearChecker::endLoop(const Flow &head, Flow exit) {
  const Loop loop = std::move(loops.back());
  loops.pop_back();
  const Flow end = std::move(flow);
  for (const auto &[symbol, before] : head.places)
    if (const auto at = exit.places.find(symbol); at != exit.places.end())
      at->second = afterLoop(loop, symbol, before, end, at->second);
  flow = std::move(exit);
}

/// The state of one variable after a loop, given its state where the loop ends by itself; reports
/// ways to the next iteration or out that disagree.
State LinearChecker::afterLoop(const Loop &loop, SymbolId symbol, const State &before,
                               const Flow &end, State exit) {
  const State *first = nullptr;
  const auto at = [&](const Flow &flow) -> const State & { return flow.places.at(symbol); };
  const auto isBroken = [](const State &state) { return state.kind == State::Kind::Broken; };
  const auto broken = [&] {
    exit.kind = State::Kind::Broken;
    return exit;
  };
  bool wasReported = isBroken(before) || isBroken(exit) || (end.reachable && isBroken(at(end)));
  for (const Jump &jump : loop.jumps)
    wasReported |= isBroken(at(jump.flow));
  if (wasReported)
    return broken();
  if (end.reachable)
    first = &at(end);
  for (const Jump &jump : loop.jumps) {
    if (jump.isBreak)
      continue;
    if (first && !sameLeft(at(jump.flow), *first)) {
      reports.jumpDiffers(symbol, at(jump.flow), *first, jump.span, loop.head, false);
      return broken();
    }
    first = &at(jump.flow);
  }
  if (first && !sameLeft(*first, before)) {
    State summed = *first;
    if (!sumOverIterations(loop, symbol, before, summed)) {
      reports.loopLoses(symbol, before, *first, loop.head);
      return broken();
    }
    if (isBroken(summed))
      return summed;
    exit = summed;
  }
  for (const Jump &jump : loop.jumps)
    if (jump.isBreak && !sameLeft(at(jump.flow), exit)) {
      reports.jumpDiffers(symbol, at(jump.flow), exit, jump.span, loop.head, true);
      return broken();
    }
  return exit;
}

/// `for i in 0..n { measure q[i] }` consumes q[0..n]: turns what one iteration does into what all
/// do.
bool LinearChecker::sumOverIterations(const Loop &loop, SymbolId symbol, const State &before,
                                      State &after) {
  if (!loop.isCounted)
    return false;
  for (auto variable = loop.variables.rbegin(); variable != loop.variables.rend(); ++variable) {
    const auto sweep = overAllIterations(before, after, variable->symbol, variable->run);
    if (!sweep)
      return false;
    // Elements used in one iteration must not be among those that earlier iterations consumed.
    for (const ElementUse &element : loop.uses) {
      if (element.use.symbol != symbol)
        continue;
      const bool isSafe =
          element.range && (bounds.surelyLessEqual(sweep->each.low, element.range->low) ||
                            bounds.surelyLessEqual(element.range->high, sweep->all.range.low));
      if (!isSafe) {
        reports.usedInConsumingLoop(element.use, sweep->all.event);
        after.kind = State::Kind::Broken;
        return true;
      }
    }
    after = before;
    after.ended.push_back(sweep->all);
  }
  const Size &size = program.symbol(symbol).type->sizes.front();
  if (coverAll(after.ended, size)) {
    after.end = after.ended.back().event;
    after.kind = State::Kind::Gone;
    after.ended.clear();
  }
  return true;
}

} // namespace qdo::sema::linear
