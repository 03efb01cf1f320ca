// SPDX-License-Identifier: Apache-2.0
// Wording of E0201, E0204, E0205, E0206 and E0210 around the sentences of catalogue.def.
// Why so many places: a linearity error is about two events at least, and people need to see both.
#include "compiler/sema/linear_reports.h"

#include <algorithm>

namespace qdo::sema::linear {

using diag::Diagnostic;
using diag::Kind;

std::string Reports::text(base::Span span) const {
  std::string result(sources.text(span));
  const size_t line = result.find('\n');
  if (line != std::string::npos)
    return result.substr(0, line) + " ...";
  return result;
}

static std::string stateWord(const State &state) {
  if (state.kind == State::Kind::Gone)
    return "consumed";
  return state.ended.empty() ? "live" : "consumed in part";
}

/// "here" labels: the place where the value got what it has, and its declaration when that is
/// elsewhere.
void Reports::declaredAt(Diagnostic &diagnostic, SymbolId symbol, const State &state) {
  const Symbol &declared = program.symbol(symbol);
  const std::string type = program.show(declared.type);
  if (state.since != declared.span)
    diagnostic.place(state.since, fmt::format("`{}` gets this value here", declared.name));
  else if (state.origin.kind == Origin::Kind::Parameter)
    diagnostic.place(declared.span, fmt::format("`{}` owns this `{}`", declared.name, type));
  else
    diagnostic.place(declared.span,
                     fmt::format("`{}` is made here, a live `{}`", declared.name, type));
}

/// The way to have a second one: states cannot be copied, but what made them can be repeated.
void Reports::offerAnother(Diagnostic &diagnostic, SymbolId symbol, const Origin &origin) {
  switch (origin.kind) {
  case Origin::Kind::Recipe:
    diagnostic.help(
        fmt::format("prepare it again from its recipe: `prepare {}`", text(origin.source)));
    return;
  case Origin::Kind::Call:
    diagnostic.help(fmt::format("make another one: call `{}` again", text(origin.source)));
    return;
  case Origin::Kind::Parameter:
    diagnostic.help(fmt::format("a state cannot be copied, its recipe can: take a `prep` instead "
                                "of `{}`, and `prepare` it twice",
                                program.show(program.symbol(symbol).type)));
    return;
  case Origin::Kind::Unknown:
    diagnostic.help("a state cannot be copied, its recipe can: `prepare` it once for each use");
    return;
  }
}

void Reports::usedAfterEnd(const Use &use, const State &state, const Event &earlier) {
  for (LateUse &late : lateUses)
    if (late.use.symbol == use.symbol && late.earlier.span == earlier.span) {
      late.others.push_back(use);
      return;
    }
  lateUses.push_back({use, state, earlier, {}});
}

void Reports::flush() {
  for (const LateUse &late : lateUses)
    report(late);
  lateUses.clear();
  flushLeaks();
}

void Reports::report(const LateUse &late) {
  const Use &use = late.use;
  const Event &earlier = late.earlier;
  Diagnostic &d =
      engine.report(Kind::UsedAfterEnd, use.span, text(use.span), earlier.what)
          .label(use.what == earlier.what ? use.what + " again here" : use.what + " here");
  d.place(earlier.span, earlier.what + " here");
  for (const Event &other : late.state.alsoEnded)
    d.place(other.span, other.what + " here on the other path");
  for (const Use &other : late.others)
    d.place(other.span, "and " + other.what + " here");
  declaredAt(d, use.symbol, late.state);
  if (use.what == "measured" && earlier.what == "measured")
    d.help(
        "an outcome is classical: keep the first one with `let` and use it as often as you like");
  offerAnother(d, use.symbol, late.state.origin);
}

void Reports::usedAfterPart(const Use &use, const State &state) {
  const Event &first = state.ended.front().event;
  Diagnostic &d =
      engine.report(Kind::UsedAfterPart, use.span, text(use.span), text(first.span), first.what)
          .label(use.what + " as a whole here");
  for (size_t i = 0; i < std::min<size_t>(state.ended.size(), 3); ++i)
    d.place(state.ended[i].event.span, state.ended[i].event.what + " here");
  declaredAt(d, use.symbol, state);
  d.help(fmt::format("use what is left element by element, as in `{}[{}]`", nameOf(use.symbol),
                     state.ended.front().range.low == Size::constant(0) ? 1 : 0));
}

void Reports::maybeUsedTwice(const Use &use, const State &state, const Event &earlier) {
  Diagnostic &d =
      engine
          .report(Kind::MaybeUsedTwice, use.span, text(use.span), text(earlier.span), earlier.what)
          .label(use.what + " here");
  d.place(earlier.span, earlier.what + " here");
  declaredAt(d, use.symbol, state);
  d.help("consume elements by ranges that show they are different, as in `q[0]` and `for i in 1..n "
         "{ discard q[i] }`");
}

void Reports::borrowedEnded(const Use &use, bool isElement) {
  const Symbol &symbol = program.symbol(use.symbol);
  engine.report(Kind::BorrowedEnded, use.span, text(use.span), use.what)
      .label("the caller still owns it")
      .place(symbol.span, fmt::format("`{}` is borrowed: it stands after `on`", symbol.name))
      .help(isElement ? fmt::format("apply gates to it here and consume it where `{}` is owned",
                                    symbol.name)
                      : fmt::format(
                            "to take it from the caller, move it into the parentheses: `({}: {})`",
                            symbol.name, program.show(symbol.type)));
}

void Reports::indexNotKnown(const Use &use, base::Span index) {
  engine.report(Kind::IndexNotKnown, index, text(use.span), use.what, text(index))
      .label("which element is lost must be known before the first shot")
      .help(fmt::format("use a number, a size, or the variable of a `for` over a range; "
                        "or measure all of `{}` and pick an outcome: `(measure {})[{}]`",
                        nameOf(use.symbol), nameOf(use.symbol), text(index)));
}

void Reports::pastTheEnd(const Use &use, base::Span index, const Size &end, base::Span loop) {
  const Symbol &symbol = program.symbol(use.symbol);
  const Size &size = symbol.type->sizes.front();
  engine
      .report(Kind::StaticIndexOutOfRange, index,
              toString(end + Size::constant(-1), program.sizeNames),
              toString(size, program.sizeNames))
      .label("in the last iteration")
      .place(loop, "this loop goes past the end")
      .place(symbol.span, fmt::format("`{}` is a `{}`", symbol.name, program.show(symbol.type)))
      .help(fmt::format("end the loop at the size: `0..{}`", toString(size, program.sizeNames)));
}

void Reports::usedInConsumingLoop(const Use &use, const Event &consumption) {
  engine.report(Kind::UsedInConsumingLoop, use.span, text(use.span), nameOf(use.symbol))
      .label(use.what + " in every iteration")
      .place(consumption.span,
             fmt::format("one element is {} in every iteration", consumption.what))
      .help("first finish what needs the whole register in a loop of its own");
}

void Reports::twice(std::string_view gate, base::Span first, base::Span second) {
  const std::string a = text(first), b = text(second);
  Diagnostic &d = a == b ? engine.report(Kind::SameQubitTwice, second, gate, b)
                         : engine.report(Kind::OverlappingOperands, second, gate, a, b);
  d.label(a == b ? "the same again" : "also here").place(first, a == b ? "once here" : "here");
  d.note("a gate acts on the joint state of different qubits; on one qubit twice it has no meaning")
      .help("give it different qubits");
}

std::optional<Event> Reports::difference(const State &state, const State &other) const {
  if (state.kind == State::Kind::Gone)
    return state.end;
  for (const Part &part : state.ended)
    if (std::none_of(other.ended.begin(), other.ended.end(),
                     [&](const Part &old) { return old.event.span == part.event.span; }))
      return part.event;
  return std::nullopt;
}

void Reports::loopLoses(SymbolId symbol, const State &before, const State &after, base::Span loop) {
  const std::string &name = nameOf(symbol);
  const std::string part = "only one iteration could do this";
  if (const std::optional<Event> end = difference(after, before);
      end && before.kind == State::Kind::Live) {
    const std::string place = after.kind == State::Kind::Gone ? name : text(end->span);
    Diagnostic &d = engine.report(Kind::LoopConsumes, end->span, place, end->what).label(part);
    d.place(loop, "in this loop");
    declaredAt(d, symbol, before);
    const bool isInHead = loop.begin <= end->span.begin && end->span.begin < loop.end;
    const bool isElement = after.kind == State::Kind::Live;
    if (isElement)
      d.help(fmt::format(
          "each element can be consumed once: `for i in 0..{} {{ ... {}[i] }}` takes "
          "them one after the other",
          toString(program.symbol(symbol).type->sizes.front(), program.sizeNames), name));
    else if (isInHead || program.symbol(symbol).isVar)
      d.help(fmt::format("give `{}` a new value before the iteration ends", name));
    else if (before.origin.kind == Origin::Kind::Recipe)
      d.help(fmt::format("prepare a new one in every iteration: `prepare {}` inside the loop",
                         text(before.origin.source)));
    else if (before.origin.kind == Origin::Kind::Call)
      d.help(fmt::format("make a new one in every iteration: call `{}` inside the loop",
                         text(before.origin.source)));
    else
      d.help(fmt::format("consume `{}` after the loop", name));
    return;
  }
  engine.report(Kind::LoopMakes, after.since, name)
      .label("live from here on, so the next iteration starts with a live one")
      .place(loop, fmt::format("at the start of this loop `{}` is {}", name, stateWord(before)))
      .help(fmt::format("consume `{}` before the iteration ends, or declare it inside the loop",
                        name));
}

void Reports::jumpDiffers(SymbolId symbol, const State &atJump, const State &expected,
                          base::Span jump, base::Span loop, bool isBreak) {
  const std::string &name = nameOf(symbol);
  const std::string goal =
      isBreak ? "where the loop ends by itself" : "where the next iteration starts";
  Diagnostic &d = engine.report(Kind::LoopJumpDiffers, jump, name, stateWord(atJump), text(jump),
                                stateWord(expected), goal);
  d.label(fmt::format("`{}` is {} here", name, stateWord(atJump)));
  if (const auto event = difference(atJump, expected))
    d.place(event->span, event->what + " here");
  else if (const auto other = difference(expected, atJump))
    d.place(other->span, other->what + " here");
  if (atJump.kind == State::Kind::Live && expected.kind != State::Kind::Live)
    d.place(atJump.since, fmt::format("`{}` gets this value here", name));
  d.place(loop, isBreak ? "the loop that it leaves" : "the loop that it goes on with");
  d.help(isBreak ? fmt::format("leave `{}` {} on both ways out, and settle it after the loop", name,
                               stateWord(expected))
                 : fmt::format("leave `{}` {} before every `continue`", name, stateWord(expected)));
}

void Reports::armsDiffer(SymbolId symbol, const State &then, const State &otherwise,
                         const Fork &fork) {
  const std::string &name = nameOf(symbol);
  std::optional<Event> event = difference(then, otherwise);
  bool inThen = event.has_value();
  if (!event)
    event = difference(otherwise, then);
  // One arm made it live again: then the arm that did is the news, not an old consumption.
  const bool again = then.kind != otherwise.kind && then.since != otherwise.since;
  if (again) {
    inThen = then.kind == State::Kind::Live;
    event = Event{(inThen ? then : otherwise).since, "given a new value", {}};
  }
  if (!event)
    return;
  const std::string place = then.kind != otherwise.kind ? name : text(event->span);
  const std::string truth = inThen ? "false" : "true";
  if (fork.kind == Fork::Kind::And || fork.kind == Fork::Kind::Or) {
    const std::string word = fork.kind == Fork::Kind::And ? "and" : "or";
    Diagnostic &d = engine.report(
        Kind::SometimesConsumed, event->span, place, event->what,
        fmt::format("the left side of `{}` is {}", word, word == "and" ? "true" : "false"));
    d.label(fmt::format("the right side of `{}` is not always evaluated", word));
    d.place(fork.condition,
            fmt::format("if this is {}, `{}` stays live", word == "and" ? "false" : "true", place));
    declaredAt(d, symbol, inThen ? otherwise : then);
    d.help(fmt::format("settle it before: `let outcome = measure {}`", place));
    return;
  }
  if (fork.kind == Fork::Kind::Filter) {
    Diagnostic &d = engine.report(Kind::SometimesConsumed, event->span, place, event->what,
                                  "the condition of a comprehension is true");
    d.label("not for every element")
        .place(fork.condition, fmt::format("if this is false, `{}` stays live", place));
    declaredAt(d, symbol, inThen ? otherwise : then);
    d.help("consume without a condition, and filter the outcomes");
    return;
  }
  Diagnostic &d = engine.report(Kind::ArmsDiffer, event->span, place, event->what);
  d.label(fmt::format("only in the arm where the condition is {}", inThen ? "true" : "false"));
  d.place(
      fork.condition,
      again ? fmt::format("if this condition is {}, `{}` has no value after the `if`", truth, place)
            : fmt::format("if this condition is {}, `{}` is still live after the `if`", truth,
                          place));
  declaredAt(d, symbol, again ? (inThen ? otherwise : then) : (inThen ? otherwise : then));
  if (again) {
    d.help(fmt::format("give `{}` a value in both arms, or in neither", place));
    return;
  }
  d.help(fmt::format("consume `{}` in both arms, or after the `if`", place));
  if (inThen && !fork.hasElse) {
    const base::Span after{fork.thenBlock.file, fork.thenBlock.end, fork.thenBlock.end};
    d.edit(after, fmt::format(" else {{ discard {} }}", place), "consume it in the other arm too");
  }
}

void Reports::classical(const syntax::Expr &expr, const TypeRef &type, std::string_view place,
                        std::string_view help) {
  Diagnostic &d = engine.report(Kind::LiveAsClassical, expr.span, program.show(type), place);
  d.label("this is live").help(std::string(help));
}

void Reports::captured(const Use &use, std::string_view closure, base::Span closureSpan,
                       const Origin &origin) {
  const Symbol &symbol = program.symbol(use.symbol);
  Diagnostic &d = engine.report(Kind::LiveCaptured, use.span, text(use.span), closure);
  d.label("live, and made outside")
      .place(closureSpan, fmt::format("{} may run many times", closure));
  d.place(symbol.span, fmt::format("`{}` is declared here", symbol.name));
  if (origin.kind == Origin::Kind::Recipe)
    d.help(fmt::format("prepare one inside: `prepare {}`", text(origin.source)));
  else if (origin.kind == Origin::Kind::Call)
    d.help(fmt::format("make one inside: `{}`", text(origin.source)));
  else
    d.help("prepare it inside, from a recipe: recipes can be captured, states cannot");
}

} // namespace qdo::sema::linear
