// SPDX-License-Identifier: Apache-2.0
// Printing outcomes.
#include "runtime/sim/outcomes.h"

#include "runtime/base/format.h"
#include "runtime/base/quantity.h"

#include <algorithm>
#include <cmath>

namespace qdo::sim {

/// Longer lists are cut: a line is for reading.
static constexpr size_t narrowCounts = 16, wideCounts = 4, shownKets = 32;

std::string Counts::format(std::string_view spec) const {
  std::vector<Entry> shown = entries;
  const size_t shownCounts = qubits <= 64 ? narrowCounts : wideCounts;
  if (shown.size() > shownCounts) {
    std::ranges::sort(shown, [](const Entry &a, const Entry &b) {
      return a.count != b.count ? a.count > b.count : a.outcome < b.outcome;
    });
    shown.resize(shownCounts);
  }
  auto bits = [&](const Entry &entry) {
    return qubits <= 64 ? base::bitString(entry.outcome, qubits)
                        : base::bitString(outcome(entry), qubits);
  };
  std::string out;
  for (const Entry &entry : shown)
    out += (out.empty() ? "" : ", ") + bits(entry) + ": " + base::formatInt(spec, entry.count);
  if (shown.size() < entries.size())
    out += ", and " + base::grouped(static_cast<int64_t>(entries.size() - shown.size())) +
           " rarer outcomes";
  return out + (out.empty() ? "(" : " (") + std::to_string(shots) +
         (shots == 1 ? " shot" : " shots") + ", qubit 0 rightmost)";
}

std::string Amplitudes::format(std::string_view spec) const {
  const std::string_view numbers = spec.empty() ? ".6g" : spec;
  std::string out;
  size_t shown = 0, left = 0;
  auto amplitudes = state->amplitudes();
  for (uint64_t k = 0; k < amplitudes.size(); ++k) {
    double re = amplitudes[k].real(), im = amplitudes[k].imag();
    // Rounding noise of the simulation is not part of the state.
    re = std::fabs(re) < 1e-14 ? 0 : re;
    im = std::fabs(im) < 1e-14 ? 0 : im;
    if (re == 0 && im == 0)
      continue;
    if (shown == shownKets) {
      ++left;
      continue;
    }
    ++shown;
    const bool bare = re == 0 || im == 0, minus = bare && (re < 0 || im < 0);
    out += out.empty() ? (minus ? "-" : "") : (minus ? " - " : " + ");
    if (im == 0)
      out += base::formatReal(numbers, std::fabs(re));
    else if (re == 0)
      out += base::formatReal(numbers, std::fabs(im)) + "i";
    else
      out += "(" + base::formatComplex(numbers, re, im) + ")";
    out += " |" + base::bitString(k, state->qubits()) + ">";
  }
  if (left > 0)
    out += " + " + base::grouped(static_cast<int64_t>(left)) + " more";
  return out + " (qubit 0 rightmost)";
}

} // namespace qdo::sim
