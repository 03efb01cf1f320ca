// SPDX-License-Identifier: Apache-2.0
// How quantities are written.
#include "runtime/base/quantity.h"

#include "runtime/base/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace qdo::base {

std::string grouped(int64_t count) {
  std::string digits = std::to_string(count);
  const int64_t first = count < 0 ? 1 : 0;
  for (int64_t at = static_cast<int64_t>(digits.size()) - 3; at > first; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

std::string bytes(double count) {
  static constexpr const char *units[] = {"bytes", "KiB", "MiB", "GiB", "TiB",
                                          "PiB",   "EiB", "ZiB", "YiB"};
  size_t unit = 0;
  for (; count >= 1024 && unit + 1 < std::size(units); ++unit)
    count /= 1024;
  // From 10 up the digits after the point tell nobody anything.
  const double scale = count < 10 ? 100 : 1;
  return fmt::format("{} {}", std::round(count * scale) / scale, units[unit]);
}

std::string plusMinus(std::string_view spec, double value, double error) {
  if (!spec.empty())
    return formatReal(spec, value) + " +- " + formatReal(spec, error);
  if (!(error > 0) || !std::isfinite(error))
    return fmt::format("{} +- {}", value, error);
  // Two significant digits of the error say how many decimals both numbers get.
  const int decimals = std::clamp(1 - static_cast<int>(std::floor(std::log10(error))), 0, 17);
  return fmt::format("{:.{}f} +- {:.{}f}", value, decimals, error, decimals);
}

std::string bitString(uint64_t outcome, int64_t qubits) {
  std::string bits(static_cast<size_t>(qubits), '0');
  for (int64_t q = 0; q < qubits; ++q)
    if (outcome >> q & 1)
      bits[static_cast<size_t>(qubits - 1 - q)] = '1';
  return bits;
}

std::string bitString(std::span<const uint64_t> outcome, int64_t qubits) {
  auto bit = [&](int64_t q) { return outcome[static_cast<size_t>(q) / 64] >> (q % 64) & 1; };
  constexpr int64_t longRun = 16;
  std::string bits;
  for (int64_t q = qubits - 1; q >= 0;) {
    int64_t end = q;
    while (end >= 0 && bit(end) == bit(q))
      --end;
    const char digit = bit(q) ? '1' : '0';
    if (q - end > longRun)
      bits += fmt::format("{}{{{}}}", digit, q - end);
    else
      bits.append(static_cast<size_t>(q - end), digit);
    q = end;
  }
  return bits;
}

} // namespace qdo::base
