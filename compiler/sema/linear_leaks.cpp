// SPDX-License-Identifier: Apache-2.0
// E0202: live values that are lost, with the edit that ends them in time.
// Why collected: a value that leaks at three `return`s is one mistake with three places.
#include "compiler/sema/linear_reports.h"

#include <algorithm>
#include <map>

namespace qdo::sema::linear {

using diag::Diagnostic;
using diag::Kind;

static std::string_view jumpWord(Exit::Kind kind) {
  switch (kind) {
  case Exit::Kind::Return:
    return "return";
  case Exit::Kind::Break:
    return "break";
  case Exit::Kind::Continue:
    return "continue";
  case Exit::Kind::ScopeEnd:
  case Exit::Kind::ProgramEnd:
    break;
  }
  return "";
}

static bool isJump(const Exit &exit) { return !jumpWord(exit.kind).empty(); }

/// The names of what is left: `q`, or `q[1]` and `q[2]`; empty when only sizes could tell.
std::vector<std::string> Reports::pieces(SymbolId symbol, const State &state) const {
  const std::string &name = nameOf(symbol);
  if (state.ended.empty())
    return {name};
  const Type &type = *program.symbol(symbol).type;
  constexpr int64_t most = 64;
  if (!type.is(TypeKind::Register) || !type.sizes[0].isConstant() || type.sizes[0].offset > most)
    return {};
  std::vector<std::string> result;
  for (int64_t i = 0; i < type.sizes[0].offset; ++i) {
    const Range element = Range::element(Size::constant(i));
    if (std::none_of(state.ended.begin(), state.ended.end(),
                     [&](const Part &part) { return Bounds().surelyMeet(part.range, element); }))
      result.push_back(fmt::format("{}[{}]", name, i));
  }
  return result;
}

static std::string enumerate(const std::vector<std::string> &names) {
  std::string result;
  const size_t shown = names.size() > 4 ? 3 : names.size();
  for (size_t i = 0; i < shown; ++i)
    result += (i == 0 ? "`" : i + 1 == names.size() ? " and `" : ", `") + names[i] + "`";
  if (shown < names.size())
    result += fmt::format(" and {} more", names.size() - shown);
  return result;
}

void Reports::consumed(SymbolId symbol, const State &before, const Event &event) {
  consumptions.push_back({symbol, before.since, event});
}

void Reports::leak(SymbolId symbol, const State &state, Exit exit,
                   std::optional<base::Span> hiddenBy) {
  const auto same = std::find_if(leaks.begin(), leaks.end(), [&](const Leak &old) {
    return old.symbol == symbol && old.state.since == state.since;
  });
  if (same != leaks.end())
    same->exits.push_back(std::move(exit));
  else
    leaks.push_back({symbol, state, {std::move(exit)}, hiddenBy});
}

/// Values that are lost together are one mistake: the same `return` forgets them all.
void Reports::flushLeaks() {
  std::map<std::vector<uint32_t>, size_t> groupAt; ///< by the ways out
  std::vector<std::vector<const Leak *>> groups;
  for (const Leak &leak : leaks) {
    std::vector<uint32_t> ways;
    for (const Exit &exit : leak.exits) {
      ways.push_back(static_cast<uint32_t>(exit.span.file));
      ways.push_back(exit.span.begin);
      ways.push_back(exit.span.end);
    }
    const bool alone = leak.hiddenBy || pieces(leak.symbol, leak.state).empty();
    const auto [at, isNew] =
        alone ? std::pair(groupAt.end(), true) : groupAt.emplace(std::move(ways), groups.size());
    if (isNew)
      groups.emplace_back();
    groups[isNew ? groups.size() - 1 : at->second].push_back(&leak);
  }
  for (const std::vector<const Leak *> &group : groups)
    report(group);
  leaks.clear();
  consumptions.clear();
}

void Reports::report(const std::vector<const Leak *> &group) {
  const Leak &first = *group.front();
  const Exit &exit = first.exits.front();
  std::vector<std::string> left;
  for (const Leak *leak : group)
    for (std::string &piece : pieces(leak->symbol, leak->state))
      left.push_back(std::move(piece));
  const std::string subject =
      left.empty() ? fmt::format("the rest of `{}`", nameOf(first.symbol)) : enumerate(left);
  const std::string where = isJump(exit) ? fmt::format("at this `{}`", jumpWord(exit.kind))
                            : exit.kind == Exit::Kind::ProgramEnd ? "at the end of the program"
                                                                  : "at the end of its scope";
  Diagnostic &d =
      engine.report(Kind::LiveAtEnd, isJump(exit) ? exit.span : first.state.since,
                    fmt::format("{} {}", subject, left.size() > 1 ? "are" : "is"), where);
  if (isJump(exit))
    d.label(fmt::format("leaves {} behind", subject));
  for (const Leak *leak : group) {
    if (isJump(exit)) {
      declaredAt(d, leak->symbol, leak->state);
    } else {
      const std::string text =
          fmt::format("{} from here on, a `{}`",
                      leak->state.origin.kind == Origin::Kind::Parameter ? "owned" : "live",
                      program.show(program.symbol(leak->symbol).type));
      if (leak == &first)
        d.label(text);
      else
        d.place(leak->state.since, text);
    }
    for (const Part &part : leak->state.ended)
      d.place(part.event.span, part.event.what + " here");
    pointAtOtherPath(d, *leak);
  }
  if (exit.kind == Exit::Kind::ScopeEnd)
    d.place(exit.span, "the scope ends here");
  for (size_t i = 1; i < first.exits.size(); ++i)
    d.place(first.exits[i].span,
            isJump(first.exits[i]) ? fmt::format("and at this `{}`", jumpWord(first.exits[i].kind))
                                   : "and where its scope ends");
  if (first.hiddenBy) {
    d.place(*first.hiddenBy, fmt::format("this `{}` hides it", nameOf(first.symbol)))
        .help("give one of them another name");
    return;
  }
  const std::string_view it = group.size() > 1 ? "them" : "it";
  if (isJump(exit))
    d.help(fmt::format("end {} before the `{}`: `measure`, `discard`, or move {}{}", it,
                       jumpWord(exit.kind), it,
                       exit.kind == Exit::Kind::Return ? " out by returning" : ""));
  else
    d.help(fmt::format("end {} with `measure` or `discard`, or move {} out", it, it));
  if (left.empty() || left.size() > 4)
    return;
  for (const Exit &each : first.exits)
    insertDiscard(d, each, left);
}

/// If the value is consumed on another path, shows that, and the condition that parts the two.
void Reports::pointAtOtherPath(Diagnostic &diagnostic, const Leak &leak) {
  const Path &here = leak.exits.front().path;
  for (const Consumption &consumption : consumptions) {
    if (consumption.symbol != leak.symbol || consumption.since != leak.state.since)
      continue;
    const Path &there = consumption.event.path;
    const auto isPart = [&](const Part &part) { return part.event.span == consumption.event.span; };
    if (std::any_of(leak.state.ended.begin(), leak.state.ended.end(), isPart))
      continue;
    diagnostic.place(consumption.event.span, consumption.event.what + " only here");
    const auto parting = std::find_if(there.begin(), there.end(), [&](const Step &step) {
      return std::find(here.begin(), here.end(), step) == here.end();
    });
    if (parting != there.end())
      diagnostic.place(parting->condition,
                       fmt::format("if this condition is {}, `{}` stays live",
                                   parting->taken ? "false" : "true", nameOf(leak.symbol)));
    return;
  }
}

void Reports::insertDiscard(Diagnostic &diagnostic, const Exit &exit,
                            const std::vector<std::string> &what) {
  const auto lineBefore = [&](base::Span span) {
    const base::Position at = sources.position(span.file, span.begin);
    return std::string(sources.line(span.file, at.line).substr(0, at.byteColumn - 1));
  };
  const auto isIndent = [](std::string_view text) {
    return text.find_first_not_of(" \t") == std::string_view::npos;
  };
  const auto join = [&](std::string_view separator) {
    std::string all;
    for (const std::string &name : what)
      all += (all.empty() ? "" : std::string(separator)) + "discard " + name;
    return all;
  };
  if (isJump(exit)) {
    const std::string before = lineBefore(exit.span);
    const base::Span at{exit.span.file, exit.span.begin, exit.span.begin};
    const std::string separator = isIndent(before) ? "\n" + before : "; ";
    diagnostic.edit(at, join(separator) + separator,
                    fmt::format("discard before this `{}`", jumpWord(exit.kind)));
    return;
  }
  const base::Span at{exit.last.file, exit.last.end, exit.last.end};
  const std::string before = lineBefore(exit.last);
  const bool bare = sources.text(exit.last) == "{";
  const std::string separator = bare ? " " : isIndent(before) ? "\n" + before : "; ";
  diagnostic.edit(at, separator + join(bare ? "; " : separator) + (bare ? " " : ""),
                  "discard at the end of its scope");
}

void Reports::overwritten(SymbolId symbol, base::Span target, const State &state) {
  Diagnostic &d = engine.report(Kind::LiveOverwritten, target, nameOf(symbol))
                      .label("the old value is lost here");
  declaredAt(d, symbol, state);
  for (const Part &part : state.ended)
    d.place(part.event.span, part.event.what + " here");
  d.help(state.ended.empty() ? fmt::format("end the old value first: `discard {}`", nameOf(symbol))
                             : "end what is left of the old value first");
}

void Reports::resultLost(const syntax::Expr &expr, const TypeRef &type) {
  const bool tuple = type->is(TypeKind::Tuple);
  Diagnostic &d = engine.report(Kind::LiveResultLost, expr.span, program.show(type))
                      .label("made here, and taken by nobody");
  if (tuple) {
    std::string names;
    for (size_t i = 0; i < type->fields.size(); ++i)
      names +=
          (i == 0 ? "" : ", ") + std::string(1, static_cast<char>('a' + std::min<size_t>(i, 25)));
    d.help(fmt::format("take it apart with `let ({}) = {}` and end each part", names,
                       text(expr.span)));
    return;
  }
  d.help(fmt::format("give it a name with `let`, `measure` it, or end it at once: `discard {}`",
                     text(expr.span)));
  const base::Span at{expr.span.file, expr.span.begin, expr.span.begin};
  d.edit(at, "discard ", "end it at once");
}

void Reports::placeholderLost(SymbolId symbol, const State &state) {
  engine.report(Kind::LivePlaceholder, state.since, program.show(program.symbol(symbol).type))
      .label("`_` forgets a value without ending it")
      .help("give it a name and `discard` it");
}

} // namespace qdo::sema::linear
