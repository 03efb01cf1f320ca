// SPDX-License-Identifier: Apache-2.0
// What the linearity checker says: one function per mistake, with every place involved and the way
// out. In: places, states and events. Out: diagnostics; leaks are collected, one diagnostic per
// lost value. Must not: decide what is a mistake.
#pragma once

#include "compiler/base/source_map.h"
#include "compiler/sema/linear_places.h"

#include <span>

namespace qdo::sema::linear {

/// A use of a live variable or of some of its elements.
struct Use {
  SymbolId symbol = SymbolId::None;
  base::Span span;
  std::string what; ///< what the use does, a participle: "measured", "used by `cx`"
};

/// A way out of a scope.
struct Exit {
  enum class Kind : uint8_t { ScopeEnd, ProgramEnd, Return, Break, Continue };
  Kind kind = Kind::ScopeEnd;
  base::Span span; ///< the closing brace, or the jump
  base::Span last; ///< at an end: the last statement, or the opening brace of an empty block
  Path path;
};

/// Where in the text a branch or a loop decides.
struct Fork {
  enum class Kind : uint8_t { If, And, Or, Filter };
  Kind kind = Kind::If;
  base::Span condition;
  base::Span thenBlock; ///< of an If
  bool hasElse = false;
};

class Reports {
public:
  Reports(const Program &program, const base::SourceMap &sources, diag::Engine &engine)
      : program(program), sources(sources), engine(engine) {}

  // ---- E0201
  /// Collected: several uses after one end are one mistake.
  void usedAfterEnd(const Use &use, const State &state, const Event &earlier);
  void usedAfterPart(const Use &use, const State &state);
  void maybeUsedTwice(const Use &use, const State &state, const Event &earlier);
  void borrowedEnded(const Use &use, bool isElement);
  void indexNotKnown(const Use &use, base::Span index);
  /// E0312: the elements of a loop end at `end`, past those of the variable.
  void pastTheEnd(const Use &use, base::Span index, const Size &end, base::Span loop);
  void usedInConsumingLoop(const Use &use, const Event &consumption);
  // ---- E0202
  void leak(SymbolId symbol, const State &state, Exit exit, std::optional<base::Span> hiddenBy);
  void overwritten(SymbolId symbol, base::Span target, const State &state);
  void resultLost(const syntax::Expr &expr, const TypeRef &type);
  void placeholderLost(SymbolId symbol, const State &state);
  /// Remembers a consumption, so that a leak on another path can point at it.
  void consumed(SymbolId symbol, const State &before, const Event &event);
  /// Reports what was collected since the last flush.
  void flush();
  // ---- E0204
  void twice(std::string_view gate, base::Span first, base::Span second);
  // ---- E0205
  void loopLoses(SymbolId symbol, const State &before, const State &after, base::Span loop);
  void jumpDiffers(SymbolId symbol, const State &atJump, const State &expected, base::Span jump,
                   base::Span loop, bool isBreak);
  // ---- E0206
  void armsDiffer(SymbolId symbol, const State &then, const State &otherwise, const Fork &fork);
  // ---- E0210
  void classical(const syntax::Expr &expr, const TypeRef &type, std::string_view place,
                 std::string_view help);
  void captured(const Use &use, std::string_view closure, base::Span closureSpan,
                const Origin &origin);

  /// The source text of a place, shortened when long.
  [[nodiscard]] std::string text(base::Span span) const;

private:
  struct Leak {
    SymbolId symbol;
    State state;
    std::vector<Exit> exits;
    std::optional<base::Span> hiddenBy;
  };
  struct LateUse {
    Use use;
    State state;
    Event earlier;
    std::vector<Use> others;
  };
  struct Consumption {
    SymbolId symbol;
    base::Span since;
    Event event;
  };
  const Program &program;
  const base::SourceMap &sources;
  diag::Engine &engine;
  std::vector<Leak> leaks;
  std::vector<LateUse> lateUses;
  std::vector<Consumption> consumptions;

  void report(const std::vector<const Leak *> &group);
  void report(const LateUse &late);
  void flushLeaks();
  void pointAtOtherPath(diag::Diagnostic &diagnostic, const Leak &leak);
  void insertDiscard(diag::Diagnostic &diagnostic, const Exit &exit,
                     const std::vector<std::string> &what);
  void declaredAt(diag::Diagnostic &diagnostic, SymbolId symbol, const State &state);
  void offerAnother(diag::Diagnostic &diagnostic, SymbolId symbol, const Origin &origin);
  [[nodiscard]] const std::string &nameOf(SymbolId symbol) const {
    return program.symbol(symbol).name;
  }
  [[nodiscard]] std::vector<std::string> pieces(SymbolId symbol, const State &state) const;
  /// How two states of one variable differ: the event that one has and the other lacks.
  [[nodiscard]] std::optional<Event> difference(const State &state, const State &other) const;
};

} // namespace qdo::sema::linear
