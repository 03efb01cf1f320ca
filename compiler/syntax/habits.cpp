// SPDX-License-Identifier: Apache-2.0
// The table of statements of other languages.
#include "compiler/syntax/habits.h"

#include <map>

namespace qdo::syntax {

const StatementHabit *statementHabit(std::string_view word) {
  constexpr std::string_view header = "a program needs no header: `use` what it needs";
  constexpr std::string_view type =
      "a type follows its name, and may be left out: `let x: int = 3`";
  constexpr std::string_view record =
      "values that belong together are a tuple or a record: `(x: 0.5, label: 1)`";
  constexpr std::string_view choice = "choose with `if a { ... } else if b { ... } else { ... }`";
  constexpr std::string_view failure =
      "nothing is thrown or caught: a mistake while running ends the program with its place";
  constexpr std::string_view loop = "write `while true { ... }`, and leave it with `break`";
  constexpr std::string_view unitary =
      "gates only: `circuit f() on q: qubit[2] { ... }`; with outcomes: `fn f(q: qubit) -> bool`";
  static const std::map<std::string_view, StatementHabit> table = {
      {"OPENQASM", {"", header}},
      {"include", {"", header}},
      {"package", {"", header}},
      {"namespace", {"", header}},
      {"open", {"", header}},
      {"operation", {"circuit", unitary}},
      {"gate", {"circuit", unitary}},
      {"int", {"let", type}},
      {"float", {"let", type}},
      {"double", {"let", type}},
      {"real", {"let", type}},
      {"bool", {"let", type}},
      {"string", {"let", type}},
      {"mutable", {"var", "a variable that changes: `var x = 1`, then `x = 2`"}},
      {"set", {"", "an assignment has no word of its own: `x = 2`"}},
      {"class", {"", record}},
      {"struct", {"", record}},
      {"record", {"", record}},
      {"enum", {"", record}},
      {"type", {"", record}},
      {"typedef", {"", record}},
      {"match", {"if", choice}},
      {"switch", {"if", choice}},
      {"unless", {"if not", choice}},
      {"try", {"", failure}},
      {"catch", {"", failure}},
      {"except", {"", failure}},
      {"raise", {"", failure}},
      {"throw", {"", failure}},
      {"loop", {"while", loop}},
      {"do", {"while", loop}},
      {"until", {"while", "write `while not c { ... }`"}},
      {"foreach", {"for", "write `for x in xs { ... }`"}},
      {"echo", {"print", "write `print \"text {x}\"`"}},
      {"println", {"print", "write `print \"text {x}\"`"}},
      {"printf", {"print", "write `print \"text {x:.3f}\"`"}},
      {"del", {"", "classical values need no end; live qubits have `discard q`"}},
      {"reset", {"", "end the qubit with `discard q`, and `prepare` another"}},
  };
  const auto found = table.find(word);
  return found == table.end() ? nullptr : &found->second;
}

} // namespace qdo::syntax
