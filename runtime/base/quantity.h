// SPDX-License-Identifier: Apache-2.0
// Quantities as people write them: grouped digits, bytes, a value with its error.
// In: numbers. Out: short text.
// Why: messages and printed values look alike everywhere.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace qdo::base {

/// "1,234,567".
std::string grouped(int64_t count);
/// "16 TiB", "1.5 GiB": at most two digits after the point, none if it is whole.
std::string bytes(double count);
/// "0.512 +- 0.016": two significant digits of the error; a spec applies to both numbers instead.
std::string plusMinus(std::string_view spec, double value, double error);
/// The lowest `qubits` bits of an outcome, qubit 0 rightmost.
std::string bitString(uint64_t outcome, int64_t qubits);
/// The same for many qubits, 64 in each word; runs of more than 16 equal bits are `1{1000}`.
std::string bitString(std::span<const uint64_t> outcome, int64_t qubits);

} // namespace qdo::base
