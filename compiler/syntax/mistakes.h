// SPDX-License-Identifier: Apache-2.0
// Syntax mistakes on their way to the diagnostics engine.
// In: mistakes in any order, from the token passes and the parser. Out: one report a mistake, by
// place. Why: a slip that a token pass explains must silence what the parser says about the same
// statement. Must not: outlive one parse.
#pragma once

#include "compiler/diag/diagnostic.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace qdo::syntax {

struct Mistake {
  diag::Kind kind;
  base::Span span;
  std::array<std::string, 2> args;
  std::string text; ///< label of the primary place
  std::vector<diag::Label> places;
  std::vector<std::string> helps;
  std::vector<diag::Edit> edits;
  bool weak = false; ///< a consequence if the parser misses an opening brace; silences nothing

  Mistake &label(std::string label) {
    text = std::move(label);
    return *this;
  }
  Mistake &place(base::Span at, std::string label) {
    places.push_back({at, std::move(label)});
    return *this;
  }
  Mistake &help(std::string line) {
    helps.push_back(std::move(line));
    return *this;
  }
  Mistake &edit(base::Span at, std::string replacement, std::string label) {
    edits.push_back({at, std::move(replacement), std::move(label)});
    return *this;
  }
};

class Mistakes {
public:
  explicit Mistakes(base::FileId file) : file(file) {}

  /// The reference stays valid until the mistake is forgotten.
  Mistake &report(diag::Kind kind, base::Span span, std::string first = {},
                  std::string second = {});

  /// The first mistake that silences the parser between two byte offsets (both included), if any.
  [[nodiscard]] Mistake *within(uint32_t begin, uint32_t end);

  /// Forgets what starts at `offset` or later.
  void forgetFrom(uint32_t offset) { byPlace.erase(byPlace.lower_bound(offset), byPlace.end()); }
  [[nodiscard]] size_t size() const { return byPlace.size(); }

  /// A missing `{` explains the next closing brace that closes nothing.
  void forgiveCloser(uint32_t begin, uint32_t end);

  void flush(diag::Engine &diagnostics);

  [[nodiscard]] base::Span span(uint32_t begin, uint32_t end) const { return {file, begin, end}; }

private:
  base::FileId file;
  std::multimap<uint32_t, Mistake> byPlace;
};

} // namespace qdo::syntax
